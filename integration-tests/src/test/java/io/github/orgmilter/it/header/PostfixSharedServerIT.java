package io.github.orgmilter.it.header;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.it.client.Reply;
import io.github.orgmilter.it.client.SmtpClient;
import io.github.orgmilter.it.daemon.MilterProcess;
import io.github.orgmilter.it.mta.DomainsIn;
import io.github.orgmilter.it.mta.FreePort;
import io.github.orgmilter.it.mta.MtaContainer;
import io.github.orgmilter.it.mta.PostfixContainer;
import io.github.orgmilter.it.mta.Sink;
import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Real Postfix in front of organizations that share a server. */
@DisplayName("The tenants of a shared server")
@ParameterizedClass(name = "Postfix of {0}")
@ValueSource(strings = {"bookworm", "trixie"})
final class PostfixSharedServerIT {

    private static Sink sink;
    private static String listen;
    private static MilterProcess milter;
    private static PostfixContainer postfix;

    private final TenantSessions sessions = new TenantSessions(postfix, "filtered", milter, sink);

    PostfixSharedServerIT(String suite) {
        assertThat(postfix.isRunning()).as("Postfix of %s", suite).isTrue();
    }

    @BeforeParameterizedClassInvocation
    static void start(String suite) throws IOException {
        MtaContainer.removeLeftovers();
        sink = new Sink();
        int port = FreePort.next();
        int policyPort = FreePort.next();
        listen =
                "listen = [ \"inet:%d@127.0.0.1\" ]\npolicy-listen = [ \"inet:%d@127.0.0.1\" ]\npolicy-grants-relay = true\n"
                        .formatted(port, policyPort);
        milter = MilterProcess.start(TenantSessions.configuration(listen, true));
        String socket = "inet:127.0.0.1:" + port;
        String policy = "inet:127.0.0.1:" + policyPort;
        postfix = new PostfixContainer(suite, DomainsIn.RELAY_DOMAINS, TenantSessions.CERTIFICATES, sink)
                .service("filtered", PostfixContainer.Gate.WIDE, socket)
                .delegatingService("both", policy, socket)
                .unfilteredDelegatingService("policy-only", policy);
        postfix.start();
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

    @Test
    @DisplayName("send as themselves, and never as another one")
    void each() throws IOException {
        sessions.each();
    }

    @Test
    @DisplayName("are told apart message by message")
    void inOneSession() throws IOException {
        sessions.inOneSession();
    }

    @Test
    @DisplayName("are told apart in a pipeline")
    void pipelined() throws IOException {
        sessions.pipelined();
    }

    @Test
    @DisplayName("are decided on by the configuration of their MAIL")
    void reloads() throws IOException {
        sessions.reloads(listen);
    }

    @Test
    @DisplayName("are granted relaying by a policy query only where the milter sees their headers")
    void policyGate() throws IOException {
        try (SmtpClient smtp = sessions.open("both")) {
            assertThat(smtp.mail("a@contoso.com").code()).isEqualTo(250);
            assertThat(smtp.rcpt("b@outside.example").code()).isEqualTo(250);
            assertThat(smtp.command("DATA").code()).isEqualTo(354);
            Reply end = smtp.command("X-OriginatorOrg: fabrikam.com\r\n\r\nHello.\r\n.");
            assertThat(end.code()).isEqualTo(550);
            smtp.quit();
        }
        try (SmtpClient smtp = sessions.open("policy-only")) {
            assertThat(smtp.mail("a@contoso.com").code()).isEqualTo(250);
            assertThat(smtp.rcpt("b@outside.example").code()).isEqualTo(451);
            assertThat(smtp.rcpt("b@fabrikam.com").code()).isEqualTo(250);
            smtp.command("RSET");
            smtp.quit();
        }
        assertThat(sink.deliveries()).isEmpty();
    }
}
