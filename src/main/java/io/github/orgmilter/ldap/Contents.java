package io.github.orgmilter.ldap;

import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.SearchScope;
import io.github.orgmilter.ldap.connection.ContextCsn;
import io.github.orgmilter.ldap.connection.Session;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** What is read over a session: rows by organization, and whose each entry is. */
final class Contents {

    private static final int MOST_TRIES = 3;

    private final Session session;
    private final Scope scope;
    private final EntryTable table;
    private final Rows rows = new Rows();
    private final Set<String> changed = new HashSet<>();

    Contents(Session session, Scope scope, EntryTable table) {
        this.session = session;
        this.scope = scope;
        this.table = table;
    }

    Rows rows() {
        return rows;
    }

    EntryTable table() {
        return table;
    }

    /** The organizations that were read because something of theirs had changed. */
    Set<String> changed() {
        return changed;
    }

    void readAll() throws LDAPException {
        session.search(
                scope.base(),
                Scope.ALL,
                scope.filter(),
                scope.reader().attributes(),
                entry -> add(entry, scope.reader().owner(entry)));
    }

    /**
     * Reads what changes while it is read, until nothing does.
     *
     * @param from the state before anything was read
     * @return the state that this is; after three tries one that is older than some of it, so that the next changes settle the rest;
     *     empty if the server cannot say what has changed
     */
    Optional<ContextCsn> settle(ContextCsn from) throws LDAPException {
        ContextCsn state = from;
        for (int i = 0; i < MOST_TRIES; i++) {
            Optional<ContextCsn> now = session.state(scope.base());
            if (now.isEmpty() || !table.isComplete()) {
                return Optional.empty();
            }
            if (now.get().equals(state)) {
                return now;
            }
            Optional<Set<String>> organizations = ContentSync.changesSince(session, scope, state, table);
            if (organizations.isEmpty()) {
                return Optional.empty();
            }
            for (String organization : organizations.get()) {
                read(organization);
            }
            state = now.get();
            if (organizations.get().isEmpty()) {
                break; // others write to this directory
            }
        }
        return Optional.of(state);
    }

    /** Reads all entries of an organization anew. */
    private void read(String organization) throws LDAPException {
        changed.add(organization);
        rows.clear(organization);
        List<DN> tops = new ArrayList<>();
        String[] attributes = scope.reader().attributes();
        session.search(scope.base(), Scope.ALL, scope.of(organization), attributes, entry -> {
            Owner owner = scope.reader().owner(entry);
            // Servers compare without regard to case.
            if (owner.organization().equals(organization) && !owner.isConnector()) {
                add(entry, owner);
                tops.add(entry.getParsedDN());
            }
        });
        for (DN top : scope.reader().hasConnectors() ? tops : List.<DN>of()) {
            session.search(top, SearchScope.ONE, scope.filter(), attributes, entry -> {
                Owner owner = scope.reader().owner(entry);
                if (owner.organization().equals(organization) && owner.isConnector()) {
                    add(entry, owner);
                }
            });
        }
    }

    private void add(Entry entry, Owner owner) {
        Optional<UUID> id = EntryReader.id(entry);
        id.ifPresentOrElse(it -> table.put(it, owner.organization()), table::addUnknown);
        rows.add(owner, scope.reader().settings(entry, owner));
    }
}
