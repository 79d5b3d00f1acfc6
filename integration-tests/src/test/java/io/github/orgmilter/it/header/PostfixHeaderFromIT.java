package io.github.orgmilter.it.header;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.it.client.TestCertificates;
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

/** Real Postfix in front of an organization with header-from. */
@DisplayName("The authors of messages")
@ParameterizedClass(name = "Postfix of {0}")
@ValueSource(strings = {"bookworm", "trixie"})
final class PostfixHeaderFromIT {

    private static Sink sink;
    private static int port;
    private static MilterProcess milter;
    private static PostfixContainer postfix;

    private final AuthorSessions sessions = new AuthorSessions(postfix, "filtered", milter, sink);

    PostfixHeaderFromIT(String suite) {
        assertThat(postfix.isRunning()).as("Postfix of %s", suite).isTrue();
    }

    @BeforeParameterizedClassInvocation
    static void start(String suite) throws IOException {
        MtaContainer.removeLeftovers();
        sink = new Sink();
        port = FreePort.next();
        milter = MilterProcess.start(AuthorSessions.configuration(port, "relay"));
        postfix = new PostfixContainer(suite, DomainsIn.RELAY_DOMAINS, new TestCertificates(), sink)
                .service("filtered", PostfixContainer.Gate.WIDE, "inet:127.0.0.1:" + port);
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
    @DisplayName("decide at the end of the header, for all recipients")
    void each() throws IOException {
        sessions.each();
    }

    @Test
    @DisplayName("decide about each message of a session by itself")
    void inOneSession() throws IOException {
        sessions.inOneSession();
    }

    @Test
    @DisplayName("put off what a session without header fields cannot decide")
    void reload() throws IOException {
        sessions.reload(port);
    }
}
