package io.github.orgmilter.settings;

import io.github.orgmilter.document.Located;
import io.github.orgmilter.document.Problems;
import io.github.orgmilter.identity.AddressRange;
import io.github.orgmilter.identity.CertificateNamePattern;
import io.github.orgmilter.settings.OrganizationDraft.ConnectorDraft;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Warns, where unidentified mail is refused, of connectors by which more clients than an organization's own servers count as
 * identified: those with large blocks of addresses, and with certificate names that are in several organizations.
 */
public final class BroadConnectors {

    private final List<OrganizationDraft> organizations;
    private final Problems problems;
    private final Throttle throttle;

    public BroadConnectors(List<OrganizationDraft> organizations, Problems problems, Throttle throttle) {
        this.organizations = organizations;
        this.problems = problems;
        this.throttle = throttle;
    }

    /** Warns once of each such connector. */
    public void warn() {
        Set<CertificateNamePattern> shared = shared();
        for (OrganizationDraft organization : organizations) {
            throttle.step();
            organization.connectors().stream()
                    .filter(ConnectorDraft::enabled)
                    .forEach(connector -> warn(connector, shared));
        }
    }

    private Set<CertificateNamePattern> shared() {
        Map<CertificateNamePattern, OrganizationDraft> first = new HashMap<>();
        Set<CertificateNamePattern> shared = new HashSet<>();
        for (OrganizationDraft organization : organizations) {
            throttle.step();
            for (ConnectorDraft connector : organization.connectors()) {
                for (Located<CertificateNamePattern> name : connector.certificateNames()) {
                    OrganizationDraft other = first.putIfAbsent(name.value(), organization);
                    if (other != null && CrossChecks.isAnother(other, organization)) {
                        shared.add(name.value());
                    }
                }
            }
        }
        return shared;
    }

    // A connector with several kinds requires each, so one narrows the others.
    private void warn(ConnectorDraft connector, Set<CertificateNamePattern> shared) {
        if (!connector.logins().isEmpty() || !connector.requiredHeaders().isEmpty()) {
            return;
        }
        boolean certificate =
                !connector.certificateNames().isEmpty() || !connector.pins().isEmpty();
        if (!certificate) {
            Optional<Located<AddressRange>> large = connector.addresses().stream()
                    .filter(range -> LargeBlocks.problem(range.value()).isPresent())
                    .findFirst();
            large.ifPresent(range -> warn(range, "every client in \"" + range.value() + "\""));
        } else if (connector.addresses().isEmpty()) {
            Optional<Located<CertificateNamePattern>> name = connector.certificateNames().stream()
                    .filter(each -> shared.contains(each.value()))
                    .findFirst();
            name.ifPresent(each -> warn(
                    each,
                    "every client with certificate name \"" + each.value() + "\", which several organizations have,"));
        }
    }

    private void warn(Located<?> located, String who) {
        problems.warning(
                located.location(),
                who + " counts as identified, so unidentified-mail = reject lets its mail in",
                "narrow the connector to the organization's own servers");
    }
}
