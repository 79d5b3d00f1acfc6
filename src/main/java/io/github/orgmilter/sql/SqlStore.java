package io.github.orgmilter.sql;

import io.github.orgmilter.directory.Store;
import io.github.orgmilter.directory.StoreException;
import io.github.orgmilter.directory.StoreSettings;
import io.github.orgmilter.identity.InvalidValueException;
import io.github.orgmilter.rows.Setting;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A database as a store. It has one connection, which it keeps, one while it reads everything, and one where it listens to announcements.
 *
 * <p>Rows are less trusted than the configuration. A row that cannot be a setting comes as one that its reader
 * refuses (see {@link Rows}); only a result that is none at all, such as one with other columns, is an exception.
 */
public final class SqlStore implements Store {

    /** More changed organizations than this are read by a whole load, which does not keep them all in memory. */
    static final int MOST_CHANGES = 10_000;

    /** The same for rows of changed organizations. */
    static final int MOST_ROWS = 200_000;

    /** A whole load takes at most so many times an answer's time. */
    private static final int LOAD_ANSWERS = 20;

    private final StoreSettings settings;
    private final Session session;
    private final Session loading;
    private final Database.Timeouts timeouts;
    private final Optional<Announcements> announcements;

    /** @throws InvalidValueException as {@link #check} */
    public SqlStore(StoreSettings settings) throws InvalidValueException {
        check(settings);
        this.settings = settings;
        SqlUrl url = SqlUrl.parse(settings.url());
        Database database = Database.of(url.product());
        timeouts = new Database.Timeouts(
                settings.connectTimeout(),
                settings.statementTimeout(),
                settings.statementTimeout().multipliedBy(LOAD_ANSWERS));
        session = new Session(url, database, timeouts, () -> connect(database, url));
        loading = new Session(url, database, timeouts, () -> connect(database, url));
        announcements = announcements();
        announcements.ifPresent(Announcements::start);
    }

    /**
     * Checks what can be checked without a connection.
     *
     * @throws InvalidValueException if a URL is malformed, holds a password, or leads off loopback without TLS that verifies the
     *     server; or if the queries do not fit together
     */
    public static void check(StoreSettings settings) throws InvalidValueException {
        SqlUrl url = check("url", settings.url(), settings.allowUnverified());
        if (settings.notifyUrl().isPresent()) {
            if (url.product() != SqlUrl.Product.POSTGRESQL
                    || check("notify-url", settings.notifyUrl().get(), settings.allowUnverified())
                                    .product()
                            != SqlUrl.Product.POSTGRESQL) {
                throw new InvalidValueException(
                        "notify-url is for PostgreSQL only", "remove it; the version is polled each poll-interval");
            }
            if (!settings.notifyChannel().matches("[A-Za-z_][A-Za-z0-9_]{0,62}")) {
                throw new InvalidValueException(
                        "notify-channel is not a name that PostgreSQL takes without quotes", "write orgmilter");
            }
        }
        check(settings.queries());
    }

    private static SqlUrl check(String key, String text, boolean allowUnverified) throws InvalidValueException {
        try {
            SqlUrl url = SqlUrl.parse(text);
            if (!allowUnverified) {
                url.requireVerification();
            }
            return url;
        } catch (InvalidValueException e) {
            throw new InvalidValueException(key + ": " + e.problem(), e.repair());
        }
    }

    private static void check(StoreSettings.Queries queries) throws InvalidValueException {
        if (queries.changes().isPresent() != queries.settingsOf().isPresent()) {
            throw new InvalidValueException(
                    "of the queries changes and settings-of there is only one", "write both, or none");
        }
        if (queries.changes().isPresent() && queries.version().isEmpty()) {
            throw new InvalidValueException("the query changes is there without version", "write the query version");
        }
        if (queries.changes().isPresent() && !queries.changes().get().contains("?")) {
            throw new InvalidValueException("the query changes has no ? for a version", "write WHERE version > ?");
        }
        if (queries.settingsOf().isPresent() && !queries.settingsOf().get().contains("?")) {
            throw new InvalidValueException(
                    "the query settings-of has no ? for an organization", "write WHERE organization = ?");
        }
    }

    private Optional<Announcements> announcements() throws InvalidValueException {
        if (settings.notifyUrl().isEmpty()) {
            return Optional.empty();
        }
        SqlUrl from = SqlUrl.parse(settings.notifyUrl().get());
        return Optional.of(new Announcements(
                from.servers(), settings.notifyChannel(), () -> connect(Database.of(from.product()), from), timeouts));
    }

