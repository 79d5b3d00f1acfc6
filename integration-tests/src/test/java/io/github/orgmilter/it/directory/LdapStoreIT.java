package io.github.orgmilter.it.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.unboundid.ldap.sdk.RDN;
import io.github.orgmilter.directory.Store.Changes;
import io.github.orgmilter.directory.StoreException;
import io.github.orgmilter.directory.StoreSettings;
import io.github.orgmilter.directory.StoreSettings.Ldap;
import io.github.orgmilter.identity.InvalidValueException;
import io.github.orgmilter.it.client.TestCertificates;
import io.github.orgmilter.it.mta.MtaContainer;
import io.github.orgmilter.ldap.LdapSchema;
import io.github.orgmilter.ldap.LdapStore;
import io.github.orgmilter.rows.Setting;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A store on OpenLDAP")
@Timeout(300)
final class LdapStoreIT {

    private static final String CUSTOMERS = "ou=customers," + OpenLdapContainer.BASE;
    private static final String DOMAINS = "o=domains," + OpenLdapContainer.BASE;
    private static final String COMPANIES = "ou=companies," + OpenLdapContainer.BASE;
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofSeconds(2);

    private static final TestCertificates CERTIFICATES = new TestCertificates();
    private static OpenLdapContainer server;

    @TempDir
    private Path folder;

    private Path password;
    private final List<LdapStore> stores = new ArrayList<>();

    @BeforeAll
    static void startServer() throws IOException {
        MtaContainer.removeLeftovers();
        server = new OpenLdapContainer(CERTIFICATES);
        server.start();
    }

    @AfterAll
    static void stopServer() {
        server.stop();
    }

    @BeforeEach
    void writePassword() throws IOException {
        password = Files.writeString(folder.resolve("password"), OpenLdapContainer.PASSWORD + "\n");
    }

    @AfterEach
    void empty() {
        stores.forEach(LdapStore::close);
        for (String base : List.of(CUSTOMERS, DOMAINS, COMPANIES)) {
            server.deleteBelow(base);
        }
    }

    private StoreSettings settings(String url, String user, Ldap ldap, Duration timeout) {
        return new StoreSettings(
                url,
                user,
                Optional.of(password),
                false,
                new StoreSettings.Queries("", Optional.empty(), Optional.empty(), Optional.empty()),
                Optional.empty(),
                "",
                ldap,
                timeout,
                timeout);
    }

    private LdapStore store(StoreSettings settings) throws InvalidValueException {
        LdapStore store = new LdapStore(settings);
        stores.add(store);
        return store;
    }

    private LdapStore store(LdapSchema schema, String base) throws InvalidValueException {
        return store(settings(
                server.plainUrl(), OpenLdapContainer.READER, schema.below(base, false, Optional.empty()), TIMEOUT));
    }

    private LdapStore customers() throws InvalidValueException {
        return store(LdapSchema.ORGMILTER, CUSTOMERS);
    }

    private LdapStore customers(String url, Duration timeout) throws InvalidValueException {
        Ldap ldap = LdapSchema.ORGMILTER.below(CUSTOMERS, false, Optional.empty());
        return store(settings(url, OpenLdapContainer.READER, ldap, timeout));
    }

    /** What a consumer holds: {@code connector setting=value} by organization. */
    private static final class Held {
        private final Map<String, Set<String>> organizations = new TreeMap<>();
        private final Set<String> ended = new TreeSet<>();
        private String last = "";
        private OptionalLong version = OptionalLong.empty();

        private void load(LdapStore store) throws StoreException {
            organizations.clear();
            ended.clear();
            last = "";
            version = store.load(this::add);
        }

        private void add(Setting row) {
            if (!row.organization().equals(last)) {
                ended.add(last);
                assertThat(ended).as("rows come together").doesNotContain(row.organization());
                last = row.organization();
            }
            organizations
                    .computeIfAbsent(row.organization(), name -> new TreeSet<>())
                    .add(text(row));
        }

        /** What changed. */
        private Set<String> update(LdapStore store) throws StoreException {
            Changes changes = store.changesSince(version.orElseThrow()).orElseThrow();
            version = OptionalLong.of(changes.version());
            changes.organizations().forEach((name, rows) -> {
                organizations.remove(name);
                if (!rows.isEmpty()) {
                    organizations.put(
                            name, rows.stream().map(Held::text).collect(Collectors.toCollection(TreeSet::new)));
                }
            });
            return new TreeSet<>(changes.organizations().keySet());
        }

