package io.github.orgmilter.net;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * What connections and the console may take.
 *
 * @param frameSize octets of a milter frame, without its length, or of a policy request
 * @param macrosPerStage how many macros one stage may have
 * @param macroSize octets of a macro's name, and of its value
 * @param headerFields how many header fields of a message are looked at
 * @param headerSize octets of their names and values together
 * @param connections those of milter sessions, policy queries and map look-ups together
 * @param memory octets that all connections may hold together; empty: as the memory of this process allows
 * @param unreadOutput octets of answers that wait for a peer, from which on it is not read any more
 * @param frameTimeout from a frame's first octet to its last; for the first frame, from the beginning of the connection
 * @param idleTimeout how long nothing may come
 * @param recentVerdicts how many verdicts the console keeps
 * @param followedOrganizations of how many organizations the console knows what they did
 */
public record Limits(
        int frameSize,
        int macrosPerStage,
        int macroSize,
        int headerFields,
        int headerSize,
        int connections,
        OptionalLong memory,
        int unreadOutput,
        Duration frameTimeout,
        Duration idleTimeout,
        int recentVerdicts,
        int followedOrganizations) {

    /**
     * Those of reference.conf. An MTA puts no more than 64 KiB into a frame (MILTER_CHUNK_SIZE) beside names, asks for no more than
     * 50 macros a stage (Sendmail's MAXFILTERMACROS), and takes no more than 2 KiB in an SMTP command.
     */
    public static final Limits DEFAULT = new Limits(
            68 * 1024,
            100,
            4 * 1024,
            1000,
            1024 * 1024,
            10_000,
            OptionalLong.empty(),
            64 * 1024,
            Duration.ofSeconds(30),
            Duration.ofHours(24),
            2000,
            1000);

    /** These, with what another lets the console take. */
    public Limits withConsoleOf(Limits other) {
        return new Limits(
                frameSize,
                macrosPerStage,
                macroSize,
                headerFields,
                headerSize,
                connections,
                memory,
                unreadOutput,
                frameTimeout,
                idleTimeout,
                other.recentVerdicts,
                other.followedOrganizations);
    }
}
