package io.github.orgmilter.net;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The event loops, and how many connections each has. */
final class EventLoops {

    private static final long STOP_SECONDS = 5;

    /**
     * One of them.
     *
     * @param connections that are its own now
     */
    record Loop(EventLoop executor, AtomicInteger connections) {}

    private final EventLoopGroup group;
    private final List<Loop> loops = new ArrayList<>();

    EventLoops(EventLoopGroup group) {
        this.group = group;
        for (EventExecutor executor : group) {
            loops.add(new Loop((EventLoop) executor, new AtomicInteger()));
        }
    }

    /**
     * Gives a new connection to the loop that has the fewest; of several, to the one that accepted it, which need not wake another
     * one.
     *
     * @param accepting the listener's
     */
    Loop take(EventLoop accepting) {
        Loop least = loops.get(0);
        int fewest = Integer.MAX_VALUE;
        for (Loop loop : loops) {
            int connections = loop.connections.get();
            if (connections < fewest || (connections == fewest && loop.executor == accepting)) {
                least = loop;
                fewest = connections;
            }
        }
        least.connections.incrementAndGet();
        return least;
    }

    /** Gives a listener to one of them, after the other. */
    void register(Channel listener) {
        group.register(listener).syncUninterruptibly();
    }

    /** Waits until all tasks have been done that were queued until now. */
    void awaitQueued() {
        loops.forEach(loop -> loop.executor.submit(() -> {}).awaitUninterruptibly());
    }

    void stop() {
        group.shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
