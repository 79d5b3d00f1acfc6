package io.github.orgmilter.policy;

import io.github.orgmilter.identity.AddressRange;
import io.github.orgmilter.identity.CertificateName;
import io.github.orgmilter.identity.CertificateNamePattern;
import io.github.orgmilter.policy.IdentityMatch.ByName;
import io.github.orgmilter.policy.IdentityMatch.ByPin;
import io.github.orgmilter.policy.IdentityMatch.CertificateMatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Says by what a connector identifies a client, or why it does not. */
final class IdentityReason {

    private static final int LISTED = 5; // names or ranges of a connector, before "and so many more"

    private IdentityReason() {}

    static String by(IdentityMatch match) {
        List<String> reasons = new ArrayList<>();
        match.certificate().ifPresent(certificate -> reasons.add(by(certificate)));
        match.range().ifPresent(range -> reasons.add("the client's address is in " + range));
        return String.join(", and ", reasons);
    }

    private static String by(CertificateMatch match) {
        if (match instanceof ByName name) {
            return "certificate name " + name.presented() + " matches " + name.pattern();
        }
        return "the client presented the pinned " + ((ByPin) match).pin();
    }

    static String whyNot(Connectors.Member member, Client client, WildcardLimits wildcardLimits) {
        Connector connector = member.connector();
        if (!connector.enabled()) {
            return "it is switched off (enabled = false)";
        }
        List<String> reasons = new ArrayList<>();
        if (connector.isCertificateConnector()) {
            Optional<String> noName = connector.certificateNames().isEmpty()
                    ? Optional.of("") // there is nothing to say about names
                    : whyNoName(member, client, wildcardLimits);
            Optional<String> noPin = connector.pins().isEmpty() ? Optional.of("") : whyNoPin(connector, client);
            if (noName.isPresent() && noPin.isPresent()) {
                reasons.add(noName.get());
                reasons.add(noPin.get());
            }
        }
        reasons.removeIf(String::isEmpty);
        return reasons.isEmpty() ? whyNotBeside(connector, client) : String.join(", and ", reasons);
    }

    private static Optional<String> whyNoName(Connectors.Member member, Client client, WildcardLimits wildcardLimits) {
        Connector connector = member.connector();
        if (client.certificateName().isEmpty()) {
            return Optional.of("there is no verified certificate name");
        }
        CertificateName name = client.certificateName().get();
        List<CertificateNamePattern> matching = connector.certificateNames().stream()
                .filter(pattern -> pattern.matches(name))
                .toList();
        if (matching.isEmpty()) {
            return Optional.of("certificate name " + name + " does not match "
                    + anyOf(connector.certificateNames().stream()
                            .map(CertificateNamePattern::toString)
                            .toList()));
        }
        List<String> limits = matching.stream()
                .flatMap(pattern -> wildcardLimits
                        .limit(member.organization(), pattern, name)
                        .map(limit -> pattern + " does not match certificate name " + name + ", which " + limit)
                        .stream())
                .toList();
        if (limits.size() == matching.size()) {
            return Optional.of(limits.get(0));
        }
        if (!connector.issuers().isEmpty()
                && client.certificateIssuer()
                        .filter(connector.issuers()::contains)
                        .isEmpty()) {
            return Optional.of("the issuer " + client.certificateIssuer().orElse("(none)") + " is not "
                    + anyOf(connector.issuers().stream().sorted().toList()));
        }
        return Optional.empty();
    }

    private static Optional<String> whyNoPin(Connector connector, Client client) {
        if (client.presented().isEmpty()) {
            return Optional.of("it is not known which certificate the client presented (no policy delegation)");
        }
        PresentedCertificate presented = client.presented().get();
        if (presented.equals(PresentedCertificate.NONE)) {
            return Optional.of("the client presented no certificate");
        }
        boolean pinned = connector.pins().stream()
                .anyMatch(pin -> (pin.kind() == Pin.Kind.CERTIFICATE ? presented.certificate() : presented.publicKey())
                        .filter(pin.fingerprint()::equals)
                        .isPresent());
        return pinned
                ? Optional.empty()
                : Optional.of("the client's certificate "
                        + presented.certificate().map(Object::toString).orElse("(unknown)") + " with the public key "
                        + presented.publicKey().map(Object::toString).orElse("(unknown)") + " is not pinned");
    }

    /** The certificate, if one is wanted, is the right one: what else is missing. */
    private static String whyNotBeside(Connector connector, Client client) {
        boolean outside = !connector.addresses().isEmpty()
                && client.address()
                        .flatMap(connector.addresses()::smallestContaining)
                        .isEmpty();
        if (!outside) {
            return "the connection is not encrypted (require-tls)";
        }
        return client.address().isEmpty()
                ? "the client's address is not known"
                : "the client's address " + client.address().get() + " is not in "
                        + anyOf(connector.addresses().ranges().stream()
                                .map(AddressRange::toString)
                                .toList());
    }

    private static String anyOf(List<String> all) {
        String listed = all.stream().limit(LISTED).collect(Collectors.joining(" or "));
        return all.size() <= LISTED ? listed : listed + " or " + (all.size() - LISTED) + " more";
    }
}
