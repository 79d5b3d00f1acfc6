package io.github.orgmilter.it.fault;

import io.github.orgmilter.it.client.Reply;
import io.github.orgmilter.it.mta.Delivery;

/**
 * One recipient of one numbered message, and what became of it as far as its client knows.
 *
 * @param forged whether the rules refuse it
 * @param said the reply that decided, or how the connection ended
 */
record FaultMail(boolean forged, Delivery envelope, Fate fate, String said) {

    enum Fate {
        /** The MTA has answered for it: 250 to the end of the message. */
        TAKEN,
        /** 5xx. */
        REFUSED,
        /** 4xx: to be sent again. */
        DEFERRED,
        /** The connection ended before the message did: to be sent again. */
        DROPPED,
        /** The connection ended between the end of the message and its reply: to be sent again, and perhaps delivered (RFC 1047). */
        IN_DOUBT;

        static Fate of(Reply reply) {
            return reply.positive() ? TAKEN : reply.code() < 500 ? DEFERRED : REFUSED;
        }
    }

    String recipient() {
        return envelope.recipient();
    }
}
