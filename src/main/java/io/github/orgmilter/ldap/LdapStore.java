package io.github.orgmilter.ldap;

import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import io.github.orgmilter.directory.Store;
import io.github.orgmilter.directory.StoreException;
import io.github.orgmilter.directory.StoreSettings;
import io.github.orgmilter.identity.InvalidValueException;
import io.github.orgmilter.ldap.connection.ContextCsn;
import io.github.orgmilter.ldap.connection.Failures;
import io.github.orgmilter.ldap.connection.Servers;
import io.github.orgmilter.ldap.connection.Session;
import io.github.orgmilter.rows.Setting;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

    private final StoreSettings settings;
    private final Servers servers;
    private final Scope scope;
    private volatile @Nullable Session session;
    private volatile @Nullable Hints hints;
    private volatile boolean closed;
    private @Nullable Known known;

    /** What was last handed out: the state, and whose each entry was. */
    private record Known(ContextCsn state, EntryTable table) {}

    /**
     * Makes a store, without connecting to it.
     *
     * @throws InvalidValueException as {@link #check} does
     */
    public LdapStore(StoreSettings settings) throws InvalidValueException {
        check(settings);
        this.settings = settings;
        servers = new Servers(settings);
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
        known = null;
        Loaded loaded = ask(this::load);
        loaded.state()
                .ifPresent(state -> known = new Known(state, loaded.contents().table()));
        loaded.contents().rows().handTo(rows);
        return version(loaded.state());
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
        Optional<ContextCsn> now = ask(it -> it.state(scope.base()));
        Known before = known;
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
        Known before = known;
        if (before == null || before.state().version() != version) {
            return Optional.empty();
        }
        known = null; // the table changes, and after a failure it would not fit the state
        ask(it -> it.state(
                scope.base())); // over a new connection if the old one is closed; what follows is not tried twice
        Session open = Objects.requireNonNull(session);
        try {
            return changesSince(open, before);
        } catch (LDAPException e) {
            throw failed(open, e);
        }
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
        closed = true;
        Hints listening = hints;
        if (listening != null) {
            listening.close();
        }
        disconnect();
    }

    private interface Question<T> {
        T ask(Session session) throws LDAPException;
    }

    // A connection may have been closed while nothing was asked: that is no reason to fail.
    private <T> T ask(Question<T> question) throws StoreException {
        Session open = session;
        if (open != null) {
            try {
                open.begin();
                return question.ask(open);
            } catch (LDAPException e) {
                StoreException failure = failed(open, e);
                if (!e.getResultCode().equals(ResultCode.SERVER_DOWN)) {
                    throw failure;
                }
            }
        }
        if (closed) {
            throw new StoreException("the LDAP store is closed; nothing needs to be done");
        }
        Session fresh = new Session(servers.connect(settings.statementTimeout()));
        session = fresh;
        try {
            return question.ask(fresh);
        } catch (LDAPException e) {
            throw failed(fresh, e);
        }
    }

    private StoreException failed(Session open, LDAPException e) {
        disconnect();
        return Failures.of(open.server(), e);
    }

    private void disconnect() {
        Session open = session;
        if (open != null) {
            open.close();
            session = null;
        }
    }
}
