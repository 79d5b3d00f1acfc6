package io.github.orgmilter.identification.shared;

import io.github.orgmilter.identification.Member;
import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.organization.AcceptedDomain;
import io.github.orgmilter.organization.Connector;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.organization.Pin;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * All connectors with required header fields that are alike but for those fields, as those of the customers of one cloud are: they
 * match the same clients, so that one look at the front is a look at each. Only where a name is in its organization's own domains, so
 * that rules 3.2 and 3.9 may treat it in another way than others', an organization has a front of its own.
 *
 * @param id a short key, unique among the fronts of a policy
 * @param key what is alike
 * @param prototype one of them, as it was when the front was new
 * @param connectors how many they are
 * @param anyDomain how many of them may relay for the senders of any domain
 * @param nullSender how many of them may relay for the null sender without a domain
 * @param removing how many of them have their fields removed
 */
public record Front(int id, String key, Member prototype, int connectors, int anyDomain, int nullSender, int removing) {

    /** One without connectors. */
    Front(int id, String key, Member prototype) {
        this(id, key, prototype, 0, 0, 0, 0);
    }

    /** The same with one connector more or less. */
    Front plus(Connector connector, int sign) {
        return new Front(
                id,
                key,
                prototype,
                connectors + sign,
                anyDomain + (isForAnyDomain(connector) ? sign : 0),
                nullSender + (connector.allowNullSender() || !connector.requireAcceptedDomain() ? sign : 0),
                removing + (connector.requiredHeaders().removed() ? sign : 0));
    }

    private static boolean isForAnyDomain(Connector connector) {
        return !connector.requireAcceptedDomain() && connector.senderDomains().isEmpty();
    }

    /** What is alike in the connectors of a front. */
    static String key(Organization organization, Connector connector) {
        return String.join(
                "\n",
                isOwn(organization, connector) ? organization.name() : "",
                String.valueOf(organization.standing().ofDirectory()),
                String.valueOf(connector.enabled()),
                String.valueOf(connector.requireTls()),
                sorted(connector.certificateNames()),
                sorted(connector.issuers()),
                connector.pins().stream()
                        .map(pin -> pin.kind() + " " + pin.fingerprint().hex() + " " + sorted(pin.names()))
                        .sorted()
                        .collect(Collectors.joining(",")),
                sorted(connector.logins().all()),
                sorted(connector.addresses().ranges()));
    }

    private static String sorted(Collection<?> values) {
        return values.stream().map(String::valueOf).sorted().collect(Collectors.joining(","));
    }

    /** Whether a name or login is at or below a domain of its own organization. */
    private static boolean isOwn(Organization organization, Connector connector) {
        Set<DomainName> named = new HashSet<>();
        connector.certificateNames().forEach(pattern -> addWithParents(pattern.domain(), named));
        for (Pin pin : connector.pins()) {
            pin.names().forEach(name -> addWithParents(name.domain(), named));
        }
        connector.logins().all().forEach(login -> login.domain().ifPresent(domain -> addWithParents(domain, named)));
        return organization.acceptedDomains().stream()
                .map(AcceptedDomain::domain)
                .anyMatch(named::contains);
    }

    private static void addWithParents(DomainName name, Set<DomainName> names) {
        for (Optional<DomainName> each = Optional.of(name);
                each.isPresent();
                each = each.get().parent()) {
            names.add(each.get());
        }
    }
}
