package io.github.orgmilter.it.map;

import static io.github.orgmilter.it.map.MapTable.EXEMPT;
import static io.github.orgmilter.it.map.MapTable.OFFICE;
import static io.github.orgmilter.it.map.MapTable.OUTSIDE;
import static io.github.orgmilter.it.map.MapTable.SENDER;
import static io.github.orgmilter.it.map.MapTable.STRANGER;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.it.client.ClientCertificate;
import io.github.orgmilter.it.client.Reply;
import io.github.orgmilter.it.client.SmtpClient;
import io.github.orgmilter.it.client.TestCertificates;
import io.github.orgmilter.it.daemon.MilterProcess;
import io.github.orgmilter.it.mta.Delivery;
import io.github.orgmilter.it.mta.FreePort;
import io.github.orgmilter.it.mta.MtaContainer;
import io.github.orgmilter.it.mta.SendmailContainer;
import io.github.orgmilter.it.mta.Sink;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Real Sendmail whose access map is OrgMilter's. */
@DisplayName("The tight gate on maps")
@ParameterizedClass(name = "Sendmail of {0}")
@ValueSource(strings = {"bookworm", "trixie"})
final class SendmailMapsIT {

    private static final TestCertificates CERTIFICATES = new TestCertificates();
    private static final ClientCertificate NAMED = CERTIFICATES.verified("named.contoso.com");
    private static final ClientCertificate OTHER_NAME = CERTIFICATES.verified("other.example");
    private static final ClientCertificate SELF_SIGNED = CERTIFICATES.selfSigned("named.contoso.com");

    private static Sink sink;
    private static int milterPort;
    private static int mapPort;
    private static MilterProcess milter;
    private static SendmailContainer sendmail;

    private final MapTable table = new MapTable(sendmail);
    private final String suite;

    SendmailMapsIT(String suite) {
        this.suite = suite;
        assertThat(sendmail.isRunning()).as("Sendmail of %s", suite).isTrue();
    }

    @BeforeParameterizedClassInvocation
    static void start(String suite) throws IOException {
        MtaContainer.removeLeftovers();
        sink = new Sink();
        milterPort = FreePort.next();
        mapPort = FreePort.next();
        milter = MilterProcess.start(configuration(""));
        sendmail = new SendmailContainer(suite, CERTIFICATES, sink, "inet:" + milterPort + "@127.0.0.1")
                .mapGate("inet:" + mapPort + "@127.0.0.1")
                .service("gate-only", ", InputMailFilters=");
        sendmail.start();
    }

    private static String configuration(String more) {
        return MapTable.configuration(milterPort, mapPort, "") + more;
    }

    @BeforeEach
    void clear() {
        sink.clear();
    }

    @AfterParameterizedClassInvocation
    static void stop() throws IOException {
        sendmail.close();
        milter.close();
        sink.close();
    }

    private void check() {
        assertThat(table.actual()).as(sendmail.logText(0)).isEqualTo(table.expected());
    }

    @Test
    @DisplayName(
            "lets known addresses, verified certificates and exempt clients ask for relaying, and strangers only for our domains")
    void gate() throws IOException {
        for (String service : new String[] {"filtered", "gate-only"}) {
            table.ask(service, OFFICE, null, OUTSIDE, 250);
            table.ask(service, "127.0.1.15", null, OUTSIDE, 250);
            table.ask(service, EXEMPT, null, OUTSIDE, 250);
            table.ask(service, STRANGER, NAMED, OUTSIDE, 250);
            table.ask(service, "127.0.0.3", SELF_SIGNED, OUTSIDE, 550);
            table.ask(service, "127.0.0.4", null, OUTSIDE, 550);
            table.ask(service, "127.0.0.6", null, OUTSIDE, 550);
            table.ask(service, "127.0.0.7", null, OUTSIDE, 550);
            table.ask(service, "127.0.1.16", null, OUTSIDE, 550);
            table.ask(service, STRANGER, null, "info@contoso.com", 250);
            table.ask(service, STRANGER, null, "info@CONTOSO.com", 250);
            table.ask(service, STRANGER, null, "info@sub.contoso.com", 550);
            table.ask(service, STRANGER, null, "info@fabrikam.com", 250);
            table.ask(service, STRANGER, null, "info@deep.sub.fabrikam.com", 250);
            table.ask(service, STRANGER, null, "info@notfabrikam.com", 550);
            table.ask(service, STRANGER, null, "info@xn--bcher-kva.example", 250);
            table.ask(service, STRANGER, null, "info@delivered.example", 250);
        }
        // The gate alone does not look at names; OrgMilter does.
        table.ask("gate-only", "127.0.0.8", OTHER_NAME, OUTSIDE, 250);
        table.ask("filtered", "127.0.0.8", OTHER_NAME, OUTSIDE, 550);
        check();
    }

