package io.github.orgmilter.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** docs/rules.md, section 3.5: addresses, blocks and ranges. */
class AddressRangeTest {

    private static final String FORMS =
            "write 192.0.2.1, 192.0.2.0/28, 192.0.2.10-192.0.2.20, or the same with IPv6 addresses";
    private static final String EVERYTHING = "write the organization's own addresses";

    @ParameterizedTest(name = "{0} is {1} to {2}, shown as {3}", quoteTextArguments = false)
    @CsvSource({
        "192.0.2.1, 192.0.2.1, 192.0.2.1, 192.0.2.1",
        "192.0.2.1/32, 192.0.2.1, 192.0.2.1, 192.0.2.1",
        "192.0.2.0/28, 192.0.2.0, 192.0.2.15, 192.0.2.0/28",
        "10.0.0.0/8, 10.0.0.0, 10.255.255.255, 10.0.0.0/8",
        "128.0.0.0/1, 128.0.0.0, 255.255.255.255, 128.0.0.0/1",
        "192.0.2.10-192.0.2.20, 192.0.2.10, 192.0.2.20, 192.0.2.10-192.0.2.20",
        "192.0.2.0-192.0.2.15, 192.0.2.0, 192.0.2.15, 192.0.2.0/28",
        "192.0.2.7-192.0.2.7, 192.0.2.7, 192.0.2.7, 192.0.2.7",
        "0.0.0.1-255.255.255.255, 0.0.0.1, 255.255.255.255, 0.0.0.1-255.255.255.255",
        "::ffff:192.0.2.1, 192.0.2.1, 192.0.2.1, 192.0.2.1",
        "::ffff:192.0.2.0/124, 192.0.2.0, 192.0.2.15, 192.0.2.0/28",
        "::ffff:192.0.2.1-192.0.2.3, 192.0.2.1, 192.0.2.3, 192.0.2.1-192.0.2.3",
        "2001:db8::1, 2001:db8::1, 2001:db8::1, 2001:db8::1",
        "2001:DB8:42::/48, 2001:db8:42::, 2001:db8:42:ffff:ffff:ffff:ffff:ffff, 2001:db8:42::/48",
        "2001:db8::/65, 2001:db8::, 2001:db8::7fff:ffff:ffff:ffff, 2001:db8::/65",
        "2001:db8::/64, 2001:db8::, 2001:db8::ffff:ffff:ffff:ffff, 2001:db8::/64",
        "2001:db8::1/128, 2001:db8::1, 2001:db8::1, 2001:db8::1",
        "8000::/1, 8000::, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 8000::/1",
        "::/1, ::, 7fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, ::/1",
        "2001:db8::1-2001:db8::ff, 2001:db8::1, 2001:db8::ff, 2001:db8::1-2001:db8::ff"
    })
    void reads(String text, String first, String last, String shown) throws InvalidValueException {
        AddressRange range = AddressRange.parse(text);
        assertThat(range).isEqualTo(new AddressRange(address(first), address(last)));
        assertThat(range).hasToString(shown);
        assertThat(AddressRange.parse(range.toString())).isEqualTo(range);
    }

    @ParameterizedTest(name = "{0}: {1}", quoteTextArguments = false)
    @MethodSource
    void refuses(String what, String text, String problem, String repair) {
        assertThatThrownBy(() -> AddressRange.parse(text)).isInstanceOfSatisfying(InvalidValueException.class, e -> {
            assertThat(e.problem()).isEqualTo(problem);
            assertThat(e.repair()).isEqualTo(repair);
        });
    }

