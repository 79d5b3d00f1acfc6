package io.github.orgmilter.it.sendmail;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.it.client.SmtpClient;
import io.github.orgmilter.it.client.TestCertificates;
import io.github.orgmilter.it.daemon.MilterTap.Question;
import io.github.orgmilter.it.mta.Delivery;
import io.github.orgmilter.it.mta.MtaContainer;
import java.io.IOException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Addresses that Sendmail resolves to something else by the administrator's own tables: class w, virtusertable,
 * mailertable, aliases. Mail that is accepted for what the client gave is not refused for what became of it.
 */
@ParameterizedClass(name = "Sendmail of {0}")
@ValueSource(strings = {"bookworm", "trixie"})
final class SendmailAddressesIT {

    private static final TestCertificates CERTIFICATES = new TestCertificates();
    private static final String STRANGER = "127.0.0.2";

    private static final String CONFIGURATION = """
            local-domains = [ "mx1.example.net", "local.example" ]
            organizations {
              contoso {
                accepted-domains = [ "contoso.com", "hosted.example", "virt.example", "table.example" ]
                connectors { office { addresses = [ "127.0.1.10" ] } }
              }
            }
            """;

    private static FilteredSendmail service;

    @Parameter
    String suite;

    @BeforeParameterizedClassInvocation
    static void start(String suite) throws IOException {
        service = new FilteredSendmail(
                suite,
                CERTIFICATES,
                CONFIGURATION,
                true,
                sendmail -> sendmail.file(
                                "local-host-names", "mx1.example.net\nlocal.example\nhosted.example\nvirt.example\n")
                        .file("virtusertable", """
                        info@virt.example bob
                        away@virt.example someone@outside.example
                        nobody@virt.example error:nouser 550 No such user here
                        @virt.example %1@contoso.com
                        """)
                        .file("mailertable", "table.example relay:[127.0.0.1]\n")
                        .file("aliases", "postmaster: root\nteam: bob, carol\naway: someone@outside.example\n")
                        // The image's sink is given no aliases.
                        .edit("sink.m4", text -> text.replace("`-w5A:/|'", "`-w5:/|'"))
                        .m4(
                                "FEATURE(`virtusertable', `hash /etc/mail/virtusertable')dnl",
                                "FEATURE(`mailertable', `hash /etc/mail/mailertable')dnl"));
    }

    @AfterParameterizedClassInvocation
    static void stop() throws IOException {
        service.close();
    }

    @BeforeEach
    void begin() {
        service.begin();
    }

    @ParameterizedTest(name = "<{0}>, to Sendmail {1} by mailer {2}, is accepted and reaches {3}")
    @CsvSource({
        "info@contoso.com,         info@contoso.com,        relay, info@contoso.com",
        "bob@local.example,        bob,                     local, bob",
        "bob@LOCAL.Example.,       bob,                     local, bob",
        "bob@hosted.example,       bob,                     local, bob",
        "bob+tag@hosted.example,   bob+tag,                 local, bob+tag",
        "root,                     root,                    local, root",
        "postmaster,               postmaster,              local, root",
        "root@mx1.example.net,     root,                    local, root",
        "team@hosted.example,      team,                    local, bob carol",
        "away@local.example,       away,                    local, someone@outside.example",
        "info@virt.example,        bob,                     local, bob",
        "away@virt.example,        someone@outside.example, relay, someone@outside.example",
        "jane@virt.example,        jane@contoso.com,        relay, jane@contoso.com",
        "jane@table.example,       jane@table.example,      relay, jane@table.example",
    })
    void isAccepted(String recipient, String resolved, String mailer, String reached) throws IOException {
        try (SmtpClient smtp = service.connect(STRANGER)) {
            smtp.mail("someone@stranger.example");
            assertThat(smtp.rcpt(recipient).code()).isEqualTo(250);
            assertThat(service.data(smtp).code()).isEqualTo(250);
            smtp.quit();
        }
        Question question = service.questions().get(0);
        assertThat(question.recipient("{rcpt_addr}")).contains(resolved);
        assertThat(question.recipient("{rcpt_mailer}")).contains(mailer);
        assertThat(service.verdicts(1).get(0).get("cause")).isEqualTo("inbound");
        assertThat(service.delivered()).containsExactlyInAnyOrder(reached.split(" "));
    }