        private static String text(Setting row) {
            return (row.connector() + " " + row.setting() + "=" + row.value()).strip();
        }
    }

    private static String organization(String name, String... lines) {
        return """
                dn: o=%s,%s
                changetype: add
                objectClass: organization
                objectClass: orgmilterOrganization
                %s

                """.formatted(name, CUSTOMERS, String.join("\n", lines));
    }

    private static String connector(String organization, String name, String... lines) {
        return """
                dn: cn=%s,o=%s,%s
                changetype: add
                objectClass: orgmilterConnector
                %s

                """.formatted(name, organization, CUSTOMERS, String.join("\n", lines));
    }

    private static String change(String dn, String... lines) {
        return "dn: " + dn + "\n" + String.join("\n", lines) + "\n\n";
    }

    private static final String TWO_CUSTOMERS = organization(
                    "contoso",
                    "orgmilterAcceptedDomains: contoso.com",
                    "orgmilterAcceptedDomains: contoso.net subdomains",
                    "orgmilterSenderProtection: all")
            + organization("fabrikam", "orgmilterAcceptedDomains: fabrikam.com")
            // Of the first customer, behind the second.
            + connector("contoso", "headquarters", "orgmilterCertificateNames: mail.contoso.com")
            + connector(
                    "contoso",
                    "office",
                    "orgmilterAddresses: 198.51.100.0/28",
                    "orgmilterSetting: mode = audit",
                    "orgmilterSetting: required-headers.X-OriginatorOrg=contoso.com");

    @Test
    void hasTheCustomersOfOurOwnSchema() throws Exception {
        server.modify(TWO_CUSTOMERS);
        Held held = new Held();
        held.load(customers());
        assertThat(held.organizations)
                .isEqualTo(Map.of(
                        "contoso",
                        Set.of(
                                "accepted-domains=contoso.com",
                                "accepted-domains=contoso.net subdomains",
                                "sender-protection=all",
                                "headquarters certificate-names=mail.contoso.com",
                                "office addresses=198.51.100.0/28",
                                "office mode=audit",
                                "office required-headers.X-OriginatorOrg=contoso.com"),
                        "fabrikam",
                        Set.of("accepted-domains=fabrikam.com")));
        assertThat(held.version).isPresent();
        assertThat(customers().version()).isEqualTo(held.version);
    }

    @Test
    void hasMoreEntriesThanAPage() throws Exception {
        int count = 2500;
        server.modify(IntStream.range(0, count)
                .mapToObj(i -> organization("customer" + i, "orgmilterAcceptedDomains: customer" + i + ".example"))
                .collect(Collectors.joining()));
        Held held = new Held();
        held.load(customers());
        assertThat(held.organizations)
                .hasSize(count)
                .containsEntry("customer2499", Set.of("accepted-domains=customer2499.example"));
    }

    /**
     * A change.
     *
     * @param ldif what is done to the two customers
     * @param changed the organizations that are announced
     */
    private record Row(String name, String ldif, Set<String> changed) {
        @Override
        public String toString() {
            return name;
        }
    }

