package io.github.orgmilter.it.sendmail;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.it.client.Reply;
import io.github.orgmilter.it.client.SmtpClient;
import io.github.orgmilter.it.client.TestCertificates;
import io.github.orgmilter.it.scenario.Sample;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Sendmail reads otherwise than it looks: recipients with a comma, and senders that hide their domain. */
@ParameterizedClass(name = "Sendmail of {0}")
@ValueSource(strings = {"bookworm", "trixie"})
final class SendmailTricksIT {

    private static final TestCertificates CERTIFICATES = new TestCertificates();
    private static final String STRANGER = "127.0.0.2";
    private static final String FORWARDER = "127.0.4.10";
    private static final String OUTSIDE = "someone@outside.example";

    private static final String CONFIGURATION = """
            local-domains = [ "mx1.example.net", "local.example" ]
            organizations {
              contoso {
                accepted-domains = [ "contoso.com" ]
                connectors { office { addresses = [ "127.0.1.10" ] } }
              }
              adatum {
                accepted-domains = [ "adatum.example" ]
                connectors { forwarder { addresses = [ "127.0.4.10" ], require-accepted-domain = false } }
              }
            }
            """;

    private static FilteredSendmail service;
    private static String running;

    @Parameter
    String suite;

    @BeforeParameterizedClassInvocation
    static void start(String suite) throws IOException {
        running = suite;
        service = new FilteredSendmail(
                suite,
                CERTIFICATES,
                CONFIGURATION,
                true,
                sendmail -> sendmail.file("local-host-names", "mx1.example.net\nlocal.example\n"));
    }

    @AfterParameterizedClassInvocation
    static void stop() throws IOException {
        service.close();
    }

    @BeforeEach
    void begin() {
        service.begin();
    }

    /**
     * Sendmail takes a refused recipient off its list by parsing the argument once more, with another delimiter. Where
     * that fails, the client hears 550 and the recipient stays: so the milter refuses the message.
     */
    @ParameterizedTest(name = "RCPT TO:{0} is refused and gets nothing")
    @ValueSource(
            strings = {
                "<@a,@b:victim@outside.example>",
                "@a,@b:victim@outside.example",
                "@a,@b:<victim@outside.example>",
                "<u,>,<victim@outside.example>",
                "%!,<victim@outside.example>",
                "<u\\,victim@outside.example>"
            })
    void aRefusedRecipientWithACommaGetsNothing(String recipient) throws IOException {
        try (SmtpClient smtp = service.connect(STRANGER)) {
            smtp.mail("someone@stranger.example");
            assertThat(smtp.rcpt("info@contoso.com").code()).isEqualTo(250);
            Reply refusal = smtp.command("RCPT TO:" + recipient);
            assertThat(refusal.toString()).startsWith("550 5.7.1").contains("Relay access denied");
            assertThat(service.data(smtp).toString()).startsWith("550 5.7.1").contains("Relay access denied");
            thenAnOrdinaryMessage(smtp);
        }
        assertThat(service.delivered()).as(service.evidence()).containsExactly("info@contoso.com");
        service.awaitLine("verdict=accept", "outcome=refused", "recipients=1/2", "reply=");
    }

    @ParameterizedTest(name = "pipelined, RCPT TO:{0} is refused and gets nothing")
    @ValueSource(
            strings = {"<@a,@b:victim@outside.example>", "<u,>,<victim@outside.example>", "<u\\,victim@outside.example>"
            })
    void pipelinedItGetsNothingEither(String recipient) throws IOException {
        try (SmtpClient smtp = service.connect(STRANGER)) {
            String all = "MAIL FROM:<someone@stranger.example>\r\nRCPT TO:" + recipient
                    + "\r\nRCPT TO:<info@contoso.com>\r\n" + "RCPT TO:" + recipient + "\r\nDATA\r\n";
            smtp.send(all.getBytes(StandardCharsets.US_ASCII));
            assertThat(smtp.read().code()).isEqualTo(250);
            assertThat(smtp.read().code()).isEqualTo(550);
            assertThat(smtp.read().code()).isEqualTo(250);
            assertThat(smtp.read().code()).isEqualTo(550);
            assertThat(smtp.read().code()).isEqualTo(354);
            assertThat(smtp.command("Subject: comma\r\n\r\nHello.\r\n.").code()).isEqualTo(550);
            thenAnOrdinaryMessage(smtp);
        }
        assertThat(service.delivered()).as(service.evidence()).containsExactly("info@contoso.com");
    }

