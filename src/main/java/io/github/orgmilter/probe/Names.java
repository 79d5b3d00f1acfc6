package io.github.orgmilter.probe;

import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;

/** Names in a certificate, as Postfix reports them. */
final class Names {

    private Names() {}

    /** The first common name of a subject. */
    static Optional<String> commonName(X500Principal subject) {
        return first(subject, "CN");
    }

    /** The common name of an issuer or, if it has none, its organization. */
    static Optional<String> issuer(X500Principal issuer) {
        return first(issuer, "CN").or(() -> first(issuer, "O"));
    }

    private static Optional<String> first(X500Principal name, String type) {
        try {
            return new LdapName(name.getName())
                    .getRdns().stream()
                            .filter(rdn -> rdn.getType().equalsIgnoreCase(type))
                            .map(Rdn::getValue)
                            .filter(String.class::isInstance)
                            .map(String.class::cast)
                            .findFirst();
        } catch (InvalidNameException e) {
            return Optional.empty();
        }
    }
}
