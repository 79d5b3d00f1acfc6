package io.github.orgmilter.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.rows.Held;
import io.github.orgmilter.rows.Rows;
import io.github.orgmilter.settings.Throttle;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a node makes of a snapshot that is not as it was written. */
final class SnapshotDamageTest extends SnapshotScene {

    /** A small file with an end, two changes and a confirmation, and all states that it has had. */
    private Set<Map<String, String>> states() throws SnapshotException, IOException {
        Set<Map<String, String>> states = new HashSet<>();
        Holdings holdings = holdings();
        change(holdings, 1, "contoso", "|accepted-domains|contoso.com", "office|addresses|192.0.2.1");
        change(holdings, 1, "fabrikam", "|accepted-domains|fabrikam.com", "|colour|red");
        try (Snapshot snapshot = snapshot()) {
            write(snapshot, holdings);
            states.add(content());
            append(snapshot, change(holdings, 2, "contoso", "|accepted-domains|contoso.com"), holdings, NOW);
            states.add(content());
            append(snapshot, change(holdings, 3, "fabrikam"), holdings, NOW);
            states.add(content());
            snapshot.append(StateChange.of(Optional.empty(), holdings, NOW.plusSeconds(1)));
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
            append(snapshot, change(restored, 9, "contoso", "|accepted-domains|contoso.net"), restored, NOW);
        }
        assertThat(restored().version()).as("what is added to a torn file").hasValue(9);
    }
}
