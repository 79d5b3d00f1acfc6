package io.github.orgmilter.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.timeout.IdleStateHandler;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What every connection has in front of its protocol, so that no peer can have more than its limits. */
public final class LimitedPipeline {

    private LimitedPipeline() {}

    /**
     * Sets up a new connection, or closes it where there is no memory for one. The last handler gets a {@link
     * Limit} as an event when one is reached.
     *
     * @param memory what all connections share
     * @param protocol what cuts the octets into frames, with a {@link FrameDeadline}, and handles these, except while the peer does
     *     not read its answers; what keeps anything in between {@linkplain HoldsMemory says so}
     */
    public static void initialize(Channel channel, Limits limits, ConnectionMemory memory, ChannelHandler... protocol) {
        if (!memory.takeOne()) {
            channel.close();
            return;
        }
        List<HoldsMemory> holders = Stream.of(protocol)
                .filter(HoldsMemory.class::isInstance)
                .map(HoldsMemory.class::cast)
                .toList();
        channel.config()
                .setWriteBufferWaterMark(new WriteBufferWaterMark(limits.unreadOutput() / 2, limits.unreadOutput()));
        channel.pipeline()
                .addLast(new IdleStateHandler(limits.idleTimeout().toMillis(), 0, 0, TimeUnit.MILLISECONDS))
                .addLast(new LimitEvents(memory, holders, limits.unreadOutput()))
                .addLast(protocol);
    }
}