    static Stream<Arguments> refuses() {
        // spotless:off
        return Stream.of(
                arguments("nothing", "", "empty address", FORMS),
                arguments("a space", " ", "\" \" is not an address", FORMS),
                arguments("a name", "contoso.com", "\"contoso.com\" is a name, not an address",
                        "write its addresses: names are not looked up"),
                arguments("a star", "*", "\"*\" is not an address", FORMS),
                arguments("a short form", "10.0.0", "\"10.0.0\" is only part of an address",
                        "write \"10.0.0.0/24\""),
                arguments("a short block", "10/8", "\"10/8\" is only part of an address",
                        "write \"10.0.0.0/8\""),
                arguments("a number", "167772160", "\"167772160\" is not an address", FORMS),
                arguments("octal", "010.0.0.1", "\"010.0.0.1\" has leading zeros, which some programs read as octal",
                        "write \"10.0.0.1\""),
                arguments("hex", "0x0a.0.0.1", "\"0x0a.0.0.1\" is not an address", FORMS),
                arguments("a literal", "[192.0.2.1]", "\"[192.0.2.1]\" has a tag, brackets or a port",
                        "write \"192.0.2.1\""),
                arguments("a zone", "fe80::1%eth0", "\"fe80::1%eth0\" has a zone",
                        "write \"fe80::1\""),
                arguments("blanks around the dash", "192.0.2.1 - 192.0.2.2", "\"192.0.2.1 - 192.0.2.2\" is not written as first-last",
                        "write \"192.0.2.1-192.0.2.2\""),
                arguments("an en dash", "192.0.2.1–192.0.2.2", "\"192.0.2.1–192.0.2.2\" contains U+2013 EN DASH",
                        "write \"192.0.2.1-192.0.2.2\""),
                arguments("a minus sign", "192.0.2.1−192.0.2.2", "\"192.0.2.1−192.0.2.2\" contains U+2212 MINUS SIGN",
                        "write \"192.0.2.1-192.0.2.2\""),
                arguments("two dots", "2001:db8::1..2001:db8::2", "\"2001:db8::1..2001:db8::2\" is not written as first-last",
                        "write \"2001:db8::1-2001:db8::2\""),
                arguments("the word to", "192.0.2.1 to 192.0.2.2", "\"192.0.2.1 to 192.0.2.2\" is not written as first-last",
                        "write \"192.0.2.1-192.0.2.2\""),
                arguments("a range of the last octet", "192.0.2.10-20", "\"192.0.2.10-20\" is not written as first-last",
                        "write \"192.0.2.10-192.0.2.20\""),
                arguments("a port", "192.0.2.1:25", "\"192.0.2.1:25\" has a tag, brackets or a port",
                        "write \"192.0.2.1\""),
                arguments("a literal and a port", "[192.0.2.1]:25", "\"[192.0.2.1]:25\" has a tag, brackets or a port",
                        "write \"192.0.2.1\""),
                arguments("an IPv6 literal", "[IPv6:2001:db8::1]", "\"[IPv6:2001:db8::1]\" has a tag, brackets or a port",
                        "write \"2001:db8::1\""),
                arguments("an IPv6 literal and a port", "[2001:db8::1]:25", "\"[2001:db8::1]:25\" has a tag, brackets or a port",
                        "write \"2001:db8::1\""),
                arguments("an IPv6 block of which the address is in brackets, as Postfix writes it", "[2001:db8::]/32", "\"[2001:db8::]/32\" has a tag, brackets or a port",
                        "write \"2001:db8::/32\""),
                arguments("an IPv6 tag", "IPv6:2001:db8::1", "\"IPv6:2001:db8::1\" has a tag, brackets or a port",
                        "write \"2001:db8::1\""),
                arguments("the words of SPF", "ip4:192.0.2.0/24", "\"ip4:192.0.2.0/24\" has a tag, brackets or a port",
                        "write \"192.0.2.0/24\""),
                arguments("a block with a zone", "2001:db8::/48%eth0", "\"2001:db8::/48%eth0\" has a zone",
                        "write \"2001:db8::/48\""),
                arguments("a netmask behind a blank", "192.0.2.0 255.255.255.240", "\"192.0.2.0 255.255.255.240\" has a netmask, not a prefix length",
                        "write \"192.0.2.0/28\""),
                arguments("a wildcard mask", "192.0.2.0/0.0.0.255", "\"192.0.2.0/0.0.0.255\" has a netmask, not a prefix length",
                        "write \"192.0.2.0/24\""),
                arguments("a netmask of all bits", "192.0.2.1/255.255.255.255", "\"192.0.2.1/255.255.255.255\" has a netmask, not a prefix length",
                        "write \"192.0.2.1/32\""),
                arguments("a netmask and host bits", "192.0.2.1/255.255.255.0", "\"192.0.2.1/255.255.255.0\" has a netmask, not a prefix length",
                        "perhaps you should use \"192.0.2.0/24\", or \"192.0.2.1\" alone"),
                arguments("a netmask with a hole", "192.0.2.0/255.0.255.0", "\"192.0.2.0/255.0.255.0\" has \"255.0.255.0\" instead of a prefix length after the slash",
                        "write a number, as in 192.0.2.0/28"),
                arguments("a star for an octet", "192.0.2.*", "\"192.0.2.*\" is only part of an address",
                        "write \"192.0.2.0/24\""),
                arguments("stars for octets", "10.1.*.*", "\"10.1.*.*\" is only part of an address",
                        "write \"10.1.0.0/16\""),
                arguments("a dot at the end", "192.0.2.", "\"192.0.2.\" is only part of an address",
                        "write \"192.0.2.0/24\""),
                arguments("a comma at the end", "192.0.2.1,", "\"192.0.2.1,\" has quotes or punctuation around it",
                        "write \"192.0.2.1\""),
                arguments("quotes within quotes", "'192.0.2.1'", "\"'192.0.2.1'\" has quotes or punctuation around it",
                        "write \"192.0.2.1\""),
                arguments("typographic quotes", "“192.0.2.1”", "\"“192.0.2.1”\" contains U+201C LEFT DOUBLE QUOTATION MARK",
                        "write \"192.0.2.1\""),
                arguments("what follows in an access table", "192.0.2.0/28 OK", "\"192.0.2.0/28 OK\" is more than one value",
                        "write \"192.0.2.0/28\", and each further one as a separate entry"),
                arguments("a comment of another language", "192.0.2.1 // head office", "\"192.0.2.1 // head office\" is more than one value",
                        "write \"192.0.2.1\", and each further one as a separate entry"),
                arguments("a tab between", "192.0.2.1\t192.0.2.2", "\"192.0.2.1\t192.0.2.2\" is more than one value",
                        "write \"192.0.2.1\", and each further one as a separate entry"),
                arguments("semicolons", "192.0.2.1;192.0.2.2", "\"192.0.2.1;192.0.2.2\" is more than one value",
                        "write \"192.0.2.1\", and each further one as a separate entry"),
                arguments("a control character", "192.0.2.1\u007f", "\"192.0.2.1\u007f\" is not an address", FORMS),
                arguments("digits of another script", "１９２.0.2.1", "\"１９２.0.2.1\" is not an address: it has the character U+FF11",
                        "retype it"),
                arguments("host bits", "10.0.0.5/8", "non-null host address bits in \"10.0.0.5/8\"",
                        "perhaps you should use \"10.0.0.0/8\", or \"10.0.0.5\" alone"),
                arguments("host bits of IPv6", "2001:db8::1/48", "non-null host address bits in \"2001:db8::1/48\"",
                        "perhaps you should use \"2001:db8::/48\", or \"2001:db8::1\" alone"),
                arguments("host bits of a mapped block", "::ffff:10.0.0.5/104",
                        "non-null host address bits in \"::ffff:10.0.0.5/104\"",
                        "perhaps you should use \"10.0.0.0/8\", or \"10.0.0.5\" alone"),
                arguments("everything", "0.0.0.0/0", "\"0.0.0.0/0\" covers every address", EVERYTHING),
                arguments("everything, with host bits", "192.0.2.1/0", "\"192.0.2.1/0\" covers every address", EVERYTHING),
                arguments("everything in IPv6", "::/0", "\"::/0\" covers every address", EVERYTHING),
                arguments("everything in IPv4, mapped", "::ffff:0.0.0.0/96", "\"::ffff:0.0.0.0/96\" covers every address",
                        EVERYTHING),
                arguments("everything as a range", "0.0.0.0-255.255.255.255",
                        "\"0.0.0.0-255.255.255.255\" covers every address", EVERYTHING),
                arguments("everything in IPv6 as a range", "::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
                        "\"::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff\" covers every address", EVERYTHING),
                arguments("more than all bits", "192.0.2.0/33", "\"192.0.2.0/33\" has a prefix length that is out of range",
                        "write at most /32"),
                arguments("more than all bits of IPv6", "2001:db8::/129",
                        "\"2001:db8::/129\" has a prefix length that is out of range", "write at most /128"),
                arguments("a mapped block beyond IPv4", "::ffff:192.0.2.0/95",
                        "\"::ffff:192.0.2.0/95\" has a prefix length that is out of range", "write the IPv4 block itself"),
                arguments("a mapped block with an IPv4 length", "::ffff:192.0.2.0/24",
                        "\"::ffff:192.0.2.0/24\" has a prefix length that is out of range", "write the IPv4 block itself"),
                arguments("a mapped block with too many bits", "::ffff:192.0.2.0/129",
                        "\"::ffff:192.0.2.0/129\" has a prefix length that is out of range", "write the IPv4 block itself"),
                arguments("no prefix length", "192.0.2.0/", "\"192.0.2.0/\" has no prefix length after the slash",
                        "write a number, as in 192.0.2.0/28"),
                arguments("a netmask", "192.0.2.0/255.255.255.0", "\"192.0.2.0/255.255.255.0\" has a netmask, not a prefix length",
                        "write \"192.0.2.0/24\""),
                arguments("a padded prefix length", "192.0.2.0/08", "\"192.0.2.0/08\" has \"08\" instead of a prefix length after the slash",
                        "write a number, as in 192.0.2.0/28"),
                arguments("a negative prefix length", "192.0.2.0/-1", "\"192.0.2.0/-1\" has \"-1\" instead of a prefix length after the slash",
                        "write a number, as in 192.0.2.0/28"),
                arguments("a signed prefix length", "192.0.2.0/+8", "\"192.0.2.0/+8\" has \"+8\" instead of a prefix length after the slash",
                        "write a number, as in 192.0.2.0/28"),
                arguments("a huge prefix length", "192.0.2.0/99999999999", "\"192.0.2.0/99999999999\" has \"99999999999\" instead of a prefix length after the slash",
                        "write a number, as in 192.0.2.0/28"),
                arguments("two slashes", "192.0.2.0/24/24", "\"192.0.2.0/24/24\" has \"24/24\" instead of a prefix length after the slash",
                        "write a number, as in 192.0.2.0/28"),
                arguments("no address before the slash", "/8", "\"/8\" is missing an address", FORMS),
                arguments("reversed", "192.0.2.20-192.0.2.10", "\"192.0.2.20-192.0.2.10\" is reversed",
                        "perhaps you should use \"192.0.2.10-192.0.2.20\""),
                arguments("reversed in IPv6", "2001:db8::2-2001:db8::1", "\"2001:db8::2-2001:db8::1\" is reversed",
                        "perhaps you should use \"2001:db8::1-2001:db8::2\""),
                arguments("mixed", "192.0.2.1-2001:db8::1", "\"192.0.2.1-2001:db8::1\" mixes IPv4 and IPv6",
                        "write one range for each family"),
                arguments("a block that ends among the mapped addresses", "::/80", "\"::/80\" mixes IPv4 and IPv6",
                        "write one range for each family"),
                arguments("mixed the other way", "::1-192.0.2.1", "\"::1-192.0.2.1\" mixes IPv4 and IPv6",
                        "write one range for each family"),
                arguments("no end", "192.0.2.1-", "\"192.0.2.1-\" is missing an address", FORMS),
                arguments("no start", "-192.0.2.1", "\"-192.0.2.1\" is missing an address", FORMS),
                arguments("only a dash", "-", "\"-\" is missing an address", FORMS),
                arguments("three ends", "192.0.2.1-192.0.2.2-192.0.2.3",
                        "\"192.0.2.2-192.0.2.3\" in \"192.0.2.1-192.0.2.2-192.0.2.3\" is not an address", FORMS));
        // spotless:on
    }

