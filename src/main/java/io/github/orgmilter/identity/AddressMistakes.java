package io.github.orgmilter.identity;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Common mistakes in address ranges. */
final class AddressMistakes {

    private static final Pattern WITH_MASK = Pattern.compile("([0-9.]+)[/ ]([0-9]+(?:\\.[0-9]+){3})");
    private static final Pattern PART =
            Pattern.compile("([0-9]+(?:\\.[0-9]+){0,2})(?:(?:\\.[*xX])+|\\.)|([0-9]+(?:\\.[0-9]+){2})");
    private static final Pattern SHORT_BLOCK = Pattern.compile("([0-9]+(?:\\.[0-9]+){0,2})\\.?(/[0-9]+)");
    private static final Pattern NAME = Pattern.compile("(?:[a-zA-Z0-9_-]+\\.)+[a-zA-Z][a-zA-Z0-9-]*\\.?");

    private static final List<Mistake> USUAL = List.of(
            Mistake.QUOTES,
            Mistake.of(
                    "is not written as first-last",
                    "\\s*[\u2010-\u2015\u2212~]\\s*|\\s+-\\s*|-\\s+|\\s+to\\s+|\\.{2,3}|\u2026",
                    "-"),
            new Mistake("has a netmask, not a prefix length", AddressMistakes::withoutMask),
            Mistake.of(
                    "has a tag, brackets or a port",
                    "^(?i:ip(?:v?[46])?:)|^\\[(?i:ipv6:)?|](?::[0-9]+)?|(?<=^[0-9.]{7,15}):[0-9]+$",
                    ""),
            Mistake.of("has a zone", "%[^/-]*", ""),
            new Mistake("is only part of an address", AddressMistakes::completed),
            Mistake.of("is not written as first-last", "^(([0-9]+\\.[0-9]+\\.[0-9]+\\.)[0-9]+)-([0-9]+)$", "$1-$2$3"),
            Mistake.of(
                    "has leading zeros, which some programs read as octal",
                    "(?<![0-9a-fA-F:])0+(?=[0-9]+\\.)|(?<=\\.)0+(?=[0-9])",
                    ""));

    private AddressMistakes() {}

    /** What is wrong with a text that is not a range, if it is recognised. */
    static Optional<InvalidValueException> in(String text, Mistake.Parser parser) {
        Optional<InvalidValueException> usual = Mistake.in(text, USUAL, parser);
        if (usual.isPresent()) {
            return usual;
        }
        if (NAME.matcher(text).matches()) {
            return Optional.of(new InvalidValueException(
                    "\"" + text + "\" is a name, not an address", "write its addresses: names are not looked up"));
        }
        return text.codePoints()
                .filter(c -> c > 0x7f)
                .boxed()
                .findFirst()
                .map(c -> new InvalidValueException(
                        "\"" + text + "\" is not an address: it has the character U+" + String.format("%04X", c),
                        "retype it"));
    }

    private static String withoutMask(String text) {
        Matcher written = WITH_MASK.matcher(text);
        if (!written.matches()) {
            return text;
        }
        return IpAddress.parse(written.group(2))
                .filter(IpAddress::isIPv4)
                .map(mask -> {
                    int bits = (int) mask.low();
                    // Cisco's wildcard masks are inverted.
                    int leading = bits < 0 ? bits : ~bits;
                    int length = Integer.numberOfLeadingZeros(~leading);
                    boolean contiguous = length == Integer.SIZE || leading << length == 0;
                    return contiguous ? written.group(1) + "/" + length : text;
                })
                .orElse(text);
    }

    // 192.0.2.*, 192.0.2. and 192.0.2, and 192.0/16.
    private static String completed(String text) {
        Matcher part = PART.matcher(text);
        if (part.matches()) {
            String octets = part.group(1) == null ? part.group(2) : part.group(1);
            int count = octets.split("\\.").length;
            return octets + ".0".repeat(4 - count) + "/" + 8 * count;
        }
        Matcher block = SHORT_BLOCK.matcher(text);
        return block.matches()
                ? block.group(1) + ".0".repeat(4 - block.group(1).split("\\.").length) + block.group(2)
                : text;
    }
}
