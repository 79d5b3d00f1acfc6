package io.github.orgmilter.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.WriteBufferWaterMark;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * A connection, whatever its protocol: cuts the stream into frames, handles one after the other, and closes the connection at its
 * limits and at what cannot be read. The frames of a peer that does not read its answers wait. It is the only handler of its
 * pipeline, since what a connection costs is most of what a message does whose session has no other.
 */
public abstract class ProtocolHandler extends ChannelInboundHandlerAdapter {

    /** The length of a frame whose length is not known yet. */
    protected static final long UNKNOWN = -1;

    /** Octets that are handled of a frame that is too long: fewer than any frame may have. */
    protected static final int LONG_FRAME = 1024;

    private final Limits limits;
    private final int overhead;
    private long frameSize;
    private boolean longFrames;
    private long passing; // octets of a long frame that are still to come
    private final Rest rest = new Rest();
    private final Deadlines deadlines;
    private final ConnectionMemory memory;
    private final MemoryShare share;
    private final Consumer<Limit> observer;
    private @Nullable Set<Limit> reported; // from the first one on
    private boolean closing;
    private boolean handling;
    private boolean answered; // something of what was read last

    /**
     * Waits for the first frame.
     *
     * @param overhead octets of a frame that do not count for {@link Limits#frameSize}
     * @param memory what all connections share
     * @param observer called for each limit that the connection reaches
     */
    protected ProtocolHandler(Limits limits, int overhead, ConnectionMemory memory, Consumer<Limit> observer) {
        this.limits = limits;
        this.overhead = overhead;
        this.frameSize = (long) limits.frameSize() + overhead;
        this.deadlines = new Deadlines(this, limits);
        this.memory = memory;
        this.share = new MemoryShare(memory);
        this.observer = observer;
    }

    /** Begins a new connection, or closes it where there is no memory for one. */
    public final void begin(Channel connection) {
        if (!memory.takeOne()) {
            connection.close();
            return;
        }
        connection
                .config()
                .setWriteBufferWaterMark(new WriteBufferWaterMark(limits.unreadOutput() / 2, limits.unreadOutput()));
        connection.pipeline().addLast(this);
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
        frameSize = (long) Math.max(limits.frameSize(), least) + overhead;
    }

    /** About how many octets are kept of the frames so far. */
    protected long kept() {
        return 0;
    }

    /** Logs that the connection has reached a limit, for the first time. */
    protected abstract void logLimit(Limit limit);

    /** Logs that the connection is closed, and why. */
    protected abstract void logClosed(Level level, String reason);

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
        if (reported == null) {
            reported = EnumSet.noneOf(Limit.class);
        }
        if (reported.add(limit)) {
            logLimit(limit);
        }
    }

    @Override
    public final void handlerAdded(ChannelHandlerContext channel) {
        deadlines.begin(channel);
    }

    @Override
    public final void handlerRemoved(ChannelHandlerContext channel) {
        deadlines.end();
        share.end();
        rest.drop();
    }

    @Override
    public final void channelRead(ChannelHandlerContext channel, Object message) {
        ByteBuf read = (ByteBuf) message;
        try {
            if (rest.isEmpty()) {
                handle(channel, read);
                rest.add(read, channel.alloc());
            } else {
                rest.add(read, channel.alloc());
                handleRest(channel);
            }
        } finally {
            read.release();
        }
    }

    private void handleRest(ChannelHandlerContext channel) {
        if (!handling && !rest.isEmpty()) {
            handle(channel, rest.octets());
            rest.trim();
        }
    }

    private void handle(ChannelHandlerContext channel, ByteBuf octets) {
        handling = true;
        try {
            boolean more = true;
            while (more && octets.isReadable()) {
                if (closing || !channel.channel().isActive()) {
                    octets.skipBytes(octets.readableBytes());
                } else if (passing > 0) {
                    pass(octets);
                } else {
                    int before = octets.readerIndex();
                    if (channel.channel().isWritable()) {
                        next(channel, octets);
                    }
                    more = octets.readerIndex() > before;
                }
            }
        } finally {
            handling = false;
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
            deadlines.frameBegins(channel);
        } else {
            deadlines.frameEnds();
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
        deadlines.frameBegins(channel); // for all of it
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
            deadlines.frameEnds();
        }
    }

    @Override
    public final void channelReadComplete(ChannelHandlerContext channel) {
        deadlines.read(channel);
        if (!answered) {
            Acknowledgement.send(channel.channel());
        }
        answered = false;
        account(channel);
    }

    /** A peer that does not read its answers is not read either, until it has read half of them. */
    @Override
    public final void channelWritabilityChanged(ChannelHandlerContext channel) {
        boolean writable = channel.channel().isWritable();
        channel.channel().config().setAutoRead(writable);
        if (writable) {
            handleRest(channel);
        } else {
            reached(channel, Limit.UNREAD_OUTPUT);
            deadlines.frameEnds(); // the rest of a frame is not read either
        }
        account(channel);
    }

    /** Where all connections together hold too much, one that would hold more is closed. */
    private void account(ChannelHandlerContext context) {
        Channel channel = context.channel();
        if (context.isRemoved() || !channel.isOpen()) { // closing it comes back here
            return;
        }
        long held = limits.unreadOutput() - channel.bytesBeforeUnwritable() + rest.size() + kept();
        if (!share.hold(held)) {
            context.close();
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
