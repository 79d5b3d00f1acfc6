package io.github.orgmilter.admin;

import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The time by which what is waited for must have come. */
final class Deadline {

    private final Duration timeout;
    private final Consumer<ChannelHandlerContext> missed;
    private @Nullable Future<?> deadline; // while something is waited for

    /**
     * Waits for nothing yet.
     *
     * @param missed called on the event loop when it has not come in time
     */
    Deadline(Duration timeout, Consumer<ChannelHandlerContext> missed) {
        this.timeout = timeout;
        this.missed = missed;
    }

    /** It is waited for from now on. */
    void begin(ChannelHandlerContext channel) {
        if (deadline == null) {
            deadline = channel.executor()
                    .schedule(() -> missed.accept(channel), timeout.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** Nothing is waited for. */
    void end() {
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
    }
}
