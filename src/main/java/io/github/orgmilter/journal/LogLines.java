package io.github.orgmilter.journal;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The lines of one log file, compressed by gzip or not. Memory holds one line, and no line may be longer than {@link #LONGEST}: a
 * longer one is passed over and counted.
 */
final class LogLines implements Closeable {

    /** Octets; the longest line of ours takes 8 KiB, and twice that in JSON. */
    static final int LONGEST = 64 * 1024;

    private static final int MAGIC = 6; // octets that tell how a file is compressed

    private final InputStream in;
    private final byte[] buffer = new byte[2 * LONGEST];
    private int next; // where the next line begins
    private int end; // of what was read
    private boolean ended;
    private long number;
    private long tooLong;

    /** @throws IOException if it is compressed otherwise than by gzip */
    LogLines(String name, InputStream source) throws IOException {
        PushbackInputStream peeked = new PushbackInputStream(source, MAGIC);
        byte[] magic = peeked.readNBytes(MAGIC);
        peeked.unread(magic);
        String octets = new String(magic, StandardCharsets.ISO_8859_1);
        refuse(name, octets, "\u00fd7zXZ", "xz");
        refuse(name, octets, "(\u00b5/\u00fd", "zstd");
        refuse(name, octets, "BZh", "bzip2");
        in = octets.startsWith("\u001f\u008b") ? new GZIPInputStream(peeked, LONGEST) : peeked;
    }

    private static void refuse(String name, String octets, String magic, String program) throws IOException {
        if (octets.startsWith(magic)) {
            throw new IOException(name + " is compressed with " + program + "; decompress it first, as by `" + program
                    + " -dc FILE`, and give - for standard input");
        }
    }

    /**
     * Reads the next line.
     *
     * @return null at the end
     */
    @Nullable
    String next() throws IOException {
        int searched = next;
        while (true) {
            for (int i = searched; i < end; i++) {
                if (buffer[i] == '\n') {
                    return line(i, i + 1);
                }
            }
            skipPadding();
            if (end - next > LONGEST) {
                skipLine();
                searched = next;
                continue;
            }
            searched = end - next; // after what moves to the front
            if (!fill()) {
                return next < end ? line(end, end) : null; // a file that is still being written, or was cut
            }
        }
    }

    private String line(int lineEnd, int behind) {
        skipPadding();
        int start = Math.min(next, lineEnd);
        int last = lineEnd > start && buffer[lineEnd - 1] == '\r' ? lineEnd - 1 : lineEnd;
        next = behind;
        number++;
        return new String(buffer, start, last - start, StandardCharsets.UTF_8);
    }

    /** What copytruncate leaves in a file whose writer goes on at its old place. */
    private void skipPadding() {
        while (next < end && buffer[next] == 0) {
            next++;
        }
    }

    private void skipLine() throws IOException {
        tooLong++;
        number++;
        next = end;
        while (fill()) {
            while (next < end) {
                if (buffer[next++] == '\n') {
                    return;
                }
            }
        }
    }

    /** Reads more, with what is left in front of it; false at the end. */
    private boolean fill() throws IOException {
        if (ended) {
            return false;
        }
        System.arraycopy(buffer, next, buffer, 0, end - next);
        end -= next;
        next = 0;
        int count = in.read(buffer, end, buffer.length - end);
        ended = count < 0;
        end += Math.max(count, 0);
        return !ended;
    }

    /** The number of the last line, from 1. */
    long number() {
        return number;
    }

    /** How many lines were passed over because they are too long. */
    long tooLong() {
        return tooLong;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
