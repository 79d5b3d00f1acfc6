package io.github.orgmilter.it.directory;

import io.github.orgmilter.directory.Store;
import io.github.orgmilter.directory.StoreException;
import io.github.orgmilter.directory.StoreSettings;
import io.github.orgmilter.identity.InvalidValueException;
import io.github.orgmilter.rows.Setting;
import io.github.orgmilter.sql.SqlStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes stores, and reads them. */
record Stores(
        String url,
        Optional<Path> password,
        StoreSettings.Queries queries,
        Optional<String> announcing,
        Duration statement) {

    /** Short, but longer than any honest answer takes here. */
    static final Duration TIMEOUT = Duration.ofSeconds(3);

    static final Duration PATIENT = Duration.ofSeconds(60);

    /** The queries that the schema's comments give. */
    static final StoreSettings.Queries OWN = queries("orgmilter_setting");

    static StoreSettings.Queries queries(String table) {
        String select = "SELECT organization, connector, setting, value, since FROM " + table;
        return new StoreSettings.Queries(
                select + " ORDER BY organization",
                Optional.of(select + " WHERE organization = ?"),
                Optional.of("SELECT version FROM orgmilter_version"),
                Optional.of("SELECT DISTINCT organization FROM orgmilter_change WHERE version > ?"));
    }

    static Stores of(DatabaseContainer database, Path password) {
        return new Stores(database.url(), Optional.of(password), OWN, Optional.empty(), PATIENT);
    }

    Stores at(String other) {
        return new Stores(other, password, queries, announcing, statement);
    }

    Stores asking(StoreSettings.Queries others) {
        return new Stores(url, password, others, announcing, statement);
    }

    /** With no other query than this. */
    Stores selecting(String settings) {
        return asking(new StoreSettings.Queries(settings, Optional.empty(), Optional.empty(), Optional.empty()));
    }

    Stores notifiedBy(String other) {
        return new Stores(url, password, queries, Optional.of(other), statement);
    }

    Stores impatient() {
        return new Stores(url, password, queries, announcing, TIMEOUT);
    }

    Store open() throws InvalidValueException {
        return new SqlStore(new StoreSettings(
                url,
                DatabaseContainer.USER,
                password,
                false,
                queries,
                announcing,
                "orgmilter",
                new StoreSettings.Ldap("", "", false, Optional.empty(), "", Optional.empty(), Map.of()),
                TIMEOUT,
                statement));
    }

    /** All rows. */
    static List<Setting> load(Store store) throws StoreException {
        List<Setting> rows = new ArrayList<>();
        store.load(rows::add);
        return rows;
    }

    /** All rows of a store of its own, as {@code organization|connector|setting|value}. */
    List<String> lines() throws StoreException, InvalidValueException {
        try (Store store = open()) {
            return lines(load(store));
        }
    }

    static List<String> lines(List<Setting> rows) {
        return rows.stream()
                .map(row -> String.join("|", row.organization(), row.connector(), row.setting(), row.value()))
                .toList();
    }
}
