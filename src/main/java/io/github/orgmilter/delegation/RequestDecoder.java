package io.github.orgmilter.delegation;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DelimiterBasedFrameDecoder;
import io.netty.handler.timeout.ReadTimeoutException;
import io.netty.util.concurrent.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Cuts the stream at empty lines, and ends a connection that takes too much, or too long, for one request. */
final class RequestDecoder extends DelimiterBasedFrameDecoder {

    /** Ten times what Postfix sends: its longest lines have 2,048 octets ({@code line_length_limit}). */
    static final int MAX_REQUEST = 32 * 1024;

    private static final ByteBuf EMPTY_LINE =
            Unpooled.unreleasableBuffer(Unpooled.copiedBuffer("\n\n", StandardCharsets.US_ASCII));

    private final Duration timeout;
    private @Nullable Future<?> deadline; // while a request has begun and not ended

    RequestDecoder(Duration timeout) {
        super(MAX_REQUEST, EMPTY_LINE.duplicate());
        this.timeout = timeout;
    }

    @Override
    protected @Nullable Object decode(ChannelHandlerContext channel, ByteBuf octets) throws Exception {
        Object request = super.decode(channel, octets);
        if (request != null || !octets.isReadable()) {
            cancel();
        } else if (deadline == null) {
            deadline = channel.executor()
                    .schedule(
                            () -> channel.fireExceptionCaught(ReadTimeoutException.INSTANCE),
                            timeout.toMillis(),
                            TimeUnit.MILLISECONDS);
        }
        return request;
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext channel) {
        cancel();
    }

    private void cancel() {
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
    }
}
