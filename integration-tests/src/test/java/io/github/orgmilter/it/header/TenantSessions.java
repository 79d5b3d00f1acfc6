package io.github.orgmilter.it.header;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.it.client.ClientCertificate;
import io.github.orgmilter.it.client.Reply;
import io.github.orgmilter.it.client.SmtpClient;
import io.github.orgmilter.it.client.TestCertificates;
import io.github.orgmilter.it.daemon.MilterProcess;
import io.github.orgmilter.it.mta.Delivery;
import io.github.orgmilter.it.mta.MtaContainer;
import io.github.orgmilter.it.mta.Sink;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * SMTP sessions of the tenants of one cloud, which all come with its certificate, the same for each MTA: what is answered, and what is
 * delivered. The cloud writes the field that names its tenant into each message; whatever else is in it, a tenant wrote.
 */
final class TenantSessions {

    static final TestCertificates CERTIFICATES = new TestCertificates();

    private static final ClientCertificate CLOUD = CERTIFICATES.verified("mail.cloud.example");
    private static final String CLIENT = "127.0.3.5";
    private static final String OF_CONTOSO = "X-OriginatorOrg: contoso.com\r\n";
    private static final String OF_FABRIKAM = "X-OriginatorOrg: fabrikam.com\r\n";
    private static final String FORGED_RESULT = "X-OrgMilter-Result: identified; organization=evil\r\n";
    private static final String SENDER = "a@contoso.com";
    private static final String OUTSIDE = "b@outside.example";

    private final MtaContainer mta;
    private final String service;
    private final MilterProcess milter;
    private final Sink sink;
    private final List<String> queueIds = new ArrayList<>();
    private final List<Delivery> expected = new ArrayList<>();

    TenantSessions(MtaContainer mta, String service, MilterProcess milter, Sink sink) {
        this.mta = mta;
        this.service = service;
        this.milter = milter;
        this.sink = sink;
    }

    /** The configuration; without tenants, nothing needs a header. */
    static String configuration(String listen, boolean tenants) {
        String connector = tenants
                ? "connectors.cloud { certificate-names = [ \"mail.cloud.example\" ], required-headers { X-OriginatorOrg = [ \"%s\" ] } }"
                : "connectors.other { addresses = [ \"192.0.2.1\" ] } # %s";
        return listen
                + """
                result-header = %s
                organizations {
                  contoso {
                    accepted-domains = [ "contoso.com" ]
                    %s
                  }
                  fabrikam {
                    accepted-domains = [ "fabrikam.com" ]
                    %s
                  }
                }
                """.formatted(
                                tenants ? "all" : "off",
                                connector.formatted("contoso.com"),
                                connector.formatted("fabrikam.com"));
    }

    /** Tenants who try to send as another one. */
    static Map<String, byte[]> attacks() {
        Map<String, String> attacks = new LinkedHashMap<>();
        attacks.put("without a field", "");
        attacks.put("with its own", OF_FABRIKAM);
        attacks.put("the forged one last", OF_FABRIKAM + OF_CONTOSO);
        attacks.put("the forged one first", OF_CONTOSO + OF_FABRIKAM);
        attacks.put("forged in another case", "x-ORIGINATORORG: contoso.com\r\n" + OF_FABRIKAM);
        attacks.put("forged twice", OF_CONTOSO + OF_CONTOSO);
        attacks.put("folded behind its own", "X-OriginatorOrg: fabrikam.com\r\n contoso.com\r\n");
        attacks.put("folded in front of its own", "X-OriginatorOrg: contoso.com\r\n fabrikam.com\r\n");
        attacks.put("in a field that ends with it", "X-OriginatorOrg: fabrikam.com; X-OriginatorOrg: contoso.com\r\n");
        attacks.put("with a blank before the colon", "X-OriginatorOrg : contoso.com\r\n" + OF_FABRIKAM);
        attacks.put("with a tabulator before the colon", OF_FABRIKAM + "X-OriginatorOrg\t: contoso.com\r\n");
        attacks.put("behind the header", OF_FABRIKAM + "\r\n" + OF_CONTOSO);
        attacks.put(
                "in a part of the message",
                OF_FABRIKAM + "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
                        + OF_CONTOSO + "\r\nHello.\r\n--b--\r\n");
        attacks.put("with 8-bit letters", "X-OriginatorOrg: c\u00f6ntoso.com\r\n");
        attacks.put("with a NUL", "X-OriginatorOrg: contoso.com\0\r\n" + OF_FABRIKAM);
        attacks.put(
                "in a field of 64 KB",
                "X-OriginatorOrg: " + " ".repeat(900) + ("\r\n" + " ".repeat(900)).repeat(70) + "contoso.com\r\n"
                        + OF_FABRIKAM);
        attacks.put(
                "behind 64 KB of another field",
                "X-Long: x" + ("\r\n " + "y".repeat(900)).repeat(70) + "\r\n" + OF_FABRIKAM + OF_CONTOSO);
        attacks.put("among thousands of fields", "X-A: b\r\n".repeat(2500) + OF_CONTOSO);
        attacks.put("behind a bare line feed", "X-A: b\nX-OriginatorOrg: contoso.com\r\n" + OF_FABRIKAM);
        attacks.put("behind a bare carriage return", "X-A: b\rX-OriginatorOrg: contoso.com\r\n" + OF_FABRIKAM);
        attacks.put("as a continued field", "X-A: b\r\n X-OriginatorOrg: contoso.com\r\n");
        attacks.put("as a part of the name", "X-OriginatorOrg-2: contoso.com\r\nX-X-OriginatorOrg: contoso.com\r\n");
        Map<String, byte[]> octets = new LinkedHashMap<>();
        attacks.forEach((what, fields) -> octets.put(what, fields.getBytes(StandardCharsets.ISO_8859_1)));
        return octets;
    }

