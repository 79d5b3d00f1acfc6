#!/usr/bin/perl
#
# An SMTP server that takes everything: sink.pl PORT DIRECTORY
#
# Each message becomes a file, with X-Mail-Args: and X-Rcpt-Args: lines for the
# envelope in front, as Postfix's smtp-sink writes it. (That one is in no package
# that can be installed beside Sendmail.) Only on loopback.

use strict;
use warnings;
use IO::Socket::INET;

my ($port, $directory) = @ARGV;
my $server = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => $port, Listen => 128, ReuseAddr => 1)
    or die "sink.pl: port $port: $!\n";
$SIG{CHLD} = 'IGNORE';

my $session = 0;
while (1) {
    my $client = $server->accept or next;
    $session++;
    if (!fork) {
        close $server;
        serve($client);
        exit;
    }
    close $client;
}

sub serve {
    my ($client) = @_;
    my ($sender, @recipients, $message) = ('');
    my $messages = 0;
    my $reply = sub { print $client "$_[0]\r\n"; $client->flush };
    $reply->('220 sink ESMTP');
    while (defined(my $line = <$client>)) {
        $line =~ s/\r?\n$//;
        if ($line =~ /^EHLO/i) {
            $reply->($_) for '250-sink', '250-PIPELINING', '250-8BITMIME', '250 SMTPUTF8';
        } elsif ($line =~ /^MAIL FROM: *(.*)/i) {
            ($sender, @recipients) = ($1);
            $reply->('250 2.1.0 Ok');
        } elsif ($line =~ /^RCPT TO: *(.*)/i) {
            push @recipients, $1;
            $reply->('250 2.1.5 Ok');
        } elsif ($line =~ /^DATA/i) {
            $reply->('354 Go on');
            $message = '';
            while (defined($line = <$client>) && $line !~ /^\.\r?\n$/) { $message .= $line }
            my $file = sprintf '%s/message.%d.%d', $directory, $session, ++$messages;
            # Under another name until it is whole, for who counts them.
            open my $out, '>', "$directory/.new.$session" or die "sink.pl: $directory: $!\n";
            print $out "X-Mail-Args: $sender\n", map("X-Rcpt-Args: $_\n", @recipients), $message;
            close $out;
            rename "$directory/.new.$session", $file;
            $reply->('250 2.0.0 Ok');
        } elsif ($line =~ /^QUIT/i) {
            $reply->('221 2.0.0 Bye');
            return;
        } else {
            $reply->('250 2.0.0 Ok');
        }
    }
}
