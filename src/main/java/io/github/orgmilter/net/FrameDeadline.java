package io.github.orgmilter.net;

import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The time by which a frame must be whole that has begun, and the first one of a connection even if it has not. */
public final class FrameDeadline {

    private final Duration timeout;
    private final Consumer<ChannelHandlerContext> missed;
    private @Nullable Future<?> deadline; // while a frame is waited for

    /**
     * Waits for nothing yet.
     *
     * @param missed called on the event loop when a frame was not whole in time
     */
    public FrameDeadline(Duration timeout, Consumer<ChannelHandlerContext> missed) {
        this.timeout = timeout;
        this.missed = missed;
    }

    /** A frame is waited for from now on. */
    public void begin(ChannelHandlerContext channel) {
        if (deadline == null) {
            deadline = channel.executor()
                    .schedule(() -> missed.accept(channel), timeout.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** No frame is waited for. */
    public void end() {
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
    }
}
