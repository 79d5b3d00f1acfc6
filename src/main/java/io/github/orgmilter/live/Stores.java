package io.github.orgmilter.live;

import io.github.orgmilter.directory.Store;
import io.github.orgmilter.directory.StoreSettings;
import io.github.orgmilter.identity.InvalidValueException;
import io.github.orgmilter.ldap.LdapStore;
import io.github.orgmilter.sql.SqlStore;

/** The store that a configuration names. */
public final class Stores {

    private Stores() {}

    /** Makes it, and connects to nothing yet. What is wrong with the settings was an error of the configuration. */
    public static Store of(StoreSettings settings) {
        try {
            return settings.url().startsWith("ldap") ? new LdapStore(settings) : new SqlStore(settings);
        } catch (InvalidValueException e) {
            throw new IllegalArgumentException(e.problem(), e);
        }
    }
}
