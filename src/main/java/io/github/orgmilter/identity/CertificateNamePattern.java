package io.github.orgmilter.identity;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a connector accepts as a certificate name: an exact name, or {@code *.} and a domain, which is that domain and everything
 * below it at any depth.
 *
 * @param domain the name, or the domain after {@code *.}
 * @param unicode the same in U-labels, which a name with non-ASCII octets must equal exactly
 * @param wildcard whether it starts with {@code *.}
 */
public record CertificateNamePattern(DomainName domain, String unicode, boolean wildcard) {

    private static final List<Mistake> MISTAKES = Stream.concat(
                    Stream.of(Mistake.of("starts with a dot", "^\\.", "*.")), DomainName.MISTAKES.stream())
            .toList();

    /**
     * Reads a configured pattern.
     *
     * @throws InvalidValueException if it is empty, has a wildcard elsewhere, or a single label after {@code *.}
     */
    public static CertificateNamePattern parse(String text) throws InvalidValueException {
        try {
            return strict(text);
        } catch (InvalidValueException e) {
            throw Mistake.in(text, MISTAKES, CertificateNamePattern::strict).orElse(e);
        }
    }

    private static CertificateNamePattern strict(String text) throws InvalidValueException {
        if (text.isEmpty()) {
            throw new InvalidValueException("empty certificate name", "write a name such as mail.contoso.com");
        }
        NameCharacters.check(text);
        Optional<String> commonName = DistinguishedName.of(text).flatMap(DistinguishedName::commonName);
        if (commonName.isPresent()) {
            throw new InvalidValueException(
                    "\"" + text + "\" is a distinguished name, but only the common name is compared",
                    "write \"" + commonName.get() + "\"");
        }
        boolean wildcard = text.startsWith("*.");
        String name = wildcard ? text.substring(2) : text;
        if (name.isEmpty() || name.indexOf('*') >= 0) {
            throw new InvalidValueException(
                    "\"" + text + "\" has a wildcard that is not the whole first label",
                    "write an exact name, or *. and a domain such as *.contoso.com");
        }
        DomainName domain = DomainName.parse(name);
        if (wildcard && domain.isSingleLabel()) {
            throw new InvalidValueException(
                    "\"" + text + "\" would match every certificate below a top-level domain",
                    "write *. and a domain of at least two labels, such as *.contoso.com");
        }
        return new CertificateNamePattern(domain, domain.unicode(), wildcard);
    }

    /**
     * Whether the presented name matches. A presented {@code *.contoso.com} matches no exact pattern; a name with non-ASCII
     * octets matches only the pattern whose U-label form it equals.
     */
    public boolean matches(CertificateName presented) {
        if (!presented.ascii()) {
            return presented.wildcard() == wildcard && presented.name().equals(unicode);
        }
        if (!wildcard) {
            return !presented.wildcard() && presented.name().equals(domain.ascii());
        }
        return new DomainName(presented.name()).isAtOrBelow(domain);
    }

    @Override
    public String toString() {
        return wildcard ? "*." + domain : domain.ascii();
    }
}