    @Override
    public OptionalLong load(Consumer<Setting> rows) throws StoreException {
        synchronized (loading) {
            try {
                return loading.transaction(true, connected -> load(connected, rows));
            } finally {
                loading.disconnect();
            }
        }
    }

    private OptionalLong load(Connection connected, Consumer<Setting> rows) throws StoreException {
        OptionalLong version = version(loading, connected);
        long end = System.nanoTime() + timeouts.load().toNanos();
        loading.query(connected, "settings", settings.queries().settings(), statement -> {}, result -> {
            Rows read = new Rows(result);
            while (result.next()) {
                rows.accept(read.setting());
                if (System.nanoTime() - end > 0) {
                    throw new UnsuitableException(
                            "it was not read within " + timeouts.load().toSeconds() + " s", "raise statement-timeout");
                }
            }
            return true;
        });
        return version;
    }

    @Override
    public OptionalLong version() throws StoreException {
        return settings.queries().version().isEmpty()
                ? OptionalLong.empty()
                : session.transaction(false, connected -> version(session, connected));
    }

    /**
     * What changed; also empty if the query {@code changes} gives a NULL, by which it says that it does not reach back so far, or
     * if so much changed that all might as well be read. A version that is not above the one asked for is without changes.
     */
    @Override
    public Optional<Changes> changesSince(long version) throws StoreException {
        if (settings.queries().changes().isEmpty()
                || settings.queries().settingsOf().isEmpty()) {
            return Optional.empty();
        }
        String changes = settings.queries().changes().get();
        String settingsOf = settings.queries().settingsOf().get();
        return session.transaction(false, connected -> {
            OptionalLong now = version(session, connected);
            if (now.isEmpty()) {
                return Optional.empty();
            }
            if (now.getAsLong() <= version) {
                return Optional.of(new Changes(now.getAsLong(), Map.of()));
            }
            Optional<Set<String>> names = changed(connected, changes, version);
            return names.isEmpty()
                    ? Optional.empty()
                    : settings(connected, settingsOf, names.get()).map(it -> new Changes(now.getAsLong(), it));
        });
    }

    private Optional<Set<String>> changed(Connection connected, String changes, long version) throws StoreException {
        return session.query(connected, "changes", changes, statement -> statement.setLong(1, version), result -> {
            Set<String> names = new LinkedHashSet<>();
            while (result.next()) {
                String name = result.getString(1);
                if (name == null) {
                    return Optional.empty();
                }
                // Its rows are unreadable as well, and a name of a megabyte is not kept.
                if (name.length() > Rows.LONGEST || (names.add(name) && names.size() > MOST_CHANGES)) {
                    return Optional.empty();
                }
            }
            return Optional.of(names);
        });
    }

    private Optional<Map<String, List<Setting>>> settings(Connection connected, String settingsOf, Set<String> names)
            throws StoreException {
        Map<String, List<Setting>> organizations = new LinkedHashMap<>();
        int[] left = {MOST_ROWS};
        long end = System.nanoTime() + timeouts.load().toNanos();
        for (String name : names) {
            List<Setting> found = new ArrayList<>();
            session.query(connected, "settings-of", settingsOf, statement -> statement.setString(1, name), result -> {
                Rows rows = new Rows(result);
                while (left[0] >= 0 && result.next()) {
                    Setting setting = rows.setting();
                    // A collation may find others that it takes for the same.
                    if (setting.organization().equals(name)) {
                        found.add(setting);
                    }
                    left[0]--;
                }
                return true;
            });
            if (left[0] < 0 || System.nanoTime() - end > 0) {
                return Optional.empty();
            }
            organizations.put(name, List.copyOf(found));
        }
        return Optional.of(organizations);
    }

    private OptionalLong version(Session over, Connection connected) throws StoreException {
        return settings.queries().version().isEmpty()
                ? OptionalLong.empty()
                : over.query(
                        connected,
                        "version",
                        settings.queries().version().get(),
                        statement -> {},
                        result -> OptionalLong.of(Rows.version(result)));
    }

    private Connection connect(Database to, SqlUrl at) throws SQLException, StoreException {
        Optional<Path> file = settings.passwordFile();
        Optional<String> password = file.isEmpty() ? Optional.empty() : Optional.of(PasswordFile.read(file.get()));
        return to.connect(at, settings.user(), password, timeouts);
    }

    @Override
    public OptionalLong awaitHint(Duration atMost) throws InterruptedException {
        if (announcements.isPresent()) {
            return announcements.get().await(atMost);
        }
        Thread.sleep(atMost.toMillis());
        return OptionalLong.empty();
    }

    @Override
    public void close() {
        announcements.ifPresent(Announcements::close);
        session.close();
        loading.close();
    }
}
