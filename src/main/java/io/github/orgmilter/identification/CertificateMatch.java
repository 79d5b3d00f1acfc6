package io.github.orgmilter.identification;

import io.github.orgmilter.identity.CertificateName;
import io.github.orgmilter.identity.CertificateNamePattern;
import io.github.orgmilter.organization.Pin;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** How a certificate identifies a client. */
public sealed interface CertificateMatch {

    /** Whether any name of the certificate passes: in A-labels, with the {@code *.} of a wildcard. */
    boolean anyName(Predicate<String> test);

    /** The names of the certificate, as far as they are known, for people. */
    List<String> names();

    /** By a verified name, which matches a pattern (docs/rules.md, 3.1). */
    record ByName(CertificateName presented, CertificateNamePattern pattern) implements CertificateMatch {

        @Override
        public boolean anyName(Predicate<String> test) {
            // A name with non-ASCII octets equals its pattern, whose A-labels are the ones to look up.
            return test.test(presented.ascii() ? ascii(presented) : pattern.toString());
        }

        @Override
        public List<String> names() {
            return List.of(presented.text());
        }
    }

    /**
     * By a pin (docs/rules.md, 3.4).
     *
     * @param verified the certificate's name, if the MTA verified it as well
     */
    record ByPin(Pin pin, Optional<CertificateName> verified) implements CertificateMatch {

        @Override
        public boolean anyName(Predicate<String> test) {
            return pin.names().stream().anyMatch(name -> test.test(name.toString()))
                    || verified.filter(CertificateName::ascii)
                            .filter(name -> test.test(ascii(name)))
                            .isPresent();
        }

        @Override
        public List<String> names() {
            return Stream.concat(
                            verified.map(CertificateName::text).stream(),
                            pin.names().stream().map(CertificateNamePattern::toString))
                    .distinct()
                    .toList();
        }
    }

    private static String ascii(CertificateName name) {
        return name.wildcard() ? "*." + name.name() : name.name();
    }
}
