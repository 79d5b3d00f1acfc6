package io.github.orgmilter.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.event.Level;

/**
 * The end of a connection's pipeline, whatever its protocol: it cuts the stream into frames, handles one after the other, and
 * closes the connection at its limits and at what cannot be read. The frames of a peer that does not read its answers wait.
 */
public abstract class ProtocolHandler extends ByteToMessageDecoder {

    /** The length of a frame whose length is not known yet. */
    protected static final long UNKNOWN = -1;

    /** Octets that are handled of a frame that is too long: fewer than any frame may have. */
    protected static final int LONG_FRAME = 1024;

    private final int configuredSize;
    private final int overhead;
    private long frameSize;
    private boolean longFrames;
    private long passing; // octets of a long frame that are still to come
    private final FrameDeadline deadline;
    private final Consumer<Limit> observer;
    private final Set<Limit> reported = EnumSet.noneOf(Limit.class);
    private boolean closing;
    private boolean answered; // something of what was read last

    /**
     * Waits for the first frame.
     *
     * @param overhead octets of a frame that do not count for {@link Limits#frameSize}
     * @param observer called for each limit that the connection reaches
     */
    protected ProtocolHandler(Limits limits, int overhead, Consumer<Limit> observer) {
        this.configuredSize = limits.frameSize();
        this.overhead = overhead;
        this.frameSize = (long) configuredSize + overhead;
        this.deadline = new FrameDeadline(limits.frameTimeout(), channel -> reached(channel, Limit.FRAME_TIMEOUT));
        this.observer = observer;
    }

    /** How many octets the first of these frames has, or {@link #UNKNOWN}. */
    protected abstract long frameLength(ByteBuf octets);

    /** Handles a frame: these octets from {@code start} to {@code end}. */
    protected abstract void frame(ChannelHandlerContext channel, ByteBuf octets, int start, int end);

    /**
     * Handles the beginning of a frame that is too long, the first {@link #LONG_FRAME} octets; the rest is passed over.
     *
     * @return whether it is such a frame; any other closes the connection
     */
    protected boolean longFrame(ChannelHandlerContext channel, ByteBuf octets, int start, int end, long length) {
        return false;
    }

    /**
     * From now on frames of at least this size are taken whole, and longer ones go to {@link #longFrame}.
     *
     * @param least octets, without the overhead; 0 for the limit alone, past which a frame closes the connection
     */
    protected final void allowLongFrames(int least) {
        longFrames = least > 0;
        frameSize = (long) Math.max(configuredSize, least) + overhead;
    }

    /** About how many octets are kept of the frames so far. */
    protected long kept() {
        return 0;
    }

    /** Logs that the connection has reached a limit, for the first time. */
    protected abstract void logLimit(Limit limit);

    /** Logs that the connection is closed, and why. */
    protected abstract void logClosed(Level level, String reason);

    /** About how many octets the connection holds: its buffer, and what is kept. */
    final long held() {
        return internalBuffer().capacity() + kept();
    }

    /** Sends an answer. */
    protected final void send(ChannelHandlerContext channel, ByteBuf answer) {
        answered = true;
        channel.writeAndFlush(answer, channel.voidPromise()); // so that a failure is caught below
    }

    /** Closes the connection; octets that have come in already are dropped. */
    protected final void close(ChannelHandlerContext channel) {
        closing = true;
        channel.close();
    }

    /** Closes the connection, unless it is closing already, and logs why. */
    protected final void close(ChannelHandlerContext channel, Level level, String reason) {
        if (!closing) {
            close(channel);
            logClosed(level, reason);
        }
    }

    /** The connection has reached a limit. */
    protected final void reached(ChannelHandlerContext channel, Limit limit) {
        if (closing) {
            return;
        }
        if (limit.isFinal()) {
            close(channel);
        }
        observer.accept(limit);
        if (reported.add(limit)) {
            logLimit(limit);
        }
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
        } else if (passing > 0) {
            pass(octets);
        } else if (channel.channel().isWritable()) {
            next(channel, octets);
        }
    }

    private void next(ChannelHandlerContext channel, ByteBuf octets) {
        long length = frameLength(octets);
        int begun = octets.readableBytes();
        if (length > frameSize && longFrames) {
            beginLong(channel, octets, length);
        } else if (length > frameSize || (length == UNKNOWN && begun > frameSize)) {
            reached(channel, Limit.FRAME_SIZE);
        } else if (length == UNKNOWN || length > begun) {
            deadline.begin(channel);
        } else {
            deadline.end();
            int start = octets.readerIndex();
            int end = start + (int) length;
            try {
                frame(channel, octets, start, end);
            } finally {
                octets.readerIndex(end);
            }
        }
    }

    private void beginLong(ChannelHandlerContext channel, ByteBuf octets, long length) {
        deadline.begin(channel); // for all of it
        if (octets.readableBytes() < LONG_FRAME) {
            return;
        }
        int start = octets.readerIndex();
        int end = start + LONG_FRAME;
        try {
            if (longFrame(channel, octets, start, end, length)) {
                passing = length - LONG_FRAME;
            } else {
                reached(channel, Limit.FRAME_SIZE);
            }
        } finally {
            octets.readerIndex(end);
        }
    }

    private void pass(ByteBuf octets) {
        int length = (int) Math.min(passing, octets.readableBytes());
        octets.skipBytes(length);
        passing -= length;
        if (passing == 0) {
            deadline.end();
        }
    }

    /** Does not ask for more, as the decoder would even of a peer that is not to be read. */
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

    @Override
    public void userEventTriggered(ChannelHandlerContext channel, Object event) throws Exception {
        if (event instanceof Limit limit) {
            reached(channel, limit);
        } else {
            super.userEventTriggered(channel, event);
        }
    }

    /** A broken frame or connection: where the next frame begins is not known any more. */
    @Override
    public final void exceptionCaught(ChannelHandlerContext channel, Throwable cause) {
        MemoryExhaustion.endIfCauseOf(cause);
        // A peer that goes away resets its connection as often as not: nothing to look after.
        close(channel, cause instanceof IOException ? Level.DEBUG : Level.WARN, cause.toString());
    }
}
