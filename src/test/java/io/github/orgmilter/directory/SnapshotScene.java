package io.github.orgmilter.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.rows.RowRules;
import io.github.orgmilter.rows.Rows;
import io.github.orgmilter.rows.RowsReader;
import io.github.orgmilter.settings.Throttle;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;

/** A snapshot in a folder of its own, and holdings that it is written from. */
abstract class SnapshotScene {

    static final String DIRECTORY = "jdbc:postgresql://db.example.net/mail";
    static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);

    @TempDir
    Path folder;

    static Holdings holdings() {
        return new Holdings(new RowsReader(RowRules.STANDARD), 0.2);
    }

    Path file() {
        return folder.resolve("directory.snapshot");
    }

    Snapshot snapshot() {
        return new Snapshot(file(), DIRECTORY);
    }

    static Update change(Holdings holdings, long version, String organization, String... rows) {
        return holdings.apply(new Store.Changes(version, Map.of(organization, Rows.settings(organization, rows))), NOW);
    }

    static void write(Snapshot snapshot, Holdings holdings) throws SnapshotException {
        snapshot.write(HeldState.of(holdings, NOW), Throttle.none());
    }

    static void append(Snapshot snapshot, Update update, Holdings holdings, Instant now) throws SnapshotException {
        snapshot.append(StateChange.of(Optional.of(update), holdings, now));
    }

    Holdings restored() throws SnapshotException {
        Holdings restored = holdings();
        try (Snapshot snapshot = snapshot()) {
            assertThat(restored.restore(snapshot, Throttle.none(), NOW)).isPresent();
        }
        return restored;
    }
}
