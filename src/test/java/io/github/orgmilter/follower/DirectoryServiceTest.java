package io.github.orgmilter.follower;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.directory.DirectorySettings;
import io.github.orgmilter.directory.StoreSettings;
import io.github.orgmilter.directory.Update;
import io.github.orgmilter.rows.RowRules;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A directory as a running part")
final class DirectoryServiceTest {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final MemoryStore store = new MemoryStore();

    @TempDir
    private Path folder;

    /** Waits where it looks for what is wrong. */
    private static final class Slow implements DirectorySink {
        final CountDownLatch examines = new CountDownLatch(1);
        final CountDownLatch mayGoOn = new CountDownLatch(1);

        @Override
        public void publish(Update update, boolean first, String state) {}

        @Override
        public void examine(Update update, boolean first) {
            examines.countDown();
            try {
                assertThat(mayGoOn.await(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                        .isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Test
    void aStartWaitsForTheSnapshotAndNotForWhatIsWrongWithIt() throws InterruptedException {
        store.put("contoso", "accepted-domains=contoso.com");
        Slow before = new Slow();
        before.mayGoOn.countDown();
        DirectoryService first = start(before);
        assertThat(before.examines.await(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
        first.stop();
        assertThat(first.awaitEnd(PATIENCE)).isTrue();

        store.fail("away");
        Slow slow = new Slow();
        DirectoryService second = start(slow);
        assertThat(second.awaitRestored(PATIENCE)).isTrue();
        assertThat(slow.mayGoOn.getCount()).isOne();
        assertThat(second.status().usable()).isTrue();
        assertThat(second.status().organizations()).isOne();
        slow.mayGoOn.countDown();
        second.stop();
        assertThat(second.awaitEnd(PATIENCE)).isTrue();
    }

    @Test
    void aChangeIsLiveWhileEverythingIsReadAndWhileAnEarlierStateIsLookedAt() throws InterruptedException {
        store.put("contoso", "accepted-domains=contoso.com");
        Slow slow = new Slow();
        CountDownLatch loading = new CountDownLatch(1);
        CountDownLatch mayLoad = new CountDownLatch(1);
        Slow before = new Slow();
        before.mayGoOn.countDown();
        DirectoryService first = start(before);
        await(before.examines);
        first.stop();
        assertThat(first.awaitEnd(PATIENCE)).isTrue();
        store.atLoad(() -> {
            loading.countDown();
            await(mayLoad);
        });
        DirectoryService second = start(slow); // from the snapshot, which is compared with the store at once
        await(loading);
        await(slow.examines);
        store.put("fabrikam", "accepted-domains=fabrikam.com");
        store.announce(store.committed());
        Awaitility.await().atMost(PATIENCE).until(() -> second.status().organizations() == 2);
        assertThat(mayLoad.getCount()).isOne();
        mayLoad.countDown();
        slow.mayGoOn.countDown();
        second.stop();
        assertThat(second.awaitEnd(PATIENCE)).isTrue();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private DirectoryService start(DirectorySink sink) {
        FollowerObserver observer = new FollowerObserver() {
            @Override
            public void loaded() {}

            @Override
            public void changed() {}

            @Override
            public void failed() {}

            @Override
            public void unannounced(int organizations) {}
        };
        return DirectoryService.start(settings(), store, sink, observer, InstantSource.system(), Optional.empty());
    }

    private DirectorySettings settings() {
        StoreSettings memory = new StoreSettings(
                "memory",
                "",
                Optional.empty(),
                false,
                new StoreSettings.Queries("", Optional.empty(), Optional.empty(), Optional.empty()),
                Optional.empty(),
                "",
                new StoreSettings.Ldap("", "", false, Optional.empty(), "", Optional.empty(), Map.of()),
                PATIENCE,
                PATIENCE);
        return new DirectorySettings(
                memory,
                RowRules.STANDARD,
                Duration.ofSeconds(1),
                Duration.ofHours(1),
                folder.resolve("snapshot"),
                Optional.empty(),
                20);
    }
}
