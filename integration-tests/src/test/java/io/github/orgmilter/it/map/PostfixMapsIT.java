package io.github.orgmilter.it.map;

import static io.github.orgmilter.it.map.MapTable.EXEMPT;
import static io.github.orgmilter.it.map.MapTable.OFFICE;
import static io.github.orgmilter.it.map.MapTable.OUTSIDE;
import static io.github.orgmilter.it.map.MapTable.SENDER;
import static io.github.orgmilter.it.map.MapTable.STRANGER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.orgmilter.it.client.ClientCertificate;
import io.github.orgmilter.it.client.Reply;
import io.github.orgmilter.it.client.SmtpClient;
import io.github.orgmilter.it.client.TestCertificates;
import io.github.orgmilter.it.daemon.MilterProcess;
import io.github.orgmilter.it.mta.Delivery;
import io.github.orgmilter.it.mta.DomainsIn;
import io.github.orgmilter.it.mta.FreePort;
import io.github.orgmilter.it.mta.MtaContainer;
import io.github.orgmilter.it.mta.PostfixContainer;
import io.github.orgmilter.it.mta.Sink;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Real Postfix with the tight gate on OrgMilter's maps. */
@DisplayName("The tight gate on maps")
@ParameterizedClass(name = "Postfix of {0}")
@ValueSource(strings = {"bookworm", "trixie"})
final class PostfixMapsIT {

    private static final TestCertificates CERTIFICATES = new TestCertificates();
    private static final ClientCertificate NAMED = CERTIFICATES.verified("named.contoso.com");
    private static final ClientCertificate OTHER_NAME = CERTIFICATES.verified("other.example");
    private static final ClientCertificate SELF_SIGNED = CERTIFICATES.selfSigned("named.contoso.com");
    private static final ClientCertificate PINNED = CERTIFICATES.selfSigned("pinned.contoso.com");

    private static Sink sink;
    private static int milterPort;
    private static int mapPort;
    private static int policyPort;
    private static MilterProcess milter;
    private static PostfixContainer postfix;

    private final MapTable table = new MapTable(postfix);
    private final String suite;

    PostfixMapsIT(String suite) {
        this.suite = suite;
        assertThat(postfix.isRunning()).as("Postfix of %s", suite).isTrue();
    }

    @BeforeParameterizedClassInvocation
    static void start(String suite) throws IOException {
        MtaContainer.removeLeftovers();
        sink = new Sink();
        milterPort = FreePort.next();
        mapPort = FreePort.next();
        policyPort = FreePort.next();
        milter = MilterProcess.start(configuration(""));
        String filter = "inet:127.0.0.1:" + milterPort;
        String maps = "inet:127.0.0.1:" + mapPort;
        postfix = new PostfixContainer(suite, DomainsIn.RELAY_DOMAINS, CERTIFICATES, sink)
                .relayDomains("socketmap:" + maps + ":relay-domains")
                .mapService("gated", maps, filter)
                .delegatingMapService("asking", "inet:127.0.0.1:" + policyPort, maps, filter)
                .unfilteredMapService("gate-only", maps)
                .unfilteredService("misspelt", "socketmap:" + maps + ":client-addresses")
                .unfilteredService("clients-only", "socketmap:" + maps + ":clients")
                .unfilteredService("domains-only");
        postfix.start();
    }

    private static String configuration(String more) {
        String pinned = "pinned { certificate-fingerprints = [ \"" + PINNED.fingerprint() + "\" ] }";
        return MapTable.configuration(milterPort, mapPort, pinned) + """
                policy-listen = [ "inet:%d@127.0.0.1" ]
                policy-grants-relay = true
                """.formatted(policyPort) + more;
    }

    @BeforeEach
    void clear() {
        sink.clear();
    }

    @AfterParameterizedClassInvocation
    static void stop() throws IOException {
        postfix.close();
        milter.close();
        sink.close();
    }

    private void check() {
        assertThat(table.actual()).as(postfix.logText(0)).isEqualTo(table.expected());
    }

