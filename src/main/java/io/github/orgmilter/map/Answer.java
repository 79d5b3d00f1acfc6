package io.github.orgmilter.map;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * The answer to a look-up.
 *
 * @param text the value that was found, or the reason of a failure, for the MTA's log; empty if nothing was found
 */
record Answer(Kind kind, String text) {

    /** What an answer begins with. There is no TIMEOUT: nothing here waits for another server. */
    enum Kind {
        /** The key is in the map. */
        OK,
        /** It is not. */
        NOTFOUND,
        /** The MTA must try again, and its client too. */
        TEMP,
        /** The MTA asks for what is not here. */
        PERM;

        /** Its name in metrics. */
        String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static final Answer NOT_FOUND = new Answer(Kind.NOTFOUND, "");

    /** While there is no policy yet. */
    static final Answer NOT_READY =
            new Answer(Kind.TEMP, "the directory has not been read yet; /readyz has the reason");

    /** Where the key may be in what cannot be read. */
    static final Answer UNREADABLE = new Answer(
            Kind.TEMP, "a connector of the directory cannot be read; orgmilter directory problems has the reason");

    static final Answer FAILED = new Answer(Kind.TEMP, "the look-up failed; the log of OrgMilter has the reason");

    /** Postfix reads at most 100,000 octets (DICT_SOCKETMAP_MAX_REPLY), Sendmail 1,000,000; no name needs that much. */
    static final int MAX_TEXT = 1000;

    static Answer found(String value) {
        return new Answer(Kind.OK, value);
    }

    static Answer unknownMap() {
        return new Answer(Kind.PERM, "there is no such map; those of OrgMilter are " + MapName.ALL);
    }

    /** The octets of its netstring. */
    byte[] netstring() {
        byte[] octets = (kind + " " + text).getBytes(StandardCharsets.UTF_8);
        byte[] bounded = octets.length <= MAX_TEXT ? octets : Arrays.copyOf(octets, characterEnd(octets));
        byte[] length = (bounded.length + ":").getBytes(StandardCharsets.US_ASCII);
        byte[] netstring = Arrays.copyOf(length, length.length + bounded.length + 1);
        System.arraycopy(bounded, 0, netstring, length.length, bounded.length);
        netstring[netstring.length - 1] = ',';
        return netstring;
    }

    // The last end of a character: Postfix refuses half of one.
    private static int characterEnd(byte[] octets) {
        int end = MAX_TEXT;
        while ((octets[end] & 0xc0) == 0x80) {
            end--;
        }
        return end;
    }
}
