package io.github.orgmilter.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.rows.Held;
import io.github.orgmilter.rows.RowRules;
import io.github.orgmilter.rows.Rows;
import io.github.orgmilter.rows.RowsReader;
import io.github.orgmilter.settings.Throttle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node finds on disk when it starts. */
class SnapshotTest {

    private static final String DIRECTORY = "jdbc:postgresql://db.example.net/mail";
    private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);

    @TempDir
    private Path folder;

    private static Holdings holdings() {
        return new Holdings(new RowsReader(RowRules.STANDARD), new ShrinkGuard(0.2));
    }

    private Path file() {
        return folder.resolve("directory.snapshot");
    }

    private Snapshot snapshot() {
        return new Snapshot(file(), DIRECTORY);
    }

    private static Update change(Holdings holdings, long version, String organization, String... rows) {
        return holdings.apply(new Store.Changes(version, Map.of(organization, Rows.settings(organization, rows))), NOW);
    }

    private Holdings restored() throws SnapshotException {
        Holdings restored = holdings();
        try (Snapshot snapshot = snapshot()) {
            assertThat(restored.restore(snapshot, Throttle.none(), NOW)).isPresent();
        }
        return restored;
    }

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
            snapshot.write(holdings, NOW);
            snapshot.append(
                    change(holdings, 3, "contoso", "|accepted-domains|contoso.com|17", "office|addresses|192.0.2.300"),
                    holdings,
                    NOW);
            change(holdings, 4, "northwind", "|accepted-domains|northwind.example");
            change(holdings, 4, "tailspin", "|accepted-domains|tailspin.example");
            snapshot.write(holdings, NOW);
            snapshot.append(change(holdings, 5, "fabrikam"), holdings, NOW);
            snapshot.append(change(holdings, 6, "wingtip", "|accepted-domains|wingtip.example"), holdings, NOW);
            snapshot.confirm(holdings, NOW.plusSeconds(60));
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
            snapshot.write(holdings, NOW);
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
            snapshot.write(holdings, time);
            for (int i = 0; i < 100; i++) {
                snapshot.append(change(holdings, i, "o" + i, "|accepted-domains|o" + i + ".example"), holdings, time);
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
                snapshot.append(update, next, time);
                left -= update.removed().size();
            }
        }
        assertThat(left).isEqualTo(80);
        // What was accepted is forgotten, and what is older than a day.
        Holdings next = holdings();
        try (Snapshot snapshot = snapshot()) {
            next.restore(snapshot, Throttle.none(), time);
            snapshot.append(next.acceptShrink(239, time), next, time);
        }
        Holdings last = holdings();
        last.restore(snapshot(), Throttle.none(), time);
        assertThat(last.history().values()).containsOnly(new Tally(60, 60, 0));
        last.restore(snapshot(), Throttle.none(), time.plus(Duration.ofDays(2)));
        assertThat(last.history()).hasSize(1);
    }

    @Test
    void itsModeLetsItsGroupReadIt() throws Exception {
        snapshot().write(holdings(), NOW);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-r-----");
        assertThat(folder).isDirectoryNotContaining(path -> path.toString().endsWith(".tmp"));
    }

    @Test
    void manyConfirmationsMakeItWholeAgain() throws Exception {
        Holdings holdings = holdings();
        change(holdings, 1, "contoso", "|accepted-domains|contoso.com");
        try (Snapshot snapshot = snapshot()) {
            snapshot.write(holdings, NOW);
            for (int i = 0; i < 50_000; i++) {
                snapshot.confirm(holdings, NOW.plusSeconds(i));
            }
        }
        assertThat(Files.size(file())).isLessThan(1 << 20);
        assertThat(restored().all()).containsExactlyElementsOf(holdings.all());
    }

    @Test
    void thatOfAnotherDirectoryOrAnotherFileIsRefused() throws Exception {
        snapshot().write(holdings(), NOW);
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

    /** A small file with an end, two changes and a confirmation, and all states that it has had. */
    private Set<Map<String, String>> states() throws SnapshotException, IOException {
        Set<Map<String, String>> states = new HashSet<>();
        Holdings holdings = holdings();
        change(holdings, 1, "contoso", "|accepted-domains|contoso.com", "office|addresses|192.0.2.1");
        change(holdings, 1, "fabrikam", "|accepted-domains|fabrikam.com", "|colour|red");
        try (Snapshot snapshot = snapshot()) {
            snapshot.write(holdings, NOW);
            states.add(content());
            snapshot.append(change(holdings, 2, "contoso", "|accepted-domains|contoso.com"), holdings, NOW);
            states.add(content());
            snapshot.append(change(holdings, 3, "fabrikam"), holdings, NOW);
            states.add(content());
            snapshot.confirm(holdings, NOW.plusSeconds(1));
            states.add(content());
        }
        assertThat(states).hasSize(4);
        return states;
    }

    private Map<String, String> content() throws SnapshotException {
        Map<String, String> content = new TreeMap<>();
        Map<String, Held> organizations = new HashMap<>();
        try (Snapshot snapshot = snapshot()) {
            snapshot.read(organizations);
            content.put("", snapshot.version() + " " + snapshot.confirmed());
        }
        organizations.forEach(
                (name, held) -> content.put(name, Rows.texts(held.store()) + " " + Rows.texts(held.effective())));
        return content;
    }

    /** Refused, or a state that the file has had. */
    private boolean isRefused(Set<Map<String, String>> states) {
        try {
            assertThat(content()).isIn(states);
            return false;
        } catch (SnapshotException e) {
            assertThat(e).hasMessageStartingWith("the snapshot " + file()).hasMessageContaining("; remove it");
            return true;
        }
    }

    @Tag("slow")
    @Test
    void noDamageMakesAnythingElseOfIt() throws Exception {
        Set<Map<String, String>> states = states();
        byte[] octets = Files.readAllBytes(file());
        List<Integer> taken = new ArrayList<>();
        for (int i = 0; i < octets.length; i++) {
            for (int bit = 0; bit < Byte.SIZE; bit++) {
                byte[] flipped = octets.clone();
                flipped[i] ^= (byte) (1 << bit);
                Files.write(file(), flipped);
                if (!isRefused(states)) {
                    taken.add(i);
                }
            }
        }
        assertThat(taken).as("only the last record may be dropped").allMatch(i -> i > octets.length - 40);
        int refused = 0;
        for (int length = 0; length < octets.length; length++) {
            Files.write(file(), Arrays.copyOf(octets, length));
            refused += isRefused(states) ? 1 : 0;
            byte[] zeros = Arrays.copyOf(Arrays.copyOf(octets, length), octets.length + 100);
            Files.write(file(), zeros);
            isRefused(states);
        }
        assertThat(refused).isBetween(octets.length / 3, octets.length - 3);
        Files.write(file(), Arrays.copyOf(octets, octets.length - 5));
        Holdings restored = holdings();
        try (Snapshot snapshot = snapshot()) {
            restored.restore(snapshot, Throttle.none(), NOW);
            snapshot.append(change(restored, 9, "contoso", "|accepted-domains|contoso.net"), restored, NOW);
        }
        assertThat(restored().version()).as("what is added to a torn file").hasValue(9);
    }

    @Test
    void afterAFailureTheNextWriteIsAWholeOne() throws Exception {
        Path missing = folder.resolve("missing");
        Snapshot snapshot = new Snapshot(missing.resolve("directory.snapshot"), DIRECTORY);
        Holdings holdings = holdings();
        change(holdings, 1, "contoso", "|accepted-domains|contoso.com");
        SnapshotException failed = catchThrowableOfType(SnapshotException.class, () -> snapshot.confirm(holdings, NOW));
        assertThat(failed)
                .hasMessageStartingWith(
                        "the snapshot " + missing.resolve("directory.snapshot") + " cannot be written: ");
        Files.createDirectory(missing);
        snapshot.confirm(holdings, NOW.plusSeconds(59));
        assertThat(snapshot.isCurrent()).isFalse();
        assertThat(missing).isEmptyDirectory();
        snapshot.confirm(holdings, NOW.plusSeconds(60));
        assertThat(snapshot.isCurrent()).isTrue();
        snapshot.close();
        Holdings restored = holdings();
        restored.restore(new Snapshot(missing.resolve("directory.snapshot"), DIRECTORY), Throttle.none(), NOW);
        assertThat(restored.all()).containsExactlyElementsOf(holdings.all());
    }
}
