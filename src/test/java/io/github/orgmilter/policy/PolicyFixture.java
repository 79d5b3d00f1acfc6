package io.github.orgmilter.policy;

import io.github.orgmilter.header.FieldName;
import io.github.orgmilter.header.FieldValue;
import io.github.orgmilter.header.HeaderFields;
import io.github.orgmilter.identification.Authentication;
import io.github.orgmilter.identification.Client;
import io.github.orgmilter.identification.PresentedCertificate;
import io.github.orgmilter.identity.AddressRange;
import io.github.orgmilter.identity.AddressRanges;
import io.github.orgmilter.identity.CertificateName;
import io.github.orgmilter.identity.CertificateNamePattern;
import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.identity.EnvelopeAddress;
import io.github.orgmilter.identity.Fingerprint;
import io.github.orgmilter.identity.InvalidValueException;
import io.github.orgmilter.identity.IpAddress;
import io.github.orgmilter.identity.ResolvedForm;
import io.github.orgmilter.identity.login.LoginPattern;
import io.github.orgmilter.identity.login.LoginPatterns;
import io.github.orgmilter.organization.AcceptedDomain;
import io.github.orgmilter.organization.Connector;
import io.github.orgmilter.organization.HeaderFrom;
import io.github.orgmilter.organization.Mode;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.organization.Partner;
import io.github.orgmilter.organization.Partners;
import io.github.orgmilter.organization.Party;
import io.github.orgmilter.organization.Pin;
import io.github.orgmilter.organization.RequiredHeaders;
import io.github.orgmilter.organization.SenderProtection;
import io.github.orgmilter.organization.Standing;
import io.github.orgmilter.policy.explanation.Explanation;
import io.github.orgmilter.policy.options.Freshness;
import io.github.orgmilter.policy.options.PolicyOptions;
import io.github.orgmilter.policy.options.ResultHeader;
import io.github.orgmilter.policy.options.UnidentifiedMail;
import io.github.orgmilter.verdict.Condition;
import io.github.orgmilter.verdict.Replies;
import io.github.orgmilter.verdict.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

// spotless:off
/** A service and its mail in few words, so that a case of a rule is one line. */
public final class PolicyFixture {

    private final List<Organization> organizations = new ArrayList<>();
    private UnidentifiedMail unidentifiedMail = UnidentifiedMail.ACCEPT_INBOUND;
    private LoginPatterns trustedLogins = LoginPatterns.ALL;
    private Mode mode = Mode.ENFORCE;
    private boolean policyDelegation;
    private Freshness freshness = Freshness.ALWAYS;
    private final List<AddressRange> exemptClients = new ArrayList<>();
    private final Set<DomainName> localDomains = new HashSet<>();

    public static PolicyFixture service() {
        return new PolicyFixture();
    }

    /** An organization with the default protection; {@code "contoso.com and below"} includes subdomains. */
    public PolicyFixture organization(String name, List<String> domains, Connector... connectors) {
        return organization(name, SenderProtection.RELAY, domains, connectors);
    }

    public PolicyFixture organization(String name, SenderProtection protection, List<String> domains, Connector... connectors) {
        return organization(name, protection, Mode.ENFORCE, domains, connectors);
    }

    public PolicyFixture organization(
            String name, SenderProtection protection, Mode itsMode, List<String> domains, Connector... connectors) {
        organizations.add(new Organization(name, accepted(domains), List.of(connectors), protection, itsMode));
        return this;
    }

    /** The last organization protects its domains in {@code From} fields. */
    public PolicyFixture headerFrom(HeaderFrom setting) {
        Organization last = organizations.remove(organizations.size() - 1);
        organizations.add(new Organization(
                last.name(), last.acceptedDomains(), last.connectors(), last.senderProtection(), setting, last.partners(), last.mode(), last.standing()));
        return this;
    }

    /** The last organization has these partners. */
    public PolicyFixture partners(Partner... partners) {
        Organization last = organizations.remove(organizations.size() - 1);
        organizations.add(last.with(Partners.of(List.of(partners))));
        return this;
    }

