package io.github.orgmilter.identity;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A distinguished name as tools print it: {@code /C=US/CN=Example CA} or {@code C = US, CN = Example CA}, in either order, perhaps
 * after {@code issuer=}. It is never compared, but people copy it into a configuration.
 */
record DistinguishedName(Optional<String> commonName, Optional<String> organization) {

    private static final String VALUE = "\\s*=\\s*(.*?)\\s*(?=[,/+;]\\s*[A-Za-z0-9.]+\\s*=|$)";
    private static final Pattern START = pattern(
            "^\\s*(?:(?:issuer|subject)\\s*[=:]\\s*)?/?\\s*(?:CN|commonName|C|O|OU|ST|S|L|DC|UID|serialNumber|\\d(?:\\.\\d+)+)\\s*=");
    private static final Pattern COMMON_NAME = pattern("(?:^|[,/+;=:])\\s*(?:CN|commonName|2\\.5\\.4\\.3)" + VALUE);
    private static final Pattern ORGANIZATION =
            pattern("(?:^|[,/+;=:])\\s*(?:O|organizationName|2\\.5\\.4\\.10)" + VALUE);

    private static Pattern pattern(String regex) {
        return Pattern.compile(regex, Pattern.CASE_INSENSITIVE);
    }

    /** Reads a text that looks like a distinguished name; empty for any other. */
    static Optional<DistinguishedName> of(String text) {
        if (text.indexOf('=') < 0) {
            return Optional.empty();
        }
        Optional<String> commonName = value(COMMON_NAME, text);
        return commonName.isPresent() || START.matcher(text).find()
                ? Optional.of(new DistinguishedName(commonName, value(ORGANIZATION, text)))
                : Optional.empty();
    }

    // Of several the first, as Postfix does.
    private static Optional<String> value(Pattern attribute, String text) {
        Matcher matcher = attribute.matcher(text);
        return matcher.find()
                ? Optional.of(plain(matcher.group(1))).filter(value -> !value.isEmpty())
                : Optional.empty();
    }

    /** Without the quotes and backslashes of RFC 4514. */
    private static String plain(String value) {
        boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
        return (quoted ? value.substring(1, value.length() - 1) : value).replaceAll("\\\\(?=[^0-9A-Fa-f])", "");
    }
}
