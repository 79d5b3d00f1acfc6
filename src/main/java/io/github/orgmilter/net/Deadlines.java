package io.github.orgmilter.net;

import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The times of one connection: a frame that has begun must be whole by one, and so must the first even if it has not; and by the
 * other something must come. One timer is for both, and set anew only when it is over, or too late: most connections end before.
 */
final class Deadlines {

    private final ProtocolHandler protocol;
    private final long frameNanos;
    private final long idleNanos;
    private boolean frameAwaited;
    private long frameBegun;
    private long lastRead;
    private long timerDue;
    private @Nullable Future<?> timer;

    /** Those of a connection that has not begun. */
    Deadlines(ProtocolHandler protocol, Limits limits) {
        this.protocol = protocol;
        this.frameNanos = limits.frameTimeout().toNanos();
        this.idleNanos = limits.idleTimeout().toNanos();
    }

    /** The connection begins. */
    void begin(ChannelHandlerContext channel) {
        read(channel);
        frameBegins(channel);
    }

    /** Something has come. */
    void read(ChannelHandlerContext channel) {
        lastRead = now(channel);
    }

    /** A frame is waited for from now on, if none is already. */
    void frameBegins(ChannelHandlerContext channel) {
        if (!frameAwaited) {
            frameAwaited = true;
            frameBegun = now(channel);
            setTimer(channel, frameBegun);
        }
    }

    /** No frame is waited for. */
    void frameEnds() {
        frameAwaited = false;
    }

    /** The connection has ended. */
    void end() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    private void setTimer(ChannelHandlerContext channel, long now) {
        long wait = lastRead + idleNanos - now;
        if (frameAwaited) {
            wait = Math.min(wait, frameBegun + frameNanos - now);
        }
        if (timer != null && timerDue - now <= wait) {
            return;
        }
        end();
        timerDue = now + wait;
        timer = channel.executor().schedule(() -> due(channel), wait, TimeUnit.NANOSECONDS);
    }

    private void due(ChannelHandlerContext channel) {
        timer = null;
        long now = now(channel);
        if (frameAwaited && now - frameBegun >= frameNanos) {
            protocol.reached(channel, Limit.FRAME_TIMEOUT);
        } else if (now - lastRead >= idleNanos) {
            protocol.reached(channel, Limit.IDLE_TIMEOUT);
        } else {
            setTimer(channel, now);
        }
    }

    private static long now(ChannelHandlerContext channel) {
        return channel.executor().ticker().nanoTime();
    }
}
