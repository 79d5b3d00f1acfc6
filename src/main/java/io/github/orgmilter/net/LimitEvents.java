package io.github.orgmilter.net;

import io.github.orgmilter.config.Limit;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.timeout.IdleStateEvent;

/**
 * Tells the handler behind it, by an event that is the {@link Limit} itself, when the connection reaches one. A peer that does not
 * read its answers is not read either, until it has read half of them.
 */
final class LimitEvents extends ChannelInboundHandlerAdapter {

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext channel) throws Exception {
        boolean writable = channel.channel().isWritable();
        channel.channel().config().setAutoRead(writable);
        if (!writable) {
            channel.fireUserEventTriggered(Limit.UNREAD_OUTPUT);
        }
        super.channelWritabilityChanged(channel);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext channel, Object event) throws Exception {
        super.userEventTriggered(channel, event instanceof IdleStateEvent ? Limit.IDLE_TIMEOUT : event);
    }
}
