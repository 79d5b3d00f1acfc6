package io.github.orgmilter.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides about connections before they reach their event loop: those that come faster than the loops register them would
 * otherwise hold descriptors past every limit. Connections past the limit are closed; those without room wait.
 */
@Sharable
final class Acceptor extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(Acceptor.class);
    private static final long PAUSE_SECONDS = 1;

    private final Admission admission;
    private final AtomicBoolean failing = new AtomicBoolean();
    private final AtomicInteger open = new AtomicInteger();
    private final Set<Channel> full = ConcurrentHashMap.newKeySet();

    Acceptor(Admission admission) {
        this.admission = admission;
    }

    @Override
    public void channelRead(ChannelHandlerContext listener, Object accepted) {
        Channel connection = (Channel) accepted;
        boolean admitted = false;
        try {
            admitted = admission.admits(connection);
        } finally {
            if (!admitted) {
                connection.unsafe().closeForcibly();
            }
        }
        if (!admitted) {
            return;
        }
        connection.closeFuture().addListener(closed -> {
            open.decrementAndGet();
            full.forEach(this::resume);
        });
        if (open.incrementAndGet() < admission.room()) {
            failing.set(false);
        } else {
            pause(listener, "all " + admission.room() + " connections that there are open files for are in use");
            resume(listener.channel()); // if one has closed meanwhile
        }
        listener.fireChannelRead(connection);
    }

    /** Most likely no descriptor is left in the process or the system. What waits in the system's queue is kept. */
    @Override
    public void exceptionCaught(ChannelHandlerContext listener, Throwable cause) {
        pause(listener, cause.toString());
        listener.executor().schedule(() -> resume(listener.channel()), PAUSE_SECONDS, TimeUnit.SECONDS);
    }

    private void pause(ChannelHandlerContext listener, String reason) {
        if (failing.compareAndSet(false, true)) {
            LOG.warn(
                    "new connections wait on {}: {}; raise the limit of open files (LimitNOFILE=, ulimit -n)",
                    listener.channel().localAddress(),
                    reason);
        }
        listener.channel().config().setAutoRead(false);
        full.add(listener.channel()); // only now: whoever finds it there resumes it
    }

    private void resume(Channel listener) {
        if (open.get() < admission.room() && full.remove(listener) && listener.isOpen()) {
            listener.config().setAutoRead(true);
        }
    }
}
