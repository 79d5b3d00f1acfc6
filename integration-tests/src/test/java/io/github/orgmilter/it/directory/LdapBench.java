package io.github.orgmilter.it.directory;

import io.github.orgmilter.directory.StoreSettings;
import io.github.orgmilter.directory.StoreSettings.Ldap;
import io.github.orgmilter.identity.InvalidValueException;
import io.github.orgmilter.it.client.TestCertificates;
import io.github.orgmilter.it.mta.MtaContainer;
import io.github.orgmilter.ldap.LdapSchema;
import io.github.orgmilter.ldap.LdapStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** An OpenLDAP for a class of tests, empty before each of them, and stores that read it. */
final class LdapBench implements BeforeAllCallback, AfterAllCallback, BeforeEachCallback, AfterEachCallback {

    static final Duration TIMEOUT = Duration.ofSeconds(20);
    static final Duration SHORT = Duration.ofSeconds(2);

    private final TestCertificates certificates = new TestCertificates();
    private final List<LdapStore> stores = new ArrayList<>();
    private OpenLdapContainer server;
    private Path password;

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        MtaContainer.removeLeftovers();
        server = new OpenLdapContainer(certificates);
        server.start();
        password = Files.createTempFile("orgmilter-it", ".password");
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        server.stop();
        Files.deleteIfExists(password);
    }

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        Files.writeString(password, OpenLdapContainer.PASSWORD + "\n");
    }

    @Override
    public void afterEach(ExtensionContext context) {
        stores.forEach(LdapStore::close);
        stores.clear();
        for (String base : List.of(LdapEntries.CUSTOMERS, LdapEntries.DOMAINS, LdapEntries.COMPANIES)) {
            server.deleteBelow(base);
        }
    }

    OpenLdapContainer server() {
        return server;
    }

    TestCertificates certificates() {
        return certificates;
    }

    /** The file with the reader's password. */
    Path password() {
        return password;
    }

    StoreSettings settings(String url, String user, Ldap ldap, Duration timeout) {
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

    /** A store that is closed after the test. */
    LdapStore store(StoreSettings settings) throws InvalidValueException {
        LdapStore store = new LdapStore(settings);
        stores.add(store);
        return store;
    }

    LdapStore store(LdapSchema schema, String base) throws InvalidValueException {
        return store(settings(
                server.plainUrl(), OpenLdapContainer.READER, schema.below(base, false, Optional.empty()), TIMEOUT));
    }

    LdapStore customers() throws InvalidValueException {
        return store(LdapSchema.ORGMILTER, LdapEntries.CUSTOMERS);
    }

    LdapStore customers(String url, Duration timeout) throws InvalidValueException {
        Ldap ldap = LdapSchema.ORGMILTER.below(LdapEntries.CUSTOMERS, false, Optional.empty());
        return store(settings(url, OpenLdapContainer.READER, ldap, timeout));
    }
}
