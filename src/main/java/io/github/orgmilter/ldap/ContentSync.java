package io.github.orgmilter.ldap;

import com.unboundid.asn1.ASN1OctetString;
import com.unboundid.ldap.sdk.IntermediateResponse;
import com.unboundid.ldap.sdk.IntermediateResponseListener;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.LDAPSearchException;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchResultEntry;
import com.unboundid.ldap.sdk.SearchResultListener;
import com.unboundid.ldap.sdk.SearchResultReference;
import com.unboundid.ldap.sdk.controls.ContentSyncDoneControl;
import com.unboundid.ldap.sdk.controls.ContentSyncInfoIntermediateResponse;
import com.unboundid.ldap.sdk.controls.ContentSyncInfoType;
import com.unboundid.ldap.sdk.controls.ContentSyncRequestControl;
import com.unboundid.ldap.sdk.controls.ContentSyncRequestMode;
import com.unboundid.ldap.sdk.controls.ContentSyncState;
import com.unboundid.ldap.sdk.controls.ContentSyncStateControl;
import io.github.orgmilter.ldap.connection.ContextCsn;
import io.github.orgmilter.ldap.connection.Session;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One refresh by content synchronisation (RFC 4533, section 3.3): what has changed since a state. */
final class ContentSync implements SearchResultListener, IntermediateResponseListener {

    private static final long serialVersionUID = 1L;

    /** If more organizations have changed, all are read: one search for each would take longer. */
    static final int MOST_ORGANIZATIONS = 10_000;

    /** Answers of a server that has no content synchronisation, or none that begins with the state. */
    private static final Set<ResultCode> CANNOT_SAY = Set.of(
            ResultCode.E_SYNC_REFRESH_REQUIRED,
            ResultCode.UNAVAILABLE_CRITICAL_EXTENSION,
            ResultCode.UNWILLING_TO_PERFORM,
            ResultCode.PROTOCOL_ERROR);

    private final transient EntryReader reader;
    private final transient EntryTable table;
    private final transient EntryTable.Marks present;
    private final transient Map<UUID, String> changed = new HashMap<>();
    private final transient Set<UUID> gone = new HashSet<>();
    private transient @Nullable LDAPException problem;
    private transient boolean tooMany;

    private ContentSync(EntryReader reader, EntryTable table) {
        this.reader = reader;
        this.table = table;
        present = table.marks();
    }

    /** A request with the control of content synchronisation. */
    static SearchRequest requesting(SearchRequest request, ContentSyncRequestMode mode, ContextCsn from) {
        request.addControl(new ContentSyncRequestControl(true, mode, new ASN1OctetString(from.cookie()), false));
        return request;
    }

    /**
     * Asks what has changed, and brings the table up to date.
     *
     * @return the organizations of all entries that were added, changed, moved or deleted, the former ones included; empty if the
     *     server cannot say, or they are too many
     */
    static Optional<Set<String>> changesSince(Session session, Scope scope, ContextCsn from, EntryTable table)
            throws LDAPException {
        ContentSync sync = new ContentSync(scope.reader(), table);
        SearchRequest request = Session.request(
                sync, scope.base(), Scope.ALL, scope.filter(), scope.reader().ownerAttributes());
        request.setIntermediateResponseListener(sync);
        ContentSyncDoneControl done;
        try {
            done = ContentSyncDoneControl.get(
                    session.connection().search(requesting(request, ContentSyncRequestMode.REFRESH_ONLY, from)));
        } catch (LDAPSearchException e) {
            if (CANNOT_SAY.contains(e.getResultCode())) {
                return Optional.empty();
            }
            throw e;
        }
        if (sync.problem != null) {
            throw sync.problem;
        }
        return done == null || sync.tooMany ? Optional.empty() : sync.organizations(done.refreshDeletes());
    }

    @Override
    public void searchEntryReturned(SearchResultEntry entry) {
        try {
            ContentSyncStateControl state = ContentSyncStateControl.get(entry);
            if (state == null) {
                tooMany = true; // not an answer to what was asked
            } else if (state.getState() == ContentSyncState.DELETE) {
                gone.add(state.getEntryUUID());
            } else {
                present.add(state.getEntryUUID());
                if (state.getState() != ContentSyncState.PRESENT) {
                    changed.put(state.getEntryUUID(), reader.owner(entry).organization());
                }
            }
            tooMany |= changed.size() > 10 * MOST_ORGANIZATIONS;
            if (tooMany) {
                changed.clear();
            }
        } catch (LDAPException e) {
            problem = e;
        }
    }

    @Override
    public void searchReferenceReturned(SearchResultReference reference) {
        problem = new LDAPException(ResultCode.REFERRAL);
    }

    @Override
    public void intermediateResponseReturned(IntermediateResponse response) {
        try {
            ContentSyncInfoIntermediateResponse info = ContentSyncInfoIntermediateResponse.decode(response);
            if (info.getType() != ContentSyncInfoType.SYNC_ID_SET) {
                return;
            }
            for (UUID id : info.getEntryUUIDs()) {
                if (info.refreshDeletes()) {
                    gone.add(id);
                } else {
                    present.add(id);
                }
            }
        } catch (LDAPException e) {
            problem = e;
        }
    }

    // A server names either what is deleted, or all that is not.
    private Optional<Set<String>> organizations(boolean deletesWereNamed) {
        if (!deletesWereNamed) {
            present.others().forEach(gone::add);
        }
        Set<String> organizations = new HashSet<>(changed.values());
        changed.keySet().forEach(id -> table.organization(id).ifPresent(organizations::add));
        gone.forEach(id -> table.organization(id).ifPresent(organizations::add));
        if (organizations.size() > MOST_ORGANIZATIONS) {
            return Optional.empty();
        }
        gone.forEach(table::remove);
        changed.forEach(table::put);
        return Optional.of(organizations);
    }
}
