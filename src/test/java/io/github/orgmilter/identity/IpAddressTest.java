package io.github.orgmilter.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

// spotless:off
class IpAddressTest {

    @ParameterizedTest(name = "{0} is {1}", quoteTextArguments = false)
    @CsvSource({
        "192.0.2.1, 192.0.2.1, true",
        "0.0.0.0, 0.0.0.0, true",
        "255.255.255.255, 255.255.255.255, true",
        "::ffff:192.0.2.1, 192.0.2.1, true",
        "::ffff:c000:201, 192.0.2.1, true",
        "0:0:0:0:0:FFFF:192.0.2.1, 192.0.2.1, true",
        "2001:db8::1, 2001:db8::1, false",
        "2001:DB8:0:0:0:0:0:1, 2001:db8::1, false",
        "2001:0db8::0001, 2001:db8::1, false",
        "0:0:0:0:0:0:0:1, ::1, false",
        "::, ::, false",
        "1::, 1::, false",
        "::192.0.2.1, ::c000:201, false",
        "::fffe:192.0.2.1, ::fffe:c000:201, false",
        "64:ff9b::192.0.2.1, 64:ff9b::c000:201, false",
        "::0.0.0.0, ::, false",
        "1:2:3:4:5:6:7.8.9.10, 1:2:3:4:5:6:708:90a, false",
        "1:2:3:4:5::7.8.9.10, 1:2:3:4:5:0:708:90a, false",
        "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0, false",
        "::2:3:4:5:6:7:8, 0:2:3:4:5:6:7:8, false",
        "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, false",
        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, false"
    })
    void readsALiteral(String text, String canonical, boolean ipv4) {
        assertThat(IpAddress.parse(text)).hasValueSatisfying(address -> {
            assertThat(address).hasToString(canonical);
            assertThat(address.isIPv4()).isEqualTo(ipv4);
            assertThat(address.bits()).isEqualTo(ipv4 ? 32 : 128);
        });
    }

    @ParameterizedTest(name = "\"{0}\" is no address", quoteTextArguments = false)
    @ValueSource(strings = {
        "", " ", "unknown", "[UNAVAILABLE]", "localhost", "192.0.2.1 ", " 192.0.2.1", "192.0.2", "192.0", "3221225985", "0",
        "192.0.2.", "192.0.2.1.", ".192.0.2.1", "192.0.2.256", "192.0.2.1.1", "010.0.0.1", "192.0.2.01", "192.0.2.00",
        "0x7f.0.0.1", "0xc0000201", "0300.0.2.1", "0b1.0.0.1", "192.0.2.-1", "192.0.2.+1", "192.0.2.1e0", "192.0.2.*", "*",
        "192.0.2.1-5", "192.0.2.1/32", "192.0.2.1%eth0", "192.0.2.1:25", "192,0,2,1", "192.0.2.1\u0000", "192.0.2.1\n",
        "１９２.0.2.1", "١٩٢.0.2.1", "192。0。2。1", "_", "192.0.2._1",
        "[::1]", "::1]", "IPv6:::1", "::1/128", "::1%eth0", "::1%1", "::g", ":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9",
        "1::2::3", "12345::", "::12345", "::ffff:192.0.2", "::ffff:192.0.2.256", "::ffff:0300.0.2.1", "::ffff:010.0.0.1", "::ffff:192.0.2.01",
        "::ffff:0xc0.0.2.1", "1.2::3.4.5.6", "::.1.2.3.4", "1:2:3:4:5:6:7:8.9.10.11", "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8", "1:2:3:4::5:6:7:8",
        ".1", "1", "a", "1::2:3:", ":1::2", "１::", "::192.0.2.1:", "１92.0.2.1", "::g.0.0.1",
        "192.0.2.1::", "2001:db8::*", "2001:db8::1-2", "4)+k&C#VzJ4br>0wv%Yp", "0x20010db8000000000000000000000001",
        "20010db8000000000000000000000001", "/8", "::/0", "-", "1-2"
    })
    void refusesAnythingElse(String text) {
        assertThat(IpAddress.parse(text)).isEmpty();
    }

