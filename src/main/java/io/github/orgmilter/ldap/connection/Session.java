package io.github.orgmilter.ldap.connection;

import com.unboundid.asn1.ASN1OctetString;
import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.DereferencePolicy;
import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchResult;
import com.unboundid.ldap.sdk.SearchResultEntry;
import com.unboundid.ldap.sdk.SearchResultListener;
import com.unboundid.ldap.sdk.SearchResultReference;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.ldap.sdk.controls.SimplePagedResultsControl;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One connection to a server, and what is asked over it. */
public final class Session implements AutoCloseable {

    private static final int PAGE = 1000;
    private static final int UNLIMITED = 0;

    /** What is asked takes at most so many times an answer's time. */
    private static final int MOST_ANSWERS = 100;

    private final Servers.Connected connected;
    private long begun = System.nanoTime();
    private @Nullable DN suffix;

    public Session(Servers.Connected connected) {
        this.connected = connected;
    }

    public ServerUrl server() {
        return connected.server();
    }

    public LDAPConnection connection() {
        return connected.connection();
    }

    /** Begins to count the time for all that is asked from now on. */
    public void begin() {
        begun = System.nanoTime();
    }

    private void requireTime() throws LDAPException {
        long answer = connection().getConnectionOptions().getResponseTimeoutMillis();
        if (System.nanoTime() - begun > TimeUnit.MILLISECONDS.toNanos(MOST_ANSWERS * answer)) {
            throw new LDAPException(ResultCode.TIMEOUT);
        }
    }

    /** Takes an entry; what it throws ends the search. */
    @FunctionalInterface
    public interface EntryConsumer {
        void accept(Entry entry) throws LDAPException;
    }

    /** All entries that a filter selects, page by page. Whatever is less than all of them is an exception. */
    public void search(DN base, SearchScope scope, Filter filter, String[] attributes, EntryConsumer consumer)
            throws LDAPException {
        ASN1OctetString cookie = null;
        do {
            Entries entries = new Entries(entry -> {
                requireTime();
                consumer.accept(entry);
            });
            SearchRequest request = request(entries, base, scope, filter, attributes);
            request.setControls(new SimplePagedResultsControl(PAGE, cookie));
            SearchResult result = connection().search(request);
            entries.requireAll();
            SimplePagedResultsControl next = SimplePagedResultsControl.get(result);
            cookie = next == null || !next.moreResultsToReturn() ? null : next.getCookie();
        } while (cookie != null);
    }

    /** A search as all here are: aliases are not followed, and the server's limits are the only ones. */
    public static SearchRequest request(
            SearchResultListener listener, DN base, SearchScope scope, Filter filter, String... attributes) {
        return new SearchRequest(
                listener, base, scope, DereferencePolicy.NEVER, UNLIMITED, UNLIMITED, false, filter, attributes);
    }

    /** The state of the directory that has this entry; empty where the server does not tell. */
    public Optional<ContextCsn> state(DN base) throws LDAPException {
        DN top = suffix(base);
        Entry entry = top == null ? null : connection().getEntry(top.toString(), "contextCSN");
        String[] values = entry == null ? null : entry.getAttributeValues("contextCSN");
        return values == null ? Optional.empty() : ContextCsn.parse(values);
    }

    private @Nullable DN suffix(DN base) throws LDAPException {
        if (suffix == null) {
            Entry root = connection().getEntry("", "namingContexts");
            String[] contexts = root == null ? null : root.getAttributeValues("namingContexts");
            suffix = Stream.of(contexts == null ? new String[0] : contexts)
                    .filter(DN::isValidDN)
                    .map(Session::dn)
                    .filter(context -> context.isAncestorOf(base, true))
                    .max(Comparator.comparingInt(context -> context.getRDNs().length))
                    .orElse(null);
        }
        return suffix;
    }

    private static DN dn(String valid) {
        try {
            return new DN(valid);
        } catch (LDAPException e) {
            throw new IllegalArgumentException(e);
        }
    }

    @Override
    public void close() {
        connection().close();
    }

    /** Hands on entries; refuses a part that another server has. */
    private static final class Entries implements SearchResultListener {

        private static final long serialVersionUID = 1L;

        private final transient EntryConsumer consumer;
        private transient @Nullable LDAPException problem;

        Entries(EntryConsumer consumer) {
            this.consumer = consumer;
        }

        @Override
        public void searchEntryReturned(SearchResultEntry entry) {
            try {
                if (problem == null) {
                    consumer.accept(entry);
                }
            } catch (LDAPException e) {
                problem = e;
            }
        }

        @Override
        public void searchReferenceReturned(SearchResultReference reference) {
            problem = new LDAPException(ResultCode.REFERRAL);
        }

        void requireAll() throws LDAPException {
            if (problem != null) {
                throw problem;
            }
        }
    }
}