    /**
     * A partner by its senders ({@code from fabrikam.com}, {@code from *}) and its conditions, in the words of {@link #connector}.
     */
    public static Partner partner(String name, String... words) {
        List<String> senders = Stream.of(words).filter(word -> word.startsWith("from ")).map(word -> word.substring(5)).toList();
        String[] conditions = Stream.of(words).filter(word -> !word.startsWith("from ")).toArray(String[]::new);
        Connector known = connector(name, Stream.concat(Stream.of(conditions), Stream.of("login nobody")).toArray(String[]::new));
        return new Partner(
                name,
                accepted(senders.stream().filter(sender -> !sender.equals("*")).toList()),
                senders.contains("*"),
                known.certificateNames(),
                known.pins(),
                known.issuers(),
                known.addresses(),
                known.requireTls());
    }

    /** An organization of a directory; {@code "contoso.com and below since 3"} is a dated claim. */
    public PolicyFixture customer(
            String name, SenderProtection protection, Standing standing, List<String> claims, Connector... connectors) {
        List<AcceptedDomain> domains = claims.stream()
                .map(claim -> claim.split(" since "))
                .map(claim -> new AcceptedDomain(
                        accepted(claim[0]).domain(),
                        accepted(claim[0]).subdomains(),
                        claim.length > 1 ? Long.parseLong(claim[1]) : AcceptedDomain.UNDATED))
                .toList();
        organizations.add(new Organization(name, domains, List.of(connectors), protection, Mode.ENFORCE, standing));
        return this;
    }

    public PolicyFixture customer(String name, List<String> claims, Connector... connectors) {
        return customer(name, SenderProtection.RELAY, Standing.OF_DIRECTORY, claims, connectors);
    }

    /** With data of the directory that is too old. */
    public PolicyFixture stale() {
        freshness = () -> true;
        return this;
    }

    public PolicyFixture audit() {
        mode = Mode.AUDIT;
        return this;
    }

    public PolicyFixture rejectUnidentified() {
        unidentifiedMail = UnidentifiedMail.REJECT;
        return this;
    }

    public PolicyFixture trustedLogins(String... patterns) {
        trustedLogins = LoginPatterns.of(Stream.of(patterns).map(PolicyFixture::login).toList());
        return this;
    }

    public PolicyFixture policyDelegation() {
        policyDelegation = true;
        return this;
    }

    public PolicyFixture exempt(String... ranges) {
        for (String range : ranges) {
            exemptClients.add(range(range));
        }
        return this;
    }

    public PolicyFixture local(String... domains) {
        for (String domain : domains) {
            localDomains.add(domain(domain));
        }
        return this;
    }

    public Policy policy() {
        return new Policy(
                organizations,
                new PolicyOptions(
                        unidentifiedMail, trustedLogins, exemptClients, localDomains, Replies.DEFAULT, policyDelegation, mode, ResultHeader.NONE, freshness),
                "0");
    }

    /**
     * The verdict in words, such as {@code accept sender-domain contoso/hq}; {@code audit} for a refusal not carried out.
     *
     * @throws AssertionError if it is explained as another one
     */
    public String decides(Mail mail) {
        Verdict verdict = verdict(mail);
        Verdict explained = explanation(mail).verdict();
        if (!explained.equals(verdict)) {
            throw new AssertionError(describe(verdict) + " is explained as " + describe(explained));
        }
        return describe(verdict);
    }

    public Explanation explanation(Mail mail) {
        return policy().explain(mail.client(), mail.envelope(), mail.recipient());
    }

    Verdict verdict(Mail mail) {
        Policy policy = policy();
        return policy.decide(policy.identify(mail.client()), mail.envelope(), mail.recipient());
    }

    /** The connectors that identify the sender of a mail, the foremost first. */
    public List<String> identifiedBy(Mail mail) {
        return policy().identify(mail.client()).matches().stream()
                .map(match -> match.name().toString())
                .toList();
    }

    public static String describe(Verdict verdict) {
        if (verdict instanceof Verdict.Provisional provisional) {
            return describe(provisional.passing()) + " if " + provisional.conditions().stream().map(Condition::key).collect(Collectors.joining("+"));
        }
        String action = verdict instanceof Verdict.Audit ? "audit" : verdict.action();
        String party = verdict.party().equals(Party.NONE) ? "" : " " + verdict.party();
        return action + " " + verdict.cause().key() + party;
    }

