package io.github.orgmilter.policy;

import io.github.orgmilter.identity.CertificateNamePattern;
import io.github.orgmilter.identity.Fingerprint;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A certificate, or a public key, that identifies by itself, whoever signed it.
 *
 * @param names what a certificate that was read from a file is issued for, for the domain condition: its DNS subject alternative
 *     names, or its common name where it has none (RFC 6125, section 6.4.4); none for a bare fingerprint
 */
public record Pin(Kind kind, Fingerprint fingerprint, List<CertificateNamePattern> names) {

    /** Of what the fingerprint is. */
    public enum Kind {
        CERTIFICATE,
        PUBLIC_KEY
    }

    public Pin {
        names = List.copyOf(names);
    }

    /** The same pins with one for each fingerprint, which has all the names that the certificate is known to have. */
    static List<Pin> merged(List<Pin> pins) {
        Map<Pin, Set<CertificateNamePattern>> names = new LinkedHashMap<>();
        pins.forEach(pin -> names.computeIfAbsent(
                        new Pin(pin.kind, pin.fingerprint, List.of()), bare -> new LinkedHashSet<>())
                .addAll(pin.names));
        return names.entrySet().stream()
                .map(pin -> new Pin(pin.getKey().kind, pin.getKey().fingerprint, List.copyOf(pin.getValue())))
                .toList();
    }

    @Override
    public String toString() {
        return (kind == Kind.CERTIFICATE ? "certificate " : "public key ") + fingerprint;
    }
}
