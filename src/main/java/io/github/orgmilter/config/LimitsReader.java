package io.github.orgmilter.config;

import io.github.orgmilter.document.Key;
import io.github.orgmilter.document.Keys;
import io.github.orgmilter.document.Node;
import io.github.orgmilter.document.Section;
import io.github.orgmilter.net.Limit;
import io.github.orgmilter.net.Limits;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/** Reads {@code limits}. Each has a range in which the service still works: none can be switched off. */
final class LimitsReader {

    static final Keys KEYS = Keys.nullable();

    private static final int KIB = 1024;
    private static final long MIB = 1024 * KIB;
    private static final long TIB = MIB * MIB;

    // Below 4 KiB an address of the longest SMTP command has no room.
    private static final Key<Integer> FRAME_SIZE = octets(Limit.FRAME_SIZE, 4 * KIB);
    private static final Key<Integer> MACROS_PER_STAGE = key(Limit.MACROS_PER_STAGE, node -> node.number(20, 10_000));
    private static final Key<Integer> MACRO_SIZE = octets(Limit.MACRO_SIZE, KIB);
    private static final Key<Integer> HEADER_FIELDS = key(Limit.HEADER_FIELDS, node -> node.number(100, 100_000));
    private static final Key<Integer> HEADER_SIZE =
            key(Limit.HEADER_SIZE, node -> node.octets(128 * KIB, 64 * MIB).map(Math::toIntExact));
    private static final Key<Integer> CONNECTIONS = key(Limit.CONNECTIONS, node -> node.number(1, 1_000_000));
    private static final Key<Optional<Long>> MEMORY = KEYS.optional(Limit.MEMORY.key(), node -> node.octets(MIB, TIB));
    private static final Key<Integer> UNREAD_OUTPUT = octets(Limit.UNREAD_OUTPUT, KIB);
    private static final Key<Duration> FRAME_TIMEOUT =
            key(Limit.FRAME_TIMEOUT, node -> node.duration(Duration.ofSeconds(1), Duration.ofHours(1)));
    // A client may be silent for 5 minutes before each command (RFC 5321, section 4.5.3.2).
    private static final Key<Duration> IDLE_TIMEOUT =
            key(Limit.IDLE_TIMEOUT, node -> node.duration(Duration.ofMinutes(10), Duration.ofDays(30)));

    private static final Key<Integer> RECENT_VERDICTS =
            Reference.limit(KEYS, "recent-verdicts", node -> node.number(10, 1_000_000));
    private static final Key<Integer> FOLLOWED_ORGANIZATIONS =
            Reference.limit(KEYS, "followed-organizations", node -> node.number(10, 100_000));

    private LimitsReader() {}

    private static <T> Key<T> key(Limit limit, Function<Node, Optional<T>> reader) {
        return Reference.limit(KEYS, limit.key(), reader);
    }

    private static Key<Integer> octets(Limit limit, long least) {
        return key(limit, node -> node.octets(least, MIB).map(Math::toIntExact));
    }

    static Optional<Limits> read(Node limits) {
        return limits.section(KEYS).map(LimitsReader::read);
    }

    private static Limits read(Section section) {
        return new Limits(
                FRAME_SIZE.in(section),
                MACROS_PER_STAGE.in(section),
                MACRO_SIZE.in(section),
                HEADER_FIELDS.in(section),
                HEADER_SIZE.in(section),
                CONNECTIONS.in(section),
                MEMORY.in(section).map(OptionalLong::of).orElseGet(OptionalLong::empty),
                UNREAD_OUTPUT.in(section),
                FRAME_TIMEOUT.in(section),
                IDLE_TIMEOUT.in(section),
                RECENT_VERDICTS.in(section),
                FOLLOWED_ORGANIZATIONS.in(section));
    }
}
