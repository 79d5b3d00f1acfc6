package io.github.orgmilter.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.rows.Rows;
import io.github.orgmilter.settings.Throttle;
import io.github.orgmilter.shrink.Tally;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What a node finds on disk when it starts. */
final class SnapshotTest extends SnapshotScene {

    private static Map<String, String> policy(Update update) {
        Map<String, String> policy = new TreeMap<>();
        update.put().forEach(organization -> policy.put(organization.name(), Rows.text(organization)));
        return policy;
    }

    @Test
    void aStartHasWhatWasHeld() throws Exception {
        Holdings holdings = holdings();
        change(holdings, 1, "contoso", "|accepted-domains|contoso.com|17", "office|addresses|192.0.2.1");
        change(holdings, 2, "fabrikam", "|accepted-domains|fabrikam.com");
        try (Snapshot snapshot = snapshot()) {
            write(snapshot, holdings);
            append(
                    snapshot,
                    change(holdings, 3, "contoso", "|accepted-domains|contoso.com|17", "office|addresses|192.0.2.300"),
                    holdings,
                    NOW);
            change(holdings, 4, "northwind", "|accepted-domains|northwind.example");
            change(holdings, 4, "tailspin", "|accepted-domains|tailspin.example");
            write(snapshot, holdings);
            append(snapshot, change(holdings, 5, "fabrikam"), holdings, NOW);
            append(snapshot, change(holdings, 6, "wingtip", "|accepted-domains|wingtip.example"), holdings, NOW);
            snapshot.append(StateChange.of(Optional.empty(), holdings, NOW.plusSeconds(60)));
        }
        Holdings restored = holdings();
        Snapshot snapshot = snapshot();
        Update update = restored.restore(snapshot, Throttle.none(), NOW).orElseThrow();
        assertThat(policy(update))
                .containsEntry("contoso", "contoso.com RELAY office([] [192.0.2.1]) ?")
                .containsOnlyKeys("contoso", "northwind", "tailspin", "wingtip");
        assertThat(update.put())
                .filteredOn(organization -> organization.name().equals("contoso"))
                .flatExtracting(Organization::acceptedDomains)
                .extracting("since")
                .containsExactly(17L);
        assertThat(restored.version()).hasValue(6);
        assertThat(snapshot.confirmed()).hasValue(NOW.plusSeconds(60));
        assertThat(restored.all()).containsExactlyInAnyOrderElementsOf(holdings.all());
        assertThat(restored.problems())
                .containsExactlyElementsOf(holdings.problems().toList());
    }

    @Test
    void withoutAFileNothingIsRestored() throws SnapshotException {
        assertThat(holdings().restore(snapshot(), Throttle.none(), NOW)).isEmpty();
    }

    @Test
    void whatIsHeldBackStaysSo() throws Exception {
        Holdings holdings = holdings();
        for (int i = 0; i < 50; i++) {
            change(holdings, i, "o" + i, "|accepted-domains|o" + i + ".example");
        }
        WholeLoad load = holdings.begin(Throttle.none());
        Rows.settings("o1", "|accepted-domains|o1.example").forEach(load::accept);
        load.end(OptionalLong.of(60));
        holdings.take(load, NOW);
        try (Snapshot snapshot = snapshot()) {
            write(snapshot, holdings);
        }
        Holdings restored = restored();
        assertThat(restored.withheld().orElseThrow().organizations()).isEqualTo(49);
        assertThat(restored.all()).containsExactlyInAnyOrderElementsOf(holdings.all());
        assertThat(restored.acceptShrink(60, NOW).removed()).hasSize(49);
    }

