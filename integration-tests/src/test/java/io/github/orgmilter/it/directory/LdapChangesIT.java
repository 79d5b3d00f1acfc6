package io.github.orgmilter.it.directory;

import static io.github.orgmilter.it.directory.LdapBench.SHORT;
import static io.github.orgmilter.it.directory.LdapBench.TIMEOUT;
import static io.github.orgmilter.it.directory.LdapEntries.CONTOSO;
import static io.github.orgmilter.it.directory.LdapEntries.CUSTOMERS;
import static io.github.orgmilter.it.directory.LdapEntries.TWO_CUSTOMERS;
import static io.github.orgmilter.it.directory.LdapEntries.change;
import static io.github.orgmilter.it.directory.LdapEntries.organization;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.orgmilter.it.scenario.Sample;
import io.github.orgmilter.ldap.LdapStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A store on OpenLDAP tells what changed")
@Timeout(300)
final class LdapChangesIT {

    @RegisterExtension
    static final LdapBench LDAP = new LdapBench();

    static List<LdapChange> rows() {
        return LdapChange.ALL;
    }

    /** A third each day. */
    static List<LdapChange> some() {
        return Sample.of("without a log of sessions", LdapChange.ALL, row -> false, 3);
    }

    @ParameterizedTest(name = "{0}", quoteTextArguments = false)
    @MethodSource("rows")
    void tellsWhatChanged(LdapChange row) throws Exception {
        assertTellsWhatChanged(row);
    }

    @ParameterizedTest(name = "{0}", quoteTextArguments = false)
    @MethodSource("some")
    void tellsWhatChangedWithoutALogOfSessions(LdapChange row) throws Exception {
        LDAP.server().configure(sessionLog("delete: olcSpSessionlog"));
        try {
            assertTellsWhatChanged(row);
        } finally {
            LDAP.server().configure(sessionLog("add: olcSpSessionlog", "olcSpSessionlog: 10000"));
        }
    }

    private static String sessionLog(String... lines) {
        return change(
                "olcOverlay={0}syncprov,olcDatabase={1}mdb,cn=config", "changetype: modify", String.join("\n", lines));
    }

    private void assertTellsWhatChanged(LdapChange row) throws Exception {
        LDAP.server().modify(TWO_CUSTOMERS);
        LdapStore store = LDAP.customers();
        HeldRows held = new HeldRows();
        held.load(store);
        assertThat(held.update(store)).as("at rest").isEmpty();
        long before = held.version.orElseThrow();
        LDAP.server().modify(row.ldif());
        assertThat(store.version().orElseThrow()).isGreaterThan(before);
        assertThat(held.update(store)).isEqualTo(row.changed());
        assertThat(held.version).isEqualTo(store.version());
        assertSameAsWhole(held);
        assertThat(held.update(store)).as("once more").isEmpty();
    }

    private void assertSameAsWhole(HeldRows held) throws Exception {
        HeldRows whole = new HeldRows();
        whole.load(LDAP.customers());
        assertThat(held.organizations).isEqualTo(whole.organizations);
        assertThat(held.version).isEqualTo(whole.version);
    }

    @Test
    void seesADeletionBehindARenaming() throws Exception {
        LDAP.server().modify(TWO_CUSTOMERS);
        LdapStore store = LDAP.customers();
        HeldRows held = new HeldRows();
        held.load(store);
        LDAP.server().modify(change(CONTOSO, "changetype: modrdn", "newrdn: o=new", "deleteoldrdn: 1"));
        held.update(store);
        LDAP.server().modify(change("cn=office,o=new," + CUSTOMERS, "changetype: delete"));
        assertThat(held.update(store)).containsExactly("new");
        assertSameAsWhole(held);
    }

    @Test
    void cannotSayWhatChangedSinceAVersionThatItDidNotHandOut() throws Exception {
        LDAP.server().modify(TWO_CUSTOMERS);
        LdapStore store = LDAP.customers();
        HeldRows held = new HeldRows();
        held.load(store);
        assertThat(store.changesSince(held.version.orElseThrow() - 1)).isEmpty();
        assertThat(LDAP.customers().changesSince(held.version.orElseThrow())).isEmpty();
    }

