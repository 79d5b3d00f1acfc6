package io.github.orgmilter.identity;

import java.util.Optional;

/**
 * The subject common name of a client certificate <em>that the MTA verified</em>, as presented.
 *
 * <p>The MTA's dialect decides whether it is verified; an unverified name never becomes one of these. Nothing is trimmed,
 * mapped or normalised: Unicode mapping would turn {@code contoſo.com} or full-width letters into another name.
 *
 * @param text the name as presented
 * @param name the name without a leading {@code *.}: lower-cased if it is ASCII, else exactly as presented
 * @param wildcard whether the certificate itself presents {@code *.} and a name
 * @param ascii whether every octet is ASCII
 */
public record CertificateName(String text, String name, boolean wildcard, boolean ascii) {

    /**
     * The usable name of a verified certificate; empty for a name that can match nothing: an empty one, one with spaces,
     * {@code /}, {@code =}, control characters or NUL, and ASCII text that is not a host name.
     */
    public static Optional<CertificateName> of(String presented) {
        boolean wildcard = presented.startsWith("*.");
        String name = wildcard ? presented.substring(2) : presented;
        if (name.isEmpty() || name.length() > DomainName.MAX_LENGTH) {
            return Optional.empty();
        }
        if (DomainName.isAscii(name)) {
            String lower = DomainName.asciiLowerCase(name);
            return DomainName.isPlain(lower)
                    ? Optional.of(new CertificateName(presented, lower, wildcard, true))
                    : Optional.empty();
        }
        boolean unusable = name.codePoints()
                .anyMatch(c -> c == '/'
                        || c == '='
                        || c == '*'
                        || c == '\uFFFD'
                        || Character.isISOControl(c)
                        || Character.isWhitespace(c)
                        || Character.isSpaceChar(c));
        return unusable ? Optional.empty() : Optional.of(new CertificateName(presented, name, wildcard, false));
    }

    @Override
    public String toString() {
        return text;
    }
}