    @Test
    @DisplayName(
            "lets known addresses, verified certificates and exempt clients ask for relaying, and strangers only for our domains")
    void gate() throws IOException {
        for (String service : new String[] {"gated", "gate-only"}) {
            table.ask(service, OFFICE, null, OUTSIDE, 250);
            table.ask(service, "127.0.1.15", null, OUTSIDE, 250);
            table.ask(service, EXEMPT, null, OUTSIDE, 250);
            table.ask(service, STRANGER, NAMED, OUTSIDE, 250);
            table.ask(service, "127.0.0.3", SELF_SIGNED, OUTSIDE, 554);
            table.ask(service, "127.0.0.4", null, OUTSIDE, 554);
            table.ask(service, "127.0.0.6", null, OUTSIDE, 554);
            table.ask(service, "127.0.0.7", null, OUTSIDE, 554);
            table.ask(service, "127.0.1.16", null, OUTSIDE, 554);
            table.ask(service, STRANGER, null, "info@contoso.com", 250);
            table.ask(service, STRANGER, null, "info@CONTOSO.com", 250);
            table.ask(service, STRANGER, null, "info@sub.contoso.com", 554);
            table.ask(service, STRANGER, null, "info@fabrikam.com", 250);
            table.ask(service, STRANGER, null, "info@deep.sub.fabrikam.com", 250);
            table.ask(service, STRANGER, null, "info@notfabrikam.com", 554);
            table.ask(service, STRANGER, null, "info@bücher.example", 250);
            table.ask(service, STRANGER, null, "info@xn--bcher-kva.example", 250);
            table.ask(service, STRANGER, null, "info@delivered.example", 554);
        }
        // The gate alone does not look at names; OrgMilter does.
        table.ask("gate-only", "127.0.0.8", OTHER_NAME, OUTSIDE, 250);
        table.ask("gated", "127.0.0.8", OTHER_NAME, OUTSIDE, 451);
        table.ask("asking", "127.0.0.8", OTHER_NAME, OUTSIDE, 550);
        table.ask("asking", "127.0.0.3", SELF_SIGNED, OUTSIDE, 550);
        table.ask("asking", "127.0.0.10", PINNED, OUTSIDE, 250);
        table.ask("asking", OFFICE, null, OUTSIDE, 250);
        table.ask("asking", EXEMPT, null, OUTSIDE, 250);
        check();
    }

    @Test
    @DisplayName("delivers what it let through, and nothing else")
    void delivers() throws IOException {
        List<String> queueIds = new ArrayList<>();
        int mark = postfix.logMark();
        send(queueIds, OFFICE, "one@outside.example", 250);
        send(queueIds, STRANGER, "two@outside.example", 554);
        send(queueIds, STRANGER, "three@contoso.com", 250);
        check();
        postfix.awaitDone(mark, queueIds);
        assertThat(sink.deliveries())
                .containsExactlyInAnyOrder(
                        new Delivery(SENDER, "one@outside.example"), new Delivery(SENDER, "three@contoso.com"));
    }

    private void send(List<String> queueIds, String source, String recipient, int code) throws IOException {
        try (SmtpClient smtp = table.connect("gated", source, null)) {
            smtp.mail(SENDER);
            Reply reply = smtp.rcpt(recipient);
            table.note(source + " to " + recipient, code, reply);
            if (reply.positive()) {
                Reply end = smtp.data("maps");
                table.note(source + " to " + recipient + ", the end", 250, end);
                postfix.queueId(end).ifPresent(queueIds::add);
            }
            smtp.quit();
        }
    }

