#!/usr/bin/perl
# A stand-in for systemd's socket activation: holds two listening sockets and runs a daemon on them.
#
#   activate.pl PORT SOCKET COMMAND...
#
# The command finds 127.0.0.1:PORT and the Unix socket SOCKET by LISTEN_FDS (sd_listen_fds(3)). When the last daemon has ended
# it is started again, as `systemctl restart` does; at SIGUSR1 a further one is started beside the one that runs, as a second
# service of the same socket unit would be. SIGTERM ends the daemons, then this. Perl, because every Debian has it.
use strict;
use warnings;
use IO::Socket::INET;
use IO::Socket::UNIX;
use POSIX qw(dup2 :signal_h :sys_wait_h);

my ($port, $path, @command) = @ARGV;
my $backlog = 4096;
my $tcp = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => $port, Listen => $backlog, ReuseAddr => 1)
    or die "activate: cannot listen on port $port: $!\n";
my $unix = IO::Socket::UNIX->new(Local => $path, Listen => $backlog) or die "activate: cannot listen on $path: $!\n";
chmod 0666, $path or die "activate: $path: $!\n";
$| = 1;

my %running;

sub start {
    my $pid = fork() // die "activate: cannot fork: $!\n";
    if ($pid == 0) {
        sigprocmask(SIG_SETMASK, POSIX::SigSet->new());
        # By way of descriptors that are surely neither 3 nor 4; dup2 leaves its copies open over exec.
        my ($first, $second) = (dup2(fileno $tcp, 100), dup2(fileno $unix, 101));
        dup2($first, 3);
        dup2($second, 4);
        POSIX::close($_) for 100, 101;
        @ENV{qw(LISTEN_FDS LISTEN_PID)} = (2, $$);
        exec @command or die "activate: cannot run $command[0]: $!\n";
    }
    $running{$pid} = 1;
    print "activate: started $pid\n";
}

my ($more, $end) = (0, 0);
# Signals come only while we wait for one, so that none is missed between the look and the wait.
my $all = POSIX::SigSet->new(SIGUSR1, SIGTERM, SIGCHLD);
sigprocmask(SIG_BLOCK, $all);
$SIG{USR1} = sub { $more++ };
$SIG{TERM} = sub { $end = 1 };
$SIG{CHLD} = sub { };

start();
while (1) {
    sigsuspend(POSIX::SigSet->new());
    while ((my $pid = waitpid(-1, WNOHANG)) > 0) {
        delete $running{$pid};
        print "activate: ended $pid with ", $? >> 8, $? & 127 ? " by signal " . ($? & 127) : '', "\n";
    }
    if ($end) {
        last unless %running;
        kill 'TERM', keys %running;
    } else {
        for (; $more; $more--) { start() }
        start() unless %running;
    }
}
unlink $path;
