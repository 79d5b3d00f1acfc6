package io.github.orgmilter.domains;

import static io.github.orgmilter.policy.PolicyFixture.accepted;
import static io.github.orgmilter.policy.PolicyFixture.domain;
import static io.github.orgmilter.policy.PolicyFixture.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.orgmilter.identification.Connectors;
import io.github.orgmilter.organization.AcceptedDomain;
import io.github.orgmilter.organization.Mode;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.organization.Organizations;
import io.github.orgmilter.organization.SenderProtection;
import io.github.orgmilter.organization.Standing;
import io.github.orgmilter.policy.PolicyFixture;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** docs/rules.md, sections 2.1 and 2.2: who owns a domain name. */
class AcceptedDomainsTest {

    private final AcceptedDomains domains = new AcceptedDomains(
                    Set.of(domain("mx1.contoso.com"), domain("mx1.example.net")))
            .with(
                    List.of(),
                    List.of(
                            organization("contoso", "contoso.com and below", "fabrikam.com", "müller.de and below"),
                            organization(
                                    "tailspin",
                                    "sub.contoso.com",
                                    "deep.sub.contoso.com and below",
                                    "tailspin.co.example"),
                            organization("wide", "co.example and below")),
                    false,
                    () -> {});

    private static Organization organization(String name, String... accepted) {
        return new Organization(
                name,
                List.of(accepted).stream().map(PolicyFixture::accepted).toList(),
                List.of(),
                SenderProtection.RELAY,
                Mode.ENFORCE);
    }

    @ParameterizedTest(name = "{0} is {1}''s", quoteTextArguments = false)
    @CsvSource({
        "contoso.com, contoso",
        "mail.contoso.com, contoso",
        "a.b.c.contoso.com, contoso",
        "fabrikam.com, contoso",
        "mail.fabrikam.com, nobody",
        "evilcontoso.com, nobody",
        "contoso.com.evil.example, nobody",
        "com, nobody",
        "example, nobody",
        "sub.contoso.com, tailspin",
        "x.sub.contoso.com, contoso",
        "deep.sub.contoso.com, tailspin",
        "x.deep.sub.contoso.com, tailspin",
        "tailspin.co.example, tailspin",
        "x.tailspin.co.example, wide",
        "co.example, wide",
        "other.co.example, wide",
        "xn--mller-kva.de, contoso",
        "mail.xn--mller-kva.de, contoso",
        "mx1.contoso.com, nobody",
        "x.mx1.contoso.com, contoso",
        "mx1.example.net, nobody"
    })
    void theMostSpecificEntryThatCoversANameOwnsIt(String name, String owner) {
        assertThat(domains.owner(domain(name)).map(Organization::name).orElse("nobody"))
                .isEqualTo(owner);
    }

    @ParameterizedTest(name = "{0}: inbound {1}, local {2}", quoteTextArguments = false)
    @CsvSource({
        "contoso.com, true, false",
        "mail.fabrikam.com, false, false",
        "mx1.contoso.com, true, true",
        "mx1.example.net, true, true",
        "x.mx1.example.net, false, false",
        "example.net, false, false"
    })
    void aLocalDomainIsInboundByItselfAlone(String name, boolean inbound, boolean local) {
        assertThat(domains.isInbound(domain(name))).isEqualTo(inbound);
        assertThat(domains.isLocal(domain(name))).isEqualTo(local);
    }

    @Test
    void readingManyOrganizationsRestsAfterEach() {
        AtomicInteger rests = new AtomicInteger();
        List<Organization> organizations = List.of(organization("a", "a.example"), organization("b", "b.example"));
        AcceptedDomains accepted =
                new AcceptedDomains(Set.of()).with(List.of(), organizations, false, rests::incrementAndGet);
        assertThat(rests).hasValueGreaterThanOrEqualTo(2);
        int before = rests.get();
        Organizations all = new Organizations().with(organizations, List.of());
        new Connectors()
                .with(List.of(), organizations, all, rests::incrementAndGet)
                .apply(accepted);
        assertThat(rests).hasValueGreaterThanOrEqualTo(before + 2);
    }

