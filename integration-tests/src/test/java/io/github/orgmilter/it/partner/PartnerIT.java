package io.github.orgmilter.it.partner;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.it.client.ClientCertificate;
import io.github.orgmilter.it.client.Reply;
import io.github.orgmilter.it.client.SmtpClient;
import io.github.orgmilter.it.client.TestCertificates;
import io.github.orgmilter.it.daemon.MilterProcess;
import io.github.orgmilter.it.mta.MtaContainer;
import io.github.orgmilter.it.scenario.Deliveries;
import io.github.orgmilter.it.scenario.Sample;
import io.github.orgmilter.it.scenario.WiredMta;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Mail to an organization whose partners' mail must come from known servers: what is answered, and what is delivered. */
@DisplayName("Partners")
@ParameterizedClass(name = "{0} of {1}")
@MethodSource("io.github.orgmilter.it.scenario.WiredMta#ofTheDay")
final class PartnerIT {

    private static final String CONTOSO = "b@contoso.com";
    private static final String FABRIKAM = "b@fabrikam.com";
    private static final String STRANGER = "127.0.0.2";
    private static final String OWN_SERVER = "127.0.1.5";
    private static final String ANY_RELAY = "127.0.3.5";
    private static final String PLAIN_SERVER = "127.0.5.1";
    private static final String FILTER = "127.0.6.1";

    private static final TestCertificates CERTIFICATES = new TestCertificates();
    private static final ClientCertificate PINNED = CERTIFICATES.selfSigned("mail.pin.example");
    private static final Map<String, SSLContext> TLS = new HashMap<>(Map.of(
            "anonymous", ClientCertificate.anonymousTls(),
            "bank", CERTIFICATES.issuedBy("Partner CA", "mail.bank.example").tls(),
            "bank of another CA", CERTIFICATES.verified("mail.bank.example").tls(),
            "bank that nobody signed",
                    CERTIFICATES.selfSigned("mail.bank.example").tls(),
            "another name",
                    CERTIFICATES.issuedBy("Partner CA", "www.bank.example").tls(),
            "of an organization",
                    CERTIFICATES
                            .issuedByOrganization("Partner Inc.", "mail.org.example")
                            .tls(),
            "no name", CERTIFICATES.sanOnly("mail.ca.example").tls(),
            "pinned", PINNED.tls()));

    private static final String CONFIGURATION = """
            local-domains = [ "%s" ]
            organizations {
              contoso {
                accepted-domains = [ "contoso.com" ]
                connectors.hq { addresses = [ "127.0.1.0/24" ] }
                partners {
                  bank {
                    sender-domains = [ { domain = "bank.example", subdomains = true } ]
                    certificate-names = [ "mail.bank.example" ]
                    issuers = [ "Partner CA" ]
                  }
                  plain { sender-domains = [ "plain.example" ], addresses = [ "127.0.5.0/24" ] }
                  encrypted { sender-domains = [ "tls.example" ], require-tls = true }
                  authority { sender-domains = [ "ca.example" ], issuers = [ "OrgMilter Test CA" ] }
                  organization { sender-domains = [ "org.example" ], issuers = [ "Partner Inc." ] }
                  #more
                }
              }
              fabrikam {
                accepted-domains = [ "fabrikam.com" ]
                partners.filter { sender-domains = [ "*" ], addresses = [ "127.0.6.0/24" ] }
              }
              northwind {
                accepted-domains = [ "northwind.example" ]
                connectors.any { addresses = [ "127.0.3.0/24" ], require-accepted-domain = false }
              }
            }
            """.formatted(MtaContainer.HOST_NAME);

    private static WiredMta wired;
    private static MilterProcess milter;
    private static MtaContainer mta;

    @Parameter(0)
    String kind;

    @Parameter(1)
    String suite;

    private final Deliveries deliveries = new Deliveries(wired);
    private final int milterMark = milter.mark();

    @BeforeParameterizedClassInvocation
    static void start(String kind, String suite) throws IOException {
        wired = WiredMta.start(kind, suite, CERTIFICATES, CONFIGURATION);
        milter = wired.milter();
        mta = wired.mta();
    }

    @AfterParameterizedClassInvocation
    static void stop() throws IOException {
        wired.close();
    }

    /** Those that differ between MTAs each day, and a third of the others. */
    static List<Mail> mail() {
        return Sample.of(
                "partners of " + mta.getDockerImageName(),
                rows(),
                row -> List.of("bank", "no name", "bank that nobody signed").contains(row.tls)
                        || row.recipient.contains("%"),
                3);
    }

    /** A recipient, and what becomes of it. */
    record Mail(String what, String source, String tls, String sender, String recipient, String cause) {
        @Override
        public String toString() {
            return what + " from <" + sender + "> to <" + recipient + ">: " + cause;
        }
    }

