package io.github.orgmilter.admin;

import java.time.Duration;

/**
 * What the admin listener may cost. None of these is a setting: no browser, probe or Prometheus comes near them.
 *
 * @param connections at once; for one more, the one that has waited longest for its peer is closed
 * @param lineSize octets of the request line
 * @param headerSize octets of the header
 * @param bodySize octets of the request's body
 * @param requestTime from the connection to the end of the request
 * @param answerTime from the beginning of the answer until the peer has taken it and closed
 * @param streams of events at once; one more is refused
 * @param streamTime after which a stream ends; the browser begins it again by itself
 * @param unreadAnswers octets of all answers that peers have not taken yet, unless there is only one
 */
record AdminLimits(
        int connections,
        int lineSize,
        int headerSize,
        int bodySize,
        Duration requestTime,
        Duration answerTime,
        int streams,
        Duration streamTime,
        long unreadAnswers) {

    private static final int KIB = 1024;
    private static final long MIB = KIB * KIB;
    private static final int SHARE_OF_HEAP = 16;

    static AdminLimits standard(int connections) {
        return new AdminLimits(
                connections,
                4 * KIB,
                16 * KIB,
                64 * KIB,
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Math.min(20, connections / 3),
                Duration.ofHours(1),
                Math.min(16 * MIB, Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP));
    }

    /** How many requests may wait for others of their kind; both kinds together leave room for a probe. */
    int queue() {
        return connections / 4;
    }
}
