package io.github.orgmilter.milter;

import io.github.orgmilter.identity.AddressRange;
import io.github.orgmilter.identity.AddressRanges;
import io.github.orgmilter.identity.CertificateNamePattern;
import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.identity.InvalidValueException;
import io.github.orgmilter.identity.login.LoginPatterns;
import io.github.orgmilter.net.ConnectionMemory;
import io.github.orgmilter.organization.AcceptedDomain;
import io.github.orgmilter.organization.Connector;
import io.github.orgmilter.organization.Mode;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.organization.SenderProtection;
import io.github.orgmilter.policy.Policy;
import io.github.orgmilter.policy.options.PolicyOptions;
import io.github.orgmilter.policy.options.UnidentifiedMail;
import io.github.orgmilter.verdict.Replies;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/** Policies for tests of the protocol: contoso by certificate, fabrikam by address. */
final class Policies {

    /** More memory than any test has. */
    static final ConnectionMemory ROOM = new ConnectionMemory(() -> OptionalLong.of(Long.MAX_VALUE), limit -> {});

    /** The macros of a message from contoso's server. */
    static final String[] CONTOSO = {
        "i", "4CjqCQ2W", "{tls_version}", "TLSv1.3", "{cert_subject}", "mail.contoso.com", "{cert_issuer}", "Test CA"
    };

    /** The answer to 192.0.2.7 without them. */
    static final String NOT_IDENTIFIED =
            "y550 5.7.1 Relay access denied: 192.0.2.7 is not a known customer mail server";

    private Policies() {}

    static Policy twoOrganizations() {
        return twoOrganizations(Replies.DEFAULT);
    }

    static Policy twoOrganizations(Replies replies) {
        try {
            Connector headquarters = connector(
                    "headquarters", List.of(CertificateNamePattern.parse("mail.contoso.com")), AddressRanges.NONE);
            Connector branch = connector(
                    "branch",
                    List.of(),
                    new AddressRanges(
                            List.of(AddressRange.parse("198.51.100.0/28"), AddressRange.parse("2001:db8:42::/48"))));
            return new Policy(
                    List.of(
                            organization("contoso", "contoso.com", headquarters),
                            organization("fabrikam", "fabrikam.com", branch)),
                    new PolicyOptions(
                            UnidentifiedMail.ACCEPT_INBOUND,
                            LoginPatterns.ALL,
                            List.of(),
                            Set.of(DomainName.parse("mx1.example.net")),
                            replies,
                            false,
                            Mode.ENFORCE),
                    "f00dcafe");
        } catch (InvalidValueException e) {
            throw new AssertionError(e);
        }
    }

    /** One where the certificate connector is gone. */
    static Policy withoutContoso() {
        try {
            Connector branch =
                    connector("branch", List.of(), new AddressRanges(List.of(AddressRange.parse("198.51.100.0/28"))));
            return new Policy(List.of(organization("fabrikam", "fabrikam.com", branch)), PolicyOptions.DEFAULT, "0");
        } catch (InvalidValueException e) {
            throw new AssertionError(e);
        }
    }

    private static Organization organization(String name, String domain, Connector connector)
            throws InvalidValueException {
        return new Organization(
                name,
                List.of(new AcceptedDomain(DomainName.parse(domain), false)),
                List.of(connector),
                SenderProtection.RELAY,
                Mode.ENFORCE);
    }

    private static Connector connector(String name, List<CertificateNamePattern> names, AddressRanges addresses) {
        return new Connector(
                name, names, Set.of(), List.of(), addresses, false, true, false, List.of(), true, Mode.ENFORCE);
    }
}
