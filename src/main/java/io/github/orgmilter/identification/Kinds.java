package io.github.orgmilter.identification;

import io.github.orgmilter.identification.CertificateMatch.ByName;
import io.github.orgmilter.identification.CertificateMatch.ByPin;
import io.github.orgmilter.identity.AddressRange;
import io.github.orgmilter.identity.AddressRanges;
import io.github.orgmilter.identity.CertificateName;
import io.github.orgmilter.identity.CertificateNamePattern;
import io.github.orgmilter.identity.login.LoginPattern;
import io.github.orgmilter.identity.login.LoginPatterns;
import io.github.orgmilter.organization.Connector;
import io.github.orgmilter.organization.Pin;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether the kinds that a connector requires hold for a client, the header's aside: docs/rules.md, 3.1 to 3.10. */
public final class Kinds {

    private final Ownership ownership;

    Kinds(Ownership ownership) {
        this.ownership = ownership;
    }

    /** The match of a connector, if each of its kinds holds and it is enabled. */
    public Optional<IdentityMatch> match(Client client, Member member) {
        return member.connector().requireTls() && !client.encrypted()
                ? Optional.empty()
                : matchBesideTls(client, member);
    }

    /** Whether each of its kinds holds and it is enabled, and only the connection is not encrypted, which it requires. */
    public boolean lacksOnlyTls(Client client, Member member) {
        return member.connector().requireTls()
                && !client.encrypted()
                && matchBesideTls(client, member).isPresent();
    }

    private Optional<IdentityMatch> matchBesideTls(Client client, Member member) {
        Connector connector = member.connector();
        if (!connector.enabled()) {
            return Optional.empty();
        }
        if (!connector.isCertificateConnector()) {
            return match(client, Optional.empty(), member);
        }
        Optional<CertificateMatch> pin = pin(client, connector);
        Optional<CertificateMatch> certificate = pin.isPresent() ? pin : name(client, member);
        return certificate.isEmpty() ? Optional.empty() : match(client, certificate, member);
    }

    private static Optional<CertificateMatch> pin(Client client, Connector connector) {
        if (client.presented().isEmpty() || !client.encrypted()) {
            return Optional.empty();
        }
        PresentedCertificate presented = client.presented().get();
        @Nullable Pin first = null; // the certificate before the key
        for (Pin pin : connector.pins()) {
            if (presented.satisfies(pin) && (first == null || pin.kind().compareTo(first.kind()) < 0)) {
                first = pin;
            }
        }
        return first == null ? Optional.empty() : Optional.of(new ByPin(first, client.certificateName()));
    }

    private Optional<CertificateMatch> name(Client client, Member member) {
        if (client.certificateName().isEmpty()) {
            return Optional.empty();
        }
        CertificateName name = client.certificateName().get();
        @Nullable ByName closest = null;
        for (CertificateNamePattern pattern : member.connector().certificateNames()) {
            if (pattern.matches(name) && (closest == null || isCloser(pattern, closest.pattern()))) {
                ByName match = new ByName(name, pattern);
                closest = holds(client, match, member) ? match : closest;
            }
        }
        return Optional.ofNullable(closest);
    }

    /** Whether an exact name, or a longer wildcard. */
    private static boolean isCloser(CertificateNamePattern pattern, CertificateNamePattern other) {
        return pattern.wildcard() == other.wildcard()
                ? pattern.domain().ascii().length() > other.domain().ascii().length()
                : other.wildcard();
    }

    /** Whether a name that matches a pattern identifies by it. */
    boolean holds(Client client, ByName match, Member member) {
        Set<String> issuers = member.connector().issuers();
        return member.connector().enabled()
                && (issuers.isEmpty()
                        || client.certificateIssuer().filter(issuers::contains).isPresent())
                && !ownership.isForeign(member.organization(), match.pattern())
                && ownership
                        .limit(member.organization(), match.pattern(), match.presented())
                        .isEmpty();
    }

    /** The match of a connector whose certificate kind holds, if it has one, unless another kind of it does not hold. */
    public Optional<IdentityMatch> match(Client client, Optional<CertificateMatch> certificate, Member member) {
        LoginPatterns required = member.connector().logins();
        Optional<LoginPattern> login = required.isEmpty() ? Optional.empty() : login(client, member);
        AddressRanges ranges = member.connector().addresses();
        Optional<AddressRange> range =
                ranges.isEmpty() ? Optional.empty() : client.address().flatMap(ranges::smallestContaining);
        return required.isEmpty() == login.isEmpty() && ranges.isEmpty() == range.isEmpty()
                ? Optional.of(new IdentityMatch(member, certificate, login, range))
                : Optional.empty();
    }

    private Optional<LoginPattern> login(Client client, Member member) {
        return client.login()
                .flatMap(member.connector().logins()::closest)
                .filter(pattern -> !ownership.isForeign(member.organization(), pattern));
    }
}
