package io.github.orgmilter.ldap;

import com.unboundid.ldap.sdk.IntermediateResponse;
import com.unboundid.ldap.sdk.IntermediateResponseListener;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchResultEntry;
import com.unboundid.ldap.sdk.SearchResultListener;
import com.unboundid.ldap.sdk.SearchResultReference;
import com.unboundid.ldap.sdk.controls.ContentSyncInfoIntermediateResponse;
import com.unboundid.ldap.sdk.controls.ContentSyncInfoType;
import com.unboundid.ldap.sdk.controls.ContentSyncRequestMode;
import io.github.orgmilter.directory.StoreException;
import io.github.orgmilter.ldap.connection.ContextCsn;
import io.github.orgmilter.ldap.connection.Servers;
import io.github.orgmilter.ldap.connection.Session;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Announcements of changes: a search that does not end (RFC 4533, section 3.4), on a connection and a thread of its own. While there
 * is none, because a server is away or cannot do it, nothing is announced, and a new one is tried from time to time.
 */
final class Hints implements AutoCloseable {

    /** Without an announcement for so long it is begun anew: a network may have swallowed them. */
    private static final Duration LONGEST_SILENCE = Duration.ofMinutes(5);

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    private final Servers servers;
    private final Scope scope;
    private final BlockingQueue<Boolean> announced = new ArrayBlockingQueue<>(1);
    private final Thread thread = new Thread(this::run, "ldap-hints");

    // Guarded by this.
    private @Nullable Session session;
    private boolean closed;

    Hints(Servers servers, Scope scope) {
        this.servers = servers;
        this.scope = scope;
        thread.setDaemon(true);
        thread.start();
    }

    /** Whether a change was announced within the time. */
    boolean await(Duration atMost) throws InterruptedException {
        return announced.poll(atMost.toNanos(), TimeUnit.NANOSECONDS) != null;
    }

    private void run() {
        Duration pause = FIRST_PAUSE;
        while (!isClosed()) {
            boolean listened = listen();
            pause = listened ? FIRST_PAUSE : longer(pause);
            try {
                // Not all nodes at once.
                Thread.sleep(ThreadLocalRandom.current().nextLong(pause.toMillis() / 2, pause.toMillis()));
            } catch (InterruptedException e) {
                return; // closed
            }
        }
    }

    private static Duration longer(Duration pause) {
        Duration twice = pause.multipliedBy(2);
        return twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
    }

    /** Listens as long as it goes; whether it came to that. */
    private boolean listen() {
        boolean listened = false;
        try (Session opened = open(new Session(servers.connect(LONGEST_SILENCE)))) {
            Optional<ContextCsn> state = opened.state(scope.base());
            if (state.isPresent()) {
                listened = true;
                announce(); // what changed meanwhile
                Listener listener = new Listener(this);
                SearchRequest request = Session.request(listener, scope.base(), Scope.ALL, scope.filter(), "1.1");
                request.setIntermediateResponseListener(listener);
                opened.connection()
                        .search(ContentSync.requesting(
                                request, ContentSyncRequestMode.REFRESH_AND_PERSIST, state.get()));
            }
        } catch (LDAPException | StoreException e) {
            // The reader asks the same servers, and says what is wrong with them.
        }
        return listened;
    }

    private synchronized Session open(Session opened) {
        session = opened;
        if (closed) {
            opened.close();
        }
        return opened;
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private void announce() {
        boolean unused = announced.offer(true); // one stands for all
    }

    @Override
    public synchronized void close() {
        closed = true;
        thread.interrupt();
        if (session != null) {
            session.close();
        }
    }

    /** Announces whatever is said of an entry. */
    private record Listener(Hints hints) implements SearchResultListener, IntermediateResponseListener {

        @Override
        public void searchEntryReturned(SearchResultEntry entry) {
            hints.announce();
        }

        @Override
        public void searchReferenceReturned(SearchResultReference reference) {
            hints.announce();
        }

        @Override
        public void intermediateResponseReturned(IntermediateResponse response) {
            try {
                if (ContentSyncInfoIntermediateResponse.decode(response).getType() == ContentSyncInfoType.SYNC_ID_SET) {
                    hints.announce();
                }
            } catch (LDAPException e) {
                hints.announce();
            }
        }
    }
}