    @ParameterizedTest(name = "{0} holds {1}: {2}", quoteTextArguments = false)
    @CsvSource({
        "192.0.2.10-192.0.2.20, 192.0.2.9, false",
        "192.0.2.10-192.0.2.20, 192.0.2.10, true",
        "192.0.2.10-192.0.2.20, 192.0.2.20, true",
        "192.0.2.10-192.0.2.20, 192.0.2.21, false",
        "192.0.2.0/28, ::ffff:192.0.2.3, true",
        "192.0.2.0/28, ::192.0.2.3, false",
        "::/1, 192.0.2.1, false",
        "::1-1::, 192.0.2.1, false",
        "128.0.0.0/1, 200.0.0.1, true",
        "2001:db8::/64, 2001:db8::ffff, true",
        "2001:db8::/64, 2001:db8:0:1::, false"
    })
    void holdsItsFamilyOnly(String range, String address, boolean holds) throws InvalidValueException {
        assertThat(AddressRange.parse(range).contains(address(address))).isEqualTo(holds);
    }

    @ParameterizedTest(name = "{0} is larger than /{1}: {2}", quoteTextArguments = false)
    @CsvSource({
        "192.0.2.0/24, 24, false",
        "192.0.2.0/23, 24, true",
        "192.0.2.1, 24, false",
        "192.0.2.128-192.0.3.127, 24, false",
        "192.0.2.128-192.0.3.128, 24, true",
        "10.0.0.0/8, 24, true",
        "2001:db8:42::/48, 48, false",
        "2001:db8:42::/47, 48, true",
        "2001:db8::ffff-2001:db8:1::ffff, 48, true",
        "2001:db8::ffff-2001:db8:1::fffe, 48, false"
    })
    void knowsItsSize(String range, int prefixLength, boolean larger) throws InvalidValueException {
        assertThat(AddressRange.parse(range).isLargerThan(prefixLength)).isEqualTo(larger);
    }