    /** The next message of the session owes nothing to the one that was refused. */
    private static void thenAnOrdinaryMessage(SmtpClient smtp) throws IOException {
        smtp.mail("someone@stranger.example");
        assertThat(smtp.rcpt(OUTSIDE).code()).isEqualTo(550);
        assertThat(smtp.rcpt("info@contoso.com").code()).isEqualTo(250);
        assertThat(service.data(smtp).code()).isEqualTo(250);
        smtp.quit();
    }

    @Test
    void aServerThatForwardsAnythingSendsAsWhoIsNobodysHere() throws IOException {
        for (String sender :
                new String[] {"<a@elsewhere.example>", "<@contoso.com:a@elsewhere.example>", "<a@[192.0.2.1]>", "<>"}) {
            assertThat(sends(sender)).as(sender).isTrue();
        }
        assertThat(service.delivered()).hasSize(4);
    }

    /** Of contoso, which is protected, however it is written: Sendmail reads spaces, comments and routes out of it. */
    private static final List<String> SPELLINGS = List.of(
            "<a@contoso.com>",
            "<a@CONTOSO.COM.>",
            "a@contoso.com",
            "<a@contoso.com >",
            "<a@ contoso.com>",
            "< a@contoso.com >",
            "<a@(x)contoso.com>",
            "<a@contoso.com(x)>",
            "<a@contoso(x).com>",
            "<a(x)@contoso.com>",
            "<a@[contoso.com]>",
            "<a%contoso.com>",
            "<contoso.com!a>",
            "<a%contoso.com@local.example>",
            "<contoso.com!a@local.example>",
            "<\"a@contoso.com\"@local.example>",
            "<a%contoso.com@mx1.example.net>",
            "<@local.example:a@contoso.com>",
            "<@hop.example:a@contoso.com>",
            "(x)<a@contoso.com>");

    static List<String> spellings() {
        return Sample.of(
                "senders' spellings, Sendmail of " + running, SPELLINGS, spelling -> running.equals("bookworm"), 4);
    }

    @ParameterizedTest(name = "MAIL FROM:{0} does not get around contoso''s protection")
    @MethodSource("spellings")
    void noSpellingHidesTheSender(String sender) throws IOException {
        assertThat(sends(sender)).isFalse();
        service.awaitLine(" verdict=reject ", " cause=protected-sender ");
        assertThat(service.delivered()).as(service.evidence()).isEmpty();
    }

    /** The one spelling that Sendmail itself does not take. */
    @Test
    void aSenderWithANameBeforeItIsNoneToSendmail() throws IOException {
        try (SmtpClient smtp = service.connect(FORWARDER)) {
            assertThat(smtp.command("MAIL FROM:Alice <a@contoso.com>").code()).isBetween(500, 599);
            assertThat(smtp.rcpt(OUTSIDE).code()).isBetween(500, 599);
        }
        assertThat(service.delivered()).isEmpty();
    }

    /** @return whether the message was taken; a refusal must be permanent */
    private static boolean sends(String sender) throws IOException {
        try (SmtpClient smtp = service.connect(FORWARDER)) {
            Reply mail = smtp.command("MAIL FROM:" + sender);
            Reply rcpt = smtp.rcpt(OUTSIDE);
            if (mail.positive() && rcpt.positive()) {
                assertThat(service.data(smtp).code()).isEqualTo(250);
                return true;
            }
            assertThat(mail.code() >= 500 || rcpt.code() >= 500)
                    .as(mail + " / " + rcpt)
                    .isTrue();
            return false;
        }
    }
}