    @Test
    @DisplayName(
            "has a new domain and a new address from the next message on, without a reload of Postfix, and no longer when they are gone")
    void reload() throws IOException {
        String added = """
                organizations.tailspin {
                  accepted-domains = [ "tailspin.example" ]
                  connectors.office.addresses = [ "127.0.0.20" ]
                }
                """;
        try (SmtpClient stranger = table.connect("gated", STRANGER, null);
                SmtpClient office = table.connect("gated", "127.0.0.20", null)) {
            ask(stranger, "before: to the domain", "before@tailspin.example", 554);
            ask(office, "before: from the address", "before@outside.example", 554);
            milter.reload(configuration(added));
            ask(stranger, "after: to the domain", "after@tailspin.example", 250);
            ask(office, "after: from the address", "before@outside.example", 250);
            milter.reload(configuration(""));
            ask(stranger, "removed: to the domain", "removed@tailspin.example", 554);
            ask(office, "removed: from the address", "before@outside.example", 554);
            // This smtpd remembers how it resolved a sender's recipient. OrgMilter does not, and has no policy query
            // here.
            ask(stranger, "removed: to what was accepted", "after@tailspin.example", 451);
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
    @DisplayName("has everybody try again while OrgMilter is down, and recovers by itself in open sessions too")
    void down() throws IOException {
        try (SmtpClient gate = table.connect("gate-only", OFFICE, null);
                SmtpClient clients = table.connect("clients-only", OFFICE, null);
                SmtpClient domains = table.connect("domains-only", STRANGER, null)) {
            ask(gate, "gate-only, before", "f@outside.example", 250);
            ask(domains, "domains-only, before", "f@contoso.com", 250);
            ask(clients, "clients-only, before", "f@outside.example", 250);
            assertThat(milter.stop()).isZero();
            try {
                assertThat(reply(gate, "g@outside.example").toString()).startsWith("451 4.3.0 ");
                assertThat(reply(clients, "g@outside.example").toString())
                        .startsWith("451 4.3.5 ")
                        .endsWith("Server configuration error");
                assertThat(reply(domains, "g@contoso.com").toString())
                        .startsWith("451 4.3.0 ")
                        .endsWith("Temporary lookup failure");
                table.ask("gate-only", EXEMPT, null, "h@outside.example", 451);
                table.ask("gate-only", STRANGER, null, "h@contoso.com", 451);
                table.ask("gate-only", STRANGER, null, "h@stranger.example", 451);
                table.ask("domains-only", STRANGER, null, "h@stranger.example", 451);
                table.ask("gated", OFFICE, null, "same@outside.example", 451);
            } finally {
                milter = MilterProcess.start(configuration(""));
            }
            table.ask("gated: again", "gated", OFFICE, null, "same@outside.example", 250);
            // An smtpd remembers a recipient that it could not resolve. With a milter it does not come so far.
            assertThat(reply(domains, "g@contoso.com").toString()).startsWith("451 4.3.0 ");
            awaitCode(gate, "i@outside.example");
            awaitCode(domains, "i@contoso.com");
            clients.quit();
            gate.quit();
            domains.quit();
        }
        check();
    }

    @Test
    @DisplayName("keeps its connections over a restart of OrgMilter, and loses one answer of each map by it at most")
    void restart() throws IOException {
        try (SmtpClient smtp = table.connect("gate-only", OFFICE, null)) {
            ask(smtp, "before", "j@outside.example", 250);
            assertThat(milter.stop()).isZero();
            milter = MilterProcess.start(configuration(""));
            int failures = 0;
            Reply reply = reply(smtp, "k0@outside.example");
            while (!reply.positive() && failures < 5) {
                assertThat(reply.code()).as(reply.toString()).isEqualTo(451);
                failures++;
                reply = reply(smtp, "k" + failures + "@outside.example");
            }
            assertThat(reply.code()).isEqualTo(250);
            assertThat(failures).isLessThanOrEqualTo(2);
            smtp.quit();
        }
        check();
    }

    private static Reply reply(SmtpClient smtp, String recipient) throws IOException {
        Reply mail = smtp.mail(SENDER, MapTable.parameters(recipient));
        Reply reply = mail.positive() ? smtp.rcpt(recipient) : mail;
        smtp.command("RSET");
        return reply;
    }

    private static void awaitCode(SmtpClient smtp, String recipient) {
        await(recipient)
                .atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> reply(smtp, recipient).code() == 250);
    }

    @Test
    @DisplayName(
            "asks for the recipient's domain, the client's name and its address, and for no network and no parent domain")
    void asked() throws IOException {
        try (MapStub stub = new MapStub("NOTFOUND ")) {
            String maps = "inet:127.0.0.1:" + stub.port();
            try (PostfixContainer listening = new PostfixContainer(suite, DomainsIn.RELAY_DOMAINS, CERTIFICATES, sink)
                    .relayDomains("socketmap:" + maps + ":relay-domains")
                    .unfilteredMapService("listening", maps)) {
                listening.start();
                MapTable answers = new MapTable(listening);
                answers.ask("listening", "127.0.0.4", null, "a@Sub.Fabrikam.com", 554);
                assertThat(stub.takeAsked())
                        .contains("clients unknown", "clients 127.0.0.4", "relay-domains sub.fabrikam.com")
                        .allMatch(request -> request.matches(
                                "clients (unknown|127\\.0\\.0\\.4)|relay-domains (sub\\.fabrikam|contoso)\\.com"));
                try (SmtpClient smtp = answers.connect("listening", STRANGER, null)) {
                    smtp.xclient("ADDR=IPV6:2001:DB8:0::1:2 NAME=Mail.example.org");
                    smtp.ehlo();
                    assertThat(reply(smtp, "b@bücher.example").code()).isEqualTo(554);
                    smtp.quit();
                }
                assertThat(stub.takeAsked())
                        .contains("clients Mail.example.org", "clients 2001:db8::1:2")
                        .allMatch(request ->
                                request.matches("clients (Mail\\.example\\.org|2001:db8::1:2)|relay-domains .*"));
                assertThat(answers.actual()).isEqualTo(answers.expected());
            }
        }
    }

    @Test
    @DisplayName("has everybody try again where the map's name is wrong, and OrgMilter's log has the names")
    void misspelt() throws IOException {
        int mark = milter.mark();
        table.ask("misspelt", OFFICE, null, OUTSIDE, 451);
        check();
        milter.awaitLine(
                mark,
                "the MTA asks for a map that does not exist",
                "accepted-domains, relay-domains, local-domains, clients, access");
    }
}
