package io.github.orgmilter.it.directory;

import static io.github.orgmilter.it.directory.LdapBench.SHORT;
import static io.github.orgmilter.it.directory.LdapBench.TIMEOUT;
import static io.github.orgmilter.it.directory.LdapEntries.CUSTOMERS;
import static io.github.orgmilter.it.directory.LdapEntries.TWO_CUSTOMERS;
import static io.github.orgmilter.it.directory.LdapEntries.change;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.orgmilter.directory.StoreException;
import io.github.orgmilter.directory.StoreSettings;
import io.github.orgmilter.directory.StoreSettings.Ldap;
import io.github.orgmilter.it.client.TestCertificates;
import io.github.orgmilter.ldap.LdapSchema;
import io.github.orgmilter.ldap.LdapStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The connection of a store to OpenLDAP")
@Timeout(300)
final class LdapConnectionIT {

    @RegisterExtension
    static final LdapBench LDAP = new LdapBench();

    @TempDir
    private Path folder;

    @Test
    void isReadAgainAfterARestart() throws Exception {
        LDAP.server().modify(TWO_CUSTOMERS);
        LdapStore store = LDAP.customers();
        HeldRows held = new HeldRows();
        held.load(store);
        LDAP.server().halt();
        assertThatThrownBy(store::version)
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("does not accept connections");
        LDAP.server().resume();
        LDAP.server().modify(LdapChange.ALL.get(0).ldif());
        assertThat(held.update(store)).containsExactly("contoso");
        LDAP.server().halt();
        LDAP.server().resume();
        assertThat(store.version()).as("the old connection is closed").isEqualTo(held.version);
    }

    private StoreSettings verified(String url, boolean startTls, String authority) throws IOException {
        Path trust = Files.writeString(folder.resolve("ca.pem"), authority);
        Ldap ldap = LdapSchema.ORGMILTER.below(CUSTOMERS, startTls, Optional.of(trust));
        return LDAP.settings(url, OpenLdapContainer.READER, ldap, TIMEOUT);
    }

    @Test
    void isReadOverTls() throws Exception {
        LDAP.server().modify(TWO_CUSTOMERS);
        for (boolean startTls : List.of(false, true)) {
            HeldRows held = new HeldRows();
            String url = startTls ? LDAP.server().namedUrl() : LDAP.server().tlsUrl();
            held.load(LDAP.store(verified(url, startTls, LDAP.certificates().trustedCaPem())));
            assertThat(held.organizations).containsOnlyKeys("contoso", "fabrikam");
        }
    }

    @ParameterizedTest(name = "with StartTLS: {0}")
    @ValueSource(booleans = {false, true})
    void refusesACertificateForAnotherName(boolean startTls) throws Exception {
        String url = startTls ? LDAP.server().plainUrl() : LDAP.server().wrongNameUrl();
        LdapStore store = LDAP.store(verified(url, startTls, LDAP.certificates().trustedCaPem()));
        assertThatThrownBy(store::version)
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("has a certificate for another name; ");
    }

    @ParameterizedTest(name = "with StartTLS: {0}")
    @ValueSource(booleans = {false, true})
    void refusesACertificateOfAForeignAuthority(boolean startTls) throws Exception {
        String url = startTls ? LDAP.server().namedUrl() : LDAP.server().tlsUrl();
        LdapStore store = LDAP.store(verified(url, startTls, new TestCertificates().trustedCaPem()));
        assertThatThrownBy(store::version)
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("has a certificate that no CA of trust vouches for; ");
    }

    @Test
    void takesANewPasswordFromItsFile() throws Exception {
        LdapStore store = LDAP.customers();
        store.version();
        setPassword("new pass");
        try {
            assertThat(store.version()).as("over the old connection").isPresent();
            LdapStore other = LDAP.customers();
            assertThatThrownBy(other::version)
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("refuses user and password; ")
                    .hasMessageNotContaining(OpenLdapContainer.PASSWORD);
            Files.writeString(LDAP.password(), "new pass\n");
            assertThat(other.version()).isPresent();
        } finally {
            setPassword(OpenLdapContainer.PASSWORD);
        }
    }

    private static void setPassword(String password) {
        LDAP.server()
                .modify(change(
                        OpenLdapContainer.READER,
                        "changetype: modify",
                        "replace: userPassword",
                        "userPassword: " + password));
    }

    @Test
    void waitsForASilentServerNoLongerThanItMay() throws Exception {
        LDAP.server().modify(TWO_CUSTOMERS);
        LdapStore connected = LDAP.customers(LDAP.server().plainUrl(), SHORT);
        HeldRows held = new HeldRows();
        held.load(connected);
        LdapStore plain = LDAP.customers(LDAP.server().plainUrl(), SHORT);
        LdapStore tls = LDAP.store(withTimeout(
                verified(LDAP.server().tlsUrl(), false, LDAP.certificates().trustedCaPem())));
        LdapStore startTls = LDAP.store(withTimeout(
                verified(LDAP.server().namedUrl(), true, LDAP.certificates().trustedCaPem())));
        LDAP.server().pause();
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
            LDAP.server().unpause();
        }
        LDAP.server().modify(LdapChange.ALL.get(0).ldif());
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
        LDAP.server().modify(TWO_CUSTOMERS);
        String none = "ldap://127.0.0.1:1";
        HeldRows held = new HeldRows();
        held.load(LDAP.customers(none + " " + LDAP.server().plainUrl(), TIMEOUT));
        assertThat(held.organizations).containsOnlyKeys("contoso", "fabrikam");
        LdapStore store = LDAP.customers(none + " ldap://127.0.0.1:2", TIMEOUT);
        assertThatThrownBy(store::version)
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("ldap://127.0.0.1:1 does not accept connections")
                .hasMessageContaining("ldap://127.0.0.1:2 does not accept connections");
    }
}
