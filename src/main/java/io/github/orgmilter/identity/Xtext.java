package io.github.orgmilter.identity;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
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
            if (i + 2 >= bytes.length || !HexFormat.isHexDigit(bytes[i + 1]) || !HexFormat.isHexDigit(bytes[i + 2])) {
                return Optional.empty();
            }
            octets[length++] =
                    (byte) (HexFormat.fromHexDigit(bytes[i + 1]) << 4 | HexFormat.fromHexDigit(bytes[i + 2]));
            i += 2;
        }
        return Optional.of(new String(octets, 0, length, StandardCharsets.UTF_8));
    }
}