    @Test
    void announcesChangesAlsoAfterARestart() throws Exception {
        LDAP.server().modify(TWO_CUSTOMERS);
        LdapStore store = LDAP.customers();
        assertThat(store.awaitHint(TIMEOUT)).as("at the beginning").isPresent();
        assertThat(store.awaitHint(SHORT)).as("at rest").isEmpty();
        for (LdapChange row : List.of(LdapChange.ALL.get(0), LdapChange.ALL.get(7), LdapChange.ALL.get(3))) {
            LDAP.server().modify(row.ldif());
            assertThat(store.awaitHint(Duration.ofSeconds(5))).as(row.name()).isPresent();
        }
        LDAP.server().modify(LdapChange.ALL.get(12).ldif());
        assertThat(store.awaitHint(SHORT)).as("others").isEmpty();
        LDAP.server().halt();
        LDAP.server().resume();
        assertThat(store.awaitHint(TIMEOUT)).as("after a restart").isPresent();
        LDAP.server().modify(LdapChange.ALL.get(2).ldif());
        assertThat(store.awaitHint(Duration.ofSeconds(5))).isPresent();
    }

    @Test
    void isOneStateAlthoughOthersWrite() throws Exception {
        LDAP.server()
                .modify(IntStream.range(0, 3000)
                        .mapToObj(i ->
                                organization("customer" + i, "orgmilterAcceptedDomains: customer" + i + ".example"))
                        .collect(Collectors.joining()));
        AtomicInteger writes = new AtomicInteger();
        LdapStore store = LDAP.customers();
        HeldRows held = new HeldRows();
        try (Writer writer = new Writer(
                i -> change(
                        "ou=people," + OpenLdapContainer.BASE,
                        "changetype: modify",
                        "replace: description",
                        "description: " + i),
                writes)) {
            writer.awaitWrites(5);
            held.load(store);
        }
        assertThat(held.organizations).hasSize(3000);
        held.update(store);
        assertSameAsWhole(held);
    }

    @Test
    void settlesWhatChangesWhileItIsRead() throws Exception {
        LDAP.server()
                .modify(IntStream.range(0, 3000)
                        .mapToObj(i ->
                                organization("customer" + i, "orgmilterAcceptedDomains: customer" + i + ".example"))
                        .collect(Collectors.joining()));
        AtomicInteger writes = new AtomicInteger();
        LdapStore store = LDAP.customers();
        HeldRows held = new HeldRows();
        try (Writer writer = new Writer(
                i -> change(
                        "o=customer" + i * 7 % 3000 + "," + CUSTOMERS,
                        "changetype: modify",
                        "replace: orgmilterAcceptedDomains",
                        "orgmilterAcceptedDomains: new" + i + ".example"),
                writes)) {
            writer.awaitWrites(5);
            held.load(store);
            held.update(store);
            writer.awaitWrites(writes.get() + 5);
        }
        for (int i = 0; i < 5 && !held.version.equals(store.version()); i++) {
            held.update(store);
        }
        assertSameAsWhole(held);
    }

    /** Changes the directory all the time. */
    private static final class Writer implements AutoCloseable {
        private final AtomicBoolean ended = new AtomicBoolean();
        private final AtomicInteger writes;
        private final Thread thread;

        Writer(IntFunction<String> ldif, AtomicInteger writes) {
            this.writes = writes;
            thread = new Thread(() -> {
                while (!ended.get()) {
                    LDAP.server().modify(ldif.apply(writes.incrementAndGet()));
                }
            });
            thread.start();
        }

        void awaitWrites(int count) {
            await().atMost(TIMEOUT).until(() -> writes.get() >= count);
        }

        @Override
        public void close() {
            ended.set(true);
            await().atMost(TIMEOUT).until(() -> !thread.isAlive());
        }
    }
}
