package io.github.orgmilter.log;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Writes lines in large pieces, and each line whole or not at all. What the channel does not take, as on a full disk, is kept until it
 * does; until then, lines that no longer fit are dropped. For one thread at a time.
 */
final class LineOutput extends OutputStream {

    private static final int PIECE = 1 << 16;
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final WritableByteChannel channel;
    private final ByteBuffer usual = ByteBuffer.allocateDirect(PIECE);
    private ByteBuffer kept = usual; // another one while a line is longer

    LineOutput(WritableByteChannel channel) {
        this.channel = channel;
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    /**
     * Takes a line.
     *
     * @throws IOException if the line does not fit; it is counted as dropped, and no part of it is written
     */
    @Override
    public void write(byte[] line, int start, int length) throws IOException {
        if (length > kept.remaining()) {
            makeRoom();
            if (length > PIECE) {
                kept = ByteBuffer.allocate(length);
            }
        }
        kept.put(line, start, length);
    }

    private void makeRoom() throws IOException {
        try {
            flush();
        } catch (IOException e) {
            NonBlockingAppender.lost();
            throw e;
        }
    }

    @Override
    public void flush() throws IOException {
        boolean interrupted = Thread.interrupted(); // of which a channel would close
        ByteBuffer octets = kept.flip();
        try {
            while (octets.hasRemaining()) {
                if (channel.write(octets) == 0) { // somebody made it one that does not wait
                    LockSupport.parkNanos(RETRY_NANOS);
                }
            }
            kept = usual;
        } finally {
            octets.compact();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Leaves the channel open: it is the process's. */
    @Override
    public void close() throws IOException {
        flush();
    }
}
