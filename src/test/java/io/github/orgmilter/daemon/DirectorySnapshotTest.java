package io.github.orgmilter.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
@DisplayName("The daemon with a directory and its snapshot")
final class DirectorySnapshotTest extends DirectoryDaemons {

    @Test
    @DisplayName("starts from the snapshot while the store is down, and refreshes it behind that")
    void snapshot() throws Exception {
        store.put("contoso", CUSTOMER);
        stop(startReady(directory(MAIL)));
        store.fail("connection refused");
        Daemon daemon = start(directory(MAIL));
        assertThat(relay(daemon)).as("before anything was read").isEqualTo(CONTINUE);
        await().untilAsserted(() -> assertThat(call(daemon, "GET", "/readyz").body())
                .matches(
                        "ready\ndirectory version 1, confirmed [0-9]+ s ago; it cannot be read: connection refused\n"));
        store.put("contoso", "accepted-domains=contoso.com");
        store.work();
        await().untilAsserted(() -> assertThat(relay(daemon)).startsWith("y550"));
        stop(daemon);
        store.fail("connection refused");
        assertThat(relay(start(directory(MAIL))))
                .as("the snapshot has the change")
                .startsWith("y550");
    }

    @Test
    @DisplayName("refuses a damaged snapshot by its name, and reads the store")
    void damagedSnapshot() throws Exception {
        store.put("contoso", CUSTOMER);
        Files.writeString(folder.resolve("snapshot"), "nonsense");
        try (CapturedLog log = CapturedLog.of(Class.forName("io.github.orgmilter.follower.HeldCopy"))) {
            Daemon daemon = startReady(directory(MAIL));
            assertThat(log.lines())
                    .anySatisfy(line -> assertThat(line)
                            .startsWith("WARN directory: the snapshot " + folder.resolve("snapshot"))
                            .endsWith("it is ignored, and the directory is read from the store"));
            assertThat(relay(daemon)).isEqualTo(CONTINUE);
        }
    }

    @Tag("slow")
    @Test
    @DisplayName("leaves the snapshot to the one that has it, while two run")
    void takeOver() throws Exception {
        store.put("contoso", CUSTOMER);
        Daemon predecessor = startReady(directory(MAIL));
        Daemon successor = startReady(directory(MAIL));
        store.put("contoso", "accepted-domains=contoso.com");
        await().untilAsserted(() -> assertThat(relay(successor)).startsWith("y550"));
        await().untilAsserted(() -> assertThat(relay(predecessor)).startsWith("y550"));
        stop(predecessor);
        store.put("contoso", CUSTOMER);
        await().untilAsserted(() -> assertThat(relay(successor)).isEqualTo(CONTINUE));
        stop(successor);
        store.fail("connection refused");
        assertThat(relay(start(directory(MAIL)))).isEqualTo(CONTINUE);
    }
}
