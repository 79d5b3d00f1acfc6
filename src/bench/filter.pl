# A minimal filter on Sendmail::PMilter: it replies at all four stages, reads the same macros as OrgMilter, and decides nothing.
# The library speaks version 2 of the protocol, so that the lists of macros are the MTA's own; what it has no callback for it
# negotiates away. It forks for every connection, as it does unless told otherwise.
#
#   filter.pl SOCKET     in libmilter's form, such as inet:10040@127.0.0.1

use strict;
use warnings;
use Sendmail::PMilter qw(:all);
use Socket qw(IPPROTO_TCP TCP_NODELAY);

my @tls = ('{tls_version}', '{verify}', '{cert_subject}', '{cert_issuer}', '{cn_subject}', '{cn_issuer}');

# A callback that reads these.
sub reading {
    my @names = @_;
    return sub {
        my $context = shift;
        $context->getsymval($_) for @names;
        return SMFIS_CONTINUE;
    };
}

my $milter = Sendmail::PMilter->new();
$milter->set_listen(4096);
$milter->setconn($ARGV[0]) or die "$ARGV[0]: $!\n";
# It writes an answer in two pieces: without this, each would take 40 ms.
setsockopt($milter->{socket}, IPPROTO_TCP, TCP_NODELAY, 1) if $ARGV[0] =~ /^inet/;
$milter->register('filter', {
    connect => reading('v', '{daemon_addr}', '{daemon_port}'),
    helo    => reading(@tls),
    envfrom => reading('i', '{auth_type}', '{auth_authen}', '{mail_addr}', '{mail_mailer}', @tls),
    envrcpt => reading('i', '{rcpt_addr}', '{rcpt_mailer}'),
    eom     => reading('i'),
});
$milter->main();
