package io.github.orgmilter.milter;

import io.github.orgmilter.policy.Policy;
import io.netty.channel.Channel;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.timeout.IdleStateHandler;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.nightcode.milter.codec.Int32LenFrameEncoder;
import org.nightcode.milter.codec.MilterPacketDecoder;
import org.nightcode.milter.codec.MilterPacketEncoder;

/** Sets up the pipeline of a new connection: from octets to frames to packets to a session. */
final class SessionPipeline {

    /** 64 KiB, the most that an MTA puts into one frame (MILTER_CHUNK_SIZE), and room for its command and names. */
    static final int MAX_FRAME = 64 * 1024 + 4 * 1024;

    /** An MTA may be silent through a long DATA: 10 minutes for each part of it (RFC 5321, section 4.5.3.2). */
    private static final long IDLE_HOURS = 2;

    private static final int LENGTH_OCTETS = 4;

    private final Supplier<Policy> policy;
    private final SessionObserver observer;
    private final Optional<LiveSessions> liveSessions;
    private final AtomicLong lastSession = new AtomicLong(System.currentTimeMillis()); // ids stay apart across restarts

    SessionPipeline(Supplier<Policy> policy, SessionObserver observer, Optional<LiveSessions> liveSessions) {
        this.policy = policy;
        this.observer = observer;
        this.liveSessions = liveSessions;
    }

    void initialize(Channel channel) {
        String id = Long.toString(lastSession.incrementAndGet(), Character.MAX_RADIX);
        channel.pipeline()
                .addLast(new IdleStateHandler(IDLE_HOURS, 0, 0, TimeUnit.HOURS))
                .addLast(new LengthFieldBasedFrameDecoder(MAX_FRAME, 0, LENGTH_OCTETS, 0, LENGTH_OCTETS))
                .addLast(new Int32LenFrameEncoder())
                .addLast(new MilterPacketDecoder())
                .addLast(new MilterPacketEncoder())
                .addLast(new SessionHandler(new Session(policy, observer, liveSessions, id), observer));
    }
}
