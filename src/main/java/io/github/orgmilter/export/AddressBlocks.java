package io.github.orgmilter.export;

import io.github.orgmilter.identity.AddressRange;
import io.github.orgmilter.identity.IpAddress;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Splits ranges into the fewest blocks that hold the same addresses, in the order of addresses, IPv4 first.
 *
 * <p>Ranges that overlap or touch are joined first: the same addresses give the same blocks, however they were written.
 */
final class AddressBlocks {

    static final int IPV4 = 32;
    static final int IPV6 = 128;

    // 2^16 lines: more would be a mistake rather than a table.
    private static final int MOST = 1 << 16;

    private final int stepIPv4;
    private final int stepIPv6;

    private AddressBlocks(int stepIPv4, int stepIPv6) {
        this.stepIPv4 = stepIPv4;
        this.stepIPv6 = stepIPv6;
    }

    /** Blocks of any prefix length. */
    static List<AddressBlock> cidr(Collection<AddressRange> ranges) throws ExportException {
        return new AddressBlocks(1, 1).split(ranges);
    }

    /**
     * Blocks of whole octets (IPv4) and whole groups (IPv6).
     *
     * @throws ExportException if a range takes more of them than a table should have
     */
    static List<AddressBlock> wholeParts(Collection<AddressRange> ranges) throws ExportException {
        return new AddressBlocks(8, 16).split(ranges);
    }

    private List<AddressBlock> split(Collection<AddressRange> ranges) throws ExportException {
        List<AddressBlock> blocks = new ArrayList<>();
        for (AddressRange range : joined(ranges.stream().filter(AddressRange::isIPv4))) {
            split(range, IPV4, stepIPv4, blocks);
        }
        for (AddressRange range : joined(ranges.stream().filter(range -> !range.isIPv4()))) {
            split(range, IPV6, stepIPv6, blocks);
        }
        return blocks;
    }

    private static List<AddressRange> joined(Stream<AddressRange> ranges) {
        List<AddressRange> joined = new ArrayList<>();
        ranges.sorted(Comparator.comparing(AddressRange::first)).forEach(range -> {
            AddressRange before = joined.isEmpty() ? null : joined.get(joined.size() - 1);
            if (before == null
                    || number(range.first()).compareTo(number(before.last()).add(BigInteger.ONE)) > 0) {
                joined.add(range);
            } else if (range.last().compareTo(before.last()) > 0) {
                joined.set(joined.size() - 1, new AddressRange(before.first(), range.last()));
            }
        });
        return joined;
    }

    // The largest block that starts at the first address and does not go beyond the last; then again behind it.
    private static void split(AddressRange range, int family, int step, List<AddressBlock> blocks)
            throws ExportException {
        BigInteger next = number(range.first());
        BigInteger end = number(range.last()).add(BigInteger.ONE);
        int count = 0;
        while (next.compareTo(end) < 0) {
            int aligned = next.signum() == 0 ? family : Math.min(family, next.getLowestSetBit());
            int fitting = end.subtract(next).bitLength() - 1;
            int hostBits = Math.min(aligned, fitting) / step * step;
            if (step > 1) {
                hostBits = Math.min(hostBits, family - step); // a prefix of nothing at all cannot be written
            }
            AddressBlock block = new AddressBlock(address(next), family - hostBits, family);
            // Between IPv6 addresses lie the IPv4-mapped ones, which belong to no IPv6 client.
            if (block.first().isIPv4() == block.isIPv4()) {
                blocks.add(block);
            }
            if (++count > MOST) {
                throw new ExportException(
                        range + " takes more than " + MOST + " lines of whole octets or groups",
                        "let it begin and end at a multiple of " + (family == IPV4 ? "8" : "16") + " bits");
            }
            next = next.add(BigInteger.ONE.shiftLeft(hostBits));
        }
    }

    private static BigInteger number(IpAddress address) {
        return unsigned(address.high()).shiftLeft(Long.SIZE).or(unsigned(address.low()));
    }

    private static BigInteger unsigned(long value) {
        return new BigInteger(Long.toUnsignedString(value));
    }

    private static IpAddress address(BigInteger number) {
        return new IpAddress(number.shiftRight(Long.SIZE).longValue(), number.longValue());
    }
}
