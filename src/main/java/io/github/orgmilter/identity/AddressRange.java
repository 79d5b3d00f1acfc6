package io.github.orgmilter.identity;

import java.util.Optional;

/**
 * Addresses of one family from {@code first} to {@code last}, both included.
 *
 * <p>Written as one address, as a CIDR block, or as {@code first-last}.
 */
public record AddressRange(IpAddress first, IpAddress last) {

    private static final String FORMS =
            "write 192.0.2.1, 192.0.2.0/28, 192.0.2.10-192.0.2.20, or the same with IPv6 addresses";

    /**
     * Reads a configured range. An IPv4-mapped IPv6 address or block is the IPv4 one.
     *
     * @throws InvalidValueException if it is not a range, is reversed, mixes families, has host bits set, or is everything
     */
    public static AddressRange parse(String text) throws InvalidValueException {
        try {
            return strict(text);
        } catch (InvalidValueException e) {
            throw AddressMistakes.in(text, AddressRange::strict).orElse(e);
        }
    }

    private static AddressRange strict(String text) throws InvalidValueException {
        int slash = text.indexOf('/');
        if (slash >= 0) {
            return block(text, text.substring(0, slash), text.substring(slash + 1));
        }
        int dash = text.indexOf('-');
        if (dash >= 0) {
            return span(text, text.substring(0, dash), text.substring(dash + 1));
        }
        IpAddress address = address(text, text);
        return new AddressRange(address, address);
    }

    private static AddressRange block(String text, String address, String prefixLength) throws InvalidValueException {
        IpAddress first = address(text, address);
        if (!isPrefixLength(prefixLength)) {
            throw new InvalidValueException(
                    "\"" + text + "\" has "
                            + (prefixLength.isEmpty()
                                    ? "no prefix length"
                                    : "\"" + prefixLength + "\" instead of a prefix length")
                            + " after the slash",
                    "write a number, as in 192.0.2.0/28");
        }
        int written = Integer.parseInt(prefixLength);
        boolean mapped = first.isIPv4() && address.indexOf(':') >= 0;
        int length = mapped ? written - 96 : written;
        if (length > first.bits() || (mapped && length < 0)) {
            throw new InvalidValueException(
                    "\"" + text + "\" has a prefix length that is out of range",
                    mapped ? "write the IPv4 block itself" : "write at most /" + first.bits());
        }
        if (length == 0) {
            throw new InvalidValueException(
                    "\"" + text + "\" covers every address", "write the organization's own addresses");
        }
        IpAddress network = first.clearLast(first.bits() - length);
        if (!network.equals(first)) {
            throw new InvalidValueException(
                    "non-null host address bits in \"" + text + "\"",
                    "perhaps you should use \"" + network + "/" + length + "\", or \"" + first + "\" alone");
        }
        return ofOneFamily(text, first, first.setLast(first.bits() - length));
    }

    /** Whether it is a number of up to three digits, without leading zeros. */
    private static boolean isPrefixLength(String text) {
        boolean digits = !text.isEmpty() && text.length() <= 3 && (text.charAt(0) != '0' || text.length() == 1);
        for (int i = 0; i < text.length() && digits; i++) {
            digits = text.charAt(i) >= '0' && text.charAt(i) <= '9';
        }
        return digits;
    }

    private static AddressRange span(String text, String from, String to) throws InvalidValueException {
        IpAddress first = address(text, from);
        IpAddress last = address(text, to);
        AddressRange range = ofOneFamily(text, first, last);
        if (first.compareTo(last) > 0) {
            throw new InvalidValueException(
                    "\"" + text + "\" is reversed", "perhaps you should use \"" + to + "-" + from + "\"");
        }
        if (range.isEverything()) {
            throw new InvalidValueException(
                    "\"" + text + "\" covers every address", "write the organization's own addresses");
        }
        return range;
    }

    private static AddressRange ofOneFamily(String text, IpAddress first, IpAddress last) throws InvalidValueException {
        if (first.isIPv4() != last.isIPv4()) { // a block, too: ::/80 ends among the mapped addresses
            throw new InvalidValueException("\"" + text + "\" mixes IPv4 and IPv6", "write one range for each family");
        }
        return new AddressRange(first, last);
    }

    private static IpAddress address(String text, String address) throws InvalidValueException {
        Optional<IpAddress> parsed = IpAddress.parse(address);
        if (parsed.isPresent()) {
            return parsed.get();
        }
        if (text.isEmpty()) {
            throw new InvalidValueException("empty address", FORMS);
        }
        if (address.isEmpty()) {
            throw new InvalidValueException("\"" + text + "\" is missing an address", FORMS);
        }
        String which = text.equals(address) ? "" : " in \"" + text + "\"";
        throw new InvalidValueException("\"" + address + "\"" + which + " is not an address", FORMS);
    }

    private boolean isEverything() {
        int bits = first.bits();
        return first.equals(first.clearLast(bits)) && last.equals(first.setLast(bits));
    }

    public boolean isIPv4() {
        return first.isIPv4();
    }

    public boolean contains(IpAddress address) {
        return address.isIPv4() == isIPv4() && first.compareTo(address) <= 0 && address.compareTo(last) <= 0;
    }

    public boolean overlaps(AddressRange other) {
        return isIPv4() == other.isIPv4() && first.compareTo(other.last) <= 0 && other.first.compareTo(last) <= 0;
    }

    /** Whether it holds more addresses than a block of this prefix length. */
    public boolean isLargerThan(int prefixLength) {
        if (first.equals(last)) {
            return false; // as most are
        }
        int hostBits = first.bits() - prefixLength;
        IpAddress span = span();
        return !span.clearLast(hostBits).equals(new IpAddress(0, 0));
    }

    /** Negative if it holds fewer addresses than the other, positive if more. */
    public int compareSize(AddressRange other) {
        return span().compareTo(other.span());
    }

    // last - first, as 128 bits.
    private IpAddress span() {
        long low = last.low() - first.low();
        long borrow = Long.compareUnsigned(last.low(), first.low()) < 0 ? 1 : 0;
        return new IpAddress(last.high() - first.high() - borrow, low);
    }

    /** One address, a CIDR block where it is one, else {@code first-last}. */
    @Override
    public String toString() {
        if (first.equals(last)) {
            return first.toString();
        }
        for (int hostBits = 1; hostBits < first.bits(); hostBits++) {
            if (first.equals(first.clearLast(hostBits)) && last.equals(first.setLast(hostBits))) {
                return first + "/" + (first.bits() - hostBits);
            }
        }
        return first + "-" + last;
    }
}
