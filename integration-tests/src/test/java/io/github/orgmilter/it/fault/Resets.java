package io.github.orgmilter.it.fault;

import io.github.orgmilter.it.client.SmtpClient;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Connections that their clients reset in the middle of a dialogue, counted by moment. */
final class Resets {

    /** After which command, and before its reply, a client that is to reset its connection does so. */
    enum Moment {
        CONNECT,
        EHLO,
        STARTTLS,
        MAIL,
        RCPT,
        DATA,
        HALF_A_MESSAGE,
        END_OF_MESSAGE
    }

    private static final class ResetByClient extends IOException {
        private static final long serialVersionUID = 1;

        ResetByClient(Moment moment) {
            super("the client reset the connection after " + moment);
        }
    }

    private final Map<Moment, Integer> counts = new ConcurrentHashMap<>();

    /** Resets the connection, and ends its dialogue with an exception, if this is the moment. */
    void after(Moment now, Moment resetAt, SmtpClient smtp) throws IOException {
        if (now == resetAt) {
            smtp.reset();
            counts.merge(now, 1, Integer::sum);
            throw new ResetByClient(now);
        }
    }

    Map<Moment, Integer> counts() {
        return counts;
    }
}
