package io.github.orgmilter.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes what a listener may not take before it reaches an event loop of its own: connections that come faster than those loops
 * register them would otherwise hold descriptors past every limit.
 */
@Sharable
final class Acceptor extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(Acceptor.class);
    private static final long PAUSE_SECONDS = 1;

    private final Admission admission;
    private final AtomicBoolean failing = new AtomicBoolean();

    Acceptor(Admission admission) {
        this.admission = admission;
    }

    @Override
    public void channelRead(ChannelHandlerContext listener, Object accepted) {
        failing.set(false);
        Channel connection = (Channel) accepted;
        if (admission.admits(connection)) {
            listener.fireChannelRead(connection);
        } else {
            connection.unsafe().closeForcibly();
        }
    }

    /** Most likely no descriptor is left in the process or the system. What waits in the system's queue is not lost. */
    @Override
    public void exceptionCaught(ChannelHandlerContext listener, Throwable cause) {
        if (failing.compareAndSet(false, true)) {
            LOG.warn(
                    "connections wait on {}: {}; raise the limit of open files (LimitNOFILE=, ulimit -n)",
                    listener.channel().localAddress(),
                    cause.toString());
        }
        listener.channel().config().setAutoRead(false);
        listener.executor()
                .schedule(() -> listener.channel().config().setAutoRead(true), PAUSE_SECONDS, TimeUnit.SECONDS);
    }
}
