package io.github.orgmilter.milter;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.identification.PresentedCertificate;
import io.github.orgmilter.identity.Fingerprint;
import io.github.orgmilter.identity.IpAddress;
import io.github.orgmilter.milter.LiveSessions.LiveSession;
import io.github.orgmilter.net.Endpoints;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("What policy delegation says of a connection")
class LiveSessionsTest {

    private static final Endpoints CONNECTION = connection(40000);

    private final LiveSessions sessions = new LiveSessions();

    private static Endpoints connection(int clientPort) {
        return Endpoints.of(IpAddress.parse("192.0.2.7"), clientPort, IpAddress.parse("192.0.2.25"), 25)
                .get();
    }

    private static Optional<PresentedCertificate> certificate(int number) {
        Fingerprint fingerprint = new Fingerprint(String.format("%064x", number));
        return Optional.of(new PresentedCertificate(Optional.of(fingerprint), Optional.empty()));
    }

    @Test
    @DisplayName("reaches its session, for one recipient")
    void reaches() {
        LiveSession session = sessions.open(CONNECTION, "a", true);
        assertThat(sessions.report(CONNECTION, certificate(1))).hasValue(new LiveSessions.Found("a", true));
        assertThat(session.take()).isEqualTo(certificate(1));
        assertThat(session.take()).isEmpty();
    }

    @Test
    @DisplayName("replaces what was said before")
    void replaces() {
        LiveSession session = sessions.open(CONNECTION, "a", true);
        sessions.report(CONNECTION, certificate(1));
        sessions.report(CONNECTION, certificate(2));
        assertThat(session.take()).isEqualTo(certificate(2));
        sessions.report(CONNECTION, certificate(1));
        sessions.report(CONNECTION, Optional.empty());
        assertThat(session.take()).isEmpty();
    }

    @Test
    @DisplayName("reaches nobody without a session, and is not kept for one")
    void notKept() {
        assertThat(sessions.report(CONNECTION, certificate(1))).isEmpty();
        LiveSession session = sessions.open(CONNECTION, "a", true);
        assertThat(session.take()).isEmpty();
    }

    @Test
    @DisplayName("is forgotten with the session, so that the next one by the same ports inherits nothing")
    void inheritsNothing() {
        LiveSession first = sessions.open(CONNECTION, "a", true);
        sessions.report(CONNECTION, certificate(1));
        first.close();
        assertThat(sessions.size()).isZero();
        assertThat(sessions.open(CONNECTION, "b", true).take()).isEmpty();
    }

    @Test
    @DisplayName("reaches nobody while two sessions claim the connection, nor the one that is left of them")
    void contested() {
        LiveSession first = sessions.open(CONNECTION, "a", true);
        sessions.report(CONNECTION, certificate(1));
        LiveSession second = sessions.open(CONNECTION, "b", true);
        assertThat(sessions.report(CONNECTION, certificate(2))).isEmpty();
        assertThat(first.take()).isEmpty();
        assertThat(second.take()).isEmpty();
        first.close();
        assertThat(sessions.report(CONNECTION, certificate(2))).isEmpty();
        assertThat(second.take()).isEmpty();
        second.close();
        assertThat(sessions.size()).isZero();
        LiveSession third = sessions.open(CONNECTION, "c", true);
        assertThat(sessions.report(CONNECTION, certificate(3))).hasValue(new LiveSessions.Found("c", true));
        assertThat(third.take()).isEqualTo(certificate(3));
    }

    @ParameterizedTest(name = "needs both ends: {0} {1}, {2} {3}", quoteTextArguments = false)
    @CsvSource({
        "unknown, 1, 192.0.2.25, 25",
        "192.0.2.7, 0, 192.0.2.25, 25",
        "192.0.2.7, 1, unknown, 25",
        "192.0.2.7, 1, 192.0.2.25, 0"
    })
    void bothEnds(String client, int clientPort, String server, int serverPort) {
        assertThat(Endpoints.of(IpAddress.parse(client), clientPort, IpAddress.parse(server), serverPort))
                .isEmpty();
    }

    @Tag("slow")
    @Test
    @DisplayName("never reaches another session, whatever comes at once")
    void manyAtOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        List<Future<?>> all = new ArrayList<>();
        for (int thread = 0; thread < 8; thread++) {
            int own = thread;
            all.add(threads.submit(() -> {
                for (int round = 0; round < 5_000; round++) {
                    Endpoints connection = connection(1 + own);
                    LiveSession session = sessions.open(connection, "s" + own, true);
                    assertThat(session.take()).isEmpty();
                    assertThat(sessions.report(connection, certificate(own)))
                            .hasValue(new LiveSessions.Found("s" + own, true));
                    assertThat(session.take()).isEqualTo(certificate(own));
                    session.close();
                }
            }));
        }
        for (Future<?> one : all) {
            one.get();
        }
        threads.shutdown();
        assertThat(sessions.size()).isZero();
    }
}
