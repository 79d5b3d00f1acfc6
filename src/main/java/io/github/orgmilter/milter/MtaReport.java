package io.github.orgmilter.milter;

import io.github.orgmilter.identity.EnvelopeAddress;
import io.github.orgmilter.identity.IpAddress;
import io.github.orgmilter.policy.Address;
import io.github.orgmilter.policy.Authentication;
import io.github.orgmilter.policy.Client;
import io.github.orgmilter.policy.Envelope;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What an MTA would report of a session, put together by hand: the same facts in the same macros, read by the same dialect as the
 * daemon reads them.
 */
public final class MtaReport {

    private final Dialect dialect;
    private final ConnectCommand connect;
    private final Macros tls;

    /**
     * Takes what the MTA would know of the client.
     *
     * @param sendmail whether the MTA is Sendmail; else it is Postfix
     * @param clientAddress a literal; anything else is an unknown address
     * @param encrypted whether the connection is encrypted; a certificate says so as well
     * @param certificateSubject the subject common name: for Postfix only of a verified certificate
     * @param certificateIssuer the issuer's common name
     * @param verify Sendmail's {@code {verify}}
     */
    public MtaReport(
            boolean sendmail,
            String clientAddress,
            boolean encrypted,
            Optional<String> certificateSubject,
            Optional<String> certificateIssuer,
            Optional<String> verify) {
        dialect = Dialect.of(new Macros(Map.of("v", sendmail ? "8.18.1" : "Postfix 3.10.4")));
        connect = new ConnectCommand(clientAddress, IpAddress.parse(clientAddress));
        Map<String, String> macros = new HashMap<>();
        if (encrypted || certificateSubject.isPresent()) {
            macros.put("{tls_version}", "TLSv1.3");
        }
        String kind = sendmail ? "cn" : "cert";
        certificateSubject.ifPresent(name -> macros.put("{" + kind + "_subject}", sendmail ? encode(name) : name));
        certificateIssuer.ifPresent(name -> macros.put("{" + kind + "_issuer}", sendmail ? encode(name) : name));
        verify.ifPresent(value -> macros.put("{verify}", value));
        tls = new Macros(macros);
    }

    // As Sendmail writes the octet that it uses for its own encoding.
    private static String encode(String name) {
        return name.replace("+", "+2B");
    }

    public Client client() {
        return dialect.client(connect, tls);
    }

    /** Why the certificate does not count, if there is one and it does not. */
    public Optional<String> remark() {
        return dialect.remark(tls);
    }

    /**
     * The envelope of a message.
     *
     * @param sender with or without angle brackets; empty for the null sender
     */
    public Envelope envelope(String sender, Optional<String> resolved, Optional<Authentication> authentication) {
        return new Envelope(address(sender, resolved), authentication);
    }

    /** A sender or recipient, with or without angle brackets. */
    public Address address(String address, Optional<String> resolved) {
        String path = address.startsWith("<") ? address : "<" + address + ">";
        return dialect.address(EnvelopeAddress.parse(path), resolved, Optional.empty());
    }
}