    // spotless:off
    private static final String CONTOSO = "o=contoso," + CUSTOMERS;
    private static final List<Row> ROWS = List.of(
            new Row("a domain is added",
                    change(CONTOSO, "changetype: modify", "add: orgmilterAcceptedDomains", "orgmilterAcceptedDomains: contoso.org"), Set.of("contoso")),
            new Row("a domain is removed",
                    change(CONTOSO, "changetype: modify", "delete: orgmilterAcceptedDomains", "orgmilterAcceptedDomains: contoso.com"), Set.of("contoso")),
            new Row("a customer is added", organization("litware", "orgmilterAcceptedDomains: litware.example"), Set.of("litware")),
            new Row("a customer is deleted", change("o=fabrikam," + CUSTOMERS, "changetype: delete"), Set.of("fabrikam")),
            new Row("a customer is renamed, with its connectors",
                    change(CONTOSO, "changetype: modrdn", "newrdn: o=contoso-group", "deleteoldrdn: 1"), Set.of("contoso", "contoso-group")),
            new Row("a connector is added", connector("fabrikam", "new", "orgmilterAddresses: 192.0.2.1"), Set.of("fabrikam")),
            new Row("a connector is changed",
                    change("cn=office," + CONTOSO, "changetype: modify", "replace: orgmilterEnabled", "orgmilterEnabled: false"), Set.of("contoso")),
            new Row("a connector is deleted", change("cn=office," + CONTOSO, "changetype: delete"), Set.of("contoso")),
            new Row("a connector is renamed",
                    change("cn=office," + CONTOSO, "changetype: modrdn", "newrdn: cn=annex", "deleteoldrdn: 1"), Set.of("contoso")),
            new Row("a connector is moved to another customer",
                    change("cn=office," + CONTOSO, "changetype: modrdn", "newrdn: cn=office", "deleteoldrdn: 1", "newsuperior: o=fabrikam," + CUSTOMERS),
                    Set.of("contoso", "fabrikam")),
            new Row("a renamed customer's connector is deleted",
                    change(CONTOSO, "changetype: modrdn", "newrdn: o=new", "deleteoldrdn: 1") + change("cn=office,o=new," + CUSTOMERS, "changetype: delete"),
                    Set.of("contoso", "new")),
            new Row("a customer is one no more, and its connectors go with it",
                    change(CONTOSO, "changetype: modify", "delete: objectClass", "objectClass: orgmilterOrganization", "-",
                            "delete: orgmilterAcceptedDomains", "-", "delete: orgmilterSenderProtection"), Set.of("contoso")),
            new Row("only others are changed",
                    change("ou=people," + OpenLdapContainer.BASE, "changetype: modify", "replace: description", "description: changed"), Set.of()));
    // spotless:on

    static List<Row> rows() {
        return ROWS;
    }

    @ParameterizedTest(name = "{0}", quoteTextArguments = false)
    @MethodSource("rows")
    void tellsWhatChanged(Row row) throws Exception {
        assertTellsWhatChanged(row);
    }

    @ParameterizedTest(name = "{0}", quoteTextArguments = false)
    @MethodSource("rows")
    void tellsWhatChangedWithoutALogOfSessions(Row row) throws Exception {
        server.configure(sessionLog("delete: olcSpSessionlog"));
        try {
            assertTellsWhatChanged(row);
        } finally {
            server.configure(sessionLog("add: olcSpSessionlog", "olcSpSessionlog: 10000"));
        }
    }

    private static String sessionLog(String... lines) {
        return change(
                "olcOverlay={0}syncprov,olcDatabase={1}mdb,cn=config", "changetype: modify", String.join("\n", lines));
    }

    private void assertTellsWhatChanged(Row row) throws Exception {
        server.modify(TWO_CUSTOMERS);
        LdapStore store = customers();
        Held held = new Held();
        held.load(store);
        assertThat(held.update(store)).as("at rest").isEmpty();
        long before = held.version.orElseThrow();
        server.modify(row.ldif());
        assertThat(store.version().orElseThrow()).isGreaterThan(before);
        assertThat(held.update(store)).isEqualTo(row.changed());
        assertThat(held.version).isEqualTo(store.version());
        assertSameAsWhole(held);
        assertThat(held.update(store)).as("once more").isEmpty();
    }

    private void assertSameAsWhole(Held held) throws Exception {
        Held whole = new Held();
        whole.load(customers());
        assertThat(held.organizations).isEqualTo(whole.organizations);
        assertThat(held.version).isEqualTo(whole.version);
    }

    @Test
    void seesADeletionBehindARenaming() throws Exception {
        server.modify(TWO_CUSTOMERS);
        LdapStore store = customers();
        Held held = new Held();
        held.load(store);
        server.modify(change(CONTOSO, "changetype: modrdn", "newrdn: o=new", "deleteoldrdn: 1"));
        held.update(store);
        server.modify(change("cn=office,o=new," + CUSTOMERS, "changetype: delete"));
        assertThat(held.update(store)).containsExactly("new");
        assertSameAsWhole(held);
    }

    @Test
    void cannotSayWhatChangedSinceAVersionThatItDidNotHandOut() throws Exception {
        server.modify(TWO_CUSTOMERS);
        LdapStore store = customers();
        Held held = new Held();
        held.load(store);
        assertThat(store.changesSince(held.version.orElseThrow() - 1)).isEmpty();
        assertThat(customers().changesSince(held.version.orElseThrow())).isEmpty();
    }

