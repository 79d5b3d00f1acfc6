package io.github.orgmilter.identity;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The encoding {@code +XX} of RFC 3461, section 4, in which both MTAs report the names of a certificate. */
public final class Xtext {

    private Xtext() {}

    /** The decoded text; empty if it is not well formed. */
    public static Optional<String> decode(String encoded) {
        byte[] bytes = encoded.getBytes(StandardCharsets.UTF_8);
        byte[] octets = new byte[bytes.length];
        int length = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] != '+') {
                octets[length++] = bytes[i];
                continue;
            }
            int high = i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
            int low = i + 2 < bytes.length ? Character.digit(bytes[i + 2], 16) : -1;
            if (high < 0 || low < 0) {
                return Optional.empty();
            }
            octets[length++] = (byte) (high << 4 | low);
            i += 2;
        }
        return Optional.of(new String(octets, 0, length, StandardCharsets.UTF_8));
    }
}
