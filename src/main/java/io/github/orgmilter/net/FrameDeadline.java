package io.github.orgmilter.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.timeout.ReadTimeoutException;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The time by which a frame must be whole that has begun, and the first one of a connection even if it has not. */
public final class FrameDeadline {

    private final Duration timeout;
    private @Nullable Future<?> deadline; // while a frame is waited for

    public FrameDeadline(Duration timeout) {
        this.timeout = timeout;
    }

    /** A frame is waited for from now on. */
    public void begin(ChannelHandlerContext channel) {
        if (deadline == null) {
            deadline = channel.executor()
                    .schedule(
                            () -> channel.fireExceptionCaught(ReadTimeoutException.INSTANCE),
                            timeout.toMillis(),
                            TimeUnit.MILLISECONDS);
        }
    }

    /**
     * The decoder has looked for a frame.
     *
     * @param frame what it found, if anything
     * @param rest the octets that are left
     */
    public void decoded(ChannelHandlerContext channel, @Nullable Object frame, ByteBuf rest) {
        if (frame != null) {
            end();
        } else if (rest.isReadable()) {
            begin(channel);
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
