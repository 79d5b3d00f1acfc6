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
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
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

    @Tag("slow")
    @Test
    void aStormOfAnnouncementsAsksTheStoreAFewTimesASecondAndLosesNoChange() throws InterruptedException {
        store.put("contoso", "accepted-domains=contoso.com");
        Slow sink = new Slow();
        sink.mayGoOn.countDown();
        DirectoryService service = start(sink, Duration.ofHours(1));
        assertThat(sink.examines.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        AtomicBoolean over = new AtomicBoolean();
        Thread storm = new Thread(() -> {
            for (long version = 1_000; !over.get(); version++) {
                store.announce(version % 2 == 0 ? 0 : version);
                LockSupport.parkNanos(50_000);
            }
        });
        storm.start();
        long began = System.nanoTime();
        int callsBefore = store.calls();
        for (int i = 2; i < 20; i++) {
            store.put("contoso", "accepted-domains=contoso" + i + ".com");
            long version = i;
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> service.status().version().equals(OptionalLong.of(version)));
        }
        long tenths = (System.nanoTime() - began) / 100_000_000;
        assertThat(store.calls() - callsBefore)
                .as("and not for each of thousands, in %d tenths of a second", tenths)
                .isLessThan((int) (6 * tenths + 20));
        over.set(true);
        storm.join();
        store.put("contoso", "accepted-domains=last.example");
        store.announce(store.committed());
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> service.status().version().equals(OptionalLong.of(store.committed())));
        service.stop();
        assertThat(service.awaitEnd(PATIENCE)).isTrue();
    }

    private DirectoryService start(DirectorySink sink) {
        return start(sink, Duration.ofSeconds(1));
    }

    private DirectoryService start(DirectorySink sink, Duration poll) {
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
        return DirectoryService.start(settings(poll), store, sink, observer, InstantSource.system(), Optional.empty());
    }

    private DirectorySettings settings(Duration poll) {
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
                memory, RowRules.STANDARD, poll, Duration.ofHours(1), folder.resolve("snapshot"), Optional.empty(), 20);
    }
}
