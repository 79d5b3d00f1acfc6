package io.github.orgmilter.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.rows.RowRules;
import io.github.orgmilter.rows.Rows;
import io.github.orgmilter.rows.RowsReader;
import io.github.orgmilter.rows.Setting;
import io.github.orgmilter.settings.Throttle;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Random changes, one by one or beside a whole load, lead to what a fresh load of their result holds.
 *
 * <p>{@code -Dorgmilter.changes.sequences=100000} for a longer run, {@code -Dorgmilter.changes.seed=N} for another one.
 */
final class RandomHoldingsTest extends HoldingsScene {

    private static final int SEQUENCES = Integer.getInteger("orgmilter.changes.sequences", 500);
    private static final int LONGEST = 20;
    private static final long SEED = Long.getLong("orgmilter.changes.seed", 20260101);

    @Test
    void changesAndAFreshLoadHoldTheSame() throws StoreException {
        for (int i = 0; i < SEQUENCES; i++) {
            new RandomHoldingsTest().assertHoldTheSame(new Random(SEED + i));
        }
    }

    private void assertHoldTheSame(Random random) throws StoreException {
        Map<String, List<Setting>> store = new TreeMap<>();
        for (int version = 1; version <= LONGEST; version++) {
            Map<String, List<Setting>> changed = new TreeMap<>();
            int changes = 1 + random.nextInt(4);
            for (int i = 0; i < changes; i++) {
                List<Setting> rows = random(random);
                changed.put(rows.get(0).organization(), random.nextInt(4) == 0 ? List.of() : rows);
            }
            store.putAll(changed);
            store.values().removeIf(List::isEmpty);
            if (random.nextInt(5) == 0 && !store.isEmpty()) {
                load(version, shuffled(store, random));
            } else {
                apply(version, changed);
            }
        }
        if (store.isEmpty()) {
            return;
        }
        Holdings fresh = holdings();
        Map<String, String> freshPolicy = new TreeMap<>();
        follow(freshPolicy, load(fresh, 1, shuffled(store, random), now));
        assertThat(policy).isEqualTo(freshPolicy);
        assertThat(holdings.all()).containsExactlyInAnyOrderElementsOf(fresh.all());
        assertThat(holdings.withProblems()).isZero();
    }

    @Test
    void aWholeLoadBesideChangesUndoesNoneOfThemAndFindsWhatNoneHadAnnounced() throws StoreException {
        for (int i = 0; i < SEQUENCES; i++) {
            compareBesideChanges(new Random(SEED + i));
        }
    }

    private static void compareBesideChanges(Random random) throws StoreException {
        History store = new History(random);
        Holdings compared = new Holdings(new RowsReader(RowRules.STANDARD), 1);
        Map<String, String> decides = new TreeMap<>();
        follow(decides, load(compared, store.last(), store.rows(store.last()), Instant.EPOCH));
        WholeLoad load = compared.begin(Throttle.none());
        int of = store.change(5);
        store.slip();
        store.change(10);
        int read = of + random.nextInt(store.last() - of + 1); // what it reads is that or later
        List<Setting> rows = store.rows(read);
        boolean older = false; // changes as of a state before the one that is read
        int at = 0;
        while (at < rows.size()) {
            int to = Math.min(rows.size(), at + 1 + random.nextInt(10));
            rows.subList(at, to).forEach(load::accept);
            at = to;
            if (random.nextInt(3) == 0) {
                older |= store.apply(compared, decides, store.last()) < read;
            }
        }
        load.end(OptionalLong.of(read));
        while (load.isAhead() || random.nextBoolean()) {
            older |= store.apply(compared, decides, store.last()) < read;
        }
        assertThat(load.isOld()).isFalse();
        follow(decides, compared.take(load, Instant.EPOCH));
        while (compared.version().orElseThrow() < store.last()) {
            store.apply(compared, decides, store.last());
        }
        if (older) { // what nothing announces may need the next comparison then
            follow(decides, load(compared, store.last(), store.rows(store.last()), Instant.EPOCH));
        }
        Map<String, String> fresh = new TreeMap<>();
        Holdings atOnce = new Holdings(new RowsReader(RowRules.STANDARD), 1);
        follow(fresh, load(atOnce, store.last(), store.rows(store.last()), Instant.EPOCH));
        assertThat(decides).isEqualTo(fresh);
        assertThat(compared.all()).containsExactlyInAnyOrderElementsOf(atOnce.all());
    }

    /** All states that a store had, and which organizations each change was of; some changed without a version. */
    private static final class History {
        private final Random random;
        private final List<Map<String, List<Setting>>> states = new ArrayList<>();
        private final List<Set<String>> changes = new ArrayList<>();

        History(Random random) {
            this.random = random;
            states.add(Map.of("o0", Rows.settings("o0", "|accepted-domains|o0.example")));
            changes.add(Set.of());
            change(30);
        }

        int last() {
            return states.size() - 1;
        }

        List<Setting> rows(int version) {
            return shuffled(states.get(version), random);
        }

        /** Some more changes; the version after them. */
        int change(int most) {
            for (int i = random.nextInt(most); i > 0; i--) {
                Map<String, List<Setting>> next = new TreeMap<>(states.get(last()));
                changes.add(Set.of(change(next)));
                states.add(next);
            }
            return last();
        }

        /** A change in the last state, without a version of its own. */
        void slip() {
            Map<String, List<Setting>> slipped = new TreeMap<>(states.get(last()));
            change(slipped);
            states.set(last(), slipped);
        }

        private String change(Map<String, List<Setting>> state) {
            List<Setting> rows = random(random);
            String name = rows.get(0).organization();
            if (random.nextInt(3) == 0 && !name.equals("o0")) {
                state.remove(name);
            } else {
                state.put(name, rows);
            }
            return name;
        }

        /** Applies what changed up to some later version, and returns that; the last one where nothing is applied. */
        int apply(Holdings holdings, Map<String, String> decides, int most) {
            int from = (int) holdings.version().orElseThrow();
            int to = from + random.nextInt(most - from + 1);
            Map<String, List<Setting>> organizations = new TreeMap<>();
            changes.subList(from + 1, to + 1)
                    .forEach(names -> names.forEach(
                            name -> organizations.put(name, states.get(to).getOrDefault(name, List.of()))));
            if (to > from) {
                follow(decides, holdings.apply(new Store.Changes(to, organizations), Instant.EPOCH));
            }
            return to > from ? to : last();
        }
    }

    private static List<Setting> shuffled(Map<String, List<Setting>> store, Random random) {
        List<Setting> all = new ArrayList<>();
        store.values().forEach(rows -> {
            List<Setting> some = new ArrayList<>(rows);
            Collections.shuffle(some, random);
            all.addAll(some);
        });
        return all;
    }

    private static List<Setting> random(Random random) {
        String name = "o" + random.nextInt(12);
        List<Setting> rows = new ArrayList<>(Rows.settings(name, "|accepted-domains|" + name + ".example"));
        for (int i = random.nextInt(3); i > 0; i--) {
            rows.addAll(
                    Rows.settings(name, "|accepted-domains|d" + random.nextInt(9) + ".example|" + random.nextInt(3)));
        }
        for (int i = random.nextInt(3); i > 0; i--) {
            rows.addAll(Rows.settings(name, "c" + i + "|addresses|192.0.2." + random.nextInt(9)));
            if (random.nextBoolean()) {
                rows.addAll(Rows.settings(name, "c" + i + "|require-tls|" + random.nextBoolean()));
            }
        }
        return rows;
    }
}
