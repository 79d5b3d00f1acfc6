package io.github.orgmilter.milter;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads the NUL-terminated strings of a milter frame's payload, one after the other. */
final class Payload {

    private final byte[] bytes;
    private int position;

    Payload(byte[] bytes) {
        this.bytes = bytes;
    }

    boolean hasMore() {
        return position < bytes.length;
    }

    /** The next octet, 0 to 255. */
    int octet() throws MalformedFrameException {
        if (!hasMore()) {
            throw new MalformedFrameException("frame ends too early");
        }
        return bytes[position++] & 0xff;
    }

    /** The octets up to the next NUL, which is passed over. */
    byte[] string() throws MalformedFrameException {
        for (int end = position; end < bytes.length; end++) {
            if (bytes[end] == 0) {
                byte[] string = Arrays.copyOfRange(bytes, position, end);
                position = end + 1;
                return string;
            }
        }
        throw new MalformedFrameException("string without its NUL");
    }

    /** The same as text; what is not UTF-8 becomes U+FFFD, which no name that the rules know contains. */
    String text() throws MalformedFrameException {
        return new String(string(), StandardCharsets.UTF_8);
    }
}