    /**
     * A connector by its conditions: {@code name mail.contoso.com}, {@code address 192.0.2.0/24}, {@code issuer Good CA},
     * {@code header X-Key: value}, {@code keep-headers},
     * {@code certificate 1 mail.contoso.com} (a pinned one and its names), {@code key 2}, {@code login *@contoso.com}, {@code sender-domain contoso.com}, {@code require-tls}, {@code any-domain}, {@code allow-null-sender}, {@code disabled},
     * {@code audit}.
     */
    public static Connector connector(String name, String... conditions) {
        List<CertificateNamePattern> names = new ArrayList<>();
        List<AddressRange> addresses = new ArrayList<>();
        Set<String> issuers = new HashSet<>();
        List<Pin> pins = new ArrayList<>();
        List<LoginPattern> logins = new ArrayList<>();
        List<String> senderDomains = new ArrayList<>();
        Map<FieldName, Set<FieldValue>> headers = new LinkedHashMap<>();
        Set<String> flags = new HashSet<>();
        for (String condition : conditions) {
            int space = condition.indexOf(' ');
            String value = condition.substring(space + 1);
            switch (space < 0 ? "" : condition.substring(0, space)) {
                case "name" -> names.add(pattern(value));
                case "address" -> addresses.add(range(value));
                case "issuer" -> issuers.add(value);
                case "certificate" -> pins.add(pin(Pin.Kind.CERTIFICATE, value));
                case "key" -> pins.add(pin(Pin.Kind.PUBLIC_KEY, value));
                case "login" -> logins.add(login(value));
                case "header" -> headers.computeIfAbsent(fieldName(value.split(": ")[0]), any -> new HashSet<>()).add(fieldValue(value.split(": ")[1]));
                case "sender-domain" -> senderDomains.add(value);
                case "" -> flags.add(condition);
                default -> throw new IllegalArgumentException(condition);
            }
        }
        Set<String> known = Set.of("require-tls", "any-domain", "allow-null-sender", "disabled", "audit", "keep-headers");
        if (!known.containsAll(flags)) {
            throw new IllegalArgumentException(flags.toString());
        }
        return new Connector(
                name,
                names,
                issuers,
                pins,
                LoginPatterns.of(logins),
                new AddressRanges(addresses),
                headers.isEmpty() ? RequiredHeaders.NONE : new RequiredHeaders(headers, !flags.contains("keep-headers")),
                flags.contains("require-tls"),
                !flags.contains("any-domain"),
                flags.contains("allow-null-sender"),
                accepted(senderDomains),
                !flags.contains("disabled"),
                flags.contains("audit") ? Mode.AUDIT : Mode.ENFORCE);
    }

