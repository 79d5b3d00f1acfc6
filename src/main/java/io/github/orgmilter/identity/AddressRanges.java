package io.github.orgmilter.identity;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The address ranges of one connector, as numbers: a million of them would be hundreds of megabytes of objects. */
public final class AddressRanges {

    private static final int[] NO_IPV4 = {};
    private static final long[] NO_IPV6 = {};

    public static final AddressRanges NONE = new AddressRanges(List.of());

    private static final int PARTS = 4; // high and low of the first address, high and low of the last

    private final int[] ipv4; // first and last
    private final long[] ipv6;

    /** Takes them in the order written, IPv4 before IPv6. */
    public AddressRanges(List<AddressRange> ranges) {
        int four = 0;
        for (AddressRange range : ranges) {
            four += range.isIPv4() ? 1 : 0;
        }
        ipv4 = four == 0 ? NO_IPV4 : new int[2 * four];
        ipv6 = four == ranges.size() ? NO_IPV6 : new long[PARTS * (ranges.size() - four)];
        int next4 = 0;
        int next6 = 0;
        for (AddressRange range : ranges) {
            if (range.isIPv4()) {
                ipv4[next4++] = (int) range.first().low();
                ipv4[next4++] = (int) range.last().low();
            } else {
                ipv6[next6++] = range.first().high();
                ipv6[next6++] = range.first().low();
                ipv6[next6++] = range.last().high();
                ipv6[next6++] = range.last().low();
            }
        }
    }

    public boolean isEmpty() {
        return ipv4.length == 0 && ipv6.length == 0;
    }

    public int size() {
        return ipv4.length / 2 + ipv6.length / PARTS;
    }

    /** The ranges as values, made anew at each call. */
    public List<AddressRange> ranges() {
        List<AddressRange> ranges = new ArrayList<>(size());
        for (int i = 0; i < size(); i++) {
            ranges.add(range(i));
        }
        return ranges;
    }

    private AddressRange range(int index) {
        int i = 2 * index;
        if (i < ipv4.length) {
            return new AddressRange(IpAddress.ofIPv4(ipv4[i]), IpAddress.ofIPv4(ipv4[i + 1]));
        }
        int k = PARTS * (index - ipv4.length / 2);
        return new AddressRange(new IpAddress(ipv6[k], ipv6[k + 1]), new IpAddress(ipv6[k + 2], ipv6[k + 3]));
    }

    /** Whether a range holds the address. */
    public boolean contain(IpAddress address) {
        boolean contained = false;
        for (int index = 0; index < size() && !contained; index++) {
            contained = range(index).contains(address);
        }
        return contained;
    }

    /** The smallest range that holds the address. */
    public Optional<AddressRange> smallestContaining(IpAddress address) {
        return ranges().stream().filter(range -> range.contains(address)).min(AddressRange::compareSize);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AddressRanges ranges
                && Arrays.equals(ipv4, ranges.ipv4)
                && Arrays.equals(ipv6, ranges.ipv6);
    }

    @Override
    public int hashCode() {
        return Objects.hash(Arrays.hashCode(ipv4), Arrays.hashCode(ipv6));
    }

    @Override
    public String toString() {
        return ranges().toString();
    }
}