    @Test
    void aStartRemembersTheMostOfADay() throws Exception {
        Holdings holdings = holdings();
        Instant time = NOW;
        try (Snapshot snapshot = snapshot()) {
            write(snapshot, holdings);
            for (int i = 0; i < 100; i++) {
                append(snapshot, change(holdings, i, "o" + i, "|accepted-domains|o" + i + ".example"), holdings, time);
            }
        }
        // A process that ends after each removal.
        int left = 100;
        for (int i = 0; i < 40; i++) {
            time = time.plus(Duration.ofMinutes(20));
            Holdings next = holdings();
            try (Snapshot snapshot = snapshot()) {
                next.restore(snapshot, Throttle.none(), time);
                Update update = next.apply(new Store.Changes(200 + i, Map.of("o" + i, List.of())), time);
                append(snapshot, update, next, time);
                left -= update.removed().size();
            }
        }
        assertThat(left).isEqualTo(80);
        // What was accepted is forgotten, and what is older than a day.
        Holdings next = holdings();
        try (Snapshot snapshot = snapshot()) {
            next.restore(snapshot, Throttle.none(), time);
            append(snapshot, next.acceptShrink(239, time), next, time);
        }
        Holdings last = holdings();
        last.restore(snapshot(), Throttle.none(), time);
        assertThat(last.history().values()).containsOnly(new Tally(60, 60, 0));
        last.restore(snapshot(), Throttle.none(), time.plus(Duration.ofDays(2)));
        assertThat(last.history()).hasSize(1);
    }

    @Test
    void aStartRemembersWhoLostDomains() throws Exception {
        Holdings holdings = holdings();
        for (int i = 0; i < 100; i++) {
            change(holdings, i, "o" + i, "|accepted-domains|o" + i + ".example", "|accepted-domains|o" + i + ".test");
        }
        try (Snapshot snapshot = snapshot()) {
            write(snapshot, holdings);
        }
        // A process that ends after each change, written whole or not.
        Instant time = NOW;
        for (int i = 0; i < 30; i++) {
            time = time.plus(Duration.ofMinutes(20));
            Holdings next = holdings();
            try (Snapshot snapshot = snapshot()) {
                next.restore(snapshot, Throttle.none(), time);
                Update update = next.apply(
                        new Store.Changes(
                                200 + i,
                                Map.of("o" + i, Rows.settings("o" + i, "|accepted-domains|o" + i + ".example"))),
                        time);
                append(snapshot, update, next, time);
                if (i % 7 == 0) {
                    write(snapshot, next);
                }
                assertThat(update.withheld().isPresent()).as("after %d", i + 1).isEqualTo(i >= 20);
            }
        }
        Holdings next = holdings();
        try (Snapshot snapshot = snapshot()) {
            next.restore(snapshot, Throttle.none(), time);
            assertThat(next.losses().quarters()).hasSize(20).containsKey("o0");
            append(snapshot, next.acceptShrink(229, time), next, time);
        }
        Holdings last = holdings();
        last.restore(snapshot(), Throttle.none(), time);
        assertThat(last.losses().quarters())
                .as("what was accepted is forgotten")
                .isEmpty();
        assertThat(last.withheld()).isEmpty();
    }

    @Test
    void itsModeLetsItsGroupReadIt() throws Exception {
        write(snapshot(), holdings());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-r-----");
        assertThat(folder).isDirectoryNotContaining(path -> path.toString().endsWith(".tmp"));
    }

    @Test
    void thatOfAnotherDirectoryOrAnotherFileIsRefused() throws Exception {
        write(snapshot(), holdings());
        assertThatThrownBy(() -> new Snapshot(file(), "ldaps://ldap.example.net").read(new HashMap<>()))
                .isInstanceOf(SnapshotException.class)
                .hasMessage("the snapshot " + file()
                        + " is of another directory; remove it, or name another file in directory.snapshot");
        Files.writeString(file(), "listen = []\n");
        assertThatThrownBy(() -> snapshot().read(new HashMap<>()))
                .isInstanceOf(SnapshotException.class)
                .hasMessage("the snapshot " + file()
                        + " is not a snapshot of a directory; remove it, or name another file in directory.snapshot");
    }
}