    @Test
    void comparesAndOverlapsLikeNumbers() {
        Random random = new Random(3);
        for (int i = 0; i < 5_000; i++) {
            AddressRange one = random(random);
            AddressRange other = random(random);
            IpAddress address = IpAddressTest.random(random);
            boolean within = one.isIPv4() == address.isIPv4()
                    && IpAddressTest.number(one.first()).compareTo(IpAddressTest.number(address)) <= 0
                    && IpAddressTest.number(address).compareTo(IpAddressTest.number(one.last())) <= 0;
            assertThat(one.contains(address)).isEqualTo(within);
            assertThat(Integer.signum(one.compareSize(other)))
                    .isEqualTo(size(one).compareTo(size(other)));
            boolean apart = one.isIPv4() != other.isIPv4()
                    || IpAddressTest.number(one.last()).compareTo(IpAddressTest.number(other.first())) < 0
                    || IpAddressTest.number(other.last()).compareTo(IpAddressTest.number(one.first())) < 0;
            assertThat(one.overlaps(other)).isEqualTo(!apart);
            int prefixLength = 1 + random.nextInt(one.first().bits() - 1);
            assertThat(one.isLargerThan(prefixLength))
                    .isEqualTo(size(one)
                                    .compareTo(
                                            BigInteger.ONE.shiftLeft(one.first().bits() - prefixLength))
                            > 0);
        }
    }

