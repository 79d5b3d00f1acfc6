package io.github.orgmilter.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.orgmilter.identity.AddressRange;
import io.github.orgmilter.identity.InvalidValueException;
import io.github.orgmilter.identity.IpAddress;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("Ranges as blocks")
final class AddressBlocksTest {

    private static List<AddressRange> ranges(String texts) throws InvalidValueException {
        List<AddressRange> ranges = new ArrayList<>();
        for (String text : texts.split(" ")) {
            ranges.add(AddressRange.parse(text));
        }
        return ranges;
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource({
        "192.0.2.1, 192.0.2.1",
        "0.0.0.0, 0.0.0.0",
        "255.255.255.255, 255.255.255.255",
        "192.0.2.0/28, 192.0.2.0/28",
        "192.0.2.0-192.0.2.255, 192.0.2.0/24",
        "192.0.2.1-192.0.2.2, 192.0.2.1 192.0.2.2",
        "192.0.2.10-192.0.2.20, 192.0.2.10/31 192.0.2.12/30 192.0.2.16/30 192.0.2.20",
        "192.0.2.255-192.0.3.0, 192.0.2.255 192.0.3.0",
        "0.0.0.0-127.255.255.255, 0.0.0.0/1",
        "0.0.0.0-255.255.255.254, 0.0.0.0/1 128.0.0.0/2 192.0.0.0/3 224.0.0.0/4 240.0.0.0/5 248.0.0.0/6 252.0.0.0/7"
                + " 254.0.0.0/8 255.0.0.0/9 255.128.0.0/10 255.192.0.0/11 255.224.0.0/12 255.240.0.0/13 255.248.0.0/14"
                + " 255.252.0.0/15 255.254.0.0/16 255.255.0.0/17 255.255.128.0/18 255.255.192.0/19 255.255.224.0/20"
                + " 255.255.240.0/21 255.255.248.0/22 255.255.252.0/23 255.255.254.0/24 255.255.255.0/25"
                + " 255.255.255.128/26 255.255.255.192/27 255.255.255.224/28 255.255.255.240/29 255.255.255.248/30"
                + " 255.255.255.252/31 255.255.255.254",
        // Joined first: overlapping, touching, nested, written twice, in any order.
        "192.0.2.128/25 192.0.2.0/25, 192.0.2.0/24",
        "192.0.2.7 192.0.2.4/30 192.0.2.0-192.0.2.5, 192.0.2.0/29",
        "10.0.0.0/8 10.1.2.3 10.0.0.0/8, 10.0.0.0/8",
        "128.0.0.0/1 0.0.0.0/1, 0.0.0.0/0",
        "192.0.2.1 192.0.2.3, 192.0.2.1 192.0.2.3",
        // IPv6, and IPv4 before it.
        "2001:db8::1, 2001:db8::1",
        "::, ::",
        "2001:db8:42::/48 192.0.2.1, 192.0.2.1 2001:db8:42::/48",
        "2001:db8::1-2001:db8::4, 2001:db8::1 2001:db8::2/127 2001:db8::4",
        "2001:db8::ffff:ffff:ffff:ffff-2001:db8:0:1::, 2001:db8::ffff:ffff:ffff:ffff 2001:db8:0:1::",
        "8000::/1 ::/1, ::/0",
        "::ffff:192.0.2.0/120, 192.0.2.0/24",
        // The IPv4-mapped addresses in between are no IPv6 client's.
        "::fffe:8000:0-::1:0:0:0, ::fffe:8000:0/97 ::1:0:0:0",
        "::fffe:0:0-::1:0:0:0, ::fffe:0:0/95 ::1:0:0:0",
    })
    void cidr(String written, String expected) throws Exception {
        assertThat(AddressBlocks.cidr(ranges(written)))
                .extracting(AddressBlock::cidr)
                .containsExactly(expected.split(" "));
    }

    @Test
    @DisplayName("of everything but the first and the last address are 62")
    void nearlyEverything() throws Exception {
        List<AddressBlock> blocks = AddressBlocks.cidr(ranges("0.0.0.1-255.255.255.254"));
        assertThat(blocks).hasSize(62);
        assertThat(blocks.get(0).cidr()).isEqualTo("0.0.0.1");
        assertThat(blocks.get(30).cidr()).isEqualTo("64.0.0.0/2");
        assertThat(blocks.get(31).cidr()).isEqualTo("128.0.0.0/2");
        assertThat(blocks.get(61).cidr()).isEqualTo("255.255.255.254");
        assertThat(AddressBlocks.cidr(ranges("::1-ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe")))
                .hasSize(254);
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource({
        "192.0.2.1, 192.0.2.1",
        "192.0.2.0/24, 192.0.2",
        "192.0.0.0/16, 192.0",
        "10.0.0.0/8, 10",
        "0.0.0.0/8, 0",
        "192.0.2.2/31, 192.0.2.2 192.0.2.3",
        "192.0.2.0/23, 192.0.2 192.0.3",
        "10.0.0.0/7, 10 11",
        "192.0.1.254-192.0.3.1, 192.0.1.254 192.0.1.255 192.0.2 192.0.3.0 192.0.3.1",
        "2001:db8::1, IPv6:2001:db8:0:0:0:0:0:1",
        "::1, IPv6:0:0:0:0:0:0:0:1",
        "2001:db8:42::/48, IPv6:2001:db8:42",
        "2001:db8::/48, IPv6:2001:db8:0",
        "2001:db8::/32, IPv6:2001:db8",
        "2001:db8:42::/47, IPv6:2001:db8:42 IPv6:2001:db8:43",
        "2001:db8::ffff-2001:db8::1:0, IPv6:2001:db8:0:0:0:0:0:ffff IPv6:2001:db8:0:0:0:0:1:0",
    })
    void wholeParts(String written, String expected) throws Exception {
        assertThat(AddressBlocks.wholeParts(ranges(written)))
                .extracting(AddressBlock::prefix)
                .containsExactly(expected.split(" "));
    }

    @Test
    @DisplayName("of whole octets never are everything, which no prefix can say")
    void everythingInOctets() throws Exception {
        assertThat(AddressBlocks.wholeParts(ranges("0.0.0.0/1 128.0.0.0/1")))
                .hasSize(256)
                .extracting(AddressBlock::prefix)
                .startsWith("0", "1")
                .endsWith("254", "255");
        assertThat(AddressBlocks.wholeParts(ranges("0.0.0.1-255.255.255.254"))).hasSize(3 * 2 * 255 + 254);
    }

    @Test
    @DisplayName("of whole groups that would be too many are refused, with the repair")
    void tooMany() throws Exception {
        assertThat(AddressBlocks.wholeParts(ranges("2001:db8::/32 2001:dba::/33")))
                .hasSize(1 + (1 << 15));
        List<AddressRange> ranges = ranges("2001:db8::1-2001:db8:1:2:3:4:5:6");
        assertThatThrownBy(() -> AddressBlocks.wholeParts(ranges))
                .isInstanceOf(ExportException.class)
                .hasMessage("2001:db8::1-2001:db8:1:2:3:4:5:6 takes more than 65536 lines of whole octets or groups;"
                        + " let it begin and end at a multiple of 16 bits");
    }

    @Tag("slow")
    @Test
    @DisplayName("hold the same addresses as the ranges, and are as few as can be")
    void sameAddressesAndFewest() throws Exception {
        Random random = new Random(20261123);
        for (int round = 0; round < 2000; round++) {
            boolean ipv4 = random.nextBoolean();
            List<AddressRange> ranges = randomRanges(random, ipv4);
            boolean whole = ipv4 && random.nextBoolean();
            List<AddressBlock> blocks = whole ? AddressBlocks.wholeParts(ranges) : AddressBlocks.cidr(ranges);
            assertThat(blocks).as(ranges.toString()).isEqualTo(byHalving(ranges, ipv4 ? 32 : 128, whole ? 8 : 1));
        }
    }

    // Ranges within a few thousand addresses, so that they overlap and touch.
    private static List<AddressRange> randomRanges(Random random, boolean ipv4) {
        List<AddressRange> ranges = new ArrayList<>();
        long base = ipv4 ? 0xffffL << 32 | 0xc0000000L | random.nextInt(1 << 20) : random.nextInt(1 << 20);
        for (int i = random.nextInt(6) + 1; i > 0; i--) {
            long first = base + random.nextInt(5000);
            long last = first + random.nextInt(i % 2 == 0 ? 4 : 3000);
            long high = ipv4 ? 0 : 0x20010db800000000L;
            ranges.add(new AddressRange(new IpAddress(high, first), new IpAddress(high, last)));
        }
        return ranges;
    }

    private record Span(BigInteger first, BigInteger last) {}

    /** The same another way: a block that is wholly within counts, one that is partly within is cut into its parts. */
    private static List<AddressBlock> byHalving(List<AddressRange> ranges, int family, int step) {
        List<AddressBlock> found = new ArrayList<>();
        IpAddress zero = family == 32 ? new IpAddress(0, 0xffffL << 32) : new IpAddress(0, 0);
        List<Span> spans = ranges.stream()
                .map(range -> new Span(number(range.first()), number(range.last())))
                .sorted(Comparator.comparing(Span::first))
                .toList();
        halve(spans, number(zero), 0, family, step, found);
        return found;
    }

    private static void halve(
            List<Span> spans, BigInteger first, int prefix, int family, int step, List<AddressBlock> found) {
        BigInteger size = BigInteger.ONE.shiftLeft(family - prefix);
        BigInteger last = first.add(size).subtract(BigInteger.ONE);
        BigInteger held = held(spans, first, last);
        if (held.signum() == 0) {
            return;
        }
        if (held.equals(size)) {
            found.add(new AddressBlock(
                    new IpAddress(first.shiftRight(64).longValue(), first.longValue()), prefix, family));
            return;
        }
        BigInteger part = size.shiftRight(step);
        for (BigInteger start = first; start.compareTo(last) <= 0; start = start.add(part)) {
            halve(spans, start, prefix + step, family, step, found);
        }
    }

    /** How many of the addresses from {@code first} to {@code last} are in some span; these are in order. */
    private static BigInteger held(List<Span> spans, BigInteger first, BigInteger last) {
        BigInteger held = BigInteger.ZERO;
        BigInteger next = first;
        for (Span span : spans) {
            BigInteger from = span.first().max(next);
            BigInteger to = span.last().min(last);
            if (from.compareTo(to) <= 0) {
                held = held.add(to.subtract(from)).add(BigInteger.ONE);
                next = to.add(BigInteger.ONE);
            }
        }
        return held;
    }

    private static BigInteger number(IpAddress address) {
        return new BigInteger(Long.toUnsignedString(address.high()))
                .shiftLeft(64)
                .add(new BigInteger(Long.toUnsignedString(address.low())));
    }
}