    @Test
    @DisplayName("delivers what it let through, and nothing else")
    void delivers() throws IOException {
        List<String> queueIds = new ArrayList<>();
        int mark = sendmail.logMark();
        send(queueIds, OFFICE, "one@outside.example", 250);
        send(queueIds, STRANGER, "two@outside.example", 550);
        send(queueIds, STRANGER, "three@contoso.com", 250);
        check();
        sendmail.awaitDone(mark, queueIds);
        assertThat(sink.deliveries())
                .containsExactlyInAnyOrder(
                        new Delivery(SENDER, "one@outside.example"), new Delivery(SENDER, "three@contoso.com"));
    }

    private void send(List<String> queueIds, String source, String recipient, int code) throws IOException {
        try (SmtpClient smtp = table.connect("filtered", source, null)) {
            smtp.mail(SENDER);
            Reply reply = smtp.rcpt(recipient);
            table.note(source + " to " + recipient, code, reply);
            if (reply.positive()) {
                Reply end = smtp.data("maps");
                table.note(source + " to " + recipient + ", the end", 250, end);
                sendmail.queueId(end).ifPresent(queueIds::add);
            }
            smtp.quit();
        }
    }

    @Test
    @DisplayName(
            "has a new domain and a new address from the next message on, in open sessions too, and no longer when they are gone")
    void reload() throws IOException {
        String added = """
                organizations.tailspin {
                  accepted-domains = [ "tailspin.example" ]
                  connectors.office.addresses = [ "127.0.0.20" ]
                }
                """;
        try (SmtpClient stranger = table.connect("filtered", STRANGER, null);
                SmtpClient office = table.connect("filtered", "127.0.0.20", null)) {
            ask(stranger, "before: to the domain", "a@tailspin.example", 550);
            ask(office, "before: from the address", OUTSIDE, 550);
            milter.reload(configuration(added));
            ask(stranger, "after: to the domain", "a@tailspin.example", 250);
            ask(office, "after: from the address", OUTSIDE, 250);
            milter.reload(configuration(""));
            ask(stranger, "removed: to the domain", "a@tailspin.example", 550);
            ask(office, "removed: from the address", OUTSIDE, 550);
            stranger.quit();
            office.quit();
        } finally {
            milter.reload(configuration(""));
        }
        check();
    }

    private void ask(SmtpClient smtp, String what, String recipient, int code) throws IOException {
        Reply mail = smtp.mail("news@tailspin.example");
        table.note(what, code, mail.positive() ? smtp.rcpt(recipient) : mail);
        smtp.command("RSET");
    }

    @Test
    @DisplayName("has everybody try again while OrgMilter is down, and recovers by itself")
    void down() throws IOException {
        assertThat(milter.stop()).isZero();
        try {
            table.ask("gate-only: down", "gate-only", OFFICE, null, OUTSIDE, 451);
            table.ask("gate-only: down", "gate-only", STRANGER, null, OUTSIDE, 451);
            table.ask("gate-only: down", "gate-only", STRANGER, null, "info@contoso.com", 451);
        } finally {
            milter = MilterProcess.start(configuration(""));
        }
        table.ask("filtered", OFFICE, null, OUTSIDE, 250);
        table.ask("gate-only", OFFICE, null, OUTSIDE, 250);
        table.ask("gate-only", STRANGER, null, OUTSIDE, 550);
        table.ask("gate-only", STRANGER, null, "info@contoso.com", 250);
        check();
    }

    @Test
    @DisplayName("loses nothing of an open session by a restart of OrgMilter")
    void restart() throws IOException {
        try (SmtpClient smtp = table.connect("gate-only", OFFICE, null)) {
            ask(smtp, "before", OUTSIDE, 250);
            assertThat(milter.stop()).isZero();
            milter = MilterProcess.start(configuration(""));
            ask(smtp, "after", OUTSIDE, 250);
            smtp.quit();
        }
        check();
    }

    @Test
    @DisplayName("asks by tags, for the client's name and address and their parts, and for the recipient")
    void asked() throws IOException {
        try (MapStub stub = new MapStub("NOTFOUND ");
                SendmailContainer listening = new SendmailContainer(
                                suite, CERTIFICATES, sink, "inet:" + milterPort + "@127.0.0.1")
                        .mapGate("inet:" + stub.port() + "@127.0.0.1")
                        .service("listening", ", InputMailFilters=")) {
            listening.start();
            stub.takeAsked();
            MapTable answers = new MapTable(listening);
            answers.ask("listening", "127.0.0.4", null, "a@Sub.Contoso.com", 550);
            List<String> asked = stub.takeAsked();
            assertThat(asked)
                    .contains("access connect:127.0.0.4", "access connect:127.0.0", "access to:sub.contoso.com")
                    .doesNotContain("access to:contoso.com", "access to:.contoso.com")
                    .allMatch(request -> request.startsWith("access "));
            assertThat(answers.actual()).isEqualTo(answers.expected());
        }
    }
}
