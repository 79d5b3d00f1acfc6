divert(-1)
# orgmilter.m4: the common part of all gates, which maps.mc, tight.mc and wide.mc include.
#
# In m4 a line is text for sendmail.cf unless it ends in `dnl'; quotes are `...'.
# Nothing here lets anybody relay; that is where the two gates differ.
divert(0)dnl

dnl ---- Who we are ----------------------------------------------------------

dnl Our name: in the greeting, and as the domain of addresses without one.
define(`confDOMAIN_NAME', `mx1.example.net')dnl

dnl Class w, the names that mean this machine: cron mail, root, postmaster. Put
dnl the same names into OrgMilter's local-domains, or it treats mail to them as
dnl relayed. Further names, one a line, go into /etc/mail/local-host-names.
FEATURE(`use_cw_file')dnl

dnl By default Sendmail adds all addresses of this machine to class w, and every
dnl client that connects *from* one of them may then relay past the access map.
define(`confDONT_PROBE_INTERFACES', `True')dnl

dnl ---- Three ways in -------------------------------------------------------

dnl Replaces the two daemons that Sendmail starts by itself (one of which, on port
dnl 587, would not require a password).
FEATURE(`no_default_msa')dnl

dnl Port 25, the customers' servers and the rest of the world: filtered.
dnl M=A removes AUTH. Passwords do not belong on port 25, nor does SASL EXTERNAL,
dnl which turns any verified certificate into a login.
dnl For IPv6 write Family=inet6 here: on Linux that one daemon takes IPv4 as well.
DAEMON_OPTIONS(`Name=MTA, Family=inet, Port=25, M=A')dnl

dnl Port 587, people with a password. M=a requires a login; M=E removes ETRN. The
dnl empty InputMailFilters removes the milter from this one daemon: OrgMilter would
dnl accept every login anyway (trusted-logins). Never write it on a daemon
dnl without M=a.
DAEMON_OPTIONS(`Name=MSA, Family=inet, Port=587, M=Ea, InputMailFilters=')dnl

dnl Sendmail hands even the mail of this machine's own users (cron, the sendmail
dnl command) to itself by SMTP, so OrgMilter would see a client 127.0.0.1 that no
dnl connector identifies: mail for root would pass, mail to the outside would not.
dnl So submit.mc sends it here, to a port on loopback without the milter. Whoever
dnl can connect there has an account on this machine and could run sendmail.
DAEMON_OPTIONS(`Name=MSP, Family=inet, Addr=127.0.0.1, Port=10587, M=AE, InputMailFilters=')dnl

dnl ---- OrgMilter -----------------------------------------------------------

dnl INPUT_MAIL_FILTER, not MAIL_FILTER: it filters every daemon without a setting of
dnl its own, also one that is added next year.
dnl   S=  its socket. A Unix socket is S=local:/path/to/orgmilter.sock
dnl   F=T tempfail: milter down, slow or confused means 451, the client tries
dnl       again later. NEVER leave F= out: Sendmail then continues without the
dnl       milter, and under the wide gate that is an open relay.
dnl   T=  timeouts: C connect, S send, R receive an answer, E end of a message. A
dnl       decision takes microseconds, so five seconds are plenty.
INPUT_MAIL_FILTER(`orgmilter', `S=inet:10033@127.0.0.1, F=T, T=C:5s;S:5s;R:5s;E:5s')dnl

dnl OrgMilter asks for the macros that it needs, and Sendmail 8.14 and later send them
dnl regardless of these two lines, which are for versions that cannot be asked.
dnl {verify} is the one that matters: Sendmail reports the subject of *any* certificate,
dnl even a self-signed one, and only {verify}=OK means that it was verified. Without it,
dnl no certificate counts. v identifies Sendmail to OrgMilter.
define(`confMILTER_MACROS_CONNECT', `j, _, {daemon_name}, {if_name}, {if_addr}, v')dnl
define(`confMILTER_MACROS_HELO', `{tls_version}, {cipher}, {cipher_bits}, {verify}, {cert_subject}, {cert_issuer}, {cn_subject}, {cn_issuer}')dnl

dnl ---- TLS: the client's certificate is its identity ------------------------

dnl WARNING. Every CA in this file can write any name into a certificate, and so
dnl can whoever holds its key: list only CAs that verify names, and NEVER a
dnl customer's own CA. With contoso's CA here, contoso could pose as fabrikam.
define(`confCACERT', `/etc/mail/tls/ca.pem')dnl

dnl Sendmail requests no client certificate unless this is set as well. Use an empty
dnl folder, not the system's CAs: it counts as much as the file.
define(`confCACERT_PATH', `/etc/mail/cas')dnl

dnl Our own certificate, followed by its chain, and its key. Mode 0600: Sendmail refuses
dnl a key that others can read.
define(`confSERVER_CERT', `/etc/mail/tls/mx1.example.net.pem')dnl
define(`confSERVER_KEY', `/etc/mail/tls/mx1.example.net.pem')dnl

dnl Request the client's certificate: this is the default, and V would switch it off.
dnl Do not include Debian's own /etc/mail/tls/starttls.m4 as well: it sets V and trusts
dnl all of /etc/ssl/certs.
define(`confTLS_SRV_OPTIONS', `')dnl

dnl From level 9 on Sendmail logs each handshake (verify=OK or FAIL) and each refusal
dnl by a milter.
define(`confLOG_LEVEL', `9')dnl

dnl ---- Logins, for port 587 -------------------------------------------------

dnl No EXTERNAL in either line: it is only the certificate again, and TRUST_AUTH_MECH would
dnl let it relay past the access map, whatever name a CA above has signed. OrgMilter does
dnl not count it as a login. Debian's own /etc/mail/sasl/sasl.m4 has EXTERNAL in both.
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
