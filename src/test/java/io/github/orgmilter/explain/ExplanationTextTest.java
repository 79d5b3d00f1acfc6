package io.github.orgmilter.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.explain.ExplanationText.Reason;
import io.github.orgmilter.identification.Authentication;
import io.github.orgmilter.identification.Mismatch;
import io.github.orgmilter.identification.PresentedCertificate;
import io.github.orgmilter.identification.WildcardLimit;
import io.github.orgmilter.identity.AddressRange;
import io.github.orgmilter.identity.CertificateName;
import io.github.orgmilter.identity.CertificateNamePattern;
import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.identity.EnvelopeAddress;
import io.github.orgmilter.identity.InvalidValueException;
import io.github.orgmilter.identity.IpAddress;
import io.github.orgmilter.identity.ResolvedForm;
import io.github.orgmilter.identity.login.LoginPattern;
import io.github.orgmilter.organization.ConnectorName;
import io.github.orgmilter.policy.Address;
import io.github.orgmilter.policy.explanation.Fact;
import io.github.orgmilter.policy.explanation.Fact.Place;
import io.github.orgmilter.policy.explanation.Fact.RecipientForm;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

// spotless:off
@DisplayName("An explanation in words")
final class ExplanationTextTest {

    private static final ConnectorName HQ = new ConnectorName("contoso", "hq");
    private static final DomainName DOMAIN = new DomainName("contoso.com");
    private static final Address SENDER = new Address(EnvelopeAddress.parse("<a@contoso.com>"), Optional.empty());
    private static final Address RESOLVED = new Address(
            EnvelopeAddress.parse("<a@contoso.com>"), Optional.of(ResolvedForm.of("a@x.example", false)));

