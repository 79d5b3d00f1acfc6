package io.github.orgmilter.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator.ExtendedHandle;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What an event loop reads into")
final class ReadBufferTest {

    private final ExtendedHandle handle = ReadBuffer.INSTANCE.newHandle();

    private ByteBuf allocate() {
        return handle.allocate(UnpooledByteBufAllocator.DEFAULT);
    }

    @Test
    @DisplayName("is the same for each connection, and empty")
    void same() {
        ByteBuf first = allocate().writeInt(42);
        first.readByte();
        first.release();
        ByteBuf next = ReadBuffer.INSTANCE.newHandle().allocate(UnpooledByteBufAllocator.DEFAULT);
        assertThat(next).isSameAs(first);
        assertThat(next.readableBytes()).isZero();
        assertThat(next.writableBytes()).isEqualTo(16 * 1024);
        next.release();
    }

    @Test
    @DisplayName("is another one while a handler keeps what was read")
    void kept() {
        ByteBuf kept = allocate().writeInt(42);
        ByteBuf next = allocate().writeInt(7);
        assertThat(next).isNotSameAs(kept);
        assertThat(kept.readInt()).isEqualTo(42);
        next.release();
        kept.release();
        ByteBuf again = allocate();
        assertThat(again).isSameAs(kept);
        again.release();
    }
}
