package io.github.orgmilter.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SortedPagesTest {

    private final Random random = new Random(20260101);

    @Test
    void holdsWhatASortedSetWouldHold() {
        SortedPages<Integer> pages = new SortedPages<>(Comparator.<Integer>naturalOrder());
        TreeSet<Integer> set = new TreeSet<>();
        for (int run = 0; run < 300; run++) {
            Set<Integer> removed = some(run % 2 == 0 ? 3 : 200);
            Set<Integer> added = some(run < 100 ? 300 : run < 200 ? 3 : 0);
            removed.removeAll(added);
            SortedPages<Integer> before = pages;
            List<Integer> beforehand = new ArrayList<>(set);
            pages = pages.with(removed, added);
            assertThat(before.stream()).isEqualTo(beforehand);
            set.removeAll(removed);
            set.addAll(added);
            assertThat(pages.stream()).containsExactlyElementsOf(set);
            assertThat(pages).containsExactlyElementsOf(set);
            assertThat(pages.size()).isEqualTo(set.size());
            for (int value = 0; value < 100; value++) {
                int wanted = 40 * value;
                assertThat(pages.find(each -> Integer.compare(each, wanted)) != null)
                        .isEqualTo(set.contains(wanted));
                if (value % 25 == 0) {
                    assertThat(pages.from(each -> Integer.compare(each, wanted)))
                            .containsExactlyElementsOf(set.tailSet(wanted));
                }
            }
        }
    }

    private Set<Integer> some(int most) {
        Set<Integer> some = new HashSet<>();
        for (int i = 0; i < most; i++) {
            some.add(random.nextInt(4000));
        }
        return some;
    }
}