    public static FieldName fieldName(String text) {
        try {
            return FieldName.parse(text);
        } catch (InvalidValueException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static FieldValue fieldValue(String text) {
        try {
            return FieldValue.parse(text);
        } catch (InvalidValueException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** Header fields, such as {@code X-Key: value}, of which these names are asked about. */
    public static HeaderFields fields(Set<FieldName> asked, String... fields) {
        HeaderFields header = new HeaderFields(asked, 1000, 1 << 20);
        for (String field : fields) {
            int colon = field.indexOf(':');
            header.add(
                    field.substring(0, colon).getBytes(StandardCharsets.ISO_8859_1),
                    field.substring(colon + 1).getBytes(StandardCharsets.ISO_8859_1));
        }
        return header;
    }

    public static LoginPattern login(String text) {
        try {
            return LoginPattern.parseTrusted(text);
        } catch (InvalidValueException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** A pin by a short name for its fingerprint, and the names that the certificate is known to have. */
    public static Pin pin(Pin.Kind kind, String text) {
        String[] words = text.split(" ");
        return new Pin(
                kind, fingerprint(words[0]), Stream.of(words).skip(1).map(PolicyFixture::pattern).toList());
    }

    /** A fingerprint by a short name of hexadecimal digits. */
    public static Fingerprint fingerprint(String digits) {
        return new Fingerprint("0".repeat(64 - digits.length()) + digits);
    }

    private static List<AcceptedDomain> accepted(List<String> domains) {
        return domains.stream().map(PolicyFixture::accepted).collect(Collectors.toList());
    }

    public static AcceptedDomain accepted(String text) {
        boolean below = text.endsWith(" and below");
        return new AcceptedDomain(domain(below ? text.substring(0, text.length() - " and below".length()) : text), below);
    }

    public static DomainName domain(String text) {
        try {
            return DomainName.parse(text);
        } catch (InvalidValueException e) {
            throw new IllegalArgumentException(e);
        }
    }

    public static AddressRange range(String text) {
        try {
            return AddressRange.parse(text);
        } catch (InvalidValueException e) {
            throw new IllegalArgumentException(e);
        }
    }

    public static CertificateNamePattern pattern(String text) {
        try {
            return CertificateNamePattern.parse(text);
        } catch (InvalidValueException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** A stranger's plain-text mail from 203.0.113.99, unless said otherwise. */
    public static Mail mail() {
        return new Mail("203.0.113.99", false, "", "", Optional.empty(), "", "", "<>", "", "<b@example.net>", "", "");
    }

    /**
     * One recipient of one message; empty text is what the MTA did not send.
     *
     * @param from the argument of MAIL, brackets included
     * @param mailAddress {@code {mail_addr}}
     * @param rcptAddress {@code {rcpt_addr}}
     */
    public record Mail(
            String address,
            boolean encrypted,
            String certificate,
            String issuer,
            Optional<PresentedCertificate> presented,
            String login,
            String mechanism,
            String from,
            String mailAddress,
            String to,
            String rcptAddress,
            String mailer) {

        public Mail client(String newAddress) {
            return new Mail(
                    newAddress, encrypted, certificate, issuer, presented, login, mechanism, from, mailAddress, to, rcptAddress, mailer);
        }

        public Mail overTls() {
            return new Mail(
                    address, true, certificate, issuer, presented, login, mechanism, from, mailAddress, to, rcptAddress, mailer);
        }

        /** A verified certificate, over TLS as it must be. */
        public Mail certificate(String commonName) {
            return new Mail(
                    address, true, commonName, issuer, presented, login, mechanism, from, mailAddress, to, rcptAddress, mailer);
        }

        public Mail issuedBy(String commonName) {
            return new Mail(
                    address, encrypted, certificate, commonName, presented, login, mechanism, from, mailAddress, to, rcptAddress, mailer);
        }

        /** Postfix told which certificate it is, over TLS as it must be. */
        public Mail presents(String certificateDigits, String keyDigits) {
            return presents(true, new PresentedCertificate(
                    Optional.of(fingerprint(certificateDigits)), Optional.of(fingerprint(keyDigits))));
        }

        /** Postfix told that there is no certificate. */
        public Mail presentsNone() {
            return presents(encrypted, PresentedCertificate.NONE);
        }

        public Mail presents(boolean overTls, PresentedCertificate told) {
            return new Mail(
                    address, overTls, certificate, issuer, Optional.of(told), login, mechanism, from, mailAddress, to, rcptAddress,
                    mailer);
        }

        public Mail login(String newMechanism) {
            return login("alice", newMechanism);
        }

        public Mail login(String name, String newMechanism) {
            return new Mail(
                    address, encrypted, certificate, issuer, presented, name, newMechanism, from, mailAddress, to, rcptAddress, mailer);
        }

        public Mail from(String path) {
            return new Mail(
                    address, encrypted, certificate, issuer, presented, login, mechanism, path, mailAddress, to, rcptAddress, mailer);
        }

        public Mail from(String path, String resolved) {
            return new Mail(
                    address, encrypted, certificate, issuer, presented, login, mechanism, path, resolved, to, rcptAddress, mailer);
        }

        public Mail to(String path) {
            return new Mail(
                    address, encrypted, certificate, issuer, presented, login, mechanism, from, mailAddress, path, rcptAddress, mailer);
        }

        public Mail to(String path, String resolved) {
            return new Mail(
                    address, encrypted, certificate, issuer, presented, login, mechanism, from, mailAddress, path, resolved, mailer);
        }

        public Mail to(String path, String resolved, String newMailer) {
            return new Mail(
                    address, encrypted, certificate, issuer, presented, login, mechanism, from, mailAddress, path, resolved, newMailer);
        }

        public Client client() {
            return new Client(
                    address,
                    IpAddress.parse(address),
                    encrypted,
                    CertificateName.of(certificate),
                    issuer.isEmpty() ? Optional.empty() : Optional.of(issuer),
                    presented,
                    login.isEmpty() ? Optional.empty() : Optional.of(new Authentication(login, mechanism)));
        }

        public Envelope envelope() {
            return new Envelope(address(from, mailAddress, ""));
        }

        public Address recipient() {
            return address(to, rcptAddress, mailer);
        }

        private static Address address(String path, String resolved, String mailer) {
            return new Address(
                    EnvelopeAddress.parse(path.getBytes(StandardCharsets.UTF_8)),
                    resolved.isEmpty() ? Optional.empty() : Optional.of(ResolvedForm.of(resolved, mailer.equals("local"))));
        }
    }
}
// spotless:on
