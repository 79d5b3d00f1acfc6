package io.github.orgmilter.mta;

import org.jspecify.annotations.Nullable;

/**
 * Short texts that come again and again, such as the name of a TLS version, of an issuer or of a mailer: each is made once and then
 * found by its octets. It keeps some of them, whatever comes. For one thread.
 */
final class RecentTexts {

    private static final int LONGEST = 64; // octets
    private static final int SIZE = 256; // texts; a power of two

    private final @Nullable String[] texts = new @Nullable String[SIZE];

    /** These octets, read as {@link Payload#text(int)} reads them. */
    String of(byte[] octets, int start, int length) {
        if (length > LONGEST) {
            return Payload.text(octets, start, length);
        }
        int hash = 0;
        for (int i = start; i < start + length; i++) {
            hash = 31 * hash + octets[i];
        }
        int place = (hash ^ hash >>> 8 ^ hash >>> 16) & (SIZE - 1);
        String known = texts[place];
        if (known == null || !isWritten(known, octets, start, length)) {
            known = Payload.text(octets, start, length);
            texts[place] = known;
        }
        return known;
    }

    // An octet that is not ASCII is negative, so no character equals it.
    private static boolean isWritten(String known, byte[] octets, int start, int length) {
        if (known.length() != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (known.charAt(i) != octets[start + i]) {
                return false;
            }
        }
        return true;
    }
}
