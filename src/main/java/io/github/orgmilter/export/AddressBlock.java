package io.github.orgmilter.export;

import io.github.orgmilter.identity.IpAddress;

/**
 * Addresses that have their first bits in common.
 *
 * @param prefixLength how many bits
 * @param family how many an address has: 32 or 128
 */
record AddressBlock(IpAddress first, int prefixLength, int family) {

    private static final int GROUP = 16;
    private static final int OCTET = 8;

    boolean isIPv4() {
        return family == AddressBlocks.IPV4;
    }

    /** As cidr_table(5) has it: {@code 192.0.2.0/28}, or the address alone. */
    String cidr() {
        return prefixLength == family ? first.toString() : first + "/" + prefixLength;
    }

    /**
     * As Sendmail's access map has it, which compares whole octets of an IPv4 address and whole groups of an IPv6 one:
     * {@code 192.0.2}, {@code IPv6:2001:db8:42}. Groups are written out, without {@code ::}, as Sendmail writes a client's.
     */
    String prefix() {
        StringBuilder text = new StringBuilder(isIPv4() ? "" : "IPv6");
        int step = isIPv4() ? OCTET : GROUP;
        for (int start = 0; start < prefixLength; start += step) {
            long part = bits(start, step);
            if (isIPv4()) {
                text.append(start == 0 ? "" : ".").append(part);
            } else {
                text.append(':').append(Long.toHexString(part));
            }
        }
        return text.toString();
    }

    // A value of `count` bits, `start` bits behind the address's first.
    private long bits(int start, int count) {
        int end = AddressBlocks.IPV6 - family + start + count;
        long half = end <= Long.SIZE ? first.high() : first.low();
        int shift = (end <= Long.SIZE ? Long.SIZE : AddressBlocks.IPV6) - end;
        return half >>> shift & ((1L << count) - 1);
    }
}
