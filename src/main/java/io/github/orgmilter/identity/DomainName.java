package io.github.orgmilter.identity;

import com.ibm.icu.text.IDNA;
import com.ibm.icu.text.IDNA.Info;
import com.ibm.icu.util.ICUInputTooLongException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A domain name in the form in which names are compared: lower case, A-labels, no trailing dot.
 *
 * <p>Non-ASCII text becomes A-labels by UTS #46, non-transitional. ASCII text that UTS #46 refuses ({@code _dmarc}, {@code r3--x})
 * is kept with its letters lower-cased. Nothing else gets in: labels hold letters, digits, hyphens and underscores.
 */
public record DomainName(String ascii) {

    /** RFC 1035, section 2.3.4, without the root's dot. */
    static final int MAX_LENGTH = 253;

    // Mapping may shorten a name, but nobody writes three characters for one, and what UTS #46 costs grows with the
    // square.
    private static final int MAX_TEXT = 3 * MAX_LENGTH;

    private static final int MAX_ASCII = 0x7f;

    private static final Pattern LABEL = Pattern.compile("[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?");
    private static final Pattern ADDRESS_LIKE =
            Pattern.compile("\\[.*]|(?i:IPv6:)?[0-9a-fA-F.]*:[0-9a-fA-F:.]*(?:[/%].*)?|[0-9.]+(?:/.*)?");

    /** The usual mistakes in writing one. */
    static final List<Mistake> MISTAKES = List.of(
            Mistake.QUOTES,
            Mistake.of("is a URL, not a domain name", "^[a-zA-Z][a-zA-Z0-9+.-]*://([^/]*).*$", "$1"),
            Mistake.of("has a slash", "/.*$", ""),
            Mistake.of("is a mail address, not a domain name", "^.*@", ""),
            Mistake.of("has a port", ":[0-9]+$", ""),
            Mistake.of("starts with a dot", "^\\.", ""));

    private static final int UTS46_OPTIONS = IDNA.NONTRANSITIONAL_TO_ASCII
            | IDNA.NONTRANSITIONAL_TO_UNICODE
            | IDNA.USE_STD3_RULES
            | IDNA.CHECK_BIDI
            | IDNA.CHECK_CONTEXTJ;
    private static final IDNA UTS46 = IDNA.getUTS46Instance(UTS46_OPTIONS);
    private static final IDNA CONFIGURED = IDNA.getUTS46Instance(UTS46_OPTIONS | IDNA.CHECK_CONTEXTO);

    /**
     * Reads a configured name, in U-labels or A-labels; a trailing dot is removed. U-labels hold letters, marks and digits only.
     *
     * @throws InvalidValueException if it is empty, too long, an address, a pattern, or no domain name
     */
    public static DomainName parse(String text) throws InvalidValueException {
        try {
            return strict(text);
        } catch (InvalidValueException e) {
            throw Mistake.in(text, MISTAKES, DomainName::strict).orElse(e);
        }
    }

    private static DomainName strict(String text) throws InvalidValueException {
        if (isOrdinary(text)) {
            return new DomainName(text);
        }
        if (text.isEmpty()) {
            throw new InvalidValueException("empty domain name", "write a name such as contoso.com");
        }
        NameCharacters.check(text);
        if (text.contains("*")) {
            throw new InvalidValueException(
                    "\"" + text + "\" has a wildcard where a domain name is wanted", "list each name separately");
        }
        if (text.contains("@")) {
            throw new InvalidValueException(
                    "\"" + text + "\" is a mail address, not a domain name", "write only what follows the @");
        }
        String name = comparable(text, CONFIGURED);
        if (isOrdinary(name)) {
            return new DomainName(name);
        }
        if (ADDRESS_LIKE.matcher(text).matches() || ADDRESS_LIKE.matcher(name).matches()) {
            throw new InvalidValueException(
                    "\"" + text + "\" is an address, not a domain name",
                    "write a name such as contoso.com; addresses belong in a connector's addresses");
        }
        if (name.length() > MAX_LENGTH) {
            throw new InvalidValueException(
                    "\"" + text + "\" is longer than " + MAX_LENGTH + " octets", "write a shorter name");
        }
        for (String label : name.split("\\.", -1)) {
            if (!LABEL.matcher(label).matches()) {
                NameCharacters.checkPlaces(text, label);
                throw new InvalidValueException(
                        "\"" + text + "\" is not a domain name" + (label.isEmpty() ? ": it has an empty label" : ""),
                        "use letters, digits and inner hyphens, labels of 1 to 63 octets with single dots between");
            }
            if (label.startsWith("xn--")) {
                Info info = new Info();
                UTS46.labelToUnicode(label, new StringBuilder(), info);
                if (info.hasErrors()) {
                    throw new InvalidValueException(
                            "\"" + text + "\" has the A-label \"" + label + "\", which does not encode a valid U-label",
                            "write the name in Unicode, or correct the A-label");
                }
            }
        }
        return new DomainName(name);
    }

