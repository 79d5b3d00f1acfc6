package io.github.orgmilter.it.header;

import io.github.orgmilter.it.client.TestCertificates;
import io.github.orgmilter.it.scenario.WiredMta;
import java.io.IOException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Real MTAs in front of an organization with header-from. */
@DisplayName("The authors of messages")
@ParameterizedClass(name = "{0} of {1}")
@MethodSource("io.github.orgmilter.it.scenario.WiredMta#ofTheDay")
final class HeaderFromIT {

    private static WiredMta wired;

    @Parameter(0)
    String kind;

    @Parameter(1)
    String suite;

    private final AuthorSessions sessions = new AuthorSessions(wired);

    @BeforeParameterizedClassInvocation
    static void start(String kind, String suite) throws IOException {
        wired = WiredMta.start(kind, suite, new TestCertificates(), AuthorSessions.configuration("relay"));
    }

    @AfterParameterizedClassInvocation
    static void stop() throws IOException {
        wired.close();
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
    @DisplayName("defer what a session without header fields cannot decide")
    void reload() throws IOException {
        sessions.reload();
    }
}
