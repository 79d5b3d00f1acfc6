package io.github.orgmilter.ldap;

import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import io.github.orgmilter.directory.StoreException;
import io.github.orgmilter.ldap.connection.Failures;
import io.github.orgmilter.ldap.connection.Servers;
import io.github.orgmilter.ldap.connection.Session;
import java.io.Closeable;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A connection of the store, made when something is asked, and kept. One thread asks; any may close it. */
final class Line implements Closeable {

    /** Something to be asked. */
    interface Question<T> {
        T ask(Session session) throws LDAPException;
    }

    private final Servers servers;
    private final Duration timeout;
    private volatile @Nullable Session session;
    private volatile boolean closed;

    Line(Servers servers, Duration timeout) {
        this.servers = servers;
        this.timeout = timeout;
    }

    /** Asks. A connection may have been closed while nothing was asked: that is no reason to fail, so it is then asked again. */
    <T> T ask(Question<T> question) throws StoreException {
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
        Session fresh = new Session(servers.connect(timeout));
        session = fresh;
        try {
            return question.ask(fresh);
        } catch (LDAPException e) {
            throw failed(fresh, e);
        }
    }

    /**
     * Asks what must not be asked twice.
     *
     * @param before asked before that, over a new connection if the old one is closed
     */
    <T> T askOnce(Question<?> before, Question<T> question) throws StoreException {
        ask(before);
        Session open = Objects.requireNonNull(session);
        try {
            return question.ask(open);
        } catch (LDAPException e) {
            throw failed(open, e);
        }
    }

    private StoreException failed(Session open, LDAPException e) {
        disconnect();
        return Failures.of(open.server(), e);
    }

    /** Ends the connection, if there is one; what is asked next makes another. */
    void disconnect() {
        Session open = session;
        if (open != null) {
            open.close();
            session = null;
        }
    }

    /** What is being asked then fails. */
    @Override
    public void close() {
        closed = true;
        disconnect();
    }
}
