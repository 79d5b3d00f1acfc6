package io.github.orgmilter.it.map;

import io.github.orgmilter.it.client.ClientCertificate;
import io.github.orgmilter.it.client.Reply;
import io.github.orgmilter.it.client.SmtpClient;
import io.github.orgmilter.it.mta.MtaContainer;
import java.io.IOException;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;

/** What an MTA answers clients at RCPT, or at the end of a message, against what it should. */
final class MapTable {

    static final String OUTSIDE = "someone@outside.example";
    static final String SENDER = "a@contoso.com";
    static final String STRANGER = "127.0.0.2";
    static final String OFFICE = "127.0.0.5";
    static final String EXEMPT = "127.0.0.9";

    private final MtaContainer mta;
    private final Map<String, String> expected = new LinkedHashMap<>();
    private final Map<String, String> actual = new LinkedHashMap<>();

    MapTable(MtaContainer mta) {
        this.mta = mta;
    }

    /**
     * A configuration with all kinds of clients.
     *
     * @param connector one more of contoso's, or nothing
     */
    static String configuration(int milter, int maps, String connector) {
        return """
                listen = [ "inet:%d@127.0.0.1" ]
                map-listen = [ "inet:%d@127.0.0.1" ]
                exempt-clients = [ "127.0.0.9" ]
                delivered-domains = [ "delivered.example" ]
                organizations {
                  contoso {
                    accepted-domains = [ "contoso.com", "delivered.example", "bücher.example" ]
                    connectors {
                      named { certificate-names = [ "named.contoso.com" ] }
                      office { addresses = [ "127.0.0.5", "127.0.1.0/28", "2001:db8::1" ] }
                      off { addresses = [ "127.0.0.6" ], enabled = false }
                      both { addresses = [ "127.0.0.7" ], certificate-names = [ "both.contoso.com" ] }
                      %s
                    }
                  }
                  fabrikam { accepted-domains = [ { domain = "fabrikam.com", subdomains = true } ] }
                }
                """.formatted(milter, maps, connector);
    }

    /** A client asks for a recipient; the code of the reply is wanted, and no message is sent. */
    void ask(String service, String source, ClientCertificate certificate, String recipient, int code)
            throws IOException {
        ask(service, service, source, certificate, recipient, code);
    }

    /** The same under a name of its own. */
    void ask(String when, String service, String source, ClientCertificate certificate, String recipient, int code)
            throws IOException {
        try (SmtpClient smtp = connect(service, source, certificate)) {
            Reply mail = smtp.mail(SENDER, parameters(recipient));
            note(when + ": " + source + " to " + recipient, code, mail.positive() ? smtp.rcpt(recipient) : mail);
            smtp.quit();
        }
    }

    /** Those of MAIL that the recipient needs. */
    static String[] parameters(String recipient) {
        return recipient.chars().allMatch(c -> c < 0x80) ? new String[0] : new String[] {"SMTPUTF8"};
    }

    /** Notes a reply that was got otherwise. */
    void note(String what, int code, Reply reply) {
        expected.put(what, String.valueOf(code));
        actual.put(what, reply.code() == code ? String.valueOf(code) : reply.toString());
    }

    Map<String, String> expected() {
        return expected;
    }

    Map<String, String> actual() {
        return actual;
    }

    SmtpClient connect(String service, String source, ClientCertificate certificate) throws IOException {
        SmtpClient smtp = SmtpClient.connect(mta.service(service), InetAddress.getByName(source));
        smtp.read();
        smtp.ehlo();
        if (certificate != null) {
            smtp.startTls(certificate.tls());
            smtp.ehlo();
        }
        return smtp;
    }
}
