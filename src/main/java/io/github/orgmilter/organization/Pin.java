package io.github.orgmilter.organization;

import io.github.orgmilter.identity.CertificateNamePattern;
import io.github.orgmilter.identity.Fingerprint;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A certificate or public key that identifies by itself, whoever signed it: docs/rules.md, section 3.4.
 *
 * @param names the names of a certificate from a file: its DNS alternative names or, if it has none, its common name (RFC 6125,
 *     section 6.4.4); empty for a bare fingerprint
 */
public record Pin(Kind kind, Fingerprint fingerprint, List<CertificateNamePattern> names) {

    /** What the fingerprint is of. */
    public enum Kind {
        CERTIFICATE,
        PUBLIC_KEY
    }

    public Pin {
        names = List.copyOf(names);
    }

    /** The same pins, one for each fingerprint, with all names of its certificate. */
    static List<Pin> merged(List<Pin> pins) {
        if (pins.isEmpty()) {
            return List.of();
        }
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
