package io.github.orgmilter.follower;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.directory.Holdings;
import io.github.orgmilter.directory.Snapshot;
import io.github.orgmilter.directory.SnapshotException;
import io.github.orgmilter.directory.Store;
import io.github.orgmilter.directory.Update;
import io.github.orgmilter.rows.RowRules;
import io.github.orgmilter.rows.Rows;
import io.github.orgmilter.rows.RowsReader;
import io.github.orgmilter.settings.Throttle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the snapshot is written beside what changes. */
final class SnapshotWriterTest {

    private Instant now = Instant.ofEpochSecond(1_800_000_000);
    private final Holdings holdings = holdings();
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private long version;

    @TempDir
    private Path folder;

    private static Holdings holdings() {
        return new Holdings(new RowsReader(RowRules.STANDARD), 0.2);
    }

    private Path file() {
        return folder.resolve("directory.snapshot");
    }

    private SnapshotWriter writer(Path file, Executor disk) {
        return new SnapshotWriter(new Snapshot(file, "memory"), new SnapshotLock(file), () -> now, disk);
    }

    private Optional<Update> change(String organization, String... rows) {
        return Optional.of(holdings.apply(
                new Store.Changes(++version, Map.of(organization, Rows.settings(organization, rows))), now));
    }

    private void writeWhatWaits() {
        for (Runnable next = waiting.poll(); next != null; next = waiting.poll()) {
            next.run();
        }
    }

    private Holdings onDisk(Path file) throws SnapshotException {
        Holdings restored = holdings();
        try (Snapshot snapshot = new Snapshot(file, "memory")) {
            assertThat(restored.restore(snapshot, Throttle.none(), now)).isPresent();
        }
        return restored;
    }

    private void assertOnDisk(Path file) throws SnapshotException {
        Holdings restored = onDisk(file);
        assertThat(restored.version()).isEqualTo(holdings.version());
        assertThat(restored.all()).containsExactlyInAnyOrderElementsOf(holdings.all());
    }

    @Test
    void whatChangesWhileItIsWrittenFollowsInOneWrite() throws Exception {
        SnapshotWriter writer = writer(file(), waiting::add);
        for (int i = 0; i < 10; i++) {
            writer.add(change("o" + i, "|accepted-domains|o" + i + ".example"), holdings, now);
        }
        assertThat(waiting)
                .as("one after the other, from the moment on that the first is written")
                .hasSize(1);
        Runnable first = waiting.remove();
        long held = version;
        writer.add(change("o0"), holdings, now);
        writer.add(change("o1", "|accepted-domains|o1.test"), holdings, now);
        first.run();
        assertThat(onDisk(file()).version()).hasValue(held + 2);
        assertOnDisk(file());
        assertThat(waiting).isEmpty();
        writer.add(change("o2"), holdings, now);
        writer.add(change("o3"), holdings, now);
        assertThat(waiting).hasSize(1);
        writeWhatWaits();
        assertOnDisk(file());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void whateverComesWhileOneWriteWaitsOrFailsTheFileEndsAsWhatIsHeld(int seed) throws Exception {
        Random random = new Random(seed);
        Path own = Files.createDirectory(folder.resolve("own"));
        Path file = own.resolve("directory.snapshot");
        SnapshotWriter writer = writer(file, waiting::add);
        for (int i = 0; i < 500; i++) {
            String name = "o" + random.nextInt(12);
            Optional<Update> update =
                    random.nextInt(3) == 0 ? change(name) : change(name, "|accepted-domains|" + name + i + ".example");
            if (random.nextInt(50) == 0) {
                writer.replace(holdings, now);
            } else {
                writer.add(update, holdings, now);
            }
            now = now.plusSeconds(random.nextInt(20));
            if (random.nextInt(40) == 0) { // nothing can be written
                Path aside = Files.move(own, folder.resolve("aside"));
                writer.replace(holdings, now);
                writeWhatWaits();
                Files.move(aside, own);
            }
            if (random.nextInt(4) == 0) {
                writeWhatWaits();
            }
        }
        now = now.plusSeconds(61);
        writer.add(change("last", "|accepted-domains|last.example"), holdings, now);
        writeWhatWaits();
        assertThat(writer.trouble()).isEmpty();
        assertOnDisk(file);
    }

    @Test
    void whatIsLongBecomesWholeAgain() throws Exception {
        SnapshotWriter writer = writer(file(), Runnable::run);
        writer.add(change("contoso", "|accepted-domains|contoso.com"), holdings, now);
        for (int i = 0; i < 50_000; i++) {
            writer.add(Optional.empty(), holdings, now.plusSeconds(i));
        }
        assertThat(Files.size(file())).isLessThan(1 << 20);
        assertOnDisk(file());
    }

    @Test
    void afterAFailureItIsWrittenWholeButNotWithinAMinute() throws Exception {
        Path missing = folder.resolve("missing");
        Path file = missing.resolve("directory.snapshot");
        SnapshotWriter writer = writer(file, Runnable::run);
        writer.add(change("contoso", "|accepted-domains|contoso.com"), holdings, now);
        assertThat(writer.trouble())
                .hasValueSatisfying(
                        reason -> assertThat(reason).startsWith("the snapshot " + file + " cannot be written: "));
        Files.createDirectory(missing);
        now = now.plusSeconds(59);
        writer.add(Optional.empty(), holdings, now);
        assertThat(file).doesNotExist();
        now = now.plusSeconds(1);
        writer.add(Optional.empty(), holdings, now);
        assertThat(writer.trouble()).isEmpty();
        assertOnDisk(file);
    }

    @Test
    void aDiskThatHangsIsReported() {
        SnapshotWriter writer = writer(file(), waiting::add);
        writer.add(change("contoso", "|accepted-domains|contoso.com"), holdings, now);
        now = now.plus(Duration.ofMinutes(10));
        assertThat(writer.trouble()).isEmpty();
        now = now.plusSeconds(1);
        assertThat(writer.trouble())
                .hasValue("the snapshot " + file() + " has not been written for 601 s; look whether its disk hangs");
        writeWhatWaits();
        assertThat(writer.trouble()).isEmpty();
    }

    @Test
    void ofTwoWritersTheSecondWaitsForTheEndOfTheFirst() throws Exception {
        SnapshotWriter first = writer(file(), Runnable::run);
        SnapshotWriter second = writer(file(), Runnable::run);
        first.add(change("contoso", "|accepted-domains|contoso.com"), holdings, now);
        second.add(change("fabrikam", "|accepted-domains|fabrikam.com"), holdings, now);
        assertThat(onDisk(file()).version()).hasValue(1);
        first.end();
        second.add(Optional.empty(), holdings, now);
        assertOnDisk(file());
    }
}