    /** These are not the administrator's doing: Sendmail takes them apart, and would send them on. */
    @ParameterizedTest(name = "<{0}> is refused to a stranger, and is not delivered")
    @ValueSource(
            strings = {
                "u%outside.example@hosted.example",
                "outside.example!u@hosted.example",
                "\"u@outside.example\"@hosted.example",
                "\"u%outside.example\"@hosted.example",
                "@hosted.example:u@outside.example",
                "@hosted.example:u%outside.example@hosted.example",
                "@outside.example:bob@hosted.example",
                "u%outside.example@local.example",
                "outside.example!u@local.example",
                "\"u@outside.example\"@local.example",
                "u%outside.example@virt.example",
                "u%outside.example@table.example",
                "u%outside.example",
                "outside.example!u",
                "\"u@outside.example\"",
            })
    void isRefused(String recipient) throws IOException {
        try (SmtpClient smtp = service.connect(STRANGER)) {
            smtp.mail("someone@stranger.example");
            assertThat(smtp.rcpt(recipient).toString()).startsWith("550 5.7.1").contains("Relay access denied");
            assertThat(smtp.rcpt("bob@hosted.example").code()).isEqualTo(250);
            assertThat(service.data(smtp).code()).isEqualTo(250);
            smtp.quit();
        }
        assertThat(service.verdicts(2).get(0).get("cause")).isEqualTo("not-identified");
        assertThat(service.delivered()).containsExactly("bob");
    }

    /** The milter gets the macros of such a recipient, and then no recipient. */
    @Test
    void whatTheVirtusertableRefusesDisturbsNoOther() throws IOException {
        try (SmtpClient smtp = service.connect(STRANGER)) {
            smtp.mail("someone@stranger.example");
            assertThat(smtp.rcpt("someone@outside.example").code()).isEqualTo(550);
            assertThat(smtp.rcpt("nobody@virt.example").toString())
                    .startsWith("550 ")
                    .endsWith("... No such user here");
            assertThat(smtp.rcpt("someone@outside.example").code()).isEqualTo(550);
            assertThat(smtp.rcpt("info@virt.example").code()).isEqualTo(250);
            assertThat(service.data(smtp).code()).isEqualTo(250);
            smtp.quit();
        }
        assertThat(service.verdicts(3))
                .extracting(line -> line.get("verdict"))
                .containsExactly("reject", "reject", "accept");
        assertThat(service.delivered()).containsExactly("bob");
    }

    /** A sender in class w or the virtusertable counts by its domain as given, too. */
    @ParameterizedTest(name = "an office sends as <{0}>, to Sendmail {1}")
    @CsvSource({
        "a@contoso.com,      a@contoso.com",
        "bob@hosted.example, bob",
        "info@virt.example,  bob",
    })
    void aSenderCountsByItsDomain(String sender, String resolved) throws IOException {
        try (SmtpClient smtp = service.connect("127.0.1.10")) {
            smtp.mail(sender);
            assertThat(smtp.rcpt("someone@outside.example").code()).isEqualTo(250);
            assertThat(service.data(smtp).code()).isEqualTo(250);
            smtp.quit();
        }
        assertThat(service.questions().get(0).mail("{mail_addr}")).contains(resolved);
        assertThat(service.verdicts(1).get(0).get("cause")).isEqualTo("sender-domain");
        assertThat(service.delivered()).containsExactly("someone@outside.example");
    }

    /** By the door of submit.mc, where the milter is not asked. */
    @Test
    void mailOfTheMachinesOwnUsersLeaves() throws IOException, InterruptedException {
        var result = service.sendmail()
                .execInContainer(
                        "sh",
                        "-c",
                        "printf 'Subject: cron\\n\\nHello.\\n' | sendmail -f root root admin@outside.example");
        assertThat(result.getExitCode()).as(result.getStderr()).isZero();
        Awaitility.await().until(() -> service.deliveries().size() >= 2);
        String root = "root@" + MtaContainer.HOST_NAME;
        assertThat(service.deliveries())
                .containsExactlyInAnyOrder(new Delivery(root, "root"), new Delivery(root, "admin@outside.example"));
        assertThat(service.verdicts(0)).isEmpty();
    }

    /** With FEATURE(msp) as Debian has it, cron comes by the filtered port as a client 127.0.0.1. */
    @Test
    void cronMailByTheFilteredPortReachesTheMachinesOwnUsersOnly() throws IOException {
        String root = "root@" + MtaContainer.HOST_NAME;
        try (SmtpClient smtp = service.connect("127.0.0.1")) {
            smtp.mail(root);
            assertThat(smtp.rcpt(root).code()).isEqualTo(250);
            assertThat(smtp.rcpt("admin@outside.example").code()).isEqualTo(550);
            assertThat(service.data(smtp).code()).isEqualTo(250);
            smtp.quit();
        }
        assertThat(service.verdicts(2))
                .extracting(line -> line.get("cause"))
                .containsExactly("not-identified", "inbound");
        assertThat(service.delivered()).containsExactly("root");
    }
}
