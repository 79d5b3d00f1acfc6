#!/usr/bin/perl
#
# Prints what is sent to syslog: Sendmail knows no other log, and a container has no
# syslog of its own.

use strict;
use warnings;
use IO::Socket::UNIX;
use Socket qw(SOCK_DGRAM);

unlink '/dev/log';
my $log = IO::Socket::UNIX->new(Type => SOCK_DGRAM, Local => '/dev/log') or die "syslog.pl: /dev/log: $!\n";
chmod 0666, '/dev/log';
$| = 1;
while (defined recv($log, my $line, 65536, 0)) {
    $line =~ s/^<\d+>//;
    $line =~ s/[\0\n]+\z//;
    print "$line\n";
}
