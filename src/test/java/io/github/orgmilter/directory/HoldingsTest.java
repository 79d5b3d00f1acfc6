package io.github.orgmilter.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.orgmilter.document.Problem;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.rows.RowLimits;
import io.github.orgmilter.rows.RowRules;
import io.github.orgmilter.rows.Rows;
import io.github.orgmilter.rows.RowsReader;
import io.github.orgmilter.rows.Setting;
import io.github.orgmilter.settings.Throttle;
import io.github.orgmilter.suffix.PublicSuffixes;
import io.github.orgmilter.suffix.ReservedDomains;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a node holds of a directory after changes and whole loads. */
class HoldingsTest {

    private static final double MOST = 0.2;

    private Instant now = Instant.EPOCH.plus(Duration.ofDays(20_000));
    private final Holdings holdings = holdings();
    private final Map<String, String> policy = new TreeMap<>();

    private static Holdings holdings() {
        return new Holdings(new RowsReader(RowRules.STANDARD), new ShrinkGuard(MOST));
    }

    private Update load(long version, List<Setting> rows) throws StoreException {
        Update update = load(holdings, version, rows, now);
        follow(policy, update);
        return update;
    }

    private static Update load(Holdings holdings, long version, List<Setting> rows, Instant now) throws StoreException {
        WholeLoad load = holdings.begin(Throttle.none());
        rows.forEach(load::accept);
        load.end(OptionalLong.of(version));
        return holdings.take(load, now);
    }

    private Update apply(long version, Map<String, List<Setting>> organizations) {
        Update update = holdings.apply(new Store.Changes(version, organizations), now);
        follow(policy, update);
        return update;
    }

    /** What a policy would have. */
    private static void follow(Map<String, String> policy, Update update) {
        update.removed().forEach(policy::remove);
        for (Organization organization : update.put()) {
            policy.put(organization.name(), Rows.text(organization));
        }
    }

    private static List<Setting> customers(int from, int to) {
        List<Setting> rows = new ArrayList<>();
        for (int i = from; i < to; i++) {
            rows.addAll(customer(i));
        }
        return rows;
    }

    private static List<Setting> customer(int i) {
        return Rows.settings(
                "customer" + i,
                "|accepted-domains|customer" + i + ".example",
                "|accepted-domains|customer" + i + ".test",
                "office|addresses|192.0.2." + i % 256);
    }

    @Test
    void aWholeLoadTellsWhatIsDifferent() throws StoreException {
        Update first = load(1, customers(0, 3));
        assertThat(first.put()).extracting(Organization::name).containsExactly("customer0", "customer1", "customer2");
        Update same = load(2, customers(0, 3));
        assertThat(same.isEmpty()).isTrue();
        assertThat(same.changed()).isEmpty();
        assertThat(same.unannounced()).isEmpty();
        assertThat(holdings.version()).hasValue(2);
        List<Setting> rows = customers(1, 4);
        rows.addAll(0, Rows.settings("customer1", "|sender-protection|all")); // before its other rows
        Update other = load(3, rows);
        assertThat(other.put()).extracting(Organization::name).containsExactly("customer1", "customer3");
        assertThat(other.removed()).containsExactly("customer0");
        assertThat(other.unannounced()).containsExactlyInAnyOrder("customer0", "customer1", "customer3");
        assertThat(holdings.size()).isEqualTo(3);
    }

    @Test
    void anOrganizationWhoseRowsDoNotComeTogetherFailsTheLoad() throws StoreException {
        load(1, customers(0, 3));
        List<Setting> rows = new ArrayList<>(customers(0, 2));
        rows.addAll(Rows.settings("customer0", "|sender-protection|all"));
        assertThatThrownBy(() -> load(2, rows))
                .isInstanceOf(StoreException.class)
                .hasMessage(
                        "directory: organization customer0: its rows do not come together; let directory.queries.settings"
                                + " sort by organization, with a binary collation");
        assertThat(holdings.version()).hasValue(1);
        assertThat(holdings.size()).isEqualTo(3);
        assertThat(load(3, customers(0, 3)).isEmpty()).isTrue();
    }

