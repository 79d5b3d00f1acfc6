package io.github.orgmilter.net;

import io.github.orgmilter.config.Limits;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.timeout.IdleStateHandler;
import java.util.concurrent.TimeUnit;

/** What every connection has in front of its protocol, so that no peer can have more than its limits. */
public final class LimitedPipeline {

    private LimitedPipeline() {}

    /**
     * Sets up a new connection. The last handler gets a {@link io.github.orgmilter.config.Limit} as an event when one is reached.
     *
     * @param protocol what cuts the octets into frames, with a {@link FrameDeadline}, and handles these, except while the peer does
     *     not read its answers
     */
    public static void initialize(Channel channel, Limits limits, ChannelHandler... protocol) {
        channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(limits.unreadOutput() / 2, limits.unreadOutput()));
        channel.pipeline()
                .addLast(new IdleStateHandler(limits.idleTimeout().toMillis(), 0, 0, TimeUnit.MILLISECONDS))
                .addLast(new LimitEvents())
                .addLast(protocol);
    }
}
