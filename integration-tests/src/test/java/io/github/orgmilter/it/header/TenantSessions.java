package io.github.orgmilter.it.header;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.it.client.ClientCertificate;
import io.github.orgmilter.it.client.Reply;
import io.github.orgmilter.it.client.SmtpClient;
import io.github.orgmilter.it.client.TestCertificates;
import io.github.orgmilter.it.daemon.MilterProcess;
import io.github.orgmilter.it.scenario.Deliveries;
import io.github.orgmilter.it.scenario.WiredMta;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
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

    private final WiredMta wired;
    private final MilterProcess milter;
    private final Deliveries deliveries;

    TenantSessions(WiredMta wired) {
        this.wired = wired;
        milter = wired.milter();
        deliveries = new Deliveries(wired);
    }

    /** The configuration; without tenants, nothing needs a header. Bounces of contoso pass, and its bank has a server of its own. */
    static String configuration(boolean tenants) {
        String connector = tenants
                ? "connectors.cloud { certificate-names = [ \"mail.cloud.example\" ], required-headers { X-OriginatorOrg = [ \"%s\" ] }%s }"
                : "connectors.other { addresses = [ \"192.0.2.1\" ] } # %s%s";
        return """
                policy-grants-relay = true
                result-header = %s
                organizations {
                  contoso {
                    accepted-domains = [ "contoso.com" ]
                    partners.bank { sender-domains = [ "bank.example" ], addresses = [ "127.0.5.0/24" ] }
                    %s
                  }
                  fabrikam {
                    accepted-domains = [ "fabrikam.com" ]
                    %s
                  }
                }
                """.formatted(
                        tenants ? "all" : "off",
                        connector.formatted("contoso.com", ", allow-null-sender = true"),
                        connector.formatted("fabrikam.com", ""));
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
        attacks.put("forged with blanks behind it", "X-OriginatorOrg: contoso.com  \t\r\n" + OF_FABRIKAM);
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
        deliveries.requireComplete();
        assertThat(wired.sink().headers())
                .hasSize(legitimate().size() + 2)
                .allSatisfy(header -> assertThat(header)
                        .doesNotContainIgnoringCase("originatororg")
                        .doesNotContain("evil")
                        .contains("X-OrgMilter-Result: identified"));
        assertThat(wired.sink().headers().stream()
                        .filter(header ->
                                header.contains("organization=contoso; connector=cloud; by=certificate-name")))
                .hasSize(legitimate().size());
    }

    /** Several messages and recipients in one session. */
    void inOneSession() throws IOException {
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
        deliveries.requireComplete();
    }

    /** Each refused by another condition, and each met. */
    void conditions() throws IOException {
        try (SmtpClient smtp = open()) {
            int before = milter.mark();
            assertThat(message(smtp, "", OF_FABRIKAM, OUTSIDE)).isEqualTo(550);
            milter.awaitLine(before, "verdict=reject cause=header-mismatch", "from=<>");
            assertThat(message(smtp, "", OF_CONTOSO, OUTSIDE)).isEqualTo(250);
            assertThat(message(smtp, "a@bank.example", OF_FABRIKAM, "b@contoso.com", "c@fabrikam.com"))
                    .isEqualTo(550);
            milter.awaitLine(before, "verdict=reject cause=partner-restriction", "from=<a@bank.example>");
            assertThat(message(smtp, "a@bank.example", OF_CONTOSO, "d@contoso.com", "e@fabrikam.com"))
                    .isEqualTo(250);
            assertThat(message(smtp, "a@bank.example", "", "f@fabrikam.com")).isEqualTo(250);
            smtp.quit();
        }
        deliveries.requireComplete();
    }

    /** Two messages in one pipeline (RFC 2920): the forged one, and the right one. */
    void pipelined() throws IOException {
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
            deliveries.accepted(end, SENDER, "three@outside.example");
            smtp.quit();
        }
        deliveries.requireComplete();
    }

    /** A message keeps the policy of its MAIL; a session from before headers were needed defers what needs them. */
    void reloads() throws IOException {
        try (SmtpClient smtp = open()) {
            assertThat(smtp.mail(SENDER).code()).isEqualTo(250);
            assertThat(smtp.rcpt(OUTSIDE).code()).isEqualTo(250);
            wired.reload(configuration(false));
            assertThat(smtp.command("DATA").code()).isEqualTo(354);
            Reply end = smtp.command(OF_CONTOSO + "\r\nHello.\r\n.");
            assertThat(end.code()).as(end.toString()).isEqualTo(250);
            deliveries.accepted(end, SENDER, OUTSIDE);
            smtp.quit();
        }
        try (SmtpClient smtp = open()) {
            int before = milter.mark();
            wired.reload(configuration(true));
            assertThat(smtp.mail(SENDER).code()).isEqualTo(250);
            assertThat(smtp.rcpt(OUTSIDE).code()).isEqualTo(451);
            milter.awaitLine(before, "the session began before a rule needed header fields");
            smtp.command("RSET");
            smtp.quit();
        }
        assertThat(send(SENDER, "the next session", OF_CONTOSO.getBytes(StandardCharsets.US_ASCII), OUTSIDE))
                .isEqualTo(250);
        deliveries.requireComplete();
    }

    /** With the milter, without it, and with both. */
    void policyGate() throws IOException {
        try (SmtpClient smtp = open(WiredMta.ASKING)) {
            assertThat(message(smtp, SENDER, OF_FABRIKAM, OUTSIDE)).isEqualTo(550);
            assertThat(message(smtp, SENDER, OF_CONTOSO, OUTSIDE)).isEqualTo(250);
            smtp.quit();
        }
        try (SmtpClient smtp = open(WiredMta.ONLY_ASKING)) {
            assertThat(smtp.mail(SENDER).code()).isEqualTo(250);
            assertThat(smtp.rcpt(OUTSIDE).code()).isEqualTo(451);
            assertThat(smtp.rcpt("b@fabrikam.com").code()).isEqualTo(250);
            smtp.command("RSET");
            smtp.quit();
        }
        deliveries.requireComplete();
    }

    private SmtpClient open() throws IOException {
        return open(WiredMta.FILTERED);
    }

    private SmtpClient open(String service) throws IOException {
        return wired.open(service, CLIENT, CLOUD.tls());
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
                deliveries.accepted(end, sender, recipient);
            } else if (end.code() == 550) {
                assertThat(wired.mta().milterReply(end))
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
            deliveries.accepted(end, sender, recipients);
        }
        return end.code();
    }
}
