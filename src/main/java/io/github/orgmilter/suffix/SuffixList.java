package io.github.orgmilter.suffix;

import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.identity.InvalidValueException;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The rules of one edition of the Public Suffix List, in the format of <a href="https://publicsuffix.org/list/">publicsuffix.org</a>:
 * one a line, and comments. All names are A-labels.
 *
 * @param names suffixes
 * @param wildcards domains right below which every name is a suffix: what follows {@code *.}
 * @param exceptions names that are none all the same: what follows {@code !}
 * @param aboveRegistries domains of at least two labels below which a registry, such as one of a country, has suffixes
 */
record SuffixList(Set<String> names, Set<String> wildcards, Set<String> exceptions, Set<String> aboveRegistries) {

    /** With fewer rules it is no such list: in 2026 there are ten thousand. */
    private static final int FEWEST_RULES = 1_000;

    private static final String COMMENT = "//";
    private static final String PRIVATE_DOMAINS = "===BEGIN PRIVATE DOMAINS===";
    private static final String WILDCARD = "*.";
    private static final String EXCEPTION = "!";

    /**
     * Reads a list. A rule that is no domain name is skipped, since it can be no suffix of one.
     *
     * @throws InvalidValueException if this is another kind of text
     */
    static SuffixList parse(Stream<String> lines) throws InvalidValueException {
        SuffixList list = new SuffixList(new HashSet<>(), new HashSet<>(), new HashSet<>(), new HashSet<>());
        boolean registries = true;
        for (String line : (Iterable<String>) lines::iterator) {
            if (line.startsWith(COMMENT)) {
                registries &= !line.contains(PRIVATE_DOMAINS);
            } else {
                String rule = rule(line);
                if (!rule.isEmpty()) {
                    list.add(rule, registries);
                }
            }
        }
        list.aboveRegistries.removeAll(list.names);
        if (list.names.size() + list.wildcards.size() < FEWEST_RULES) {
            throw new InvalidValueException(
                    "not a public suffix list",
                    "name one from https://publicsuffix.org, such as that of Debian's package publicsuffix");
        }
        return list;
    }

    private static String rule(String line) {
        String stripped = line.strip();
        int end = 0;
        while (end < stripped.length() && !Character.isWhitespace(stripped.charAt(end))) {
            end++;
        }
        return stripped.substring(0, end);
    }

    private void add(String rule, boolean ofRegistry) {
        if (rule.startsWith(EXCEPTION)) {
            add(rule.substring(EXCEPTION.length()), exceptions);
        } else if (rule.startsWith(WILDCARD)) {
            String domain = add(rule.substring(WILDCARD.length()), wildcards);
            if (ofRegistry) {
                addAbove(WILDCARD + domain);
            }
        } else {
            String name = add(rule, names);
            if (ofRegistry) {
                addAbove(name);
            }
        }
    }

    private static String add(String name, Set<String> to) {
        try {
            String ascii = DomainName.parse(name).ascii();
            to.add(ascii);
            return ascii;
        } catch (InvalidValueException e) {
            return "";
        }
    }

    private void addAbove(String name) {
        for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
            String above = name.substring(dot + 1);
            if (above.indexOf('.') > 0) {
                aboveRegistries.add(above);
            }
        }
    }

    boolean has(String name) {
        if (exceptions.contains(name)) {
            return false;
        }
        return names.contains(name) || wildcards.contains(name.substring(name.indexOf('.') + 1));
    }
}
