package io.github.orgmilter.admin;

import io.github.orgmilter.net.MemoryExhaustion;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a peer the events of one stream: what there is at once and then twice a second, so that a thousand events are one write. A
 * peer that is not fast enough misses some, and one that takes none for a while is closed.
 */
final class EventSender {

    private static final Logger LOG = LoggerFactory.getLogger(EventSender.class);

    private static final long PERIOD_MILLIS = 500;
    /** Of the peer, and of proxies between, which close what is silent. */
    private static final int QUIET_PERIODS = 30;

    private static final String COMMENT = ":\n\n";

    /** Streams take turns within the period, or mail would wait for all of them at once: each is a golden section behind the last. */
    private static final long TURN_MILLIS = 309;

    private static final AtomicLong BEGUN = new AtomicLong();

    private final ChannelHandlerContext channel;
    private final EventStream events;
    private final Runnable stuck;
    private @Nullable Future<?> task;
    private int quiet;
    private int unwritable;

    /**
     * One that has sent nothing.
     *
     * @param stuck what is done where the peer takes nothing any more
     */
    EventSender(ChannelHandlerContext channel, EventStream events, Runnable stuck) {
        this.channel = channel;
        this.events = events;
        this.stuck = stuck;
    }

    void begin() {
        send();
        long first = BEGUN.getAndIncrement() * TURN_MILLIS % PERIOD_MILLIS;
        task = channel.executor().scheduleAtFixedRate(this::send, first, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
        channel.channel().closeFuture().addListener(closed -> end());
    }

    private void end() {
        if (task != null) {
            task.cancel(false);
        }
    }

    private void send() {
        try {
            sendWhatThereIs();
        } catch (Throwable e) { // or the task would end, and the stream be silent for good
            MemoryExhaustion.endIfCauseOf(e);
            LOG.error("admin: a stream of events failed", e);
            channel.close();
        }
    }

    private void sendWhatThereIs() {
        if (!channel.channel().isWritable()) {
            if (++unwritable > QUIET_PERIODS) {
                stuck.run();
            }
            return;
        }
        unwritable = 0;
        String text = events.next();
        if (text.isEmpty() && ++quiet < QUIET_PERIODS) {
            return;
        }
        quiet = 0;
        channel.writeAndFlush(ByteBufUtil.writeUtf8(channel.alloc(), text.isEmpty() ? COMMENT : text));
    }
}
