package io.github.orgmilter.delegation;

import io.github.orgmilter.config.Limits;
import io.github.orgmilter.net.FrameDeadline;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DelimiterBasedFrameDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Cuts the stream at empty lines, and ends a connection that takes too much, or too long, for one request. */
final class RequestDecoder extends DelimiterBasedFrameDecoder {

    private static final ByteBuf EMPTY_LINE =
            Unpooled.unreleasableBuffer(Unpooled.copiedBuffer("\n\n", StandardCharsets.US_ASCII));

    private final FrameDeadline deadline;

    RequestDecoder(Limits limits) {
        super(limits.frameSize(), EMPTY_LINE.duplicate());
        this.deadline = new FrameDeadline(limits.frameTimeout());
    }

    @Override
    public void handlerAdded(ChannelHandlerContext channel) {
        deadline.begin(channel);
    }

    @Override
    protected @Nullable Object decode(ChannelHandlerContext channel, ByteBuf octets) throws Exception {
        Object request = super.decode(channel, octets);
        deadline.decoded(channel, request, octets);
        return request;
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext channel) {
        deadline.end();
    }
}
