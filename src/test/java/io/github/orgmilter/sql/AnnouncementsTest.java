package io.github.orgmilter.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/** Servers that announce, and one that has fallen silent: real ones take twenty seconds for that. */
class AnnouncementsTest {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** A server to which LISTEN goes, and which then announces what it is told to, or says nothing and does not answer. */
    private static final class Server {
        final LinkedBlockingQueue<String> payloads = new LinkedBlockingQueue<>();
        final CountDownLatch closed = new CountDownLatch(1);
        final boolean answers;

        Server(boolean answers) {
            this.answers = answers;
        }

        Connection connection() {
            return (Connection) Proxy.newProxyInstance(
                    getClass().getClassLoader(),
                    new Class<?>[] {Connection.class, PGConnection.class},
                    (proxy, method, arguments) -> switch (method.getName()) {
                        case "createStatement" -> statement();
                        case "unwrap" -> proxy;
                        case "getNotifications" -> notifications();
                        case "isValid" -> answers;
                        case "close", "abort" -> {
                            closed.countDown();
                            yield null;
                        }
                        default -> null;
                    });
        }

        private Statement statement() {
            return (Statement) Proxy.newProxyInstance(
                    getClass().getClassLoader(),
                    new Class<?>[] {Statement.class},
                    (proxy, method, arguments) -> method.getReturnType() == boolean.class ? false : null);
        }

        private PGNotification[] notifications() throws InterruptedException {
            if (!answers) {
                return new PGNotification[0]; // as after so much silence
            }
            String payload = payloads.take();
            return new PGNotification[] {
                (PGNotification) Proxy.newProxyInstance(
                        getClass().getClassLoader(),
                        new Class<?>[] {PGNotification.class},
                        (proxy, method, arguments) -> payload)
            };
        }
    }

    @Test
    void aServerThatHasFallenSilentIsLeftForOneThatAnswers() throws InterruptedException {
        Server silent = new Server(false);
        Server other = new Server(true);
        List<Server> servers = new CopyOnWriteArrayList<>(List.of(silent, other));
        Database.Timeouts timeouts = new Database.Timeouts(Duration.ofSeconds(1), Duration.ofSeconds(1), PATIENCE);
        try (Announcements announcements = new Announcements(
                "db.example.net", "orgmilter", () -> servers.remove(0).connection(), timeouts)) {
            announcements.start();
            assertThat(silent.closed.await(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            other.payloads.add("7");
            List<OptionalLong> hints = new ArrayList<>();
            await().atMost(PATIENCE).until(() -> {
                hints.add(announcements.await(Duration.ofMillis(10)));
                return hints.contains(OptionalLong.of(7));
            });
            assertThat(servers).isEmpty();
            other.payloads.add("8");
            other.payloads.add("not a version");
            await().atMost(PATIENCE)
                    .until(() -> announcements.await(Duration.ofMillis(10)).equals(OptionalLong.of(8)));
            other.payloads.add("9"); // ends the wait of the thread
        }
        assertThat(other.closed.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }
}
