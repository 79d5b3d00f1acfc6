package io.github.orgmilter.export;

import io.github.orgmilter.identity.AddressRange;
import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.organization.AcceptedDomain;
import io.github.orgmilter.organization.Connector;
import io.github.orgmilter.organization.Partner;
import io.github.orgmilter.policy.Policy;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What of a policy concerns an MTA's own relay control: who may ask the milter, and for which domains anybody may. */
public final class GateFacts {

    private final Policy policy;

    public GateFacts(Policy policy) {
        this.policy = policy;
    }

    /** The addresses that are enough to be identified or exempt; not those of connectors that want more. */
    public List<AddressRange> ranges() {
        return Stream.concat(
                        connectors()
                                .filter(Connector::isByAddressAlone)
                                .flatMap(connector -> connector.addresses().ranges().stream()),
                        exemptClients().stream())
                .toList();
    }

    public List<AddressRange> exemptClients() {
        return policy.options().exemptClients();
    }

    public boolean wantsCertificates() {
        return connectors().anyMatch(Connector::isCertificateConnector);
    }

    /** Whether partners ask for certificates; none lets a client relay. */
    boolean partnersWantCertificates() {
        return policy.organizations().stream()
                .flatMap(organization -> organization.partners().all().stream())
                .anyMatch(Partner::isByCertificate);
    }

    /** Whether connectors know certificates or keys that the MTA need not trust. */
    public boolean hasPins() {
        return connectors().anyMatch(connector -> !connector.pins().isEmpty());
    }

    private Stream<Connector> connectors() {
        return policy.organizations().stream()
                .flatMap(organization -> organization.connectors().stream())
                .filter(Connector::enabled);
    }

    /** Whether any login may relay. */
    public boolean usesLogins() {
        return !policy.options().trustedLogins().isEmpty() || hasLogins();
    }

    /** Whether connectors know logins. */
    public boolean hasLogins() {
        return connectors().anyMatch(connector -> !connector.logins().isEmpty());
    }

    /** The accepted domains of all organizations, by name. */
    public List<AcceptedDomain> acceptedDomains() {
        return policy.organizations().stream()
                .flatMap(organization -> organization.acceptedDomains().stream())
                .sorted(Comparator.comparing(accepted -> accepted.domain().ascii()))
                .toList();
    }

    /** The MTA's own names, in order. */
    public List<String> localDomains() {
        return policy.options().localDomains().stream()
                .map(DomainName::ascii)
                .sorted()
                .toList();
    }
}
