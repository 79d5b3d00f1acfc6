package io.github.orgmilter.follower;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A follower with a snapshot")
final class SnapshotOfFollowerTest extends FollowerScene {

    @Test
    @DisplayName("goes on without a snapshot that cannot be written, and writes it whole as soon as it can be")
    void unwritableSnapshot() throws Exception {
        Path parent = folder.resolve("snapshot");
        Files.writeString(parent, "a file where a folder should be");
        begin(parent.resolve("snapshot"));
        contoso();
        round();
        assertThat(organizations).containsExactly("contoso");
        assertThat(copy.troubleOfSnapshot())
                .hasValueSatisfying(reason -> assertThat(reason)
                        .startsWith("the snapshot " + parent.resolve("snapshot") + " cannot be written"));
        Files.delete(parent);
        Files.createDirectory(parent);
        rounds(Duration.ofMinutes(2));
        assertThat(copy.troubleOfSnapshot()).isEmpty();
        assertThat(parent.resolve("snapshot")).isNotEmptyFile();
    }

    @Test
    @DisplayName("notes in the snapshot each minute that it was confirmed, so that a start knows its age")
    void confirmedOnDisk() {
        contoso();
        round();
        rounds(Duration.ofMinutes(30));
        Instant last = now;
        begin(folder.resolve("snapshot"));
        copy.restore();
        assertThat(copy.isUsable()).isTrue();
        assertThat(copy.confirmed()).hasValueSatisfying(then -> assertThat(then).isAfter(last.minusSeconds(70)));
        store.fail("connection refused");
        round();
        assertThat(organizations).containsExactly("contoso");
    }

    @Test
    @DisplayName("loses nothing where a state could not be taken for an error of our own, in memory or on disk")
    void unpublished() {
        contoso();
        round();
        refusing = true;
        store.put("fabrikam", "accepted-domains=fabrikam.com");
        round();
        store.put("tailspin", "accepted-domains=tailspin.com");
        round();
        assertThat(organizations).containsExactly("contoso");
        assertThat(follower.trouble()).isPresent();
        refusing = false;
        round();
        assertThat(organizations).containsExactly("contoso", "fabrikam", "tailspin");
        assertThat(follower.trouble()).isEmpty();
        rounds(Duration.ofMinutes(2));
        organizations.clear();
        begin(folder.resolve("snapshot"));
        copy.restore();
        assertThat(organizations).containsExactly("contoso", "fabrikam", "tailspin");
    }

    @Test
    @DisplayName("takes changes while its disk hangs, and writes them afterwards")
    void hangingDisk() throws Exception {
        CountDownLatch hangs = new CountDownLatch(1);
        CountDownLatch works = new CountDownLatch(1);
        ExecutorService thread = Executors.newSingleThreadExecutor();
        disk = work -> thread.execute(() -> {
            hangs.countDown();
            try {
                works.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            work.run();
        });
        try {
            contoso();
            round();
            hangs.await();
            for (String name : List.of("fabrikam", "tailspin", "northwind")) {
                store.put(name, "accepted-domains=" + name + ".com");
                round();
            }
            store.remove("fabrikam");
            round();
            assertThat(organizations).containsExactly("contoso", "northwind", "tailspin");
            assertThat(copy.confirmed()).isPresent();
            assertThat(folder.resolve("snapshot")).doesNotExist();
        } finally {
            works.countDown();
            thread.shutdown();
            assertThat(thread.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
        }
        organizations.clear();
        begin(folder.resolve("snapshot"));
        copy.restore();
        assertThat(organizations).containsExactly("contoso", "northwind", "tailspin");
    }
}
