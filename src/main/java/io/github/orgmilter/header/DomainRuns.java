package io.github.orgmilter.header;

import io.github.orgmilter.identity.DomainName;
import java.util.Set;

/**
 * The domains that could be read from text that is not a list of addresses: every run of domain characters behind an {@code @}, in the
 * text as it stands and in the forms that a tolerant program may see in it.
 */
final class DomainRuns {

    private static final char FULLWIDTH_AT = '\uff20';
    private static final char SMALL_AT = '\ufe6b';

    private DomainRuns() {}

    /** Adds the domains of the text; each step passes over it once. */
    static void collect(String text, Set<DomainName> domains) {
        if (hasAt(text)) {
            disguises(text, domains);
        }
        if (text.contains("=?")) {
            String decoded = EncodedWords.decode(text);
            if (hasAt(decoded)) {
                disguises(decoded, domains);
            }
        }
    }

    private static boolean hasAt(String text) {
        return text.chars().anyMatch(DomainRuns::isAt);
    }

    private static void disguises(String text, Set<DomainName> domains) {
        runs(text, domains);
        String plain = withoutComments(text);
        runs(withoutBlanksAtJoints(plain), domains);
        runs(without(plain, ""), domains);
        runs(without(text, "()[]\""), domains);
    }

    private static void runs(String text, Set<DomainName> domains) {
        for (int at = 0; at < text.length(); at++) {
            if (!isAt(text.charAt(at))) {
                continue;
            }
            int start = at + 1;
            int end = start;
            int word = start; // the run without what belongs to no word of any language
            while (end < text.length() && isDomainCharacter(text.charAt(end))) {
                if (word == end && isWordCharacter(text, end)) {
                    word++;
                }
                end++;
            }
            add(text.substring(start, end), domains);
            if (word < end) {
                add(text.substring(start, word), domains);
            }
            at = end - 1;
        }
    }

    private static void add(String run, Set<DomainName> domains) {
        int start = 0;
        int end = run.length();
        while (start < end && run.charAt(start) == '.') {
            start++;
        }
        while (end > start && run.charAt(end - 1) == '.') {
            end--;
        }
        DomainName.ofEnvelope(run.substring(start, end)).ifPresent(domains::add);
    }

    /** An {@code @}, also of another width. */
    static boolean isAt(int c) {
        return c == '@' || c == FULLWIDTH_AT || c == SMALL_AT;
    }

    private static boolean isDomainCharacter(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '-'
                || c == '.'
                || c == '_'
                || (c > 0x7f && !isAt(c));
    }

    /** Whether no character is a symbol, which may be next to a domain as well. */
    static boolean isOfWords(String domain) {
        for (int i = 0; i < domain.length(); i++) {
            if (!isWordCharacter(domain, i) && Character.getType(domain.charAt(i)) != Character.FORMAT) {
                return false;
            }
        }
        return true;
    }

    private static boolean isWordCharacter(String text, int at) {
        int c = Character.isLowSurrogate(text.charAt(at)) && at > 0 ? text.codePointAt(at - 1) : text.codePointAt(at);
        int type = Character.getType(c);
        boolean mark = type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
        boolean dot = c == '\u3002' || c == '\uff0e' || c == '\uff61';
        return c <= 0x7f || dot || mark || Character.isLetterOrDigit(c);
    }

    /** Without comments, nested or not, and backslashes; what a comment would be that does not end stays. */
    private static String withoutComments(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        int depth = 0;
        int outermost = 0; // where the open comment began, in what is left
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                if (++i < text.length()) {
                    plain.append(text.charAt(i));
                }
            } else if (c == '(') {
                if (depth++ == 0) {
                    outermost = plain.length();
                }
            } else if (c != ')') {
                plain.append(c);
            } else if (depth > 0 && --depth == 0) {
                plain.setLength(outermost);
            }
        }
        return plain.toString();
    }

    /** Without the blanks and controls that are next to a dot or an {@code @}. */
    private static String withoutBlanksAtJoints(String text) {
        StringBuilder joined = new StringBuilder(text.length());
        boolean blanks = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isBlankOrControl(c)) {
                blanks = true;
                continue;
            }
            if (blanks && !isJoint(c) && joined.length() > 0 && !isJoint(joined.charAt(joined.length() - 1))) {
                joined.append(' ');
            }
            blanks = false;
            joined.append(c);
        }
        return joined.toString();
    }

    private static boolean isJoint(char c) {
        return c == '.' || isAt(c);
    }

    private static boolean isBlankOrControl(char c) {
        return c <= ' ' || c == 0x7f;
    }

    /** Without these characters, backslashes and controls. */
    private static String without(String text, String characters) {
        StringBuilder rest = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isBlankOrControl(c) && c != '\\' && characters.indexOf(c) < 0) {
                rest.append(c);
            }
        }
        return rest.toString();
    }
}
