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

    /** Reads a literal; empty for anything else. No name is ever looked up. */
    public static Optional<IpAddress> parse(String text) {
        if (!isPlain(text) || (text.indexOf('.') >= 0 && !endsInIPv4(text))) {
            return Optional.empty();
        }
        IPAddress address = new IPAddressString(text, LITERALS_ONLY).getAddress();
        if (address == null) {
            return Optional.empty();
        }
        ByteBuffer bytes = ByteBuffer.wrap(address.getBytes());
        return Optional.of(
                address.isIPv4()
                        ? ofIPv4(bytes.getInt())
                        : new IpAddress(bytes.getLong(), bytes.getLong()));
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

    // No leading zeros, which some read as octal, behind colons either.
    private static boolean endsInIPv4(String text) {
        int octets = 0;
        int start = text.lastIndexOf(':') + 1;
        while (start <= text.length()) {
            int dot = text.indexOf('.', start);
            int end = dot < 0 ? text.length() : dot;
            if (!isOctet(text, start, end)) {
                return false;
            }
            octets++;
            start = end + 1;
        }
        return octets == 4;
    }

    private static boolean isOctet(String text, int start, int end) {
        for (int i = start; i < end; i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        int length = end - start;
        return length == 1 || ((length == 2 || length == 3) && text.charAt(start) != '0');
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
