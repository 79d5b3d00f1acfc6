package io.github.orgmilter.probe;

import io.github.orgmilter.identification.Authentication;
import io.github.orgmilter.identification.Client;
import io.github.orgmilter.identification.Identification;
import io.github.orgmilter.identification.IdentityMatch;
import io.github.orgmilter.identification.PresentedCertificate;
import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.identity.Fingerprint;
import io.github.orgmilter.identity.Mta;
import io.github.orgmilter.mta.MtaReport;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.policy.Policy;
import io.github.orgmilter.probe.Expectation.Reported;
import io.github.orgmilter.probe.smtp.ClientKey;
import io.github.orgmilter.probe.smtp.Credentials;
import io.github.orgmilter.probe.smtp.Envelope;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Who tries what against one server. */
final class Roles {

    private final Policy policy;
    private final Mta mta;
    private final String address;
    private final Credentials credentials;

    /** @param address as which the server sees this machine */
    Roles(Policy policy, Mta mta, String address, Credentials credentials) {
        this.policy = policy;
        this.mta = mta;
        this.address = address;
        this.credentials = credentials;
    }

    /** The domain of the organization that the credentials identify, else the first accepted domain. */
    Optional<DomainName> ownDomain() {
        Optional<Organization> identified = credentials.isEmpty()
                ? Optional.empty()
                : customer().clients().stream()
                        .map(it -> policy.identify(it.client()))
                        .map(Identification::matches)
                        .flatMap(List::stream)
                        .map(IdentityMatch::organization)
                        .findFirst();
        return identified
                .filter(it -> !it.acceptedDomains().isEmpty())
                .or(() -> policy.organizations().stream()
                        .filter(it -> !it.acceptedDomains().isEmpty())
                        .findFirst())
                .map(it -> it.acceptedDomains().get(0).domain());
    }

    /** A domain of another organization than that one; the same if there is none. */
    DomainName otherDomain(DomainName own) {
        List<Organization> owners = policy.claimants(own);
        return policy.organizations().stream()
                .filter(it -> owners.stream().noneMatch(it::is)
                        && !it.acceptedDomains().isEmpty())
                .findFirst()
                .map(it -> it.acceptedDomains().get(0).domain())
                .orElse(own);
    }

    /** All of them, strangers first. */
    List<Role> all(Addresses addresses, boolean implicitTls, boolean startTls) {
        String outside = addresses.fill("<{user}@{outside}>");
        String own = addresses.fill("<{user}@{own}>");
        Expectation stranger = stranger(implicitTls);
        List<Role> roles = new ArrayList<>();
        List<Envelope> first = new ArrayList<>(List.of(Envelopes.inside(addresses)));
        first.addAll(relayed(Envelopes.all(addresses, outside), stranger));
        roles.add(new Role("a stranger", false, Credentials.NONE, stranger, first));
        List<Envelope> second = new ArrayList<>(relayed(Envelopes.all(addresses, own), stranger));
        second.addAll(Envelopes.senders(addresses));
        roles.add(new Role("a stranger in a customer's name", false, Credentials.NONE, stranger, second));
        if (startTls) {
            roles.add(new Role(
                    "a stranger under TLS", true, Credentials.NONE, stranger(true), Envelopes.plain(addresses, own)));
        }
        if (!credentials.isEmpty()) {
            roles.add(new Role(customerName(), true, credentials, customer(), Envelopes.customer(addresses)));
        }
        return roles;
    }

    /** Without those in a domain that is accepted with its subdomains. */
    private static List<Envelope> relayed(List<Envelope> envelopes, Expectation stranger) {
        return envelopes.stream()
                .filter(envelope -> !stranger.isInbound(envelope))
                .toList();
    }

    private String customerName() {
        String certificate = credentials.key().isPresent() ? "with the certificate" : "";
        String login = credentials.login().map(it -> "logged in as " + it).orElse("");
        return certificate.isEmpty() || login.isEmpty() ? certificate + login : certificate + ", " + login;
    }

    private Expectation stranger(boolean tls) {
        MtaReport report = report(tls, Optional.empty(), "NO");
        Client client = report.client().presenting(Optional.of(PresentedCertificate.NONE));
        return new Expectation(policy, List.of(new Reported(report, client)));
    }

    /** With a certificate that the MTA verified, and with one that it did not. */
    Expectation customer() {
        List<Reported> clients = new ArrayList<>();
        if (credentials.key().isPresent()) {
            clients.add(customer(report(true, credentials.key(), "OK")));
            clients.add(customer(report(true, mta == Mta.SENDMAIL ? credentials.key() : Optional.empty(), "FAIL")));
        } else {
            clients.add(customer(report(true, Optional.empty(), "NO")));
        }
        return new Expectation(policy, clients);
    }

    private Reported customer(MtaReport report) {
        // Postfix reports fingerprints in policy queries alone.
        PresentedCertificate presented = policy.options().policyDelegation() && mta == Mta.POSTFIX
                ? credentials.key().map(Roles::presented).orElse(PresentedCertificate.NONE)
                : PresentedCertificate.NONE;
        return new Reported(
                report,
                report.client()
                        .presenting(Optional.of(presented))
                        .authenticated(credentials.login().map(it -> new Authentication(it.name(), "PLAIN"))));
    }

    private MtaReport report(boolean tls, Optional<ClientKey> key, String verify) {
        return new MtaReport(
                mta,
                address,
                tls,
                key.flatMap(it -> Names.commonName(it.chain().get(0).getSubjectX500Principal())),
                key.flatMap(it -> Names.issuer(it.chain().get(0).getIssuerX500Principal())),
                mta == Mta.SENDMAIL && tls ? Optional.of(verify) : Optional.empty());
    }

    private static PresentedCertificate presented(ClientKey key) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return new PresentedCertificate(
                    Optional.of(Fingerprint.of(digest.digest(key.chain().get(0).getEncoded()))),
                    Optional.of(Fingerprint.of(
                            digest.digest(key.chain().get(0).getPublicKey().getEncoded()))));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every Java platform has it
        }
    }
}
