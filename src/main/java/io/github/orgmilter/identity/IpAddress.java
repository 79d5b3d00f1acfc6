package io.github.orgmilter.identity;

import inet.ipaddr.AddressStringParameters.RangeParameters;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.IPAddressStringParameters;
import inet.ipaddr.ipv6.IPv6Address;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * An IPv4 or IPv6 address as 128 bits; an IPv4 address and its IPv4-mapped IPv6 address (RFC 4291, section 2.5.5.2) are one value.
 *
 * <p>Ordered as unsigned numbers.
 */
public record IpAddress(long high, long low) implements Comparable<IpAddress> {

    private static final long MAPPED = 0xffffL << 32;

    /** Of an IPv6 address that ends in dotted decimals. */
    private static final int LONGEST = 45;

    // Strict: the library's defaults take empty text as loopback, and octal, hexadecimal and short forms.
    private static final IPAddressStringParameters LITERALS_ONLY = strict();

    private static IPAddressStringParameters strict() {
        IPAddressStringParameters.Builder strict = new IPAddressStringParameters.Builder()
                .allowEmpty(false)
                .allowAll(false)
                .allowSingleSegment(false)
                .allowPrefix(false)
                .allowMask(false)
                .allowPrefixOnly(false)
                .allowWildcardedSeparator(false)
                .allow_inet_aton(false)
                .setRangeOptions(RangeParameters.NO_RANGE);
        strict.getIPv4AddressParametersBuilder()
                .allow_inet_aton(false)
                .allowBinary(false)
                .allowLeadingZeros(false);
        strict.getIPv6AddressParametersBuilder()
                .allowZone(false)
                .allowBase85(false)
                .allowBinary(false)
                .allow_mixed_inet_aton(false);
        return strict.toParams();
    }

    /** Reads a literal; empty for anything else. Names are never looked up. */
    public static Optional<IpAddress> parse(String text) {
        if (!isPlain(text)) {
            return Optional.empty();
        }
        boolean colon = text.indexOf(':') >= 0;
        if (text.indexOf('.') >= 0) {
            long octets = octets(text);
            if (octets < 0) {
                return Optional.empty();
            }
            if (!colon) {
                return Optional.of(ofIPv4((int) octets));
            }
        } else if (colon) {
            Optional<IpAddress> usual = ofGroups(text);
            if (usual.isPresent()) {
                return usual;
            }
        }
        return byLibrary(text);
    }

    /** Reads any form; the two usual ones, of which there may be a million, are read faster above. */
    static Optional<IpAddress> byLibrary(String text) {
        IPAddress address = new IPAddressString(text, LITERALS_ONLY).getAddress();
        if (address == null) {
            return Optional.empty();
        }
        ByteBuffer bytes = ByteBuffer.wrap(address.getBytes());
        return Optional.of(address.isIPv4() ? ofIPv4(bytes.getInt()) : new IpAddress(bytes.getLong(), bytes.getLong()));
    }

    // The library trims its text.
    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x7f || (Character.digit(c, 16) < 0 && c != ':' && c != '.')) {
                return false;
            }
        }
        return text.length() >= 2 && text.length() <= LONGEST;
    }

    // The IPv4 address that it ends in, or -1. No leading zeros, which some read as octal, behind colons either.
    private static long octets(String text) {
        long address = 0;
        int octets = 0;
        int start = text.lastIndexOf(':') + 1;
        while (start <= text.length()) {
            int dot = text.indexOf('.', start);
            int end = dot < 0 ? text.length() : dot;
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

    // Hexadecimal groups, eight of them or fewer around one "::" (RFC 4291, section 2.2, forms 1 and 2); empty for
    // anything else.
    private static Optional<IpAddress> ofGroups(String text) {
        int[] groups = new int[8];
        int count = 0;
        int gap = text.startsWith("::") ? 0 : -1; // the number of groups before it
        int i = gap == 0 ? 2 : 0;
        while (i < text.length()) {
            int start = i;
            int group = 0;
            for (; i < text.length() && text.charAt(i) != ':'; i++) {
                group = group << 4 | Character.digit(text.charAt(i), 16);
            }
            if (i == start || i - start > 4 || count == 8) {
                return Optional.empty();
            }
            groups[count++] = group;
            if (i < text.length() && ++i == text.length()) {
                return Optional.empty(); // a colon at the end
            }
            if (i < text.length() && text.charAt(i) == ':') {
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

    /** This address with its last {@code count} bits cleared; {@code count} of 0 to 128. */
    IpAddress clearLast(int count) {
        return count >= 64
                ? new IpAddress(count == 128 ? 0 : high & (-1L << (count - 64)), 0)
                : new IpAddress(high, count == 0 ? low : low & (-1L << count));
    }

    /** This address with its last {@code count} bits set; {@code count} of 0 to 128. */
    IpAddress setLast(int count) {
        return count >= 64
                ? new IpAddress(count == 128 ? -1L : high | ~(-1L << (count - 64)), -1L)
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
