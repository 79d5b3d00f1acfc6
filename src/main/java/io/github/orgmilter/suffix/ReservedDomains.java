package io.github.orgmilter.suffix;

import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.identity.InvalidValueException;
import io.github.orgmilter.organization.AcceptedDomain;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The domains of {@code directory.reserved-domains}, which no row of a directory may claim.
 *
 * @param entries by domain
 * @param above some entry below each domain that has one below it
 */
public record ReservedDomains(Map<String, AcceptedDomain> entries, Map<String, AcceptedDomain> above) {

    public static final ReservedDomains NONE = new ReservedDomains(Map.of(), Map.of());

    public ReservedDomains {
        entries = Map.copyOf(entries);
        above = Map.copyOf(above);
    }

    /** Of two entries for one domain, the wider one counts. */
    public static ReservedDomains of(Collection<AcceptedDomain> domains) {
        Map<String, AcceptedDomain> entries = new HashMap<>();
        Map<String, AcceptedDomain> above = new HashMap<>();
        for (AcceptedDomain entry : domains) {
            entries.merge(entry.domain().ascii(), entry, (one, other) -> one.subdomains() ? one : other);
            for (Optional<DomainName> name = entry.domain().parent();
                    name.isPresent();
                    name = name.get().parent()) {
                above.putIfAbsent(name.get().ascii(), entry);
            }
        }
        return new ReservedDomains(entries, above);
    }

    /** What is wrong with such a claim, if anything is. */
    public Optional<InvalidValueException> problem(AcceptedDomain claim) {
        if (entries.isEmpty()) {
            return Optional.empty();
        }
        String domain = claim.domain().ascii();
        Optional<AcceptedDomain> entry = covering(domain);
        if (entry.isPresent()) {
            return Optional.of(reserved("\"" + domain + "\" is reserved", entry.get()));
        }
        return claim.subdomains() && above.containsKey(domain)
                ? Optional.of(reserved(
                        "\"" + domain + "\" with its subdomains includes \""
                                + above.get(domain).domain() + "\", which is reserved",
                        above.get(domain)))
                : Optional.empty();
    }

    private Optional<AcceptedDomain> covering(String domain) {
        for (int start = 0; ; ) {
            AcceptedDomain entry = entries.get(domain.substring(start));
            if (entry != null && (start == 0 || entry.subdomains())) {
                return Optional.of(entry);
            }
            int dot = domain.indexOf('.', start);
            if (dot < 0) {
                return Optional.empty();
            }
            start = dot + 1;
        }
    }

    private static InvalidValueException reserved(String problem, AcceptedDomain entry) {
        return new InvalidValueException(
                problem,
                "remove the row; if the organization does own the domain, define it in a file, or take \"" + entry
                        + "\" out of directory.reserved-domains");
    }
}
