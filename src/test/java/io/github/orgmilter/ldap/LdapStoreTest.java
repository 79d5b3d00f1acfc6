package io.github.orgmilter.ldap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.unboundid.ldap.listener.InMemoryDirectoryServer;
import com.unboundid.ldap.listener.InMemoryDirectoryServerConfig;
import io.github.orgmilter.directory.StoreException;
import io.github.orgmilter.directory.StoreSettings.Ldap;
import io.github.orgmilter.rows.Setting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a plain LDAP server without {@code contextCSN} shows; LdapContentsIT and others have OpenLDAP. */
@DisplayName("A store on an LDAP server without contextCSN")
final class LdapStoreTest {

    private static final String BASE = "dc=example,dc=net";
    private static final String USER = "cn=orgmilter," + BASE;
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final Ldap LDAP = new Ldap(
            BASE,
            "(|(description=*)(telephoneNumber=*))",
            false,
            Optional.empty(),
            "o",
            Optional.of("cn"),
            Map.of("description", List.of("*"), "telephoneNumber", List.of("addresses")));

    @TempDir
    private Path folder;

    private Path password;
    private InMemoryDirectoryServer server;

    @BeforeEach
    void start() throws Exception {
        InMemoryDirectoryServerConfig config = new InMemoryDirectoryServerConfig(BASE);
        config.addAdditionalBindCredentials(USER, "secret");
        config.setSchema(null);
        server = new InMemoryDirectoryServer(config);
        server.startListening();
        server.add("dn: " + BASE, "objectClass: domain", "dc: example");
        password = Files.writeString(folder.resolve("password"), "secret\n");
    }

    @AfterEach
    void stop() {
        server.shutDown(true);
    }

    private LdapStore store(String url, Duration timeout) throws Exception {
        return new LdapStore(StoreSettingsForTests.of(url, USER, Optional.of(password), false, LDAP, timeout));
    }

    private LdapStore store() throws Exception {
        return store("ldap://127.0.0.1:" + server.getListenPort(), TIMEOUT);
    }

    private void add(String dn, String... attributes) throws Exception {
        List<String> lines = new ArrayList<>(List.of("dn: " + dn + "," + BASE, "objectClass: organization"));
        lines.addAll(List.of(attributes));
        server.add(lines.toArray(String[]::new));
    }

    private static List<String> load(LdapStore store) throws StoreException {
        List<Setting> rows = new ArrayList<>();
        assertThat(store.load(rows::add)).isEmpty();
        return rows.stream()
                .map(row -> row.organization() + "|" + row.connector() + "|" + row.setting() + "|" + row.value())
                .sorted()
                .toList();
    }

    @Test
    void knowsWhoseAnEntryIs() throws Exception {
        add("o=contoso", "description: accepted-domains = contoso.com", "description: nonsense");
        add("cn=office,o=contoso", "telephoneNumber: 192.0.2.1", "o: fabrikam");
        add("cn=orphan", "telephoneNumber: 192.0.2.2", "o: fabrikam", "o: adatum");
        add("o=outside", "l: not in the filter");
        add("cn=lost,o=outside", "telephoneNumber: 192.0.2.3");
        add("ou=nameless", "telephoneNumber: 192.0.2.4");
        try (LdapStore store = store()) {
            assertThat(load(store))
                    .containsExactly(
                            "adatum||addresses|192.0.2.2",
                            "contoso|office|addresses|192.0.2.1",
                            "contoso||accepted-domains|contoso.com",
                            "contoso||nonsense|",
                            "||addresses|192.0.2.4");
            assertThat(store.version()).isEmpty();
            assertThat(store.changesSince(1)).isEmpty();
            assertThat(store.awaitHint(Duration.ofMillis(1))).isEmpty();
        }
    }

    @Test
    void hasAllPages() throws Exception {
        for (int i = 0; i < 2001; i++) {
            add("o=customer" + i, "telephoneNumber: 192.0.2.1");
        }
        try (LdapStore store = store()) {
            assertThat(load(store)).hasSize(2001);
        }
    }

    @Test
    void connectsAgainWhereTheConnectionWasClosed() throws Exception {
        try (LdapStore store = store()) {
            assertThat(load(store)).isEmpty();
            int port = server.getListenPort();
            server.closeAllConnections(true);
            assertThat(server.getListenPort()).isEqualTo(port);
            assertThat(load(store)).isEmpty();
        }
    }

    @Test
    void keepsThePasswordToItself() throws Exception {
        Files.writeString(password, "wrong secret");
        try (LdapStore store = store()) {
            assertThatThrownBy(store::version)
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("refuses user and password; correct user")
                    .hasMessageNotContaining("secret")
                    .hasNoCause();
        }
    }

    @Test
    void wantsAPassword() throws Exception {
        Files.writeString(password, "\n");
        try (LdapStore store = store()) {
            assertThatThrownBy(store::version)
                    .hasMessageContaining("password is empty; write the password of user into it");
        }
        Files.delete(password);
        try (LdapStore store = store()) {
            assertThatThrownBy(store::version)
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("password");
        }
    }

    @Test
    void saysThatTheBaseIsNotThere() throws Exception {
        server.delete(BASE);
        try (LdapStore store = store()) {
            assertThatThrownBy(() -> load(store))
                    .hasMessageContaining("has no entry at base, or hides it from this user; ");
        }
    }

    @Tag("slow")
    @Test
    @Timeout(60)
    void doesNotWaitForAServerThatNeverAnswers() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
            for (String scheme : List.of("ldap", "ldaps")) {
                try (LdapStore store = store(scheme + "://127.0.0.1:" + silent.getLocalPort(), Duration.ofSeconds(1))) {
                    assertThatThrownBy(store::version)
                            .isInstanceOf(StoreException.class)
                            .hasMessageContaining("does not answer in time");
                }
            }
        }
    }

    @Tag("slow")
    @Test
    @Timeout(60)
    void doesNotWaitForAServerThatBeginsTlsAndIsSilentThen() throws Exception {
        byte[] success = {0x30, 0x0c, 2, 1, 1, 0x78, 7, 0x0a, 1, 0, 4, 0, 4, 0};
        try (ServerSocket listening = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
            Thread server = new Thread(() -> {
                try {
                    Socket socket = listening.accept();
                    socket.getInputStream().readNBytes(31); // the request
                    socket.getOutputStream().write(success);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            server.start();
            Ldap ldap = LdapSchema.ORGMILTER.below(BASE, true, Optional.empty());
            try (LdapStore store = new LdapStore(StoreSettingsForTests.of(
                    "ldap://127.0.0.1:" + listening.getLocalPort(),
                    USER,
                    Optional.of(password),
                    false,
                    ldap,
                    Duration.ofSeconds(1)))) {
                assertThatThrownBy(store::version)
                        .isInstanceOf(StoreException.class)
                        .hasMessageContaining("does not answer in time");
            }
            server.join();
        }
    }

    @Test
    void asksNothingOnceItIsClosed() throws Exception {
        LdapStore store = store();
        store.close();
        assertThatThrownBy(store::version).hasMessageContaining("closed");
    }
}
