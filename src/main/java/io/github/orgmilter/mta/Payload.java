package io.github.orgmilter.mta;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads a milter frame's payload: octets, and strings that end with a NUL, one after the other. */
public final class Payload {

    private static final byte NUL = 0;

    private final byte[] octets;
    private int end;
    private int position;

    /**
     * The first so many of these octets, which are not copied: it can be read until they change.
     *
     * @param length how many
     */
    public Payload(byte[] octets, int length) {
        this.octets = octets;
        this.end = length;
    }

    /** Begins again, with as many octets of another frame: they are to be put into what is returned. */
    public byte[] restart(int length) {
        end = length;
        position = 0;
        return octets;
    }

    public boolean hasMore() {
        return position < end;
    }

    /** How many octets are left. */
    public int remaining() {
        return end - position;
    }

    /** The next octet, 0 to 255. */
    public int octet() throws MalformedFrameException {
        require(1);
        return Byte.toUnsignedInt(octets[position++]);
    }

    /** The next four octets, in network order. */
    public int integer() throws MalformedFrameException {
        require(Integer.BYTES);
        return octet() << 24 | octet() << 16 | octet() << 8 | octet();
    }

    private void require(int count) throws MalformedFrameException {
        if (remaining() < count) {
            throw new MalformedFrameException("frame ends too early");
        }
    }

    /** The octets up to the next NUL, which is passed over. */
    public byte[] string() throws MalformedFrameException {
        int length = stringLength();
        byte[] string = Arrays.copyOfRange(octets, position, position + length);
        skipString(length);
        return string;
    }

    /** The same as text; what is not UTF-8 becomes U+FFFD, which no name that the rules know contains. */
    public String text() throws MalformedFrameException {
        return text(stringLength());
    }

    /** The same, of a string of which the length is known. */
    public String text(int length) {
        String text = text(octets, position, length);
        skipString(length);
        return text;
    }

    /** The same, if it may have come before. */
    String text(int length, RecentTexts recent) {
        String text = recent.of(octets, position, length);
        skipString(length);
        return text;
    }

    static String text(byte[] octets, int start, int length) {
        return new String(octets, start, length, StandardCharsets.UTF_8);
    }

    /** How many octets there are up to the next NUL. */
    public int stringLength() throws MalformedFrameException {
        for (int i = position; i < end; i++) {
            if (octets[i] == NUL) {
                return i - position;
            }
        }
        throw new MalformedFrameException("string without its NUL");
    }

    /** Passes over a string of which the length is known, and its NUL. */
    public void skipString(int length) {
        position += length + 1;
    }

    /** Whether the octets that come next are this text, which is ASCII; nothing is passed over. */
    public boolean startsWith(String expected) {
        if (remaining() < expected.length()) {
            return false;
        }
        for (int i = 0; i < expected.length(); i++) {
            if (octets[position + i] != expected.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** All that is left but the last octet, which is a NUL: a string that may hold others. */
    public byte[] lastString() throws MalformedFrameException {
        if (!hasMore() || octets[end - 1] != NUL) {
            throw new MalformedFrameException("string without its NUL");
        }
        byte[] string = Arrays.copyOfRange(octets, position, end - 1);
        position = end;
        return string;
    }

    /** Goes back to the beginning. */
    public void rewind() {
        position = 0;
    }
}