    /** What tenants send as themselves. */
    static Map<String, byte[]> legitimate() {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("with the field", OF_CONTOSO);
        fields.put("in another case", "x-originatororg: CONTOSO.com\r\n");
        fields.put("with blanks", "X-OriginatorOrg:   contoso.com  \t\r\n");
        fields.put("folded", "X-OriginatorOrg:\r\n contoso.com\r\n");
        fields.put("behind many fields", "X-A: b\r\n".repeat(300) + OF_CONTOSO);
        fields.put("beside a long one", "X-Long: x" + ("\r\n " + "y".repeat(900)).repeat(30) + "\r\n" + OF_CONTOSO);
        fields.put("beside 8-bit letters", "X-A: \u00e4\u00f6\u00fc\r\n" + OF_CONTOSO);
        fields.put("beside a forged result", FORGED_RESULT + OF_CONTOSO + FORGED_RESULT);
        Map<String, byte[]> octets = new LinkedHashMap<>();
        fields.forEach((what, each) -> octets.put(what, each.getBytes(StandardCharsets.ISO_8859_1)));
        return octets;
    }

    /** Nothing forged is relayed, and everything legitimate is, without the field. */
    void each() throws IOException {
        int mark = mta.logMark();
        for (Map.Entry<String, byte[]> attack : attacks().entrySet()) {
            assertThat(send(SENDER, attack.getKey(), attack.getValue(), OUTSIDE))
                    .as(attack.getKey())
                    .isNotEqualTo(250);
        }
        for (Map.Entry<String, byte[]> message : legitimate().entrySet()) {
            assertThat(send(SENDER, message.getKey(), message.getValue(), OUTSIDE))
                    .as(message.getKey())
                    .isEqualTo(250);
        }
        assertThat(send("a@fabrikam.com", "another tenant", OF_FABRIKAM.getBytes(StandardCharsets.US_ASCII), OUTSIDE))
                .isEqualTo(250);
        assertThat(send(SENDER, "inbound", OF_FABRIKAM.getBytes(StandardCharsets.US_ASCII), "b@fabrikam.com"))
                .isEqualTo(250);
        awaitDeliveries(mark);
        assertThat(sink.headers())
                .hasSize(legitimate().size() + 2)
                .allSatisfy(header -> assertThat(header)
                        .doesNotContainIgnoringCase("originatororg")
                        .doesNotContain("evil")
                        .contains("X-OrgMilter-Result: identified"));
        assertThat(sink.headers().stream()
                        .filter(header ->
                                header.contains("organization=contoso; connector=cloud; by=certificate-name")))
                .hasSize(legitimate().size());
    }

    /** Several messages and recipients in one session. */
    void inOneSession() throws IOException {
        int mark = mta.logMark();
        try (SmtpClient smtp = open()) {
            assertThat(message(smtp, SENDER, OF_CONTOSO, "one@outside.example", "two@outside.example"))
                    .isEqualTo(250);
            assertThat(message(smtp, SENDER, OF_FABRIKAM, "three@outside.example", "four@fabrikam.com"))
                    .isEqualTo(550);
            assertThat(message(smtp, "a@fabrikam.com", OF_FABRIKAM, "five@outside.example", "six@contoso.com"))
                    .isEqualTo(250);
            int before = milter.mark();
            assertThat(smtp.mail(SENDER).code()).isEqualTo(250);
            assertThat(smtp.rcpt("seven@outside.example").code()).isEqualTo(250);
            assertThat(smtp.command("RSET").code()).isEqualTo(250);
            assertThat(message(smtp, SENDER, OF_CONTOSO, "eight@outside.example"))
                    .isEqualTo(250);
            // The MTAs report a reset with the next command.
            milter.awaitLine(before, "provisional=relay outcome=reset", "to=<seven@outside.example>");
            smtp.quit();
        }
        awaitDeliveries(mark);
    }

