package io.github.orgmilter.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;

/** What has come of frames that are not whole, or wait. */
final class Rest {

    /** Octets that a buffer has room for at least. */
    private static final int ROOM = 256;

    private ByteBuf octets = Unpooled.EMPTY_BUFFER;

    boolean isEmpty() {
        return octets.capacity() == 0;
    }

    /** All of it; what is read of these is gone. */
    ByteBuf octets() {
        return octets;
    }

    /** Adds what is unread of these octets, if anything is. */
    void add(ByteBuf more, ByteBufAllocator buffers) {
        if (isEmpty() && more.isReadable()) {
            octets = buffers.buffer(Math.max(ROOM, more.readableBytes()));
        }
        octets.writeBytes(more);
    }

    /** Frees what was read. */
    void trim() {
        if (octets.isReadable()) {
            octets.discardSomeReadBytes();
        } else {
            drop();
        }
    }

    void drop() {
        octets.release(); // without effect on the empty buffer
        octets = Unpooled.EMPTY_BUFFER;
    }

    /** Octets that it takes. */
    int size() {
        return octets.capacity();
    }
}