    static List<Arguments> facts() {
        return List.of(
                fact(new Fact.Login(Optional.empty(), false), "login", "the client is not logged in"),
                fact(login("PLAIN", true), "login", "the client is logged in as joe, and trusted-logins has this login"),
                fact(login("PLAIN", false), "login", "the client is logged in as joe, and trusted-logins does not have this login"),
                fact(login("EXTERNAL", false), "login", "the login does not count: its mechanism is EXTERNAL"),
                fact(login("", false), "login", "the login does not count: the MTA reports no mechanism"),
                fact(new Fact.ExemptClient(true), "exempt-client", "the client is in exempt-clients"),
                fact(new Fact.ExemptClient(false), "exempt-client", "the client is not in exempt-clients"),
                fact(new Fact.WellFormedRecipient(true), "recipient-well-formed", "the recipient address is well-formed"),
                fact(new Fact.WellFormedSender(false), "sender-well-formed", "the sender address is malformed"),
                fact(inbound(new Place.Accepted(DOMAIN, "contoso"), true), "inbound",
                        "the recipient is inbound: contoso.com, an accepted domain of contoso"),
                fact(inbound(new Place.Local(DOMAIN), true), "inbound", "the recipient is inbound: contoso.com, a local domain"),
                fact(inbound(new Place.Elsewhere(DOMAIN), false), "inbound",
                        "the recipient is relayed: contoso.com, not an accepted or local domain"),
                fact(inbound(new Place.Mapped(DOMAIN), false), "inbound",
                        "the recipient is relayed: contoso.com (only after Unicode mapping, which permits nothing)"),
                fact(inbound(new Place.NotADomain(), false), "inbound", "the recipient is relayed: text that is not a domain name"),
                fact(new Fact.Inbound(new RecipientForm.InDomain(new Place.Local(DOMAIN), Optional.of(new Place.Elsewhere(DOMAIN))),
                        false), "inbound", "the recipient is relayed: contoso.com, a local domain, resolved by the MTA to"
                                + " contoso.com, not an accepted or local domain"),
                fact(new Fact.Inbound(new RecipientForm.Routed(), false), "inbound",
                        "the recipient is relayed: its local part contains %, ! or @, or it has a source route"),
                fact(new Fact.Inbound(new RecipientForm.Unqualified(), true), "inbound",
                        "the recipient is inbound: it has no domain, and is postmaster or delivered by the MTA itself"),
                fact(new Fact.Inbound(new RecipientForm.Unqualified(), false), "inbound",
                        "the recipient is relayed: it has no domain, and is neither postmaster nor known to be local"),
                fact(new Fact.Identified(List.of(HQ, new ConnectorName("fabrikam", "all")), false), "identified",
                        "the client is identified by contoso/hq, then fabrikam/all"),
                fact(new Fact.Identified(List.of(), false), "identified", "no connector identifies the client"),
                fact(new Fact.Identified(List.of(), true), "identified",
                        "no connector identifies the client, only because the connection is not encrypted"),
                fact(new Fact.MayBeIdentified(), "may-be-identified",
                        "the client matches connectors with required-headers, so the header decides"),
                fact(new Fact.AnyUndecidedAllowed(), "any-undecided-allowed",
                        "one of these connectors may relay for a sender of any domain, or for none"),
                fact(new Fact.CertificateKnown(true), "certificate-known", "the client's certificate is known"),
                fact(new Fact.CertificateKnown(false), "certificate-known", "the client's certificate is unknown"),
                fact(inbound(new Place.Disputed(DOMAIN, List.of("contoso", "x")), true), "inbound",
                        "the recipient is inbound: contoso.com, a domain that contoso and x claim"),
                fact(new Fact.DirectoryStale(true), "directory-stale", "the directory's data is older than its max-age"),
                fact(new Fact.DirectoryStale(false), "directory-stale", "the directory's data is not older than its max-age"),
                fact(new Fact.Unreadable("contoso"), "connectors-unreadable", "the connectors of contoso cannot all be read"),
                fact(new Fact.ByDispute(true), "disputed-domain", "only a domain that several organizations claim is in the way"),
                fact(new Fact.ByDispute(false), "disputed-domain", "no disputed domain is in the way"),
                fact(new Fact.ProtectedInbound("contoso", false), "protected-inbound", "the sender's domain belongs to contoso,"
                        + " whose sender-protection is all and whose connectors do not identify the client"),
                fact(new Fact.ProtectedRelay("contoso", true), "protected-relay", "the sender is uncertain and could belong to"
                        + " contoso, whose sender-protection excludes other organizations' connectors"),
                fact(new Fact.OwnServer("contoso"), "own-server",
                        "the client is a server of contoso, whose partners do not restrict it"),
                fact(new Fact.OfPartner("contoso", "bank", RESOLVED, List.of()), "partner",
                        "partner bank of contoso: sender contoso.com, resolved to x.example, is one of its senders, and the client is one of its"
                                + " servers"),
                fact(new Fact.OfPartner("contoso", "a\nb", SENDER, List.of(new Mismatch.NoVerifiedName(), new Mismatch.NotEncrypted())),
                        "partner", "partner a\\u000ab of contoso: sender contoso.com is one of its senders, and the client has no verified certificate name,"
                                + " and the connection is not encrypted (require-tls)"),
                fact(new Fact.SenderWithinLimit(HQ, RESOLVED, false), "sender-within-limit",
                        "contoso/hq: sender contoso.com, resolved to x.example, is not in sender-domains"),
                fact(new Fact.SenderDomain(HQ, SENDER, true), "sender-domain",
                        "contoso/hq: sender contoso.com is an accepted domain of contoso"),
                fact(certificate(true, List.of("mail.contoso.com"), List.of(List.of("contoso")), true), "certificate-domain",
                        "contoso/hq: certificate name mail.contoso.com belongs to contoso"),
                fact(certificate(true, List.of("a.example", "b.example"), List.of(List.of(), List.of("x")), false),
                        "certificate-domain",
                        "contoso/hq: certificate name a.example or b.example belongs to no organization or x, not to contoso"),
                fact(certificate(true, List.of("mail.contoso.com"), List.of(List.of("contoso", "x")), false), "certificate-domain",
                        "contoso/hq: certificate name mail.contoso.com belongs to contoso and x, not to contoso alone"),
                fact(certificate(false, List.of(), List.of(), false), "certificate-domain",
                        "contoso/hq: no certificate identifies the client, so none has a domain that counts"),
                fact(certificate(true, List.of(), List.of(), false), "certificate-domain",
                        "contoso/hq: the pinned certificate has no known name, so none has a domain that counts"),
                fact(new Fact.AnyDomain(HQ, true), "any-domain",
                        "contoso/hq: identification alone is enough (require-accepted-domain = false)"),
                fact(new Fact.AnyDomain(HQ, false), "any-domain",
                        "contoso/hq: identification alone is not enough (require-accepted-domain = true)"),
                fact(new Fact.NullSenderAllowed(HQ, true), "null-sender-allowed",
                        "contoso/hq: the null sender is allowed (allow-null-sender = true)"));
    }

    private static Arguments fact(Fact fact, String code, String text) {
        return Arguments.of(code, text, fact);
    }

    private static Fact login(String mechanism, boolean holds) {
        return new Fact.Login(Optional.of(new Authentication("joe", mechanism)), holds);
    }

    private static Fact inbound(Place given, boolean holds) {
        return new Fact.Inbound(new RecipientForm.InDomain(given, Optional.empty()), holds);
    }

    private static Fact certificate(boolean present, List<String> names, List<List<String>> owners, boolean holds) {
        return new Fact.CertificateDomain(HQ, present, names, owners, holds);
    }

