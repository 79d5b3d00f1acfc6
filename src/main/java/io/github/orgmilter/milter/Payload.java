package io.github.orgmilter.milter;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * Reads a milter frame's payload where it lies in the buffer: octets, and strings that end with a NUL, one after the other. It is
 * good for as long as the frame is.
 */
final class Payload {

    private static final byte NUL = 0;

    private final ByteBuf octets;
    private final int start;
    private final int end;
    private int position;

    /** The octets from {@code start} to before {@code end}. */
    Payload(ByteBuf octets, int start, int end) {
        this.octets = octets;
        this.start = start;
        this.end = end;
        this.position = start;
    }

    boolean hasMore() {
        return position < end;
    }

    /** How many octets are left. */
    int remaining() {
        return end - position;
    }

    /** The next octet, 0 to 255. */
    int octet() throws MalformedFrameException {
        require(1);
        return octets.getUnsignedByte(position++);
    }

    /** The next four octets, in network order. */
    int integer() throws MalformedFrameException {
        require(Integer.BYTES);
        position += Integer.BYTES;
        return octets.getInt(position - Integer.BYTES);
    }

    private void require(int count) throws MalformedFrameException {
        if (remaining() < count) {
            throw new MalformedFrameException("frame ends too early");
        }
    }

    /** The octets up to the next NUL, which is passed over. */
    byte[] string() throws MalformedFrameException {
        byte[] string = new byte[stringLength()];
        octets.getBytes(position, string);
        skipString(string.length);
        return string;
    }

    /** The same as text; what is not UTF-8 becomes U+FFFD, which no name that the rules know contains. */
    String text() throws MalformedFrameException {
        int length = stringLength();
        String text = octets.toString(position, length, StandardCharsets.UTF_8);
        skipString(length);
        return text;
    }

    /** How many octets there are up to the next NUL. */
    int stringLength() throws MalformedFrameException {
        int nul = octets.indexOf(position, end, NUL);
        if (nul < 0) {
            throw new MalformedFrameException("string without its NUL");
        }
        return nul - position;
    }

    /** Passes over a string of which the length is known, and its NUL. */
    void skipString(int length) {
        position += length + 1;
    }

    /** Whether the octets that come next are this text, which is ASCII; nothing is passed over. */
    boolean startsWith(String expected) {
        if (remaining() < expected.length()) {
            return false;
        }
        for (int i = 0; i < expected.length(); i++) {
            if (octets.getByte(position + i) != expected.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Goes back to the beginning. */
    void rewind() {
        position = start;
    }
}
