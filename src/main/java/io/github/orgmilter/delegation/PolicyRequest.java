package io.github.orgmilter.delegation;

import io.github.orgmilter.identification.Authentication;
import io.github.orgmilter.identification.Client;
import io.github.orgmilter.identification.PresentedCertificate;
import io.github.orgmilter.identity.CertificateName;
import io.github.orgmilter.identity.EnvelopeAddress;
import io.github.orgmilter.identity.Fingerprint;
import io.github.orgmilter.identity.IpAddress;
import io.github.orgmilter.identity.Xtext;
import io.github.orgmilter.net.Endpoints;
import io.github.orgmilter.policy.Address;
import io.github.orgmilter.policy.Envelope;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One policy query of Postfix: attributes, each on a line, up to an empty one (SMTPD_POLICY_README). Addresses are in Postfix's
 * internal form, and never resolved; names from a certificate are in {@link Xtext} and only there if the chain was verified;
 * fingerprints are of any certificate, trusted or not.
 *
 * @param attributes the values as octets that are ISO 8859-1 for a moment
 */
record PolicyRequest(Map<String, String> attributes) {

    private static final String REQUEST = "smtpd_access_policy";

    PolicyRequest {
        attributes = Map.copyOf(attributes);
    }

    /**
     * Reads the lines before the empty one.
     *
     * @throws MalformedRequestException if a line is not an attribute, one comes twice, or it is not a request for an access policy
     */
    static PolicyRequest parse(String lines) throws MalformedRequestException {
        Map<String, String> attributes = new HashMap<>();
        for (String line : lines.split("\n", -1)) {
            int equals = line.indexOf('=');
            if (equals <= 0) {
                throw new MalformedRequestException("a line without name=value");
            }
            if (attributes.put(line.substring(0, equals), line.substring(equals + 1)) != null) {
                throw new MalformedRequestException("an attribute that comes twice");
            }
        }
        if (!REQUEST.equals(attributes.get("request"))) {
            throw new MalformedRequestException("no request=" + REQUEST);
        }
        return new PolicyRequest(attributes);
    }

    private String octets(String name) {
        return attributes.getOrDefault(name, "");
    }

    private byte[] bytes(String name) {
        return octets(name).getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The attribute's text; an empty one counts as none. */
    private Optional<String> text(String name) {
        return Optional.of(new String(bytes(name), StandardCharsets.UTF_8)).filter(value -> !value.isEmpty());
    }

    /** Whether it is about a recipient: everything is decided there. */
    boolean isAboutRecipient() {
        return octets("protocol_state").equals("RCPT");
    }

    /** Whether it says which sender and recipient it is about; either may be empty. */
    boolean hasAddresses() {
        return attributes.keySet().containsAll(Set.of("sender", "recipient"));
    }

    String queueId() {
        return text("queue_id").orElse("");
    }

    /** The ends of the SMTP connection; empty if Postfix does not know both. */
    Optional<Endpoints> endpoints() {
        return Endpoints.of(
                IpAddress.parse(octets("client_address")),
                Endpoints.port(octets("client_port")),
                IpAddress.parse(octets("server_address")),
                Endpoints.port(octets("server_port")));
    }

    private boolean encrypted() {
        return text("encryption_protocol").isPresent();
    }

    Client client() {
        Optional<String> subject = text("ccert_subject").flatMap(Xtext::decode);
        return new Client(
                text("client_address").orElse(Client.UNKNOWN),
                IpAddress.parse(octets("client_address")),
                encrypted(),
                encrypted() ? subject.flatMap(CertificateName::of) : Optional.empty(),
                encrypted() ? text("ccert_issuer").flatMap(Xtext::decode) : Optional.empty(),
                presented(),
                authentication());
    }

    /** The certificate that the client presented; empty if its fingerprint is made with another digest than SHA-256. */
    Optional<PresentedCertificate> presented() {
        Optional<String> certificate = text("ccert_fingerprint").filter(any -> encrypted());
        Optional<String> publicKey = text("ccert_pubkey_fingerprint").filter(any -> encrypted());
        if (certificate.isEmpty() && publicKey.isEmpty()) {
            return Optional.of(PresentedCertificate.NONE);
        }
        PresentedCertificate presented = new PresentedCertificate(
                certificate.flatMap(Fingerprint::ofPresented), publicKey.flatMap(Fingerprint::ofPresented));
        return presented.equals(PresentedCertificate.NONE) ? Optional.empty() : Optional.of(presented);
    }

    private Optional<Authentication> authentication() {
        return text("sasl_username")
                .map(name -> new Authentication(name, text("sasl_method").orElse("")));
    }

    Envelope envelope() {
        return new Envelope(address("sender"));
    }

    Address recipient() {
        return address("recipient");
    }

    private Address address(String name) {
        return new Address(EnvelopeAddress.ofInternal(bytes(name)), Optional.empty());
    }
}
