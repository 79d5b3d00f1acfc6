package io.github.orgmilter.milter;

import io.github.orgmilter.config.Limits;
import io.github.orgmilter.net.FrameDeadline;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import org.jspecify.annotations.Nullable;

/** Cuts the stream into frames by the length in front of each, and waits for one no longer than it may. */
final class FrameDecoder extends LengthFieldBasedFrameDecoder {

    private static final int LENGTH_OCTETS = 4;

    private final FrameDeadline deadline;

    FrameDecoder(Limits limits) {
        super(LENGTH_OCTETS + limits.frameSize(), 0, LENGTH_OCTETS, 0, LENGTH_OCTETS);
        this.deadline = new FrameDeadline(limits.frameTimeout());
    }

    @Override
    public void handlerAdded(ChannelHandlerContext channel) {
        deadline.begin(channel);
    }

    @Override
    protected @Nullable Object decode(ChannelHandlerContext channel, ByteBuf octets) throws Exception {
        Object frame = super.decode(channel, octets);
        deadline.decoded(channel, frame, octets);
        return frame;
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext channel) {
        deadline.end();
    }
}
