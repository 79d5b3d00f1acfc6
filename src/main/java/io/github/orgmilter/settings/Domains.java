package io.github.orgmilter.settings;

import io.github.orgmilter.document.Key;
import io.github.orgmilter.document.Keys;
import io.github.orgmilter.document.Located;
import io.github.orgmilter.document.Node;
import io.github.orgmilter.document.Section;
import io.github.orgmilter.document.Values;
import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.identity.InvalidValueException;
import io.github.orgmilter.organization.AcceptedDomain;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.StringTokenizer;

/** Reads domains that may include their subdomains. */
public final class Domains {

    public static final Keys KEYS = Keys.withoutNull();

    private static final Key<Optional<Node>> DOMAIN = KEYS.optional("domain", Optional::of);
    private static final Key<Boolean> SUBDOMAINS = KEYS.key("subdomains", Node::flag, false);

    private static final String SUBDOMAINS_IN_LIST = "write { domain = \"%s\", subdomains = true }";

    private Domains() {}

    /** Domains, each a string or an object that may include its subdomains. */
    public static List<Located<AcceptedDomain>> read(List<Node> nodes) {
        List<Located<AcceptedDomain>> domains = new ArrayList<>();
        for (Node node : nodes) {
            domain(node).ifPresent(domains::add);
        }
        return domains;
    }

    private static Optional<Located<AcceptedDomain>> domain(Node node) {
        if (node.isPlainText()) {
            long since = node.since().orElse(AcceptedDomain.UNDATED);
            return Values.one(node, text -> line(text).claimed(since));
        }
        return node.isObject() ? domainObject(node) : Values.one(node, text -> domain(text, false, SUBDOMAINS_IN_LIST));
    }

    private static Optional<Located<AcceptedDomain>> domainObject(Node node) {
        Optional<Section> section = node.section(KEYS);
        if (section.isEmpty()) {
            return Optional.empty();
        }
        boolean subdomains = SUBDOMAINS.in(section.get());
        if (!DOMAIN.isIn(section.get())) {
            section.get().missing("an entry without a domain", "write { domain = \"contoso.com\", subdomains = true }");
        }
        return DOMAIN.in(section.get())
                .flatMap(name -> Values.one(name, text -> domain(text, subdomains, SUBDOMAINS_IN_LIST)));
    }

    /** A line of a file of domains: a domain, and the word {@code subdomains} to include all below it. */
    static AcceptedDomain line(String line) throws InvalidValueException {
        StringTokenizer words = new StringTokenizer(line);
        String domain = words.hasMoreTokens() ? words.nextToken() : "";
        boolean subdomains = words.hasMoreTokens();
        if (subdomains && (!words.nextToken().equals("subdomains") || words.hasMoreTokens())) {
            throw new InvalidValueException(
                    "\"" + line + "\" is more than one domain",
                    "write one domain on each line, followed by the word subdomains to include all below it");
        }
        return domain(domain, subdomains, "write %s followed by the word subdomains");
    }

    private static AcceptedDomain domain(String text, boolean subdomains, String subdomainsForm)
            throws InvalidValueException {
        if (text.startsWith("*.") || text.startsWith(".")) {
            DomainName domain = DomainName.parse(text.substring(text.indexOf('.') + 1));
            throw new InvalidValueException(
                    "\"" + text + "\" "
                            + (text.startsWith(".") ? "starts with a dot" : "has a wildcard, and is not a domain name"),
                    subdomainsForm.formatted(domain) + " to include all below it");
        }
        DomainName name = DomainName.parse(text);
        if (name.isSingleLabel()) {
            throw new InvalidValueException(
                    "\"" + text + "\" is a single label, which no organization can own",
                    "write a domain of at least two labels, such as contoso.com");
        }
        return new AcceptedDomain(name, subdomains);
    }
}
