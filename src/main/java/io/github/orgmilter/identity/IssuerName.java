package io.github.orgmilter.identity;

import java.util.Optional;

/** The name of a certificate's issuer as an MTA reports it: its common name or, from Postfix if it has none, its organization. */
public final class IssuerName {

    private static final String QUOTES = "\"'`´‘’‚‛“”„‟«»‹›′″＂＇「」『』";

    private IssuerName() {}

    /**
     * Checks a configured name, which is compared whole.
     *
     * @throws InvalidValueException if no MTA reports such a name
     */
    public static String parse(String text) throws InvalidValueException {
        if (text.isEmpty()) {
            throw new InvalidValueException("an empty issuer", "write the issuer's common name");
        }
        String stripped = stripped(text);
        if (!stripped.equals(text)) {
            throw invalid(text, "begins or ends with a blank", stripped);
        }
        if (text.codePoints().anyMatch(Character::isISOControl)) {
            throw new InvalidValueException(
                    "\"" + text + "\" contains a control character, which no MTA reports",
                    "write the issuer's common name");
        }
        if (text.length() > 1 && isQuote(text.charAt(0)) && isQuote(text.charAt(text.length() - 1))) {
            throw invalid(text, "is in quotes", stripped(text.substring(1, text.length() - 1)));
        }
        Optional<DistinguishedName> name = DistinguishedName.of(text);
        if (name.isPresent()) {
            throw invalid(
                    text,
                    "is a distinguished name, but MTAs report only the issuer's common name",
                    name.get().commonName().or(name.get()::organization).orElse(""));
        }
        return text;
    }

    private static InvalidValueException invalid(String text, String problem, String repair) {
        return new InvalidValueException(
                "\"" + text + "\" " + problem,
                repair.isEmpty() ? "write the issuer's common name" : "write \"" + repair + "\"");
    }

    /** Without the spaces, controls and other invisible characters at either end. */
    private static String stripped(String text) {
        int[] codePoints = text.codePoints().toArray();
        int start = 0;
        int end = codePoints.length;
        while (start < end && !Visibility.isVisible(codePoints[start])) {
            start++;
        }
        while (end > start && !Visibility.isVisible(codePoints[end - 1])) {
            end--;
        }
        return new String(codePoints, start, end - start);
    }

    private static boolean isQuote(char c) {
        return QUOTES.indexOf(c) >= 0;
    }
}