    @Test
    void announcesChangesAlsoAfterARestart() throws Exception {
        server.modify(TWO_CUSTOMERS);
        LdapStore store = customers();
        assertThat(store.awaitHint(TIMEOUT)).as("at the beginning").isPresent();
        assertThat(store.awaitHint(SHORT)).as("at rest").isEmpty();
        for (Row row : List.of(ROWS.get(0), ROWS.get(7), ROWS.get(3))) {
            server.modify(row.ldif());
            assertThat(store.awaitHint(Duration.ofSeconds(5))).as(row.name()).isPresent();
        }
        server.modify(ROWS.get(12).ldif());
        assertThat(store.awaitHint(SHORT)).as("others").isEmpty();
        server.halt();
        server.resume();
        assertThat(store.awaitHint(TIMEOUT)).as("after a restart").isPresent();
        server.modify(ROWS.get(2).ldif());
        assertThat(store.awaitHint(Duration.ofSeconds(5))).isPresent();
    }

    @Test
    void isReadAgainAfterARestart() throws Exception {
        server.modify(TWO_CUSTOMERS);
        LdapStore store = customers();
        Held held = new Held();
        held.load(store);
        server.halt();
        assertThatThrownBy(store::version)
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("does not accept connections");
        server.resume();
        server.modify(ROWS.get(0).ldif());
        assertThat(held.update(store)).containsExactly("contoso");
        server.halt();
        server.resume();
        assertThat(store.version()).as("the old connection is closed").isEqualTo(held.version);
    }

    @Test
    void isNeverPartOfTheWhole() throws Exception {
        server.modify(IntStream.range(0, 600)
                .mapToObj(i -> organization("customer" + i))
                .collect(Collectors.joining()));
        Ldap ldap = LdapSchema.ORGMILTER.below(CUSTOMERS, false, Optional.empty());
        LdapStore store = store(settings(server.plainUrl(), OpenLdapContainer.LIMITED, ldap, TIMEOUT));
        assertThatThrownBy(() -> store.load(row -> {}))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("cuts the answer off at its size limit; ")
                .hasMessageContaining("olcLimits");
    }

    @Test
    void followsNoReferral() throws Exception {
        server.modify(TWO_CUSTOMERS
                + change(
                        "ou=elsewhere," + CUSTOMERS,
                        "changetype: add",
                        "objectClass: referral",
                        "objectClass: extensibleObject",
                        "ou: elsewhere",
                        "ref: ldap://127.0.0.2/ou=elsewhere"));
        LdapStore store = customers();
        assertThatThrownBy(() -> store.load(row -> {}))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("refers to another server");
    }

