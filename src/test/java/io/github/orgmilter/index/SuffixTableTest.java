package io.github.orgmilter.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SuffixTableTest {

    private final Random random = new Random(20260101);

    private String name() {
        List<String> labels = List.of("a", "b", "ab", "ba", "xn--mller-kva", "c", "_x", "0");
        return IntStream.rangeClosed(0, random.nextInt(4))
                .mapToObj(i -> labels.get(random.nextInt(labels.size())))
                .collect(Collectors.joining("."));
    }

    @Test
    void findsWhatAMapOfEverySuffixWouldFind() {
        int found = 0;
        for (int run = 0; run < 200; run++) {
            SuffixTable.Edit<Integer> edit = new SuffixTable<Integer>().edit();
            Map<String, Integer> map = new HashMap<>();
            for (int i = random.nextInt(run < 190 ? 40 : 2000); i > 0; i--) {
                String name = name();
                if (random.nextInt(4) == 0) {
                    assertThat(edit.remove(name)).isEqualTo(map.remove(name));
                } else {
                    assertThat(edit.put(name, i)).isEqualTo(map.put(name, i));
                }
                assertThat(edit.get(name)).isEqualTo(map.get(name));
            }
            SuffixTable<Integer> table = edit.done();
            assertThat(table.size()).isEqualTo(map.size());
            for (int i = 0; i < 100; i++) {
                String name = name();
                assertThat(table.get(name)).isEqualTo(map.get(name));
                List<Integer> expected = new ArrayList<>();
                for (int from = name.length(); from > 0; ) {
                    from = name.lastIndexOf('.', from - 2) + 1;
                    Integer value = map.get(name.substring(from));
                    if (value != null) {
                        expected.add(value);
                    }
                }
                List<Integer> visited = new ArrayList<>();
                Integer longestEven = table.longest(name, (value, start) -> {
                    visited.add(value);
                    assertThat(map.get(name.substring(start))).isEqualTo(value);
                    return value % 2 == 0;
                });
                assertThat(visited).as(name).isEqualTo(expected);
                assertThat(longestEven)
                        .isEqualTo(expected.stream()
                                .filter(value -> value % 2 == 0)
                                .reduce((a, b) -> b)
                                .orElse(null));
                found += expected.size();
            }
        }
        assertThat(found).isGreaterThan(5_000);
    }

    @Test
    void takesALabelForNoSuffixOfALongerOne() {
        SuffixTable.Edit<String> edit = new SuffixTable<String>().edit();
        edit.put("contoso.com", "contoso");
        SuffixTable<String> table = edit.done();
        assertThat(table.longest("evilcontoso.com", (value, start) -> true)).isNull();
        assertThat(table.longest("mail.contoso.com", (value, start) -> start > 0))
                .isEqualTo("contoso");
        assertThat(table.longest("", (value, start) -> true)).isNull();
    }

    @Test
    void aChangeLeavesTheTableBeforeItAsItWas() {
        List<SuffixTable<Integer>> tables = new ArrayList<>();
        List<Map<String, Integer>> maps = new ArrayList<>();
        SuffixTable<Integer> table = new SuffixTable<>();
        Map<String, Integer> map = new HashMap<>();
        for (int i = 0; i < 30; i++) { // shards split and empty on the way
            SuffixTable.Edit<Integer> edit = table.edit();
            for (int k = 0; k < 300; k++) {
                String name = "d" + random.nextInt(4000) + ".example";
                if (i < 15 || random.nextBoolean()) {
                    edit.put(name, i);
                    map.put(name, i);
                } else {
                    edit.remove(name);
                    map.remove(name);
                }
            }
            table = edit.done();
            tables.add(table);
            maps.add(Map.copyOf(map));
        }
        for (int i = 0; i < tables.size(); i++) {
            assertThat(tables.get(i).size()).isEqualTo(maps.get(i).size());
            for (int k = 0; k < 4000; k++) {
                String name = "d" + k + ".example";
                assertThat(tables.get(i).get(name)).isEqualTo(maps.get(i).get(name));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1_000, 20_000, 300_000})
    void holdsAllWhateverNumberWasExpected(int expected) {
        SuffixTable.Edit<Integer> first = new SuffixTable<Integer>().edit();
        first.expect(expected);
        for (int i = 0; i < 20_000; i++) {
            assertThat(first.put("n" + i + ".example", i)).isNull();
        }
        SuffixTable<Integer> before = first.done();
        SuffixTable.Edit<Integer> second = before.edit();
        second.expect(expected);
        for (int i = 0; i < 30_000; i++) {
            assertThat(i % 2 == 0 ? second.remove("n" + i + ".example") : second.put("n" + i + ".example", -i))
                    .isEqualTo(i < 20_000 ? i : null);
        }
        SuffixTable<Integer> after = second.done();
        assertThat(before.size()).isEqualTo(20_000);
        assertThat(after.size()).isEqualTo(15_000);
        for (int i = 0; i < 30_000; i++) {
            assertThat(before.get("n" + i + ".example")).isEqualTo(i < 20_000 ? i : null);
            assertThat(after.get("n" + i + ".example")).isEqualTo(i % 2 == 0 ? null : -i);
        }
    }
}
