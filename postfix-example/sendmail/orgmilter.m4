divert(-1)
# orgmilter.m4: what both gates have in common. wide.mc and tight.mc include it.
#
# In m4 a line is text for sendmail.cf unless it ends in `dnl'; quotes are `...'.
# Nothing here lets anybody relay: that is the one thing the two gates differ in.
divert(0)dnl

dnl ---- Who we are ----------------------------------------------------------

dnl Our name: what we greet with, and the domain of mail without one.
define(`confDOMAIN_NAME', `mx1.example.net')dnl

dnl Class w, the names that mean this machine: cron mail, root, postmaster. Put
dnl the same names into OrgMilter's local-domains, or it takes them for somebody
dnl else's. More of them, one a line, go into /etc/mail/local-host-names.
FEATURE(`use_cw_file')dnl

dnl By default Sendmail adds all addresses of this machine to class w, and every
dnl client that connects *from* one of them may then relay past the access map.
define(`confDONT_PROBE_INTERFACES', `True')dnl

dnl ---- Three ways in -------------------------------------------------------

dnl Instead of the two daemons that Sendmail starts by itself (one of which, on
dnl port 587, would ask for no password).
FEATURE(`no_default_msa')dnl

dnl Port 25, the customers' servers and the rest of the world: filtered.
dnl M=A takes AUTH away. Passwords have no business on port 25, and neither has
dnl SASL EXTERNAL, which turns any verified certificate into a login.
dnl For IPv6 write Family=inet6 here: on Linux that one daemon takes IPv4 as well.
DAEMON_OPTIONS(`Name=MTA, Family=inet, Port=25, M=A')dnl

dnl Port 587, people with a password. M=a: log in or go away; M=E: no ETRN. The
dnl empty InputMailFilters takes the milter away from this one daemon: OrgMilter
dnl would accept every login anyway (trust-authenticated). Never write it on a
dnl daemon without M=a.
DAEMON_OPTIONS(`Name=MSA, Family=inet, Port=587, M=Ea, InputMailFilters=')dnl

dnl Sendmail hands even the mail of this machine's own users (cron, the sendmail
dnl command) to itself by SMTP, so to OrgMilter it would be a client 127.0.0.1
dnl that nobody identified: mail for root would pass, mail for the outside would
dnl not. So submit.mc brings it here, to a door on loopback without the milter.
dnl Who can open it has an account on this machine, and could run sendmail.
DAEMON_OPTIONS(`Name=MSP, Family=inet, Addr=127.0.0.1, Port=10587, M=AE, InputMailFilters=')dnl

dnl ---- OrgMilter -----------------------------------------------------------

dnl INPUT_MAIL_FILTER, not MAIL_FILTER: it filters every daemon that does not say
dnl otherwise, also one that is added next year.
dnl   S=  where it listens. A Unix socket is S=local:/path/to/orgmilter.sock
dnl   F=T tempfail: milter down, slow or confused means 451, the client tries
dnl       again later. NEVER leave F= out: then Sendmail goes on without the
dnl       milter, and under the wide gate that is an open relay.
dnl   T=  C connect, S send, R receive an answer, E the end of a message. Five
dnl       seconds are a thousand times what a decision takes.
INPUT_MAIL_FILTER(`orgmilter', `S=inet:10033@127.0.0.1, F=T, T=C:5s;S:5s;R:5s;E:5s')dnl

dnl OrgMilter asks for the macros that it needs, and Sendmail 8.14 and later send
dnl them whatever stands here. These two lines are for what cannot be asked. {verify}
dnl is the one that matters: Sendmail reports the subject of *any* certificate, also
dnl of a self-signed one, and only {verify}=OK says that it was verified. Without it,
dnl no certificate counts. v tells OrgMilter that this is Sendmail.
define(`confMILTER_MACROS_CONNECT', `j, _, {daemon_name}, {if_name}, {if_addr}, v')dnl
define(`confMILTER_MACROS_HELO', `{tls_version}, {cipher}, {cipher_bits}, {verify}, {cert_subject}, {cert_issuer}, {cn_subject}, {cn_issuer}')dnl

dnl ---- TLS: the client's certificate is its identity ------------------------

dnl WARNING. Every CA in this file can write any name into a certificate, and so
dnl can whoever holds its key: list only CAs that verify names, and NEVER a
dnl customer's own CA. With contoso's CA in here, contoso could be fabrikam.
define(`confCACERT', `/etc/mail/tls/ca.pem')dnl

dnl Sendmail asks for no client certificate unless this is set as well. Let the
dnl folder be empty, and not the system's CAs: it counts as much as the file.
define(`confCACERT_PATH', `/etc/mail/cas')dnl

dnl Our own certificate, its chain behind it, and its key, for root alone (0600):
dnl Sendmail refuses a key that others can read.
define(`confSERVER_CERT', `/etc/mail/tls/mx1.example.net.pem')dnl
define(`confSERVER_KEY', `/etc/mail/tls/mx1.example.net.pem')dnl

dnl Ask for the client's certificate: that is the default, and V would switch it off.
dnl Debian's own /etc/mail/tls/starttls.m4 says V, and trusts all of /etc/ssl/certs:
dnl do not include that one as well.
define(`confTLS_SRV_OPTIONS', `')dnl

dnl From level 9 on Sendmail logs each handshake (verify=OK or FAIL) and each refusal
dnl by a milter.
define(`confLOG_LEVEL', `9')dnl

dnl ---- Logins, for port 587 -------------------------------------------------

dnl No EXTERNAL in either line: it is a certificate again, and TRUST_AUTH_MECH would let
dnl it relay past the access map, whatever name a CA above has signed. OrgMilter takes
dnl it for no login. Debian's own /etc/mail/sasl/sasl.m4 says EXTERNAL in both.
define(`confAUTH_MECHANISMS', `PLAIN LOGIN')dnl
TRUST_AUTH_MECH(`PLAIN LOGIN')dnl

dnl p: no plain-text passwords without TLS. y: no anonymous ones.
define(`confAUTH_OPTIONS', `p y')dnl

dnl ---- Good manners ---------------------------------------------------------

dnl No VRFY and EXPN, HELO first, local users don't run the queue.
define(`confPRIVACY_FLAGS', `goaway,restrictqrun,restrictexpand')dnl

dnl Leave the domains of addresses as the client wrote them: they are what OrgMilter
dnl compares.
FEATURE(`nocanonify')dnl
