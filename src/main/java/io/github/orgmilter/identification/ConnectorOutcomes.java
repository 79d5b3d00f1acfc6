package io.github.orgmilter.identification;

import io.github.orgmilter.domains.AcceptedDomains;
import io.github.orgmilter.identification.ConnectorOutcome.Matched;
import io.github.orgmilter.identification.ConnectorOutcome.NotMatched;
import io.github.orgmilter.identification.ConnectorOutcome.Undecided;
import io.github.orgmilter.identification.Mismatch.NarrowedWildcard;
import io.github.orgmilter.identity.CertificateName;
import io.github.orgmilter.identity.CertificateNamePattern;
import io.github.orgmilter.identity.login.LoginPattern;
import io.github.orgmilter.identity.login.LoginPatterns;
import io.github.orgmilter.organization.Connector;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.organization.Organizations;
import io.github.orgmilter.organization.RequiredHeaders;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Explains which connectors identify a client, and why the others do not. */
public final class ConnectorOutcomes {

    /** With more connectors than this, only those of the organizations concerned are explained. */
    private static final int ALL_EXPLAINED = 25;

    private final Connectors connectors;
    private final AcceptedDomains acceptedDomains;
    private final Organizations organizations;
    private final Identification identification;
    private final Client client;

    public ConnectorOutcomes(
            Connectors connectors,
            AcceptedDomains acceptedDomains,
            Organizations organizations,
            Identification identification) {
        this.connectors = connectors;
        this.acceptedDomains = acceptedDomains;
        this.organizations = organizations;
        this.identification = identification;
        this.client = identification.client();
    }

    /** The outcomes of all connectors, disabled ones included, or of these organizations' if there are many. */
    public List<ConnectorOutcome> of(Set<String> concerned) {
        Stream<Organization> explained = connectors.size() <= ALL_EXPLAINED
                ? organizations.stream()
                : concerned.stream()
                        .flatMap(name -> organizations.find(name).stream())
                        .sorted(Comparator.comparing(organizations::place).thenComparing(Organization::name));
        return explained
                .flatMap(organization -> organization.connectors().stream()
                        .map(connector -> new Member(organization, connector, organizations.place(organization))))
                .map(this::outcome)
                .toList();
    }

    private ConnectorOutcome outcome(Member member) {
        for (IdentityMatch match : identification.matches()) {
            if (match.name().equals(member.name())) {
                return new Matched(member.name(), match.certificate(), match.login(), match.range());
            }
        }
        RequiredHeaders required = member.connector().requiredHeaders();
        return !required.isEmpty() && connectors.kinds().match(client, member).isPresent()
                ? new Undecided(member.name(), required.names())
                : new NotMatched(member.name(), mismatches(member));
    }

    private List<Mismatch> mismatches(Member member) {
        Connector connector = member.connector();
        if (!connector.enabled()) {
            return List.of(new Mismatch.Disabled());
        }
        List<Mismatch> certificate = new ArrayList<>(); // one for each kind, of which either is enough (3.4)
        int kinds = 0;
        if (!connector.certificateNames().isEmpty()) {
            kinds++;
            name(member).ifPresent(certificate::add);
        }
        if (!connector.pins().isEmpty()) {
            kinds++;
            pin(connector).ifPresent(certificate::add);
        }
        boolean hasCertificate = certificate.size() < kinds;
        return kinds > 0 && !hasCertificate
                ? certificate
                : List.of(login(member).orElseGet(() -> beside(connector)));
    }

    private Optional<Mismatch> login(Member member) {
        LoginPatterns logins = member.connector().logins();
        if (logins.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> login = client.login();
        if (login.isEmpty()) {
            return Optional.of(new Mismatch.NoLogin());
        }
        Optional<LoginPattern> pattern = logins.closest(login.get());
        if (pattern.isEmpty()) {
            return Optional.of(new Mismatch.OtherLogin(login.get(), logins.all()));
        }
        return pattern.filter(each -> connectors.ownership().isForeign(member.organization(), each))
                .map(each -> new Mismatch.ForeignLogin(login.get(), each, owners(each)));
    }

    private List<String> owners(LoginPattern pattern) {
        return pattern.domain().stream()
                .flatMap(domain -> acceptedDomains.claimants(domain).stream())
                .map(Organization::name)
                .toList();
    }

    private Optional<Mismatch> name(Member member) {
        Connector connector = member.connector();
        if (client.certificateName().isEmpty()) {
            return Optional.of(new Mismatch.NoVerifiedName());
        }
        CertificateName name = client.certificateName().get();
        List<CertificateNamePattern> matching = connector.certificateNames().stream()
                .filter(pattern -> pattern.matches(name))
                .toList();
        if (matching.isEmpty()) {
            return Optional.of(new Mismatch.OtherName(name, connector.certificateNames()));
        }
        List<Mismatch> narrowed = new ArrayList<>();
        for (CertificateNamePattern pattern : matching) {
            if (connectors.ownership().isForeign(member.organization(), pattern)) {
                List<String> owners = acceptedDomains.certificateClaimants(pattern.toString()).stream()
                        .map(Organization::name)
                        .toList();
                narrowed.add(new Mismatch.ForeignPattern(name, pattern, owners));
                continue;
            }
            connectors
                    .ownership()
                    .limit(member.organization(), pattern, name)
                    .ifPresent(limit -> narrowed.add(new NarrowedWildcard(name, pattern, limit)));
        }
        if (narrowed.size() == matching.size()) {
            return Optional.of(narrowed.get(0));
        }
        boolean issued = connector.issuers().isEmpty()
                || client.certificateIssuer()
                        .filter(connector.issuers()::contains)
                        .isPresent();
        return issued
                ? Optional.empty()
                : Optional.of(new Mismatch.OtherIssuer(client.certificateIssuer(), connector.issuers()));
    }

    private Optional<Mismatch> pin(Connector connector) {
        if (client.presented().isEmpty()) {
            return Optional.of(new Mismatch.CertificateUnknown());
        }
        PresentedCertificate presented = client.presented().get();
        if (presented.equals(PresentedCertificate.NONE)) {
            return Optional.of(new Mismatch.NoCertificate());
        }
        boolean pinned = connector.pins().stream().anyMatch(presented::satisfies);
        return pinned ? Optional.empty() : Optional.of(new Mismatch.NotPinned(presented));
    }

    /** What is missing beside the certificate and the login, as far as they are required. */
    private Mismatch beside(Connector connector) {
        boolean outside = !connector.addresses().isEmpty()
                && client.address()
                        .flatMap(connector.addresses()::smallestContaining)
                        .isEmpty();
        if (!outside) {
            return new Mismatch.NotEncrypted();
        }
        return client.address().isEmpty()
                ? new Mismatch.AddressUnknown()
                : new Mismatch.OtherAddress(
                        client.address().get(), connector.addresses().ranges());
    }
}
