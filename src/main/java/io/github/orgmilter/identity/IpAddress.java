package io.github.orgmilter.identity;

import inet.ipaddr.ipv6.IPv6Address;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Optional;

/**
 * An IPv4 or IPv6 address as 128 bits; an IPv4 address and its IPv4-mapped IPv6 address (RFC 4291, section 2.5.5.2) are one value.
 *
 * <p>Ordered as unsigned numbers.
 */
public record IpAddress(long high, long low) implements Comparable<IpAddress> {

    private static final long MAPPED = 0xffffL << 32;

    /** Reads a literal (RFC 4291, section 2.2, for IPv6); empty for anything else. Names are never looked up. */
    public static Optional<IpAddress> parse(String text) {
        int behind = text.lastIndexOf(':') + 1;
        if (behind > 0 && !text.contains(".")) {
            return ofGroups(text);
        }
        long octets = octets(text, behind);
        if (octets < 0) {
            return Optional.empty();
        }
        return behind == 0
                ? Optional.of(ofIPv4((int) octets))
                : ofGroups(text.substring(0, behind) + Long.toHexString(octets >>> 16) + ":"
                        + Long.toHexString(octets & 0xffff));
    }

    // The IPv4 address from there to the end, or -1. No leading zeros, which some read as octal.
    private static long octets(String text, int from) {
        long address = 0;
        int octets = 0;
        int start = from;
        while (start <= text.length()) {
            int dot = text.indexOf('.', start);
            int end = dot == -1 ? text.length() : dot;
            int octet = octet(text, start, end);
            if (octet < 0 || ++octets > 4) {
                return -1;
            }
            address = address << 8 | octet;
            start = end + 1;
        }
        return octets == 4 ? address : -1;
    }

    private static int octet(String text, int start, int end) {
        int length = end - start;
        if (length < 1 || length > 3 || (length > 1 && text.charAt(start) == '0')) {
            return -1;
        }
        int octet = 0;
        for (int i = start; i < end; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            octet = 10 * octet + digit;
        }
        return octet <= 0xff ? octet : -1;
    }

    // Hexadecimal groups, eight of them or fewer around one "::"; empty for anything else.
    private static Optional<IpAddress> ofGroups(String text) {
        int[] groups = new int[8];
        int count = 0;
        int gap = text.startsWith("::") ? 0 : -1; // the number of groups before it
        int i = gap == 0 ? 2 : 0;
        while (i < text.length()) {
            int start = i;
            int group = 0;
            for (; i < text.length() && HexFormat.isHexDigit(text.charAt(i)); i++) {
                group = group << 4 | HexFormat.fromHexDigit(text.charAt(i));
            }
            if (i == start || i - start > 4 || count == 8) {
                return Optional.empty();
            }
            groups[count++] = group;
            if (i == text.length()) {
                break;
            }
            if (text.charAt(i) != ':' || ++i == text.length()) {
                return Optional.empty(); // another character, or a colon at the end
            }
            if (text.charAt(i) == ':') {
                if (gap >= 0) {
                    return Optional.empty();
                }
                gap = count;
                i++;
            }
        }
        if (gap < 0 ? count != 8 : count == 8) {
            return Optional.empty();
        }
        long high = 0;
        long low = 0;
        for (int k = 0; k < count; k++) {
            int place = gap < 0 || k < gap ? k : 8 - count + k;
            long bits = (long) groups[k] << (48 - 16 * (place & 3));
            high |= place < 4 ? bits : 0;
            low |= place < 4 ? 0 : bits;
        }
        return Optional.of(new IpAddress(high, low));
    }

    /** The IPv4 address of these 32 bits. */
    public static IpAddress ofIPv4(int bits) {
        return new IpAddress(0, MAPPED | (bits & 0xffffffffL));
    }

    public boolean isIPv4() {
        return high == 0 && (low >>> 32) == 0xffff;
    }

    /** How many bits an address of this family has: 32 or 128. */
    public int bits() {
        return isIPv4() ? 32 : 128;
    }

    // A long is shifted by its count modulo 64.

    /** This address with its last {@code count} bits cleared; {@code count} of 0 to 128. */
    IpAddress clearLast(int count) {
        return count >= 64
                ? new IpAddress(count == 128 ? 0 : high & (-1L << count), 0)
                : new IpAddress(high, count == 0 ? low : low & (-1L << count));
    }

    /** This address with its last {@code count} bits set; {@code count} of 0 to 128. */
    IpAddress setLast(int count) {
        return count >= 64
                ? new IpAddress(count == 128 ? -1L : high | ~(-1L << count), -1L)
                : new IpAddress(high, count == 0 ? low : low | ~(-1L << count));
    }

    @Override
    public int compareTo(IpAddress other) {
        int order = Long.compareUnsigned(high, other.high);
        return order != 0 ? order : Long.compareUnsigned(low, other.low);
    }

    /** The usual text form: dotted decimal, or RFC 5952. */
    @Override
    public String toString() {
        if (isIPv4()) {
            int v4 = (int) low;
            return (v4 >>> 24) + "." + (v4 >>> 16 & 0xff) + "." + (v4 >>> 8 & 0xff) + "." + (v4 & 0xff);
        }
        byte[] bytes = ByteBuffer.allocate(16).putLong(high).putLong(low).array();
        return new IPv6Address(bytes).toCanonicalString();
    }
}