    @Test
    void namesDifferByCase() throws StoreException {
        List<Setting> rows = new ArrayList<>(Rows.settings("Contoso", "|accepted-domains|contoso.com"));
        rows.addAll(Rows.settings("contoso", "|accepted-domains|contoso.net"));
        load(1, rows);
        assertThat(policy).containsOnlyKeys("Contoso", "contoso");
    }

    @Test
    void aLoadThatFailedLeavesNothingBehind() throws StoreException {
        load(1, customers(0, 3));
        WholeLoad failed = holdings.begin(Throttle.none());
        customers(5, 9).forEach(failed::accept);
        assertThat(load(2, customers(0, 3)).isEmpty()).isTrue();
    }

    @Test
    void anEmptyFirstLoadIsNotTaken() {
        assertThatThrownBy(() -> load(1, List.of()))
                .isInstanceOf(StoreException.class)
                .hasMessageStartingWith("the directory has no organizations; ");
        assertThat(holdings.version()).isEmpty();
    }

    @Test
    void otherRulesReadEverythingAnew() throws StoreException {
        List<Setting> rows = Rows.settings(
                "contoso", "|accepted-domains|contoso.com", "office|addresses|10.0.0.0/8", "office|require-tls|true");
        load(1, rows);
        assertThat(policy).containsEntry("contoso", "contoso.com RELAY ?");
        assertThat(holdings.withProblems()).isOne();
        follow(
                policy,
                holdings.reread(
                        new RowRules(
                                Set.of(), true, PublicSuffixes.builtIn(), ReservedDomains.NONE, RowLimits.STANDARD),
                        Throttle.none(),
                        now));
        assertThat(policy).containsEntry("contoso", "contoso.com RELAY office([] [10.0.0.0/8] tls)");
        assertThat(holdings.withProblems()).isZero();
    }

    // spotless:off
    static Stream<Arguments> shrinking() {
        return Stream.of(
                Arguments.of("a few of few", 30, 19, 11),
                Arguments.of("a fifth", 100, 20, 80),
                Arguments.of("more than a fifth", 100, 21, 100),
                Arguments.of("all", 100, 100, 100),
                Arguments.of("all of few", 19, 19, 19)); // an empty load is never taken
    }
    // spotless:on

    @ParameterizedTest(name = "{0}")
    @MethodSource("shrinking")
    void muchThatIsGoneAtOnceIsHeldBack(String name, int all, int gone, int left) throws StoreException {
        load(1, customers(0, all));
        Update update = load(2, customers(gone, all));
        assertThat(policy).hasSize(left);
        assertThat(update.withheld().isPresent()).isEqualTo(left == all);
        assertThat(holdings.withheld()).isEqualTo(update.withheld());
    }

    @Test
    void otherChangesGoOnWhileRemovalsAreHeldBack() throws StoreException {
        load(1, customers(0, 100));
        Update update = load(2, customers(50, 101));
        assertThat(update.withheld().orElseThrow().reason())
                .isEqualTo("49 of 100 organizations would be gone, more than max-shrink allows;"
                        + " run orgmilter reload --accept-shrink 2 if that is right, else mend the directory");
        assertThat(update.withheld().orElseThrow().organizations()).isEqualTo(50);
        assertThat(policy).hasSize(101);
        List<Setting> disabled = new ArrayList<>(customer(60));
        disabled.addAll(Rows.settings("customer60", "office|enabled|false"));
        apply(3, Map.of("customer60", disabled, "customer0", customer(0), "customer70", List.of()));
        assertThat(policy.get("customer60")).contains("off");
        assertThat(policy).hasSize(101);
        assertThat(holdings.withheld().orElseThrow().organizations())
                .isEqualTo(50); // without customer0, with customer70
        follow(policy, holdings.acceptShrink(2, now));
        assertThat(policy).as("another version").hasSize(101);
        follow(policy, holdings.acceptShrink(3, now));
        assertThat(policy).hasSize(51).doesNotContainKey("customer70");
        assertThat(holdings.withheld()).isEmpty();
        assertThat(apply(4, Map.of("customer80", List.of())).withheld())
                .as("compared with what was accepted")
                .isEmpty();
    }

