package io.github.orgmilter.milter;

import io.github.orgmilter.milter.header.HeaderAccess;

/** Logs and counts the recipients that one session defers, since it may not do with header fields what their messages need. */
final class MissedHeaders {

    private final SessionObserver observer;
    private final String session;
    private boolean logged;

    MissedHeaders(SessionObserver observer, String session) {
        this.observer = observer;
        this.session = session;
    }

    /** Takes note of a message's last recipient. */
    void after(Message message, HeaderAccess access) {
        if (!message.lacksHeader()) {
            return;
        }
        if (!logged) {
            logged = true;
            SessionLog.headerMissed(session, message, access);
        }
        observer.headerMissed();
    }
}
