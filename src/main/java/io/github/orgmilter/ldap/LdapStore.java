package io.github.orgmilter.ldap;

import com.unboundid.ldap.sdk.LDAPException;
import io.github.orgmilter.directory.Store;
import io.github.orgmilter.directory.StoreException;
import io.github.orgmilter.directory.StoreSettings;
import io.github.orgmilter.identity.InvalidValueException;
import io.github.orgmilter.ldap.connection.ContextCsn;
import io.github.orgmilter.ldap.connection.Servers;
import io.github.orgmilter.ldap.connection.Session;
import io.github.orgmilter.rows.Setting;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An LDAP server. Its version is made from {@code contextCSN}, and what changed is asked by content synchronisation (RFC 4533);
 * where a server has neither, everything is read each time.
 */
public final class LdapStore implements Store {

    private static final int MOST_TRIES = 3;

    private final Servers servers;
    private final Scope scope;
    private final Line line;
    private final Line loading;
    private volatile @Nullable Hints hints;
    private @Nullable Known known;
    private @Nullable Known loaded; // last, by whatever thread

    /** What was last handed out: the state, and whose each entry was. */
    private record Known(ContextCsn state, EntryTable table) {}

    /**
     * Makes a store, without connecting to it.
     *
     * @throws InvalidValueException as {@link #check} does
     */
    public LdapStore(StoreSettings settings) throws InvalidValueException {
        check(settings);
        servers = new Servers(settings);
        line = new Line(servers, settings.statementTimeout());
        loading = new Line(servers, settings.statementTimeout());
        try {
            scope = Scope.of(settings.ldap());
        } catch (LDAPException e) {
            throw new IllegalStateException(e); // checked above
        }
    }

    /** Checks what can be checked without a server. */
    public static void check(StoreSettings settings) throws InvalidValueException {
        SettingsCheck.check(settings);
    }

    /** {@inheritDoc} The whole is held, packed, until it is known to be one consistent state. */
    @Override
    public OptionalLong load(Consumer<Setting> rows) throws StoreException {
        synchronized (loading) {
            try {
                Loaded all = loading.ask(this::load);
                all.contents().rows().handTo(rows);
                all.state()
                        .ifPresent(
                                state -> loaded(new Known(state, all.contents().table())));
                return version(all.state());
            } finally {
                loading.disconnect();
            }
        }
    }

    private synchronized void loaded(Known last) {
        loaded = last;
    }

    private synchronized @Nullable Known newest() {
        Known last = loaded;
        Known following = known;
        return last == null
                        || (following != null
                                && following.state().version() >= last.state().version())
                ? following
                : last;
    }

    private record Loaded(Optional<ContextCsn> state, Contents contents) {}

    private Loaded load(Session session) throws LDAPException {
        Loaded loaded = loadOnce(session);
        for (int i = 1; i < MOST_TRIES; i++) {
            if (loaded.state().isEmpty()) {
                break;
            }
            Optional<ContextCsn> settled =
                    loaded.contents().settle(loaded.state().get());
            if (settled.isPresent()) {
                return new Loaded(settled, loaded.contents());
            }
            if (session.state(scope.base()).equals(loaded.state())) {
                break;
            }
            loaded = loadOnce(session);
        }
        return loaded;
    }

    private Loaded loadOnce(Session session) throws LDAPException {
        Optional<ContextCsn> before = session.state(scope.base());
        Contents contents = new Contents(session, scope, new EntryTable());
        contents.readAll();
        return new Loaded(before, contents);
    }

    /** {@inheritDoc} A server that lacks a change that was seen already is behind, whatever others it has. */
    @Override
    public OptionalLong version() throws StoreException {
        Optional<ContextCsn> now = line.ask(it -> it.state(scope.base()));
        Known before = newest();
        if (now.isPresent() && before != null && now.get().lacksSomethingOf(before.state())) {
            return OptionalLong.of(Math.min(now.get().version(), before.state().version() - 1));
        }
        return version(now);
    }

    private static OptionalLong version(Optional<ContextCsn> state) {
        return state.isPresent() ? OptionalLong.of(state.get().version()) : OptionalLong.empty();
    }

    /** {@inheritDoc} A store can say so from the version that it handed out last. */
    @Override
    public Optional<Changes> changesSince(long version) throws StoreException {
        Known before = known(version);
        if (before == null) {
            return Optional.empty();
        }
        known = null; // the table changes, and after a failure it would not fit the state
        return line.askOnce(it -> it.state(scope.base()), open -> changesSince(open, before));
    }

    /** The state of a version, if it is that of the last changes or of the last load. */
    private synchronized @Nullable Known known(long version) {
        Known last = loaded;
        Known following = known;
        if (last != null && last.state().version() <= version) {
            loaded = null; // it is taken now, or will not be any more
        }
        if (following != null && following.state().version() == version) {
            return following;
        }
        return last != null && last.state().version() == version ? last : null;
    }

    private Optional<Changes> changesSince(Session session, Known before) throws LDAPException {
        Contents contents = new Contents(session, scope, before.table());
        Optional<ContextCsn> state = contents.settle(before.state());
        if (state.isEmpty()) {
            return Optional.empty();
        }
        Map<String, List<Setting>> organizations = new HashMap<>();
        contents.changed()
                .forEach(name -> organizations.put(name, contents.rows().of(name)));
        known = new Known(state.get(), before.table());
        return Optional.of(new Changes(state.get().version(), organizations));
    }

    @Override
    public OptionalLong awaitHint(Duration atMost) throws InterruptedException {
        Hints listening = hints;
        if (listening == null) {
            listening = new Hints(servers, scope);
            hints = listening;
        }
        return listening.await(atMost) ? OptionalLong.of(0) : OptionalLong.empty();
    }

    /** {@inheritDoc} Another thread may do so; what is being asked then fails. */
    @Override
    public void close() {
        Hints listening = hints;
        if (listening != null) {
            listening.close();
        }
        line.close();
        loading.close();
    }
}