    @Test
    void aVersionCanBeAcceptedBeforeItComes() throws StoreException {
        load(1, customers(0, 100));
        holdings.acceptShrink(5, now);
        load(5, customers(90, 100));
        assertThat(policy).hasSize(10);
    }

    @Test
    void removalsBitByBitAreComparedWithTheMostOfADay() throws StoreException {
        load(1, customers(0, 100));
        for (int i = 0; i < 30; i++) {
            now = now.plus(Duration.ofMinutes(20));
            apply(2 + i, Map.of("customer" + i, List.of()));
        }
        assertThat(policy).hasSize(80);
        assertThat(holdings.withheld()).isPresent();
    }

    @Test
    void lossesOfSomeDomainsAddUp() throws StoreException {
        load(1, customers(0, 100));
        for (int i = 0; i < 60; i++) {
            now = now.plus(Duration.ofMinutes(20));
            String name = "customer" + i;
            List<Setting> withoutSecond = customer(i).stream()
                    .filter(row -> !row.value().endsWith(".test"))
                    .toList();
            apply(2 + i, Map.of(name, withoutSecond));
        }
        assertThat(policy.get("customer19")).startsWith("customer19.example RELAY");
        assertThat(policy.get("customer20")).startsWith("customer20.example customer20.test RELAY");
        assertThat(holdings.withheld().orElseThrow().reason())
                .startsWith("60 of 100 organizations' accepted domains would be gone");
        now = now.plus(Duration.ofDays(2));
        assertThat(apply(100, Map.of("customer99", customer(98))).withheld())
                .as("compared with the state that still counts")
                .isPresent();
    }

    @Test
    void oneCustomerWhoChangesDomainsAllDayCountsOnce() throws StoreException {
        load(1, customers(0, 100));
        for (int i = 0; i < 60; i++) {
            now = now.plus(Duration.ofMinutes(20));
            apply(2 + i, Map.of("customer0", Rows.settings("customer0", "|accepted-domains|d" + i + ".example")));
        }
        assertThat(policy.get("customer0")).startsWith("d59.example RELAY");
        assertThat(holdings.withheld()).isEmpty();
    }

    @Test
    void slowRemovalsPass() throws StoreException {
        load(1, customers(0, 100));
        for (int i = 0; i < 60; i++) {
            now = now.plus(Duration.ofHours(3));
            apply(2 + i, Map.of("customer" + i, List.of()));
        }
        assertThat(policy).hasSize(40);
    }

    @Test
    void domainsAndConnectorsAreCountedToo() throws StoreException {
        load(1, customers(0, 100));
        List<Setting> withoutSecond = customers(0, 100).stream()
                .filter(row -> !row.value().endsWith(".test"))
                .toList();
        Update domains = load(2, withoutSecond);
        assertThat(domains.withheld().orElseThrow().reason()).startsWith("100 of 100 organizations' accepted domains");
        assertThat(policy.get("customer0")).startsWith("customer0.example customer0.test RELAY");
        load(3, customers(0, 100));
        assertThat(holdings.withheld()).isEmpty();
        List<Setting> withoutConnectors = customers(0, 100).stream()
                .filter(row -> row.connector().isEmpty())
                .toList();
        Update connectors = load(4, withoutConnectors);
        assertThat(connectors.withheld().orElseThrow().reason()).startsWith("100 of 100 connectors");
        assertThat(policy.get("customer0")).contains("office");
    }

    @Test
    void noCustomerAloneHoldsBackWhatOthersRemove() throws StoreException {
        List<Setting> rows = customers(0, 200);
        List<Setting> large = new ArrayList<>(Rows.settings("large", "|accepted-domains|large.example"));
        for (int i = 0; i < 5_000; i++) {
            large.addAll(Rows.settings(
                    "large", "|accepted-domains|large" + i + ".example", "c" + i + "|addresses|198.51.100.1"));
        }
        rows.addAll(large);
        load(1, rows);
        apply(2, Map.of("large", large.subList(0, 1), "customer0", List.of()));
        assertThat(policy).containsEntry("large", "large.example RELAY").doesNotContainKey("customer0");
    }

