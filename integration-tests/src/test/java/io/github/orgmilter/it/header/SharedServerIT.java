package io.github.orgmilter.it.header;

import io.github.orgmilter.it.scenario.WiredMta;
import java.io.IOException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Real MTAs in front of organizations that share a server. */
@DisplayName("The tenants of a shared server")
@ParameterizedClass(name = "{0} of {1}")
@MethodSource("io.github.orgmilter.it.scenario.WiredMta#ofTheDay")
final class SharedServerIT {

    private static WiredMta wired;

    @Parameter(0)
    String kind;

    @Parameter(1)
    String suite;

    private final TenantSessions sessions = new TenantSessions(wired);

    @BeforeParameterizedClassInvocation
    static void start(String kind, String suite) throws IOException {
        wired = WiredMta.start(kind, suite, TenantSessions.CERTIFICATES, TenantSessions.configuration(true));
    }

    @AfterParameterizedClassInvocation
    static void stop() throws IOException {
        wired.close();
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
    @DisplayName("are told apart by the null sender, and where a partner restricts their mail")
    void conditions() throws IOException {
        sessions.conditions();
    }

    @Test
    @DisplayName("are told apart in a pipeline")
    void pipelined() throws IOException {
        sessions.pipelined();
    }

    @Test
    @DisplayName("are decided on by the configuration of their MAIL")
    void reloads() throws IOException {
        sessions.reloads();
    }

    @Test
    @DisplayName("are granted relaying by a policy query only where the milter sees their headers")
    void policyGate() throws IOException {
        if (wired.isPostfix()) { // Sendmail has no policy queries
            sessions.policyGate();
        }
    }
}
