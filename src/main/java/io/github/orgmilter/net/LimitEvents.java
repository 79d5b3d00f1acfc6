package io.github.orgmilter.net;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.timeout.IdleStateEvent;

/**
 * Fires an event, the {@link Limit} itself, when the connection reaches one. A peer that does not read its answers is not read
 * either, until it has read half of them. Where all connections together hold too much, one that would hold more is closed.
 */
final class LimitEvents extends ChannelInboundHandlerAdapter {

    private final ConnectionMemory memory;
    private final ProtocolHandler protocol;
    private final long unreadOutput;
    private long taken = ConnectionMemory.EACH;

    /**
     * The connection's share is given back when it ends.
     *
     * @param memory from which {@link ConnectionMemory#EACH} was taken
     */
    LimitEvents(ConnectionMemory memory, ProtocolHandler protocol, long unreadOutput) {
        this.memory = memory;
        this.protocol = protocol;
        this.unreadOutput = unreadOutput;
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext channel) {
        memory.giveBack(taken);
        taken = 0;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext channel) throws Exception {
        super.channelReadComplete(channel);
        account(channel);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext channel) throws Exception {
        boolean writable = channel.channel().isWritable();
        channel.channel().config().setAutoRead(writable);
        if (!writable) {
            channel.fireUserEventTriggered(Limit.UNREAD_OUTPUT);
        }
        super.channelWritabilityChanged(channel);
        account(channel);
    }

    private void account(ChannelHandlerContext channel) {
        if (channel.isRemoved() || !channel.channel().isOpen()) { // closing it comes back here
            return;
        }
        long held = unreadOutput - channel.channel().bytesBeforeUnwritable() + protocol.held();
        long more = ConnectionMemory.of(held) - taken;
        if (more > 0 && !memory.takeMore(more)) {
            channel.close();
            return;
        }
        if (more < 0) {
            memory.giveBack(-more);
        }
        taken += more;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext channel, Object event) throws Exception {
        super.userEventTriggered(channel, event instanceof IdleStateEvent ? Limit.IDLE_TIMEOUT : event);
    }
}
