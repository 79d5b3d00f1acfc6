package io.github.orgmilter.config;

import io.github.orgmilter.net.Limit;
import io.github.orgmilter.net.Limits;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Reads {@code limits}. Each has a range in which the service still works: none can be switched off. */
final class LimitsReader {

    static final List<String> KEYS = Stream.of(Limit.values()).map(Limit::key).toList();

    private static final int KIB = 1024;
    private static final long MIB = 1024 * KIB;
    private static final long TIB = MIB * MIB;
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final Optional<Section> section;

    LimitsReader(Optional<Node> limits) {
        section = limits.flatMap(node -> node.section(KEYS));
    }

    Limits read() {
        Limits standard = Limits.DEFAULT;
        return new Limits(
                // Below 4 KiB an address of the longest SMTP command has no room.
                octets(Limit.FRAME_SIZE, 4 * KIB, MIB, standard.frameSize()),
                get(Limit.MACROS_PER_STAGE)
                        .flatMap(node -> node.number(20, 10_000))
                        .orElse(standard.macrosPerStage()),
                octets(Limit.MACRO_SIZE, KIB, MIB, standard.macroSize()),
                get(Limit.CONNECTIONS)
                        .flatMap(node -> node.number(1, 1_000_000))
                        .orElse(standard.connections()),
                get(Limit.MEMORY)
                        .flatMap(node -> node.octets(MIB, TIB))
                        .map(OptionalLong::of)
                        .orElse(standard.memory()),
                octets(Limit.UNREAD_OUTPUT, KIB, MIB, standard.unreadOutput()),
                get(Limit.FRAME_TIMEOUT)
                        .flatMap(node -> node.duration(SECOND, Duration.ofHours(1)))
                        .orElse(standard.frameTimeout()),
                // A client may be silent for 5 minutes before each command (RFC 5321, section 4.5.3.2).
                get(Limit.IDLE_TIMEOUT)
                        .flatMap(node -> node.duration(Duration.ofMinutes(10), Duration.ofDays(30)))
                        .orElse(standard.idleTimeout()));
    }

    private int octets(Limit limit, long least, long most, int standard) {
        return get(limit)
                .flatMap(node -> node.octets(least, most))
                .map(Math::toIntExact)
                .orElse(standard);
    }

    private Optional<Node> get(Limit limit) {
        return section.flatMap(keys -> keys.get(limit.key()));
    }
}