    /**
     * The comparable form of a domain as it came in an envelope or header address; empty for what can be no domain name. Spaces, comments,
     * quotes or empty labels in front of an accepted domain must not pass for a name below it: an MTA may read them away.
     */
    public static Optional<DomainName> ofEnvelope(String domain) {
        String name = comparable(domain, UTS46);
        return isPlain(name) ? Optional.of(new DomainName(name)) : Optional.empty();
    }

    /**
     * The name that text is without any Unicode mapping, in any case: what counts to permit (docs/rules.md, 1.3). Empty for
     * what only mapping makes a name, and for what can be no domain name, such as one that begins with a dot.
     */
    public static Optional<DomainName> asWritten(String text) {
        return ofEnvelope(text).filter(name -> !name.isMappedFrom(text));
    }

    /**
     * Whether only Unicode mapping or folding makes the text this name, so that an MTA that does neither takes it for another
     * one. Lower case is neither, code point by code point and in no locale, unless it turns another letter into an ASCII one.
     *
     * @param text of which {@link #ofEnvelope} made this name
     */
    boolean isMappedFrom(String text) {
        if (isAscii(text)) {
            return false;
        }
        String written = withoutTrailingDot(text);
        String unicode = unicode();
        if (written.length() != unicode.length()) {
            return true;
        }
        for (int i = 0; i < written.length(); i += Character.charCount(written.codePointAt(i))) {
            if (!isWrittenAs(written.codePointAt(i), unicode.codePointAt(i))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isWrittenAs(int written, int letter) {
        boolean sameSide = (written > MAX_ASCII) == (letter > MAX_ASCII);
        return written == letter || (sameSide && Character.toLowerCase(written) == letter);
    }

    /** Whether the text is one or more labels of 1 to 63 lower-case letters, digits, hyphens and underscores, 253 octets in all. */
    static boolean isPlain(String name) {
        if (name.length() > MAX_LENGTH) {
            return false;
        }
        int label = 0;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
            if (plain ? ++label > 63 : c != '.' || label == 0) {
                return false;
            }
            label = plain ? label : 0;
        }
        return label > 0;
    }

    /** Whether no rule for names can have anything against it: most are, and a million of them may have to be read. */
    private static boolean isOrdinary(String name) {
        boolean letters = false;
        char before = '.';
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if ((c == '-' || c == '.') && (before == '-' || before == '.')) {
                return false; // labels that begin or end with a hyphen, A-labels, empty labels
            }
            letters |= c >= 'a' && c <= 'z';
            before = c;
        }
        return letters && before != '-' && before != '.' && isPlain(name);
    }

    private static String comparable(String text, IDNA idna) {
        return withoutTrailingDot(isAscii(text) ? asciiLowerCase(text) : toAscii(text, idna));
    }

    // UTS #46 changes nothing but the case of a name that is already ASCII, so only other names need it.
    private static String toAscii(String text, IDNA idna) {
        if (text.length() <= MAX_TEXT) {
            try {
                Info info = new Info();
                StringBuilder ascii = idna.nameToASCII(text, new StringBuilder(), info);
                if (!info.hasErrors()) {
                    return ascii.toString();
                }
            } catch (ICUInputTooLongException e) {
                // Mapping may also lengthen a name, and ICU takes no label of more than a thousand characters: none is
                // a name.
            }
        }
        return asciiLowerCase(text);
    }

    private static String withoutTrailingDot(String name) {
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > MAX_ASCII) {
                return false;
            }
        }
        return true;
    }

    /** Lower-cases A to Z only: no locale, and no other letter that would turn into an ASCII one. */
    public static String asciiLowerCase(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                char[] lower = text.toCharArray();
                for (int k = i; k < lower.length; k++) {
                    if (lower[k] >= 'A' && lower[k] <= 'Z') {
                        lower[k] = (char) (lower[k] + ('a' - 'A'));
                    }
                }
                return new String(lower);
            }
        }
        return text;
    }

    /** The name in U-labels, as a certificate may show it; equal to {@link #ascii()} if it has no A-label. */
    public String unicode() {
        if (!ascii.contains("xn--")) {
            return ascii;
        }
        Info info = new Info();
        String unicode = UTS46.nameToUnicode(ascii, new StringBuilder(), info).toString();
        return info.hasErrors() ? ascii : unicode;
    }

    public boolean isSingleLabel() {
        return !ascii.contains(".");
    }

    /** The name without its first label; empty for a single label. */
    public Optional<DomainName> parent() {
        return isSingleLabel()
                ? Optional.empty()
                : Optional.of(new DomainName(ascii.substring(ascii.indexOf('.') + 1)));
    }

    /** Whether this is the given domain or a name below it, at any depth. */
    public boolean isAtOrBelow(DomainName domain) {
        String suffix = domain.ascii;
        int start = ascii.length() - suffix.length();
        return ascii.endsWith(suffix) && (start == 0 || ascii.charAt(start - 1) == '.');
    }

    @Override
    public String toString() {
        return ascii;
    }
}