    @Test
    void theSmallestRangeOfAConnectorHoldsTheAddress() throws InvalidValueException {
        AddressRanges ranges = ranges("10.0.0.0/8", "10.1.0.0-10.1.2.255", "10.1.0.0/16", "2001:db8::/32");
        assertThat(ranges.smallestContaining(address("10.1.1.1"))).hasValue(AddressRange.parse("10.1.0.0-10.1.2.255"));
        assertThat(ranges.smallestContaining(address("10.1.3.1"))).hasValue(AddressRange.parse("10.1.0.0/16"));
        assertThat(ranges.smallestContaining(address("10.2.0.0"))).hasValue(AddressRange.parse("10.0.0.0/8"));
        assertThat(ranges.smallestContaining(address("11.0.0.0"))).isEmpty();
        assertThat(AddressRanges.NONE.smallestContaining(address("10.0.0.1"))).isEmpty();
        assertThat(AddressRanges.NONE.isEmpty()).isTrue();
    }

    @Test
    void everythingIsNoBlock() {
        assertThat(new AddressRange(address("0.0.0.0"), address("255.255.255.255")))
                .hasToString("0.0.0.0-255.255.255.255");
    }

    @Test
    void theRangesOfAConnectorAreAValue() throws InvalidValueException {
        AddressRanges ranges = ranges("2001:db8::/32", "10.0.0.0/8", "2001:db8:1::1", "192.0.2.1-192.0.2.9");
        assertThat(ranges.size()).isEqualTo(4);
        assertThat(ranges).hasToString("[10.0.0.0/8, 192.0.2.1-192.0.2.9, 2001:db8::/32, 2001:db8:1::1]");
        AddressRanges same = ranges("10.0.0.0/8", "2001:db8::/32", "192.0.2.1-192.0.2.9", "2001:db8:1::1");
        assertThat(ranges).isEqualTo(same).hasSameHashCodeAs(same);
        for (AddressRanges other : List.of(
                AddressRanges.NONE,
                ranges("10.0.0.0/8", "192.0.2.1-192.0.2.9"),
                ranges("10.0.0.0/8", "192.0.2.1-192.0.2.8", "2001:db8::/32", "2001:db8:1::1"),
                ranges("10.0.0.0/8", "192.0.2.1-192.0.2.9", "2001:db8::/32", "2001:db8:1::2"))) {
            assertThat(ranges).isNotEqualTo(other).doesNotHaveSameHashCodeAs(other);
        }
    }

    private static AddressRanges ranges(String... texts) throws InvalidValueException {
        AddressRange[] ranges = new AddressRange[texts.length];
        for (int i = 0; i < texts.length; i++) {
            ranges[i] = AddressRange.parse(texts[i]);
        }
        return new AddressRanges(List.of(ranges));
    }

    private static BigInteger size(AddressRange range) {
        return IpAddressTest.number(range.last())
                .subtract(IpAddressTest.number(range.first()))
                .add(BigInteger.ONE);
    }

    private static AddressRange random(Random random) {
        IpAddress one = IpAddressTest.random(random);
        IpAddress other = IpAddressTest.random(random);
        while (other.isIPv4() != one.isIPv4()) {
            other = IpAddressTest.random(random);
        }
        IpAddress[] ends = {one, other};
        Arrays.sort(ends);
        return new AddressRange(ends[0], ends[1]);
    }

    private static IpAddress address(String text) {
        return IpAddress.parse(text).orElseThrow();
    }
}