    @Test
    void aDomainHasOneOwner() {
        assertThatThrownBy(() -> service()
                        .organization("contoso", List.of("contoso.com"))
                        .organization("fabrikam", List.of("contoso.com and below"))
                        .policy())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("contoso.com is owned twice");
        assertThatThrownBy(() -> service()
                        .organization("contoso", List.of("contoso.com", "mx1.contoso.com"))
                        .local("mx1.contoso.com")
                        .policy())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("mx1.contoso.com is owned twice");
    }

    @Test
    void anOrganizationHasADomainAndAConnectorACondition() {
        assertThatThrownBy(() -> service().organization("contoso", List.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PolicyFixture.connector("hq")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PolicyFixture.connector("hq", "issuer Good CA"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest(name = "{0} covers {1}: {2}", quoteTextArguments = false)
    @CsvSource({
        "contoso.com, contoso.com, true",
        "contoso.com, mail.contoso.com, false",
        "contoso.com, contoso.com and below, false",
        "contoso.com and below, contoso.com, true",
        "contoso.com and below, contoso.com and below, true",
        "contoso.com and below, mail.contoso.com and below, true",
        "mail.contoso.com and below, contoso.com, false"
    })
    void anEntryCoversAnother(String entry, String other, boolean covers) {
        assertThat(accepted(entry).covers(accepted(other))).isEqualTo(covers);
        assertThat(accepted(entry)).hasToString(entry);
    }

    // spotless:off
    /** Claims are written as "organization: domain", with "and below", "since N", "in a file", and "delegates D" or "delegates *". */
    @ParameterizedTest(name = "of {0}: {1} is {2}''s", quoteTextArguments = false)
    @CsvSource(delimiter = '|', value = {
        // one claim
        "a: d.example                                                        | d.example      | a",
        "a: d.example                                                        | x.d.example    | nobody",
        "a: d.example and below                                              | x.d.example    | a",
        "a: mx1.example.net and below                                        | mx1.example.net | nobody",
        "a: mx1.example.net and below                                        | x.mx1.example.net | nobody",
        // the same domain twice
        "a: d.example in a file; b: d.example                                | d.example      | a",
        "a: d.example in a file; b: d.example and below                      | x.d.example    | nobody",
        "a: d.example since 2; b: d.example since 1                          | d.example      | b",
        "a: d.example since 2; b: d.example since 1; c: d.example since 2    | d.example      | b",
        "a: d.example since 1 and below; b: d.example since 1                | d.example      | a+b",
        "a: d.example since 1 and below; b: d.example since 1                | x.d.example    | a+b",
        "a: d.example; b: d.example                                          | d.example      | a+b",
        "b: d.example; a: d.example                                          | d.example      | a+b",
        "a: d.example since 1; b: d.example                                  | d.example      | a+b",
        "a: d.example since 1; b: d.example since 2; c: d.example            | d.example      | a+c",
        "a: d.example; a: d.example and below                                | x.d.example    | a",
        // below subdomains
        "a: d.example and below; b: s.d.example                              | s.d.example    | a+b",
        "a: d.example and below; b: s.d.example                              | x.s.d.example  | a",
        "a: d.example and below; b: s.d.example                              | d.example      | a",
        "a: d.example and below; b: s.d.example and below                    | x.s.d.example  | a+b",
        "a: d.example; b: s.d.example                                        | s.d.example    | b",
        "a: d.example and below since 1; b: s.d.example since 2              | s.d.example    | a",
        "a: d.example and below since 2; b: s.d.example since 1              | s.d.example    | b",
        "a: d.example and below since 2; b: s.d.example since 1              | t.d.example    | a",
        "a: d.example and below delegates s.d.example; b: s.d.example        | s.d.example    | b",
        "a: d.example and below delegates s.d.example; b: t.d.example        | t.d.example    | a+b",
        "a: d.example and below delegates *; b: t.d.example and below        | x.t.d.example  | b",
        "a: d.example and below; a: s.d.example; b: s.d.example              | s.d.example    | a+b",
        "a: d.example and below since 1; a: s.d.example since 9; b: s.d.example since 5 | s.d.example | a",
        "a: d.example and below since 1; a: s.d.example and below since 9; b: t.s.d.example since 5 | t.s.d.example | a",
        "a: d.example and below; b: s.d.example and below; b: t.s.d.example  | t.s.d.example  | a+b",
        "a: d.example and below; b: s.d.example and below delegates *; c: t.s.d.example | t.s.d.example | a+c",
        "a: d.example and below delegates s.d.example; b: s.d.example and below; c: t.s.d.example | t.s.d.example | b+c",
        "a: d.example and below delegates s.d.example; b: s.d.example and below; a: t.s.d.example | t.s.d.example | a+b",
        // below a file's
        "a: d.example and below in a file; b: s.d.example                    | s.d.example    | a",
        "a: d.example and below in a file; b: s.d.example and below          | x.s.d.example  | a",
        "a: d.example and below in a file delegates s.d.example; b: s.d.example | s.d.example | b",
        "a: d.example and below in a file delegates *; b: s.d.example; c: s.d.example | s.d.example | b+c",
        "a: d.example and below; b: s.d.example in a file                    | s.d.example    | b",
        "a: d.example and below in a file; b: s.d.example and below in a file | x.s.d.example | b",
        "a: d.example and below in a file; b: s.d.example and below in a file; c: t.s.d.example | t.s.d.example | b"
    })
    // spotless:on
    void claimsOfADirectoryAreWeighed(String claims, String name, String owners) {
        assertThat(owners(claims, name)).isEqualTo(owners);
    }

    @ParameterizedTest(name = "of {0}: certificate name {1} is {2}''s", quoteTextArguments = false)
    @CsvSource(
            delimiter = '|',
            value = {
                "a: d.example | mail.d.example | a",
                "a: d.example | x.mail.d.example | nobody",
                "a: d.example | *.d.example | a",
                "a: d.example; b: mail.d.example | mail.d.example | b",
                "a: d.example and below; b: mail.d.example | mail.d.example | a+b",
                "a: d.example; b: d.example | mail.d.example | a+b",
                "a: d.example since 1; b: d.example since 2 | *.d.example | a",
                "a: d.example in a file; b: d.example | mail.d.example | a",
                "a: d.example and below; b: s.d.example | *.s.d.example | a+b"
            })
    void soIsWhoseACertificateNameIs(String claims, String name, String owners) {
        assertThat(names(of(claims).certificateClaimants(name))).isEqualTo(owners);
    }

    private static String owners(String claims, String name) {
        return names(of(claims).claimants(domain(name)));
    }

    private static String names(List<Organization> organizations) {
        return organizations.isEmpty()
                ? "nobody"
                : organizations.stream().map(Organization::name).collect(Collectors.joining("+"));
    }

    private static AcceptedDomains of(String claims) {
        Map<String, List<AcceptedDomain>> domains = new LinkedHashMap<>();
        Map<String, Standing> standings = new LinkedHashMap<>();
        for (String claim : claims.split("; ")) {
            List<String> words = List.of(claim.strip().split(" "));
            String name = words.get(0).replace(":", "");
            boolean ofFile = words.contains("file");
            long since = words.contains("since")
                    ? Long.parseLong(words.get(words.indexOf("since") + 1))
                    : AcceptedDomain.UNDATED;
            domains.computeIfAbsent(name, any -> new ArrayList<>())
                    .add(new AcceptedDomain(
                            domain(words.get(1)), words.contains("below"), ofFile ? AcceptedDomain.OF_FILE : since));
            String delegated = words.contains("delegates") ? words.get(words.indexOf("delegates") + 1) : "";
            standings.put(
                    name,
                    new Standing(
                            !ofFile,
                            false,
                            delegated.equals("*"),
                            delegated.isEmpty() || delegated.equals("*") ? Set.of() : Set.of(domain(delegated))));
        }
        List<Organization> organizations = new ArrayList<>();
        domains.forEach((name, accepted) -> organizations.add(new Organization(
                name,
                accepted,
                List.of(),
                SenderProtection.RELAY,
                Mode.ENFORCE,
                Objects.requireNonNull(standings.get(name)))));
        return new AcceptedDomains(Set.of(domain("mx1.example.net"))).with(List.of(), organizations, true, () -> {});
    }
}
