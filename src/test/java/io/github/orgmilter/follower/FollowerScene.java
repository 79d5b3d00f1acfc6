package io.github.orgmilter.follower;

import io.github.orgmilter.directory.Holdings;
import io.github.orgmilter.directory.Snapshot;
import io.github.orgmilter.rows.RowRules;
import io.github.orgmilter.rows.RowsReader;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A follower of a store in memory, with a clock of its own: what is done beside it is done at once, unless a test holds it back. */
abstract class FollowerScene {

    static final Duration POLL = Duration.ofSeconds(2);
    static final Duration HOUR = Duration.ofHours(1);
    static final OptionalLong NOTHING = OptionalLong.empty();

    final MemoryStore store = new MemoryStore();
    final Set<String> organizations = new TreeSet<>();
    final List<String> events = new ArrayList<>();
    Instant now = Instant.parse("2026-11-28T12:00:00Z");
    String state = "";
    boolean refusing;
    Executor background = Runnable::run;
    Executor disk = Runnable::run;
    HeldCopy copy;
    Follower follower;

    @TempDir
    Path folder;

    @BeforeEach
    void begin() {
        begin(folder.resolve("snapshot"));
    }

    final void begin(Path snapshot) {
        Holdings holdings = new Holdings(new RowsReader(RowRules.STANDARD), 0.2);
        Snapshot file = new Snapshot(snapshot, "memory");
        copy = new HeldCopy(
                RowRules.STANDARD,
                holdings,
                file,
                new SnapshotWriter(file, new SnapshotLock(snapshot), () -> now, work -> disk.execute(work)),
                (update, first, newState) -> {
                    if (refusing) {
                        throw new IllegalStateException("refused");
                    }
                    if (first) {
                        organizations.clear();
                    }
                    update.removed().forEach(organizations::remove);
                    update.put().forEach(each -> organizations.add(each.name()));
                    state = newState;
                },
                observer(),
                () -> now,
                () -> false);
        follower = new Follower(
                store,
                copy,
                new Timing(POLL, HOUR, new Random(1)),
                () -> now,
                observer(),
                work -> background.execute(work));
    }

    FollowerObserver observer() {
        return new FollowerObserver() {
            @Override
            public void loaded() {
                events.add("loaded");
            }

            @Override
            public void changed() {
                events.add("changed");
            }

            @Override
            public void failed() {
                events.add("failed");
            }

            @Override
            public void unannounced(int count) {
                events.add("unannounced " + count);
            }
        };
    }

    final void contoso() {
        store.put("contoso", "accepted-domains=contoso.com");
    }

    final Duration round() {
        Duration wait = follower.round(NOTHING);
        now = now.plus(wait);
        return wait;
    }

    final void rounds(Duration atLeast) {
        Instant end = now.plus(atLeast);
        while (now.isBefore(end)) {
            round();
        }
    }
}
