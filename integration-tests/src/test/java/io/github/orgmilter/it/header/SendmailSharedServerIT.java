package io.github.orgmilter.it.header;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.it.daemon.MilterProcess;
import io.github.orgmilter.it.mta.FreePort;
import io.github.orgmilter.it.mta.MtaContainer;
import io.github.orgmilter.it.mta.SendmailContainer;
import io.github.orgmilter.it.mta.Sink;
import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Real Sendmail in front of organizations that share a server. */
@DisplayName("The tenants of a shared server")
@ParameterizedClass(name = "Sendmail of {0}")
@ValueSource(strings = {"bookworm", "trixie"})
final class SendmailSharedServerIT {

    private static Sink sink;
    private static String listen;
    private static MilterProcess milter;
    private static SendmailContainer sendmail;

    private final TenantSessions sessions = new TenantSessions(sendmail, "filtered", milter, sink);

    SendmailSharedServerIT(String suite) {
        assertThat(sendmail.isRunning()).as("Sendmail of %s", suite).isTrue();
    }

    @BeforeParameterizedClassInvocation
    static void start(String suite) throws IOException {
        MtaContainer.removeLeftovers();
        sink = new Sink();
        int port = FreePort.next();
        listen = "listen = [ \"inet:%d@127.0.0.1\" ]\n".formatted(port);
        milter = MilterProcess.start(TenantSessions.configuration(listen, true));
        sendmail = new SendmailContainer(suite, TenantSessions.CERTIFICATES, sink, "inet:" + port + "@127.0.0.1");
        sendmail.start();
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
}
