package io.github.orgmilter.delegation;

import io.github.orgmilter.config.Limits;
import io.github.orgmilter.net.FrameDeadline;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.TooLongFrameException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the stream at empty lines, and ends a connection that takes too much, or too long, for one request. No octet is looked at
 * twice, in however small pieces they come.
 */
final class RequestDecoder extends ByteToMessageDecoder {

    private final int mostOctets;
    private final FrameDeadline deadline;
    private int searched; // of the request that has begun: octets before which no empty line ends

    RequestDecoder(Limits limits) {
        this.mostOctets = limits.frameSize();
        this.deadline = new FrameDeadline(limits.frameTimeout());
    }

    @Override
    public void handlerAdded(ChannelHandlerContext channel) {
        deadline.begin(channel);
    }

    @Override
    protected void decode(ChannelHandlerContext channel, ByteBuf octets, List<Object> requests) {
        ByteBuf request = next(octets);
        deadline.decoded(channel, request, octets);
        if (request != null) {
            requests.add(request);
        }
    }

    private @Nullable ByteBuf next(ByteBuf octets) {
        int start = octets.readerIndex();
        int newline = octets.indexOf(start + searched, octets.writerIndex(), (byte) '\n');
        while (newline >= 0 && newline + 1 < octets.writerIndex()) {
            if (octets.getByte(newline + 1) == '\n') {
                requireFits(newline - start, octets);
                ByteBuf request = octets.readRetainedSlice(newline - start);
                octets.skipBytes(2);
                searched = 0;
                return request;
            }
            newline = octets.indexOf(newline + 1, octets.writerIndex(), (byte) '\n');
        }
        requireFits(octets.readableBytes(), octets);
        searched = newline < 0 ? octets.readableBytes() : newline - start;
        return null;
    }

    private void requireFits(int size, ByteBuf octets) {
        if (size > mostOctets) {
            octets.skipBytes(octets.readableBytes());
            searched = 0;
            throw new TooLongFrameException("a request of more than " + mostOctets + " octets");
        }
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext channel) {
        deadline.end();
    }
}