    @Test
    void isOneStateAlthoughOthersWrite() throws Exception {
        server.modify(IntStream.range(0, 3000)
                .mapToObj(i -> organization("customer" + i, "orgmilterAcceptedDomains: customer" + i + ".example"))
                .collect(Collectors.joining()));
        AtomicInteger writes = new AtomicInteger();
        LdapStore store = customers();
        Held held = new Held();
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
        server.modify(IntStream.range(0, 3000)
                .mapToObj(i -> organization("customer" + i, "orgmilterAcceptedDomains: customer" + i + ".example"))
                .collect(Collectors.joining()));
        AtomicInteger writes = new AtomicInteger();
        LdapStore store = customers();
        Held held = new Held();
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
                    server.modify(ldif.apply(writes.incrementAndGet()));
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

    private StoreSettings verified(String url, boolean startTls, String authority) throws IOException {
        Path trust = Files.writeString(folder.resolve("ca.pem"), authority);
        Ldap ldap = LdapSchema.ORGMILTER.below(CUSTOMERS, startTls, Optional.of(trust));
        return settings(url, OpenLdapContainer.READER, ldap, TIMEOUT);
    }

    @Test
    void isReadOverTls() throws Exception {
        server.modify(TWO_CUSTOMERS);
        for (boolean startTls : List.of(false, true)) {
            Held held = new Held();
            String url = startTls ? server.namedUrl() : server.tlsUrl();
            held.load(store(verified(url, startTls, CERTIFICATES.trustedCaPem())));
            assertThat(held.organizations).containsOnlyKeys("contoso", "fabrikam");
        }
    }

    @ParameterizedTest(name = "with StartTLS: {0}")
    @ValueSource(booleans = {false, true})
    void refusesACertificateForAnotherName(boolean startTls) throws Exception {
        String url = startTls ? server.plainUrl() : server.wrongNameUrl();
        LdapStore store = store(verified(url, startTls, CERTIFICATES.trustedCaPem()));
        assertThatThrownBy(store::version)
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("has a certificate for another name; ");
    }

    @ParameterizedTest(name = "with StartTLS: {0}")
    @ValueSource(booleans = {false, true})
    void refusesACertificateOfAForeignAuthority(boolean startTls) throws Exception {
        String url = startTls ? server.namedUrl() : server.tlsUrl();
        LdapStore store = store(verified(url, startTls, new TestCertificates().trustedCaPem()));
        assertThatThrownBy(store::version)
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("has a certificate that no CA of trust vouches for; ");
    }

    @Test
    void takesANewPasswordFromItsFile() throws Exception {
        LdapStore store = customers();
        store.version();
        setPassword("new pass");
        try {
            assertThat(store.version()).as("over the old connection").isPresent();
            LdapStore other = customers();
            assertThatThrownBy(other::version)
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("refuses user and password; ")
                    .hasMessageNotContaining(OpenLdapContainer.PASSWORD);
            Files.writeString(password, "new pass\n");
            assertThat(other.version()).isPresent();
        } finally {
            setPassword(OpenLdapContainer.PASSWORD);
        }
    }

    private static void setPassword(String password) {
        server.modify(change(
                OpenLdapContainer.READER, "changetype: modify", "replace: userPassword", "userPassword: " + password));
    }

    @Test
    void waitsForASilentServerNoLongerThanItMay() throws Exception {
        server.modify(TWO_CUSTOMERS);
        LdapStore connected = customers(server.plainUrl(), SHORT);
        Held held = new Held();
        held.load(connected);
        LdapStore plain = customers(server.plainUrl(), SHORT);
        LdapStore tls = store(withTimeout(verified(server.tlsUrl(), false, CERTIFICATES.trustedCaPem())));
        LdapStore startTls = store(withTimeout(verified(server.namedUrl(), true, CERTIFICATES.trustedCaPem())));
        server.pause();
        try {
            for (LdapStore store : List.of(connected, plain, tls, startTls)) {
                long begun = System.nanoTime();
                assertThatThrownBy(store::version)
                        .isInstanceOf(StoreException.class)
                        .hasMessageContaining("does not answer in time");
                assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(TIMEOUT);
            }
            assertThat(connected.awaitHint(Duration.ofMillis(100))).isEmpty();
        } finally {
            server.unpause();
        }
        server.modify(ROWS.get(0).ldif());
        assertThat(held.update(connected)).containsExactly("contoso");
    }

    private static StoreSettings withTimeout(StoreSettings it) {
        return new StoreSettings(
                it.url(),
                it.user(),
                it.passwordFile(),
                it.allowUnverified(),
                it.queries(),
                it.notifyUrl(),
                it.notifyChannel(),
                it.ldap(),
                SHORT,
                SHORT);
    }

    @Test
    void usesTheFirstServerThatWorks() throws Exception {
        server.modify(TWO_CUSTOMERS);
        String none = "ldap://127.0.0.1:1";
        Held held = new Held();
        held.load(customers(none + " " + server.plainUrl(), TIMEOUT));
        assertThat(held.organizations).containsOnlyKeys("contoso", "fabrikam");
        LdapStore store = customers(none + " ldap://127.0.0.1:2", TIMEOUT);
        assertThatThrownBy(store::version)
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("ldap://127.0.0.1:1 does not accept connections")
                .hasMessageContaining("ldap://127.0.0.1:2 does not accept connections");
    }

    private static String mailDomain(String name, String... lines) {
        return change(
                "domainName=" + name + "," + DOMAINS,
                "changetype: add",
                "objectClass: mailDomain",
                String.join("\n", lines));
    }

    @Test
    void hasTheDomainsOfIRedMail() throws Exception {
        server.modify(mailDomain(
                        "contoso.com",
                        "accountStatus: active",
                        "enabledService: mail",
                        "domainAliasName: contoso.net",
                        "domainAliasName: contoso.org")
                + mailDomain("fabrikam.com", "accountStatus: active", "enabledService: mail", "domainBackupMX: yes")
                + mailDomain("litware.example", "accountStatus: disabled", "enabledService: mail"));
        LdapStore store = store(LdapSchema.IREDMAIL, DOMAINS);
        Held held = new Held();
        held.load(store);
        Set<String> contoso =
                Set.of("accepted-domains=contoso.com", "accepted-domains=contoso.net", "accepted-domains=contoso.org");
        assertThat(held.organizations)
                .isEqualTo(Map.of("contoso.com", contoso, "fabrikam.com", Set.of("accepted-domains=fabrikam.com")));
        server.modify(change(
                        "domainName=contoso.com," + DOMAINS,
                        "changetype: modify",
                        "replace: accountStatus",
                        "accountStatus: disabled")
                + change(
                        "domainName=litware.example," + DOMAINS,
                        "changetype: modify",
                        "replace: accountStatus",
                        "accountStatus: active"));
        assertThat(held.update(store)).containsExactly("contoso.com", "litware.example");
        assertThat(held.organizations).containsOnlyKeys("fabrikam.com", "litware.example");
    }

    @Test
    void hasAssociatedDomains() throws Exception {
        String contoso = "objectClass: organization\nobjectClass: domainRelatedObject\no: Contoso";
        server.modify(change(
                        "o=Contoso," + COMPANIES,
                        "changetype: add",
                        contoso,
                        "associatedDomain: contoso.com",
                        "associatedDomain: contoso.net")
                // A second entry of the same organization.
                + change("ou=branch," + COMPANIES, "changetype: add", "objectClass: organizationalUnit", "ou: branch")
                + change(
                        "o=Contoso,ou=branch," + COMPANIES,
                        "changetype: add",
                        contoso,
                        "associatedDomain: contoso.org"));
        LdapStore store = store(LdapSchema.ASSOCIATED_DOMAIN, COMPANIES);
        Held held = new Held();
        held.load(store);
        assertThat(held.organizations)
                .isEqualTo(Map.of(
                        "Contoso",
                        Set.of(
                                "accepted-domains=contoso.com",
                                "accepted-domains=contoso.net",
                                "accepted-domains=contoso.org")));
        server.modify(change(
                "o=Contoso," + COMPANIES,
                "changetype: modify",
                "delete: associatedDomain",
                "associatedDomain: contoso.net"));
        assertThat(held.update(store)).containsExactly("Contoso");
        assertThat(held.organizations.get("Contoso"))
                .containsExactlyInAnyOrder("accepted-domains=contoso.com", "accepted-domains=contoso.org");
    }

    private static String base64(String name, String value) {
        return name + ":: " + Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "a*b",
                "(|(o=*))",
                "back\\slash",
                "com,ma",
                "pl+us",
                "quo\"te",
                "Bücher",
                "#hash",
                "semi;colon <less>",
                "partner/x"
            })
    void takesNamesAsTheyAre(String name) throws Exception {
        String dn = new RDN("o", name) + "," + CUSTOMERS;
        server.modify(change(
                        dn,
                        "changetype: add",
                        "objectClass: organization",
                        "objectClass: orgmilterOrganization",
                        "orgmilterAcceptedDomains: a.example")
                + organization("other", "orgmilterAcceptedDomains: other.example"));
        LdapStore store = customers();
        Held held = new Held();
        held.load(store);
        assertThat(held.organizations).containsOnlyKeys(name, "other");
        server.modify(change(
                dn, "changetype: modify", "replace: orgmilterAcceptedDomains", "orgmilterAcceptedDomains: b.example"));
        assertThat(held.update(store)).containsExactly(name);
        assertThat(held.organizations.get(name)).containsExactly("accepted-domains=b.example");
    }

    @Test
    void handsOnWhatIsNoSettingForItsReaderToRefuse() throws Exception {
        server.modify(organization(
                        "contoso",
                        "orgmilterAcceptedDomains: contoso.com",
                        base64("orgmilterSetting", "mode = au\0dit"),
                        base64("orgmilterSetting", "nonsense"),
                        base64("orgmilterDelegatedDomains", " \u0007bell\r\n"),
                        base64("orgmilterSenderProtection", "x".repeat(1024 * 1024)))
                + organization("fabrikam", "orgmilterAcceptedDomains: fabrikam.com"));
        Held held = new Held();
        held.load(customers());
        assertThat(held.organizations.get("contoso"))
                .containsExactlyInAnyOrder(
                        "accepted-domains=contoso.com",
                        "mode=au\0dit",
                        "nonsense=",
                        "delegated-domains= \u0007bell",
                        "sender-protection=\0more than 4096 characters");
        assertThat(held.organizations.get("fabrikam")).containsExactly("accepted-domains=fabrikam.com");
    }
}