    @Test
    void moreRowsThanAreHeldAddNothingAndRemoveWhatIsGone() throws StoreException {
        Holdings small = new Holdings(
                new RowsReader(new RowRules(
                        Set.of(), false, PublicSuffixes.builtIn(), ReservedDomains.NONE, new RowLimits(5, 100))),
                new ShrinkGuard(MOST));
        List<Setting> rows = new ArrayList<>(Rows.settings(
                "contoso",
                "|accepted-domains|contoso.com",
                "office|addresses|192.0.2.1",
                "office|addresses|192.0.2.2"));
        follow(policy, load(small, 1, rows, now));
        rows.remove(2);
        for (int i = 0; i < 1_000; i++) {
            rows.addAll(0, Rows.settings("contoso", "office|addresses|198.51.100." + i % 256, "|colour|" + i));
        }
        follow(policy, load(small, 2, rows, now));
        assertThat(policy).containsEntry("contoso", "contoso.com RELAY office([] [192.0.2.1]) ?");
        assertThat(small.problems())
                .extracting(Problem::toString)
                .containsExactly(
                        "directory: organization contoso: more than 5 rows: of them only those count that counted"
                                + " before; remove rows, or divide them among several organizations");
        assertThat(load(small, 3, rows, now).changed()).isEmpty();
        follow(policy, small.apply(new Store.Changes(4, Map.of("contoso", rows.subList(500, 900))), now));
        assertThat(policy).as("nothing is left of what counted").isEmpty();
        follow(policy, small.apply(new Store.Changes(5, Map.of("contoso", customer(1))), now));
        assertThat(policy).containsKey("contoso");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void changesAndAFreshLoadHoldTheSame(int seed) throws StoreException {
        Random random = new Random(seed);
        Map<String, List<Setting>> store = new TreeMap<>();
        for (int version = 1; version <= 200; version++) {
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

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void aWholeLoadBesideChangesUndoesNoneOfThemAndFindsWhatNoneHadAnnounced(int seed) throws StoreException {
        Random random = new Random(seed);
        for (int i = 0; i < 100; i++) {
            compareBesideChanges(random);
        }
    }

    private static void compareBesideChanges(Random random) throws StoreException {
        History store = new History(random);
        Holdings compared = new Holdings(new RowsReader(RowRules.STANDARD), new ShrinkGuard(1));
        Map<String, String> decides = new TreeMap<>();
        follow(decides, load(compared, store.last(), store.rows(store.last()), Instant.EPOCH));
        WholeLoad load = compared.begin(Throttle.none());
        int of = store.change(5);
        store.slip();
        store.change(10);
        int read = of + random.nextInt(store.last() - of + 1); // what it reads is that or later
        List<Setting> rows = store.rows(read);
        int at = 0;
        while (at < rows.size()) {
            int to = Math.min(rows.size(), at + 1 + random.nextInt(10));
            rows.subList(at, to).forEach(load::accept);
            at = to;
            if (random.nextInt(3) == 0) {
                store.apply(compared, decides, store.last());
            }
        }
        load.end(OptionalLong.of(read));
        while (load.isAhead() || random.nextBoolean()) {
            store.apply(compared, decides, store.last());
        }
        assertThat(load.isOld()).isFalse();
        follow(decides, compared.take(load, Instant.EPOCH));
        while (compared.version().orElseThrow() < store.last()) {
            store.apply(compared, decides, store.last());
        }
        Map<String, String> fresh = new TreeMap<>();
        Holdings atOnce = new Holdings(new RowsReader(RowRules.STANDARD), new ShrinkGuard(1));
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

        /** Applies what changed up to some later version. */
        void apply(Holdings holdings, Map<String, String> decides, int most) {
            int from = (int) holdings.version().orElseThrow();
            int to = from + random.nextInt(most - from + 1);
            Map<String, List<Setting>> organizations = new TreeMap<>();
            changes.subList(from + 1, to + 1)
                    .forEach(names -> names.forEach(
                            name -> organizations.put(name, states.get(to).getOrDefault(name, List.of()))));
            if (to > from) {
                follow(decides, holdings.apply(new Store.Changes(to, organizations), Instant.EPOCH));
            }
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
