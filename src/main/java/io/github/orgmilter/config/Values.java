package io.github.orgmilter.config;

import io.github.orgmilter.identity.AddressRange;
import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.identity.InvalidValueException;
import io.github.orgmilter.policy.AcceptedDomain;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.StringTokenizer;
import java.util.regex.Pattern;

/** Reads lists of the values that organizations, connectors and the service as a whole have in common. */
final class Values {

    static final List<String> DOMAIN_KEYS = List.of("domain", "subdomains");

    private static final String SUBDOMAINS_IN_LIST = "write { domain = \"%s\", subdomains = true }";
    private static final Pattern OTHER_COMMENT = Pattern.compile("\\s(;|//|--)");
    private static final int LARGEST_IPV4_BLOCK = 24;
    private static final int LARGEST_IPV6_BLOCK = 48;

    /** As many in one text file are reported: it may be the wrong file, with a million lines. */
    private static final int MOST_ERRORS = 100;

    private Values() {}

    /** What reads one value from text. */
    @FunctionalInterface
    interface Parser<T> {
        T parse(String text) throws InvalidValueException;
    }

    static <T> Optional<Located<T>> one(Node node, Parser<T> parser) {
        return node.text().flatMap(text -> one(new Located<>(text, node.location()), parser, node.problems()));
    }

    static <T> List<Located<T>> all(List<Node> nodes, Parser<T> parser) {
        List<Located<T>> values = new ArrayList<>();
        nodes.forEach(node -> one(node, parser).ifPresent(values::add));
        return values;
    }

    /** The values in the text file that the node names. */
    static <T> List<Located<T>> inFile(Node node, Parser<T> parser) {
        List<Located<T>> values = new ArrayList<>();
        Optional<Path> file = path(node);
        if (file.isEmpty()) {
            return values;
        }
        int errorsBefore = node.problems().errors();
        for (Located<String> entry : TextFile.entries(file.get(), node.location(), node.problems())) {
            one(entry, text -> inFile(text, parser), node.problems()).ifPresent(values::add);
            if (node.problems().errors() - errorsBefore == MOST_ERRORS) {
                node.error(
                        "the first " + MOST_ERRORS + " errors in " + file.get() + " are reported",
                        "correct them, or name the right file");
                break;
            }
        }
        return values;
    }

    // There, a value has no quotes around it, and a comment one sign.
    private static <T> T inFile(String text, Parser<T> parser) throws InvalidValueException {
        try {
            return parser.parse(text);
        } catch (InvalidValueException e) {
            String comment = OTHER_COMMENT.matcher(text).find() ? "; # starts a comment" : "";
            throw new InvalidValueException(e.problem(), e.repair().replace("\"", "") + comment);
        }
    }

    private static <T> Optional<Located<T>> one(Located<String> written, Parser<T> parser, Problems problems) {
        try {
            return Optional.of(new Located<>(parser.parse(written.value()), written.location()));
        } catch (InvalidValueException e) {
            problems.error(
                    written.location(), withoutBlanks(written.value(), parser).orElse(e));
            return Optional.empty();
        }
    }

    // Blanks are nothing that a message about what is between them would show.
    private static <T> Optional<InvalidValueException> withoutBlanks(String text, Parser<T> parser) {
        String trimmed = Text.trimmed(text);
        if (trimmed.equals(text) || trimmed.isEmpty()) {
            return Optional.empty();
        }
        try {
            parser.parse(trimmed);
            return Optional.of(new InvalidValueException(
                    "\"" + text + "\" begins or ends with a blank or an invisible character",
                    "write \"" + trimmed + "\""));
        } catch (InvalidValueException e) {
            return Optional.of(e);
        }
    }

    /** A path, relative to the file in which it stands. */
    static Optional<Path> path(Node node) {
        return one(node, text -> TextFile.resolve(node.location().file(), text)).map(Located::value);
    }

    /** Domains, each a string or an object that may include its subdomains. */
    static List<Located<AcceptedDomain>> domains(List<Node> nodes) {
        List<Located<AcceptedDomain>> domains = new ArrayList<>();
        for (Node node : nodes) {
            (node.isObject() ? domainObject(node) : one(node, text -> domain(text, false, SUBDOMAINS_IN_LIST)))
                    .ifPresent(domains::add);
        }
        return domains;
    }

    private static Optional<Located<AcceptedDomain>> domainObject(Node node) {
        Optional<Section> section = node.section(DOMAIN_KEYS);
        if (section.isEmpty()) {
            return Optional.empty();
        }
        boolean subdomains = section.get().get("subdomains").flatMap(Node::flag).orElse(false);
        Optional<Node> domain = section.get().get("domain");
        if (domain.isEmpty() && !section.get().has("domain")) {
            section.get().missing("an entry without a domain", "write { domain = \"contoso.com\", subdomains = true }");
        }
        return domain.flatMap(name -> one(name, text -> domain(text, subdomains, SUBDOMAINS_IN_LIST)));
    }

    /** A line of a file of domains: a domain, and the word {@code subdomains} if what is below it is meant too. */
    static AcceptedDomain domainLine(String line) throws InvalidValueException {
        StringTokenizer words = new StringTokenizer(line);
        String domain = words.nextToken();
        boolean subdomains = words.hasMoreTokens();
        if (subdomains && (!words.nextToken().equals("subdomains") || words.hasMoreTokens())) {
            throw new InvalidValueException(
                    "\"" + line + "\" is more than a domain",
                    "write one domain a line, followed by the word subdomains if they are included");
        }
        return domain(domain, subdomains, "write %s, and the word subdomains behind it,");
    }

    private static AcceptedDomain domain(String text, boolean subdomains, String subdomainsForm)
            throws InvalidValueException {
        if (text.startsWith("*.") || text.startsWith(".")) {
            DomainName domain = DomainName.parse(text.substring(text.indexOf('.') + 1));
            throw new InvalidValueException(
                    "\"" + text + "\" "
                            + (text.startsWith(".")
                                    ? "starts with a dot"
                                    : "has a wildcard where a domain name is wanted"),
                    subdomainsForm.formatted(domain) + " to include all below it");
        }
        DomainName name = DomainName.parse(text);
        if (name.isSingleLabel()) {
            throw new InvalidValueException(
                    "\"" + text + "\" is a single label, and no organization's own",
                    "write a domain of at least two labels, such as contoso.com");
        }
        return new AcceptedDomain(name, subdomains);
    }

    /** Warns of every block that is larger than an organization's own servers are likely to need. */
    static void warnOfLargeBlocks(List<Located<AddressRange>> ranges, Problems problems) {
        for (Located<AddressRange> range : ranges) {
            int largest = range.value().isIPv4() ? LARGEST_IPV4_BLOCK : LARGEST_IPV6_BLOCK;
            if (range.value().isLargerThan(largest)) {
                problems.warning(
                        range.location(),
                        "\"" + range.value() + "\" is larger than a /" + largest,
                        "list only the addresses of the servers that are meant");
            }
        }
    }
}
