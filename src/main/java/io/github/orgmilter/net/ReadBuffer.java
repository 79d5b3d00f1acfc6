package io.github.orgmilter.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.util.concurrent.FastThreadLocal;
import java.nio.ByteBuffer;

/**
 * One buffer for all that an event loop reads, of one connection after the other. A handler that keeps what was read, and does not
 * release it before the loop reads again, keeps the octets: the loop then reads into another buffer.
 */
final class ReadBuffer extends DefaultMaxMessagesRecvByteBufAllocator {

    static final ReadBuffer INSTANCE = new ReadBuffer();

    /** Octets that are read of one connection before the others have their turn, however much it sends. */
    private static final int SIZE = 16 * 1024;

    private final FastThreadLocal<MaxMessageHandle> handles = new FastThreadLocal<>() {
        @Override
        protected MaxMessageHandle initialValue() {
            return new SharedHandle();
        }
    };

    private ReadBuffer() {
        super(1);
    }

    /** That of this event loop; what it knows of a connection is only about the read that goes on. */
    @Override
    public MaxMessageHandle newHandle() {
        return handles.get();
    }

    private final class SharedHandle extends MaxMessageHandle {

        private final ByteBuf shared = Unpooled.wrappedBuffer(ByteBuffer.allocateDirect(SIZE));

        @Override
        public ByteBuf allocate(ByteBufAllocator others) {
            return shared.refCnt() == 1 ? shared.clear().retain() : others.directBuffer(SIZE);
        }

        @Override
        public int guess() {
            return SIZE;
        }
    }
}
