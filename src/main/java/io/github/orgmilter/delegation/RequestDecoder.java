package io.github.orgmilter.delegation;

import io.github.orgmilter.net.FrameDeadline;
import io.github.orgmilter.net.HoldsMemory;
import io.github.orgmilter.net.Limit;
import io.github.orgmilter.net.Limits;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.ReferenceCountUtil;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the stream at empty lines, and ends a connection that takes too much, or too long, for one request. No octet is looked at
 * twice, in however small pieces they come. The requests of a peer that does not read its answers wait.
 */
final class RequestDecoder extends ByteToMessageDecoder implements HoldsMemory {

    private final int mostOctets;
    private final FrameDeadline deadline;
    private int searched; // of the request that has begun: octets before which no empty line ends

    RequestDecoder(Limits limits) {
        this.mostOctets = limits.frameSize();
        this.deadline = new FrameDeadline(
                limits.frameTimeout(), channel -> channel.fireUserEventTriggered(Limit.FRAME_TIMEOUT));
    }

    @Override
    public void handlerAdded(ChannelHandlerContext channel) {
        deadline.begin(channel);
    }

    @Override
    public long held() {
        return internalBuffer().capacity();
    }

    @Override
    protected void decode(ChannelHandlerContext channel, ByteBuf octets, List<Object> requests) {
        if (!channel.channel().isWritable()) {
            return;
        }
        ByteBuf request = next(octets);
        int size = request == null ? octets.readableBytes() : request.readableBytes();
        if (size > mostOctets) {
            ReferenceCountUtil.release(request);
            octets.skipBytes(octets.readableBytes());
            searched = 0;
            channel.fireUserEventTriggered(Limit.FRAME_SIZE);
        } else if (request != null) {
            deadline.end();
            requests.add(request);
        } else {
            deadline.begin(channel);
        }
    }

    private @Nullable ByteBuf next(ByteBuf octets) {
        int start = octets.readerIndex();
        int newline = octets.indexOf(start + searched, octets.writerIndex(), (byte) '\n');
        while (newline >= 0 && newline + 1 < octets.writerIndex()) {
            if (octets.getByte(newline + 1) == '\n') {
                ByteBuf request = octets.readRetainedSlice(newline - start);
                octets.skipBytes(2);
                searched = 0;
                return request;
            }
            newline = octets.indexOf(newline + 1, octets.writerIndex(), (byte) '\n');
        }
        searched = newline < 0 ? octets.readableBytes() : newline - start;
        return null;
    }

    /** Not as the decoder has it, which would ask for more even of a peer that is not to be read. */
    @Override
    public void channelReadComplete(ChannelHandlerContext channel) {
        discardSomeReadBytes();
        channel.fireChannelReadComplete();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext channel) throws Exception {
        if (channel.channel().isWritable()) {
            channelRead(channel, Unpooled.EMPTY_BUFFER); // goes on with what is waiting
        } else {
            deadline.end(); // the rest of a request is not read either
        }
        super.channelWritabilityChanged(channel);
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext channel) {
        deadline.end();
    }
}