    @Test
    void aHugeTextIsNoAddress() {
        assertThat(IpAddress.parse("1".repeat(1 << 20))).isEmpty();
        assertThat(IpAddress.parse("1:".repeat(1 << 19))).isEmpty();
    }

    @Test
    void readsTheUsualLiteralsAsTheLibraryDoes() {
        Random random = new Random(3);
        int read = 0;
        for (int i = 0; i < 20_000; i++) {
            String text = almostALiteral(random);
            assertThat(IpAddress.parse(text)).as(text).isEqualTo(LibraryAddress.parse(text));
            read += IpAddress.parse(text).isPresent() ? 1 : 0;
        }
        assertThat(read).isBetween(5_000, 15_000);
    }

    /** An IPv6 address with or without a gap, or with something too much or missing. */
    private static String almostALiteral(Random random) {
        StringBuilder text = new StringBuilder();
        int groups = random.nextInt(4) == 0 ? random.nextInt(10) : 8;
        for (int i = 0; i < groups; i++) {
            String group = Integer.toHexString(random.nextInt(random.nextInt(20) == 0 ? 0x20000 : 0x10000) >>> 4 * random.nextInt(5));
            text.append(i == 0 ? "" : ":").append(random.nextBoolean() ? group : group.toUpperCase(Locale.ROOT));
        }
        String literal = text.toString();
        if (random.nextBoolean()) {
            literal = literal.replaceFirst(random.nextBoolean() ? "(?:^|:)(?:[0-9a-fA-F]*:){1,8}?" : ":(?:[0-9a-fA-F]*:){1,8}", "::");
        }
        return switch (random.nextInt(20)) {
            case 0 -> literal + ":";
            case 3, 4, 5, 6 -> literal.replaceFirst(
                    "[0-9a-fA-F]*(:[0-9a-fA-F]*)?$", random.nextInt(256) + ".0." + random.nextInt(300) + ".7");
            case 1 -> ":" + literal;
            case 2 -> literal + "::";
            default -> literal.isEmpty() ? "::" : literal;
        };
    }

    @Test
    void ordersAndPrintsLikeTheNumbersThatTheyAre() throws UnknownHostException {
        Random random = new Random(1);
        for (int i = 0; i < 2_500; i++) {
            IpAddress one = random(random);
            IpAddress other = random(random);
            assertThat(Integer.signum(one.compareTo(other))).isEqualTo(number(one).compareTo(number(other)));
            assertThat(IpAddress.parse(one.toString())).hasValue(one);
            // The JDK as a second opinion on the text form; it unmaps as well.
            byte[] bytes = InetAddress.getByName(one.toString()).getAddress();
            assertThat(bytes).hasSize(one.isIPv4() ? 4 : 16);
            BigInteger mapped = BigInteger.valueOf(0xffff).shiftLeft(32);
            assertThat(new BigInteger(1, bytes).add(one.isIPv4() ? mapped : BigInteger.ZERO)).isEqualTo(number(one));
        }
    }

    @Test
    void clearsAndSetsItsLastBits() {
        Random random = new Random(2);
        for (int i = 0; i < 2_500; i++) {
            IpAddress address = random(random);
            int count = random.nextInt(129);
            BigInteger mask = BigInteger.ONE.shiftLeft(count).subtract(BigInteger.ONE);
            assertThat(number(address.clearLast(count))).isEqualTo(number(address).andNot(mask));
            assertThat(number(address.setLast(count))).isEqualTo(number(address).or(mask));
        }
    }

    static BigInteger number(IpAddress address) {
        BigInteger low = new BigInteger(Long.toUnsignedString(address.low()));
        return new BigInteger(Long.toUnsignedString(address.high())).shiftLeft(64).add(low);
    }

    /** Of either family, often with long runs of zeros or ones. */
    static IpAddress random(Random random) {
        long high = random.nextInt(3) == 0 ? random.nextInt(3) - 1 : random.nextLong();
        long low = random.nextInt(3) == 0 ? random.nextInt(3) - 1 : random.nextLong();
        return random.nextBoolean() ? new IpAddress(high, low) : new IpAddress(0, 0xffffL << 32 | (low & 0xffffffffL));
    }
}
// spotless:on