    /** Two messages in one pipeline (RFC 2920): the forged one, and the right one. */
    void pipelined() throws IOException {
        int mark = mta.logMark();
        try (SmtpClient smtp = open()) {
            smtp.send(("MAIL FROM:<" + SENDER
                            + ">\r\nRCPT TO:<one@outside.example>\r\nRCPT TO:<two@outside.example>\r\nDATA\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            for (int code : new int[] {250, 250, 250, 354}) {
                assertThat(smtp.read().code()).isEqualTo(code);
            }
            smtp.send((OF_FABRIKAM + "\r\nHello.\r\n.\r\nMAIL FROM:<" + SENDER
                            + ">\r\nRCPT TO:<three@outside.example>\r\nDATA\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            for (int code : new int[] {550, 250, 250, 354}) {
                assertThat(smtp.read().code()).isEqualTo(code);
            }
            Reply end = smtp.command(OF_CONTOSO + "\r\nHello.\r\n.");
            assertThat(end.code()).isEqualTo(250);
            mta.queueId(end).ifPresent(queueIds::add);
            expected.add(new Delivery(SENDER, "three@outside.example"));
            smtp.quit();
        }
        awaitDeliveries(mark);
    }

    /** A message keeps the policy of its MAIL; a session from before headers were needed puts off what needs them. */
    void reloads(String listen) throws IOException {
        int mark = mta.logMark();
        try (SmtpClient smtp = open()) {
            assertThat(smtp.mail(SENDER).code()).isEqualTo(250);
            assertThat(smtp.rcpt(OUTSIDE).code()).isEqualTo(250);
            milter.reload(configuration(listen, false));
            assertThat(smtp.command("DATA").code()).isEqualTo(354);
            Reply end = smtp.command(OF_CONTOSO + "\r\nHello.\r\n.");
            assertThat(end.code()).as(end.toString()).isEqualTo(250);
            mta.queueId(end).ifPresent(queueIds::add);
            expected.add(new Delivery(SENDER, OUTSIDE));
            smtp.quit();
        }
        try (SmtpClient smtp = open()) {
            int before = milter.mark();
            milter.reload(configuration(listen, true));
            assertThat(smtp.mail(SENDER).code()).isEqualTo(250);
            assertThat(smtp.rcpt(OUTSIDE).code()).isEqualTo(451);
            milter.awaitLine(before, "the session began before a rule needed header fields");
            smtp.command("RSET");
            smtp.quit();
        }
        assertThat(send(SENDER, "the next session", OF_CONTOSO.getBytes(StandardCharsets.US_ASCII), OUTSIDE))
                .isEqualTo(250);
        awaitDeliveries(mark);
    }

    private SmtpClient open() throws IOException {
        return open(service);
    }

    SmtpClient open(String anyService) throws IOException {
        SmtpClient smtp = SmtpClient.connect(mta.service(anyService), InetAddress.getByName(CLIENT));
        smtp.read();
        smtp.ehlo();
        smtp.startTls(CLOUD.tls());
        smtp.ehlo();
        return smtp;
    }

    private int send(String sender, String what, byte[] fields, String recipient) throws IOException {
        int mark = milter.mark();
        try (SmtpClient smtp = open()) {
            assertThat(smtp.mail(sender).code()).isEqualTo(250);
            Reply accepted = smtp.rcpt(recipient);
            assertThat(accepted.code())
                    .as("%s: %s\n%s", what, accepted, milter.text(mark))
                    .isEqualTo(250);
            assertThat(smtp.command("DATA").code()).isEqualTo(354);
            smtp.send(fields);
            Reply end = smtp.command("Subject: " + what + "\r\n\r\nHello.\r\n.");
            if (end.code() == 250) {
                mta.queueId(end).ifPresent(queueIds::add);
                expected.add(new Delivery(sender, recipient));
            } else if (end.code() == 550) {
                assertThat(mta.milterReply(end))
                        .as(what)
                        .isEqualTo("550 5.7.1 Relay access denied: this server may not send for contoso.com");
            } else {
                assertThat(end.code())
                        .as("%s: %s", what, end)
                        .isGreaterThanOrEqualTo(400); // by a rule of the MTA itself
            }
            return end.code();
        }
    }

    private int message(SmtpClient smtp, String sender, String fields, String... recipients) throws IOException {
        assertThat(smtp.mail(sender).code()).isEqualTo(250);
        for (String recipient : recipients) {
            assertThat(smtp.rcpt(recipient).code()).isEqualTo(250);
        }
        assertThat(smtp.command("DATA").code()).isEqualTo(354);
        Reply end = smtp.command(fields + "Subject: tenants\r\n\r\nHello.\r\n.");
        if (end.code() == 250) {
            mta.queueId(end).ifPresent(queueIds::add);
            for (String recipient : recipients) {
                expected.add(new Delivery(sender, recipient));
            }
        }
        return end.code();
    }

    private void awaitDeliveries(int mark) {
        mta.awaitDone(mark, queueIds);
        assertThat(sink.deliveries()).as(mta.logText(mark)).containsExactlyInAnyOrderElementsOf(expected);
    }
}
