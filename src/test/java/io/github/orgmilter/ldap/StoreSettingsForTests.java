package io.github.orgmilter.ldap;

import io.github.orgmilter.directory.StoreSettings;
import io.github.orgmilter.directory.StoreSettings.Ldap;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Settings of a store on LDAP, with what only SQL has left empty. */
final class StoreSettingsForTests {

    private StoreSettingsForTests() {}

    static StoreSettings of(
            String url,
            String user,
            Optional<Path> passwordFile,
            boolean allowUnverified,
            Ldap ldap,
            Duration timeout) {
        return new StoreSettings(
                url,
                user,
                passwordFile,
                allowUnverified,
                new StoreSettings.Queries("", Optional.empty(), Optional.empty(), Optional.empty()),
                Optional.empty(),
                "",
                ldap,
                timeout,
                timeout);
    }
}
