"""
A minimal filter on python3-milter: it replies at all four stages, reads the same macros as OrgMilter, skips headers and body, and
decides nothing. The lists of macros are the MTA's own: setsymlist() of version 1.0.5 fails with Python 3.

    filter.py SOCKET     in libmilter's form, such as inet:10040@127.0.0.1
"""

import sys

import Milter

TLS = ("{tls_version}", "{verify}", "{cert_subject}", "{cert_issuer}", "{cn_subject}", "{cn_issuer}")
CONNECT = ("v", "{daemon_addr}", "{daemon_port}")
MAIL = ("i", "{auth_type}", "{auth_authen}", "{mail_addr}", "{mail_mailer}") + TLS
RCPT = ("i", "{rcpt_addr}", "{rcpt_mailer}")


class Filter(Milter.Base):
    """Milter.Base negotiates away what is not overridden here."""

    def read(self, names):
        for name in names:
            self.getsymval(name)
        return Milter.CONTINUE

    def connect(self, hostname, family, hostaddr):
        return self.read(CONNECT)

    def hello(self, hostname):
        return self.read(TLS)

    def envfrom(self, mailfrom, *parameters):
        return self.read(MAIL)

    def envrcpt(self, recipient, *parameters):
        return self.read(RCPT)

    def eom(self):
        return self.read(("i",))


if __name__ == "__main__":
    Milter.factory = Filter
    Milter.runmilter("filter", sys.argv[1], 240)