    private static List<Mail> rows() {
        String restricted = "partner-restriction";
        // spotless:off
        return List.of(
                new Mail("a verified name of the right CA", STRANGER, "bank", "a@bank.example", CONTOSO, "inbound"),
                new Mail("as a subdomain's sender", STRANGER, "bank", "a@sub.bank.example", CONTOSO, "inbound"),
                new Mail("a verified name of another CA", STRANGER, "bank of another CA", "a@bank.example", CONTOSO, restricted),
                new Mail("a name that nobody verified", STRANGER, "bank that nobody signed", "a@bank.example", CONTOSO, restricted),
                new Mail("another name", STRANGER, "another name", "a@bank.example", CONTOSO, restricted),
                new Mail("no certificate", STRANGER, "anonymous", "a@bank.example", CONTOSO, restricted),
                new Mail("plain text, where a certificate is asked for", STRANGER, "", "a@bank.example", CONTOSO, restricted),
                new Mail("the organization's own server", OWN_SERVER, "", "a@bank.example", CONTOSO, "inbound"),
                new Mail("an address", PLAIN_SERVER, "", "a@plain.example", CONTOSO, "inbound"),
                new Mail("another address", STRANGER, "", "a@plain.example", CONTOSO, restricted),
                new Mail("in other letters", STRANGER, "", "a@PLAIN.Example", CONTOSO, restricted),
                new Mail("with the right certificate, and another address", STRANGER, "bank", "a@plain.example", CONTOSO, restricted),
                new Mail("encryption", STRANGER, "anonymous", "a@tls.example", CONTOSO, "inbound"),
                new Mail("no encryption", STRANGER, "", "a@tls.example", CONTOSO, "tls-required"),
                new Mail("an issuer, whatever the name", STRANGER, "bank of another CA", "a@ca.example", CONTOSO, "inbound"),
                new Mail("an issuer, of a certificate without a name", STRANGER, "no name", "a@ca.example", CONTOSO, "inbound"),
                new Mail("another issuer", STRANGER, "bank", "a@ca.example", CONTOSO, restricted),
                new Mail("a sender of nobody's", STRANGER, "", "a@elsewhere.example", CONTOSO, "inbound"),
                new Mail("a bounce", STRANGER, "", "", CONTOSO, "inbound"),
                new Mail("everybody", STRANGER, "", "a@elsewhere.example", FABRIKAM, restricted),
                new Mail("everybody, from the right address", FILTER, "", "a@elsewhere.example", FABRIKAM, "inbound"),
                new Mail("everybody is no bounce", STRANGER, "", "", FABRIKAM, "inbound"),
                new Mail("nor the MTA itself", STRANGER, "", "root@" + MtaContainer.HOST_NAME, FABRIKAM, "inbound"),
                new Mail("a recipient of another organization", STRANGER, "", "a@plain.example", "b@northwind.example", "inbound"),
                new Mail("a server that may relay anything", ANY_RELAY, "", "a@plain.example", "b@outside.example", "any-domain"),
                new Mail("and not to a partner's recipient", ANY_RELAY, "", "a@plain.example", CONTOSO, restricted),
                new Mail("which a percent sign leads out of its domain", ANY_RELAY, "", "a@plain.example", "b%outside.example@contoso.com",
                        restricted));
        // spotless:on
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void mail(Mail mail) throws IOException {
        String sender = mail.sender;
        String recipient = mail.recipient;
        String cause = mail.cause;
        boolean accepted = List.of("inbound", "any-domain").contains(cause);
        try (SmtpClient smtp = open(WiredMta.FILTERED, mail.source, mail.tls)) {
            assertThat(smtp.mail(sender).code()).as(milter.text(milterMark)).isEqualTo(250);
            Reply reply = smtp.rcpt(recipient);
            assertThat(reply.code())
                    .as("%s\n%s", reply, milter.text(milterMark))
                    .isEqualTo(accepted ? 250 : 550);
            if (accepted) {
                accept(smtp, sender, recipient);
            } else if (cause.equals("partner-restriction")) {
                String domain = sender.substring(sender.indexOf('@') + 1).toLowerCase(Locale.ROOT);
                assertThat(mta.milterReply(reply))
                        .isEqualTo("550 5.7.1 Access denied: mail from " + domain
                                + " must come from its registered servers");
            }
            smtp.quit();
        }
        milter.awaitVerdict(milterMark, "client=" + mail.source, "to=<" + recipient + ">", " cause=" + cause + " ");
        deliveries.requireComplete();
    }

    @Test
    @DisplayName("decide each recipient of each message of a session")
    void inOneSession() throws IOException {
        try (SmtpClient smtp = open(WiredMta.FILTERED, STRANGER, "")) {
            assertThat(smtp.mail("a@plain.example").code()).isEqualTo(250);
            assertThat(smtp.rcpt(CONTOSO).code()).isEqualTo(550);
            assertThat(smtp.rcpt("b@northwind.example").code()).isEqualTo(250);
            assertThat(smtp.rcpt(FABRIKAM).code()).isEqualTo(550);
            accept(smtp, "a@plain.example", "b@northwind.example");
            assertThat(smtp.mail("a@elsewhere.example").code()).isEqualTo(250);
            assertThat(smtp.rcpt(CONTOSO).code()).isEqualTo(250);
            accept(smtp, "a@elsewhere.example", CONTOSO);
            assertThat(smtp.mail("").code()).isEqualTo(250);
            assertThat(smtp.rcpt(FABRIKAM).code()).isEqualTo(250);
            accept(smtp, "", FABRIKAM);
            assertThat(smtp.mail("a@plain.example").code()).isEqualTo(250);
            assertThat(smtp.rcpt(CONTOSO).code()).isEqualTo(550);
            smtp.command("RSET");
            smtp.quit();
        }
        deliveries.requireComplete();
    }

    /** Whoever refuses them, and whatever the MTA makes of them, none of these brings a partner's mail past the restriction. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "a@plain.example.",
        "a%plain.example",
        "@hop.example:a@plain.example",
        "'@hop.example,@hop2.example:a@plain.example'",
        "'\"a\"@plain.example'",
        "a@plain\u00ad.example",
        "a@plain\uff0eexample",
        "a@plain.example(comment)",
        "'a@plain .example'",
        "plain.example!a"
    })
    void spellings(String sender) throws IOException {
        try (SmtpClient smtp = open(WiredMta.FILTERED, STRANGER, "")) {
            boolean ascii = sender.chars().allMatch(c -> c < 0x80);
            Reply mail = ascii ? smtp.mail(sender) : smtp.mail(sender, "SMTPUTF8");
            if (mail.positive()) {
                Reply reply = smtp.rcpt(CONTOSO);
                if (reply.positive()) {
                    accept(smtp, sender, CONTOSO);
                }
            }
            smtp.command("RSET");
            smtp.quit();
        }
        assertThat(deliveries.await())
                .as(milter.text(milterMark))
                .noneMatch(delivery -> delivery.sender().matches("(?i)a@plain\\.example\\.?"));
    }

    /** Postfix reports an issuer without a common name by its organization, Sendmail not at all. */
    @Test
    @DisplayName("know an issuer by its organization only from Postfix")
    void issuerWithoutCommonName() throws IOException {
        try (SmtpClient smtp = open(WiredMta.FILTERED, STRANGER, "of an organization")) {
            assertThat(smtp.mail("a@org.example").code()).isEqualTo(250);
            Reply reply = smtp.rcpt(CONTOSO);
            assertThat(reply.code())
                    .as("%s\n%s", reply, milter.text(milterMark))
                    .isEqualTo(wired.isPostfix() ? 250 : 550);
            if (reply.positive()) {
                accept(smtp, "a@org.example", CONTOSO);
            }
            smtp.quit();
        }
        deliveries.requireComplete();
    }

    /** Sendmail cannot report a pin: there none holds. Postfix reports it where it asks. */
    @ParameterizedTest(
            name = "with a pin, {0} from {1}: {2} where Postfix asks, {3} where it does not, {4} by Sendmail")
    @CsvSource({
        "pinned,    127.0.0.2, 250, 451, 550",
        "bank,      127.0.0.2, 550, 451, 550",
        "'',        127.0.0.2, 550, 550, 550",
        "pinned,    127.0.1.5, 250, 250, 250"
    })
    void pins(String tls, String source, int asking, int notAsking, int sendmail) throws IOException {
        wired.reload(CONFIGURATION.replace(
                "#more",
                "pin { sender-domains = [ \"pin.example\" ], certificate-fingerprints = [ \"" + PINNED.fingerprint()
                        + "\" ] }"));
        if (wired.isPostfix()) {
            pin(WiredMta.ASKING, tls, source, asking);
            pin(WiredMta.FILTERED, tls, source, notAsking);
        } else {
            pin(WiredMta.FILTERED, tls, source, sendmail);
        }
        wired.reload(CONFIGURATION);
        deliveries.requireComplete();
    }

    private void pin(String service, String tls, String source, int code) throws IOException {
        try (SmtpClient smtp = open(service, source, tls)) {
            assertThat(smtp.mail("a@pin.example").code()).isEqualTo(250);
            Reply reply = smtp.rcpt(CONTOSO);
            assertThat(reply.code())
                    .as("%s\n%s", reply, milter.text(milterMark))
                    .isEqualTo(code);
            if (code == 250) {
                accept(smtp, "a@pin.example", CONTOSO);
            }
            smtp.quit();
        }
    }

    private SmtpClient open(String service, String source, String tls) throws IOException {
        return tls.isEmpty() ? wired.open(service, source) : wired.open(service, source, TLS.get(tls));
    }

    private void accept(SmtpClient smtp, String sender, String recipient) throws IOException {
        Reply end = smtp.data("partners");
        assertThat(end.code()).as(end.toString()).isEqualTo(250);
        deliveries.accepted(end, sender, recipient);
    }
}
