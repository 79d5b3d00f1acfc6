package io.github.orgmilter.explain;

import io.github.orgmilter.explain.ExplanationText.Reason;
import io.github.orgmilter.identification.CertificateMatch;
import io.github.orgmilter.identification.CertificateMatch.ByName;
import io.github.orgmilter.identification.CertificateMatch.ByPin;
import io.github.orgmilter.identification.ConnectorOutcome;
import io.github.orgmilter.identification.ConnectorOutcome.Matched;
import io.github.orgmilter.identification.ConnectorOutcome.NotMatched;
import io.github.orgmilter.identification.ConnectorOutcome.Undecided;
import io.github.orgmilter.identification.Mismatch;
import io.github.orgmilter.identification.PresentedCertificate;
import io.github.orgmilter.identification.WildcardLimit;
import io.github.orgmilter.identification.WildcardLimit.ForeignDomain;
import io.github.orgmilter.identity.AddressRange;
import io.github.orgmilter.identity.Fingerprint;
import io.github.orgmilter.organization.Pin;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** By what a connector matches a client, or why it does not, in words and codes. */
final class ConnectorText {

    private static final int LISTED = 5; // names or ranges of a connector, before "or so many more"

    private ConnectorText() {}

    static List<Reason> of(ConnectorOutcome outcome) {
        if (outcome instanceof NotMatched notMatched) {
            return notMatched.mismatches().stream().map(ConnectorText::of).toList();
        }
        if (outcome instanceof Undecided undecided) {
            return List.of(new Reason(
                    "required-headers", "the header has the required " + String.join(", ", undecided.fields())));
        }
        Matched matched = (Matched) outcome;
        List<Reason> reasons = new ArrayList<>();
        matched.certificate().ifPresent(certificate -> reasons.add(of(certificate)));
        matched.login().ifPresent(login -> reasons.add(new Reason("login", "the login matches " + login)));
        matched.range().ifPresent(range -> reasons.add(new Reason("address", "the client address is in " + range)));
        return reasons;
    }

    private static Reason of(CertificateMatch match) {
        if (match instanceof ByName name) {
            return new Reason(
                    "certificate-name", "certificate name " + name.presented() + " matches " + name.pattern());
        }
        Pin pin = ((ByPin) match).pin();
        return new Reason(
                pin.kind() == Pin.Kind.CERTIFICATE ? "pinned-certificate" : "pinned-public-key",
                "the client presented the pinned " + pin);
    }

    static Reason of(Mismatch mismatch) {
        if (mismatch instanceof Mismatch.Disabled) {
            return new Reason("disabled", "disabled (enabled = false)");
        }
        if (mismatch instanceof Mismatch.NoVerifiedName) {
            return new Reason("no-verified-name", "the client has no verified certificate name");
        }
        if (mismatch instanceof Mismatch.OtherName name) {
            return new Reason(
                    "other-name", "certificate name " + name.presented() + " does not match " + anyOf(name.patterns()));
        }
        if (mismatch instanceof Mismatch.NarrowedWildcard wildcard) {
            return new Reason(
                    "narrowed-wildcard",
                    wildcard.pattern() + " does not match certificate name " + wildcard.presented() + ", which is "
                            + limit(wildcard.limit()));
        }
        if (mismatch instanceof Mismatch.ForeignPattern foreign) {
            return new Reason(
                    "foreign-name",
                    foreign.pattern() + " does not match: it is in an accepted domain of "
                            + String.join(" and ", foreign.owners()));
        }
        if (mismatch instanceof Mismatch.OtherIssuer issuer) {
            return new Reason(
                    "other-issuer",
                    issuer.presented()
                                    .map(name -> "the issuer is " + name + ", not ")
                                    .orElse("no issuer is reported; it must be ")
                            + anyOf(issuer.issuers().stream().sorted().toList()));
        }
        return besideName(mismatch);
    }

    private static Reason besideName(Mismatch mismatch) {
        if (mismatch instanceof Mismatch.CertificateUnknown) {
            return new Reason(
                    "certificate-unknown", "the client's certificate is unknown (no policy query reported it)");
        }
        if (mismatch instanceof Mismatch.NoCertificate) {
            return new Reason("no-certificate", "the client presented no certificate");
        }
        if (mismatch instanceof Mismatch.NotPinned other) {
            return new Reason("not-pinned", notPinned(other.presented()));
        }
        if (mismatch instanceof Mismatch.NoLogin) {
            return new Reason("no-login", "the client has not logged in");
        }
        if (mismatch instanceof Mismatch.OtherLogin other) {
            return new Reason("other-login", "login " + other.login() + " does not match " + anyOf(other.patterns()));
        }
        if (mismatch instanceof Mismatch.ForeignLogin foreign) {
            return new Reason(
                    "foreign-login",
                    foreign.pattern() + " does not match login " + foreign.login() + ": it is in an accepted domain of "
                            + String.join(" and ", foreign.owners()));
        }
        if (mismatch instanceof Mismatch.AddressUnknown) {
            return new Reason("address-unknown", "the client address is unknown");
        }
        if (mismatch instanceof Mismatch.OtherAddress other) {
            return new Reason("other-address", otherAddress(other));
        }
        return new Reason("not-encrypted", "the connection is not encrypted (require-tls)");
    }

    private static String limit(WildcardLimit limit) {
        return limit instanceof ForeignDomain domain
                ? "at or below " + domain.domain() + ", an accepted domain of " + domain.organization()
                : "a certificate name of " + ((WildcardLimit.ForeignName) limit).connector();
    }

    private static String notPinned(PresentedCertificate presented) {
        return "the client's certificate " + text(presented.certificate()) + " with public key "
                + text(presented.publicKey()) + " is not pinned";
    }

    private static String text(Optional<Fingerprint> fingerprint) {
        return fingerprint.map(Fingerprint::toString).orElse("(unknown)");
    }

    private static String otherAddress(Mismatch.OtherAddress mismatch) {
        List<AddressRange> ranges = mismatch.ranges();
        return "client address " + mismatch.address() + " is not in " + anyOf(ranges);
    }

    static String anyOf(Collection<?> all) {
        String listed = all.stream().limit(LISTED).map(Object::toString).collect(Collectors.joining(" or "));
        return all.size() <= LISTED ? listed : listed + " or " + (all.size() - LISTED) + " more";
    }
}
