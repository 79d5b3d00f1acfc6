package io.github.orgmilter.milter;

import io.github.orgmilter.net.Acknowledgement;
import io.github.orgmilter.net.FrameDeadline;
import io.github.orgmilter.net.HoldsMemory;
import io.github.orgmilter.net.Limit;
import io.github.orgmilter.net.Limits;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.CorruptedFrameException;
import java.util.List;

/**
 * Cuts the stream into frames by the length in front of each. The frames of a peer that does not read its answers wait.
 */
abstract class FrameHandler extends ByteToMessageDecoder implements HoldsMemory {

    private static final int LENGTH_OCTETS = 4;

    private final int frameSize;
    private final FrameDeadline deadline;
    private boolean closing;
    private boolean answered; // something of what was read last

    FrameHandler(Limits limits) {
        this.frameSize = limits.frameSize();
        this.deadline = new FrameDeadline(limits.frameTimeout(), channel -> reached(channel, Limit.FRAME_TIMEOUT));
    }

    /**
     * Takes a frame.
     *
     * @param command its first octet, 0 to 255
     * @param payload the rest
     */
    abstract void frame(ChannelHandlerContext channel, int command, Payload payload);

    /** The connection has reached a limit. */
    abstract void reached(ChannelHandlerContext channel, Limit limit);

    /** About how many octets are kept of the frames so far. */
    abstract long kept();

    @Override
    public final long held() {
        return internalBuffer().capacity() + kept();
    }

    final boolean isClosing() {
        return closing;
    }

    /** Sends a frame. */
    final void send(ChannelHandlerContext channel, ByteBuf frame) {
        answered = true;
        channel.writeAndFlush(frame, channel.voidPromise());
    }

    /** Closes the connection; of what has come in already nothing is looked at any more. */
    final void close(ChannelHandlerContext channel) {
        closing = true;
        channel.close();
    }

    @Override
    public final void handlerAdded(ChannelHandlerContext channel) {
        deadline.begin(channel);
    }

    @Override
    protected final void handlerRemoved0(ChannelHandlerContext channel) {
        deadline.end();
    }

    @Override
    protected final void decode(ChannelHandlerContext channel, ByteBuf octets, List<Object> unused) {
        if (closing || !channel.channel().isActive()) {
            octets.skipBytes(octets.readableBytes());
        } else if (channel.channel().isWritable()) {
            next(channel, octets);
        }
    }

    private void next(ChannelHandlerContext channel, ByteBuf octets) {
        int start = octets.readerIndex() + LENGTH_OCTETS;
        if (start > octets.writerIndex()) {
            deadline.begin(channel);
            return;
        }
        int length = octets.getInt(octets.readerIndex());
        if (length <= 0) {
            throw new CorruptedFrameException("a frame of " + length + " octets");
        }
        if (length > frameSize) {
            reached(channel, Limit.FRAME_SIZE);
            return;
        }
        int end = start + length;
        if (end > octets.writerIndex()) {
            deadline.begin(channel);
            return;
        }
        deadline.end();
        try {
            frame(
                    channel,
                    octets.getUnsignedByte(start),
                    new Payload(ByteBufUtil.getBytes(octets, start + 1, length - 1)));
        } finally {
            octets.readerIndex(end);
        }
    }

    /** Not as the decoder has it, which would ask for more even of a peer that is not to be read. */
    @Override
    public final void channelReadComplete(ChannelHandlerContext channel) {
        if (!answered) {
            Acknowledgement.send(channel.channel());
        }
        answered = false;
        discardSomeReadBytes();
        channel.fireChannelReadComplete();
    }

    @Override
    public final void channelWritabilityChanged(ChannelHandlerContext channel) throws Exception {
        if (channel.channel().isWritable()) {
            channelRead(channel, Unpooled.EMPTY_BUFFER); // goes on with what is waiting
        } else {
            deadline.end(); // the rest of a frame is not read either
        }
        super.channelWritabilityChanged(channel);
    }
}
