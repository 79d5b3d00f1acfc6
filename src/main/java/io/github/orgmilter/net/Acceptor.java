package io.github.orgmilter.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides about the connections of all listeners before they reach their event loops: those that come faster than the loops
 * register them would otherwise hold descriptors past every limit. Connections past the limit are closed; those without room wait.
 */
final class Acceptor {

    private static final Logger LOG = LoggerFactory.getLogger(Acceptor.class);
    private static final long PAUSE_SECONDS = 1;

    private final Admission admission;
    private final Transport transport;
    private final EventLoops loops;
    private final AtomicBoolean failing = new AtomicBoolean();
    private final AtomicInteger open = new AtomicInteger();
    private final Set<Channel> full = ConcurrentHashMap.newKeySet();

    Acceptor(Admission admission, Transport transport, EventLoops loops) {
        this.admission = admission;
        this.transport = transport;
        this.loops = loops;
    }

    /**
     * What a listener does with its connections.
     *
     * @param begin begins each that may stay, on its event loop
     */
    ChannelInboundHandlerAdapter listener(Consumer<Channel> begin) {
        return new Listener(begin);
    }

    private void accept(ChannelHandlerContext listener, Channel connection, Consumer<Channel> begin) {
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
        EventLoops.Loop loop = loops.take(listener.channel().eventLoop());
        connection.closeFuture().addListener(closed -> ended(connection, loop));
        if (open.incrementAndGet() < admission.room()) {
            failing.set(false);
        } else {
            pause(listener, "all " + admission.room() + " connections that there are open files for are in use");
            resume(listener.channel()); // if one has closed meanwhile
        }
        transport.prepare(connection);
        ChannelPromise registered = connection.newPromise(); // one that cannot be registered is closed by that
        registered.addListener(done -> {
            if (done.isSuccess()) {
                begin(connection, begin);
            }
        });
        loop.executor().register(registered);
    }

    private static void begin(Channel connection, Consumer<Channel> begin) {
        try {
            begin.accept(connection);
        } catch (Throwable e) {
            connection.close();
            MemoryExhaustion.endIfCauseOf(e);
            LOG.error("a connection is closed, because it could not be set up", e);
        }
    }

    private void ended(Channel connection, EventLoops.Loop loop) {
        loop.connections().decrementAndGet();
        admission.ended(connection);
        open.decrementAndGet();
        full.forEach(this::resume);
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

    private final class Listener extends ChannelInboundHandlerAdapter {

        private final Consumer<Channel> begin;

        Listener(Consumer<Channel> begin) {
            this.begin = begin;
        }

        @Override
        public void channelRead(ChannelHandlerContext listener, Object accepted) {
            accept(listener, (Channel) accepted, begin);
        }

        /** Most likely no descriptor is left in the process or the system. What waits in the system's queue is kept. */
        @Override
        public void exceptionCaught(ChannelHandlerContext listener, Throwable cause) {
            pause(listener, cause.toString());
            listener.executor().schedule(() -> resume(listener.channel()), PAUSE_SECONDS, TimeUnit.SECONDS);
        }
    }
}
