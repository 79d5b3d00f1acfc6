package io.github.orgmilter.net;

import io.netty.channel.Channel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.timeout.IdleStateHandler;
import java.util.concurrent.TimeUnit;

/** The pipeline of a connection: what limits it, and its protocol. */
public final class LimitedPipeline {

    private LimitedPipeline() {}

    /**
     * Sets up a new connection, or closes it where there is no memory for one. The protocol gets a {@link Limit} as an event when
     * one is reached.
     *
     * @param memory what all connections share
     */
    public static void initialize(Channel channel, Limits limits, ConnectionMemory memory, ProtocolHandler protocol) {
        if (!memory.takeOne()) {
            channel.close();
            return;
        }
        channel.config()
                .setWriteBufferWaterMark(new WriteBufferWaterMark(limits.unreadOutput() / 2, limits.unreadOutput()));
        channel.pipeline()
                .addLast(new IdleStateHandler(limits.idleTimeout().toMillis(), 0, 0, TimeUnit.MILLISECONDS))
                .addLast(new LimitEvents(memory, protocol, limits.unreadOutput()))
                .addLast(protocol);
    }
}