    static List<Arguments> mismatches() throws InvalidValueException {
        CertificateName name = CertificateName.of("mail.contoso.com").orElseThrow();
        CertificateNamePattern pattern = CertificateNamePattern.parse("*.contoso.com");
        IpAddress address = IpAddress.parse("192.0.2.1").orElseThrow();
        List<AddressRange> ranges = IntStream.rangeClosed(1, 7)
                .mapToObj(i -> IpAddress.parse("198.51.100." + i).orElseThrow())
                .map(each -> new AddressRange(each, each))
                .toList();
        return List.of(
                mismatch(new Mismatch.Disabled(), "disabled", "disabled (enabled = false)"),
                mismatch(new Mismatch.NoVerifiedName(), "no-verified-name", "the client has no verified certificate name"),
                mismatch(new Mismatch.OtherName(name, List.of(pattern)), "other-name",
                        "certificate name mail.contoso.com does not match *.contoso.com"),
                mismatch(new Mismatch.NarrowedWildcard(name, pattern, new WildcardLimit.ForeignDomain(DOMAIN, "x")),
                        "narrowed-wildcard", "*.contoso.com does not match certificate name mail.contoso.com, which is at or below"
                                + " contoso.com, an accepted domain of x"),
                mismatch(new Mismatch.NarrowedWildcard(name, pattern, new WildcardLimit.ForeignName(HQ)), "narrowed-wildcard",
                        "*.contoso.com does not match certificate name mail.contoso.com, which is a certificate name of contoso/hq"),
                mismatch(new Mismatch.ForeignPattern(name, pattern, List.of("x", "y")), "foreign-name",
                        "*.contoso.com does not match: it is in an accepted domain of x and y"),
                mismatch(new Mismatch.OtherIssuer(Optional.of("Bad CA"), Set.of("Good CA", "Better CA")), "other-issuer",
                        "the issuer is Bad CA, not Better CA or Good CA"),
                mismatch(new Mismatch.OtherIssuer(Optional.empty(), Set.of("Good CA")), "other-issuer",
                        "no issuer is reported; it must be Good CA"),
                mismatch(new Mismatch.CertificateUnknown(), "certificate-unknown",
                        "the client's certificate is unknown (no policy query reported it)"),
                mismatch(new Mismatch.NoCertificate(), "no-certificate", "the client presented no certificate"),
                mismatch(new Mismatch.NotPinned(PresentedCertificate.NONE), "not-pinned",
                        "the client's certificate (unknown) with public key (unknown) is not pinned"),
                mismatch(new Mismatch.NoLogin(), "no-login", "the client has not logged in"),
                mismatch(new Mismatch.OtherLogin("joe", List.of(LoginPattern.exact("ann"), LoginPattern.ofDomain("@contoso.com").orElseThrow())),
                        "other-login", "login joe does not match ann or *@contoso.com"),
                mismatch(new Mismatch.ForeignLogin("joe@x.example", LoginPattern.exact("joe@x.example"), List.of("x", "y")),
                        "foreign-login",
                        "joe@x.example does not match login joe@x.example: it is in an accepted domain of x and y"),
                mismatch(new Mismatch.AddressUnknown(), "address-unknown", "the client address is unknown"),
                mismatch(new Mismatch.OtherAddress(address, ranges), "other-address", "client address 192.0.2.1 is not in"
                        + " 198.51.100.1 or 198.51.100.2 or 198.51.100.3 or 198.51.100.4 or 198.51.100.5 or 2 more"),
                mismatch(new Mismatch.NotEncrypted(), "not-encrypted", "the connection is not encrypted (require-tls)"));
    }

    private static Arguments mismatch(Mismatch mismatch, String code, String text) {
        return Arguments.of(code, text, mismatch);
    }

    @ParameterizedTest(name = "{0}: {1}", quoteTextArguments = false)
    @MethodSource("facts")
    @DisplayName("has a sentence and a code for every fact")
    void facts(String code, String text, Fact fact) {
        assertThat(ExplanationText.of(fact)).isEqualTo(new Reason(code, text));
    }

    @ParameterizedTest(name = "{0}: {1}", quoteTextArguments = false)
    @MethodSource("mismatches")
    @DisplayName("has a sentence and a code for every reason why a connector does not match")
    void mismatches(String code, String text, Mismatch mismatch) {
        assertThat(ConnectorText.of(mismatch)).isEqualTo(new Reason(code, text));
    }

    @Test
    @DisplayName("leaves out no kind of fact and no kind of mismatch")
    void everyKind() throws InvalidValueException {
        assertThat(kinds(facts())).isEqualTo(leaves(Fact.class));
        assertThat(kinds(mismatches())).isEqualTo(leaves(Mismatch.class));
    }

    private static Set<Class<?>> kinds(List<Arguments> cases) {
        return cases.stream().map(each -> each.get()[2].getClass()).collect(Collectors.toSet());
    }

    private static Set<Class<?>> leaves(Class<?> type) {
        return type.isSealed()
                ? Stream.of(type.getPermittedSubclasses()).flatMap(it -> leaves(it).stream()).collect(Collectors.toSet())
                : Set.of(type);
    }
}
// spotless:on
