package io.github.orgmilter.identification;

import static io.github.orgmilter.policy.PolicyFixture.accepted;
import static io.github.orgmilter.policy.PolicyFixture.domain;
import static io.github.orgmilter.policy.PolicyFixture.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.orgmilter.organization.Mode;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.organization.SenderProtection;
import io.github.orgmilter.policy.PolicyFixture;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** docs/rules.md, sections 2.1 and 2.2: who owns a domain name. */
class AcceptedDomainsTest {

    private final AcceptedDomains domains = new AcceptedDomains(
            List.of(
                    organization("contoso", "contoso.com and below", "fabrikam.com", "müller.de and below"),
                    organization(
                            "tailspin", "sub.contoso.com", "deep.sub.contoso.com and below", "tailspin.co.example"),
                    organization("wide", "co.example and below")),
            Set.of(domain("mx1.contoso.com"), domain("mx1.example.net")),
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
        AcceptedDomains accepted = new AcceptedDomains(organizations, Set.of(), rests::incrementAndGet);
        assertThat(rests).hasValueGreaterThanOrEqualTo(2);
        int before = rests.get();
        new Connectors(organizations, accepted, rests::incrementAndGet);
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
}
