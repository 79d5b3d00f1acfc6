package io.github.orgmilter.probe;

import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.identity.InvalidValueException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A domain name in a spelling that Unicode mapping or a reader's eye takes for the plain one, and an MTA perhaps for another one. In a
 * template it is <code>{own:HOW}</code> or <code>{server:HOW}</code>, where HOW is one of
 *
 * <ul>
 *   <li>{@code +00ad}: that code point behind the first character;
 *   <li>{@code .3002}: that code point in place of the first dot;
 *   <li>{@code wide}: the first character in full width;
 *   <li>{@code alike}: a Cyrillic letter in place of one that looks the same; {@code alike-ascii}: its A-label;
 *   <li>{@code folded}: a Kelvin or a long s, which only case folding takes for a letter of ASCII.
 * </ul>
 */
final class OddName {

    private static final Pattern PLACE = Pattern.compile("\\{(own|server):([+.]?)([a-z0-9-]+)}");
    private static final int HEXADECIMAL = 16;
    private static final int TO_FULL_WIDTH = 0xff01 - '!'; // U+FF01 to U+FF5E are the visible characters of ASCII
    private static final String LATIN = "aceopxy";
    private static final String CYRILLIC = "\u0430\u0441\u0435\u043e\u0440\u0445\u0443";
    private static final String FOLDED = "ks";
    private static final String UNFOLDED = "\u212a\u017f";

    private OddName() {}

    /** Fills in a template; empty if a name in it has no letter for it. */
    static Optional<String> fill(String template, Addresses addresses) {
        StringBuilder filled = new StringBuilder();
        Matcher places = PLACE.matcher(template);
        while (places.find()) {
            String name = places.group(1).equals("own") ? addresses.own() : addresses.server();
            Optional<String> odd = of(name, places.group(2), places.group(3));
            if (odd.isEmpty()) {
                return Optional.empty();
            }
            places.appendReplacement(filled, Matcher.quoteReplacement(odd.get()));
        }
        places.appendTail(filled);
        return Optional.of(filled.toString());
    }

    private static Optional<String> of(String name, String where, String how) {
        if (!where.isEmpty()) {
            String character = Character.toString(Integer.parseInt(how, HEXADECIMAL));
            return where.equals("+")
                    ? Optional.of(name.charAt(0) + character + name.substring(1))
                    : Optional.of(name.replaceFirst("\\.", character)).filter(odd -> !odd.equals(name));
        }
        return switch (how) {
            case "wide" -> Optional.of(Character.toString(name.charAt(0) + TO_FULL_WIDTH) + name.substring(1));
            case "alike" -> replaced(name, LATIN, CYRILLIC);
            case "alike-ascii" -> replaced(name, LATIN, CYRILLIC).flatMap(OddName::ascii);
            case "folded" -> replaced(name, FOLDED, UNFOLDED);
            default -> throw new IllegalArgumentException(how);
        };
    }

    private static Optional<String> replaced(String name, String letters, String by) {
        for (int i = 0; i < name.length(); i++) {
            int letter = letters.indexOf(name.charAt(i));
            if (letter >= 0) {
                return Optional.of(name.substring(0, i) + by.charAt(letter) + name.substring(i + 1));
            }
        }
        return Optional.empty();
    }

    private static Optional<String> ascii(String name) {
        try {
            return Optional.of(DomainName.parse(name).ascii());
        } catch (InvalidValueException e) {
            return Optional.empty(); // then no MTA has it either
        }
    }
}
