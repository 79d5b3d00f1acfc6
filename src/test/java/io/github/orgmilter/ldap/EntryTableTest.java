package io.github.orgmilter.ldap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@DisplayName("The table of entries")
final class EntryTableTest {

    /** As a server makes them: most bits are the same. */
    private static UUID id(int number) {
        return new UUID(0x0123_4567_89ab_1000L + ((long) number << 32), 0x8000_0000_0000_0001L);
    }

    @Tag("slow")
    @Test
    void isAsAMap() {
        Random random = new Random(1);
        EntryTable table = new EntryTable();
        Map<UUID, String> map = new HashMap<>();
        for (int i = 0; i < 200_000; i++) {
            UUID id = id(random.nextInt(20_000));
            if (random.nextInt(3) == 0) {
                table.remove(id);
                map.remove(id);
            } else {
                String name = "organization" + random.nextInt(100);
                table.put(id, name);
                map.put(id, name);
            }
        }
        assertThat(table.size()).isEqualTo(map.size());
        for (int i = 0; i < 20_000; i++) {
            assertThat(table.organization(id(i)).orElse("none")).isEqualTo(map.getOrDefault(id(i), "none"));
        }
        assertThat(table.marks().others()).containsExactlyInAnyOrderElementsOf(map.keySet());
    }

    @Test
    void namesWhatWasNotMarked() {
        EntryTable table = new EntryTable();
        Set<UUID> others = new HashSet<>();
        EntryTable.Marks marks;
        for (int i = 0; i < 5000; i++) {
            table.put(id(i), "contoso");
        }
        marks = table.marks();
        for (int i = 0; i < 5000; i++) {
            if (i % 3 == 0) {
                others.add(id(i));
            } else {
                marks.add(id(i));
            }
        }
        marks.add(id(9999)); // not in it
        assertThat(marks.others()).containsExactlyInAnyOrderElementsOf(others);
    }

    @Test
    void isIncompleteWithAnEntryThatHasNoId() {
        EntryTable table = new EntryTable();
        assertThat(table.isComplete()).isTrue();
        table.addUnknown();
        assertThat(table.isComplete()).isFalse();
    }
}
