package io.github.orgmilter.policy;

import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.identity.EnvelopeAddress.Mailbox;
import io.github.orgmilter.policy.Explanation.ConnectorReason;
import io.github.orgmilter.policy.Explanation.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Puts the questions of one decision, and their answers, into sentences. */
final class ReasonWriter implements Trace {

    private static final String NO_DOMAIN = "(no domain)";
    private static final String BY_MAPPING = " (by Unicode mapping alone, which permits nothing)";

    private final AcceptedDomains acceptedDomains;
    private final WildcardLimits wildcardLimits;
    private final Address sender;
    private final List<ConnectorReason> connectors = new ArrayList<>();
    private final List<Step> steps = new ArrayList<>();

    ReasonWriter(AcceptedDomains acceptedDomains, WildcardLimits wildcardLimits, Address sender) {
        this.acceptedDomains = acceptedDomains;
        this.wildcardLimits = wildcardLimits;
        this.sender = sender;
    }

    List<ConnectorReason> connectors() {
        return connectors;
    }

    List<Step> steps() {
        return steps;
    }

    /** Says whether this connector is among those that identify the client, and by what or why not. */
    void connector(Connectors.Member member, Identification identification) {
        Connector connector = member.connector();
        Optional<IdentityMatch> match = identification.matches().stream()
                .filter(m -> m.organization().is(member.organization())
                        && m.connector().name().equals(connector.name()))
                .findFirst();
        connectors.add(new ConnectorReason(
                member.organization().name(),
                connector.name(),
                match.isPresent(),
                match.map(IdentityReason::by)
                        .orElseGet(() -> IdentityReason.whyNot(member, identification.client(), wildcardLimits))));
    }

    @Override
    public boolean answer(Question question, Object subject, boolean answer) {
        steps.add(new Step(answer, sentence(question, subject, answer)));
        return answer;
    }

    private String sentence(Question question, Object subject, boolean yes) {
        return switch (question) {
            case LOGGED_IN -> yes ? "the client is logged in, and trust-authenticated is on" : login(subject);
            case EXEMPT -> "the client " + (yes ? "is one" : "is none") + " of exempt-clients";
            case RECIPIENT_READABLE -> "the recipient's syntax " + (yes ? "can" : "cannot") + " be read";
            case SENDER_READABLE -> "the sender's syntax " + (yes ? "can" : "cannot") + " be read";
            case INBOUND -> recipient((Address) subject, yes);
            case PROTECTED_INBOUND ->
                ownership((Organization) subject)
                        + ", whose sender-protection is all, and whose connectors do not identify the client";
            case IDENTIFIED -> identified((Identification) subject, yes);
            case CERTIFICATE_TOLD ->
                "it is " + (yes ? "" : "not ") + "known which certificate the client presented, if any";
            case SENDER_WITHIN_LIMIT ->
                name(subject) + ": the sender " + domain(sender) + (yes ? " is" : " is not")
                        + " one of its sender-domains";
            case SENDER_DOMAIN ->
                name(subject) + ": the sender " + domain(sender) + (yes ? " is" : " is not") + " an accepted domain of "
                        + ((IdentityMatch) subject).organization().name();
            case CERTIFICATE_DOMAIN -> name(subject) + ": " + certificateDomain((IdentityMatch) subject, yes);
            case ANY_DOMAIN ->
                name(subject) + ": " + (yes ? "identification is enough" : "identification alone is not enough")
                        + " (require-accepted-domain = " + !yes + ")";
            case NULL_SENDER_ALLOWED ->
                name(subject) + ": the null sender " + (yes ? "may" : "may not") + " pass (allow-null-sender = " + yes
                        + ")";
            case PROTECTED_RELAY ->
                "but " + ownership((Organization) subject)
                        + ", whose sender-protection keeps it from other organizations' connectors";
        };
    }

    private String ownership(Organization organization) {
        return sender.isUncertain()
                ? "it cannot be told whose address the sender is, and it could be one of " + organization.name()
                : "the sender's domain is one of " + organization.name();
    }

    private static String login(Object authentication) {
        if (!(authentication instanceof Optional<?> optional) || optional.isEmpty()) {
            return "the client is not logged in";
        }
        Authentication login = (Authentication) optional.get();
        return "the login does not count: "
                + (login.isLogin()
                        ? "trust-authenticated is off"
                        : login.mechanism().isEmpty() ? "the MTA reports no mechanism" : "its mechanism is EXTERNAL");
    }

    private String recipient(Address recipient, boolean inbound) {
        if (!(recipient.given() instanceof Mailbox mailbox)) {
            return "the recipient is no address";
        }
        if (mailbox.hasRoutingCharacters()) {
            return "the recipient is relayed: its local part has one of % ! @, or a source route";
        }
        if (!mailbox.qualified()) {
            return inbound
                    ? "the recipient is inbound: it has no domain, and is postmaster or delivered by the MTA itself"
                    : "the recipient is relayed: it has no domain, and is neither postmaster nor known to be local";
        }
        String given = place(mailbox.domain(), mailbox.mapped());
        String resolved = recipient
                .resolved()
                .map(form -> ", and the MTA resolved it to " + place(form.domain(), form.mapped()))
                .orElse("");
        return "the recipient is " + (inbound ? "inbound: " : "relayed: ") + given + resolved;
    }

    private String place(Optional<DomainName> domain, boolean mapped) {
        if (domain.isEmpty()) {
            return "something that is no domain name";
        }
        DomainName name = domain.get();
        if (mapped) {
            return "a name that is " + name + BY_MAPPING;
        }
        if (acceptedDomains.isLocal(name)) {
            return name + ", a local domain";
        }
        return acceptedDomains
                .owner(name)
                .map(owner -> name + ", an accepted domain of " + owner.name())
                .orElse(name + ", which is no accepted or local domain");
    }

    private static String identified(Identification identification, boolean yes) {
        if (yes) {
            return "the client is identified by "
                    + identification.matches().stream().map(ReasonWriter::name).collect(Collectors.joining(", then "));
        }
        return "no connector identifies the client"
                + (identification.isTlsMissing() ? ", only because the connection is not encrypted" : "");
    }

    private String certificateDomain(IdentityMatch match, boolean yes) {
        if (match.certificate().isEmpty()) {
            return "there is no certificate whose domain could count";
        }
        List<String> names = match.certificate().get().names();
        if (names.isEmpty()) {
            return "no name of the pinned certificate is known whose domain could count";
        }
        List<String> owners = new ArrayList<>();
        match.certificate().get().anyName(name -> {
            owners.add(acceptedDomains
                    .certificateOwner(name)
                    .map(Organization::name)
                    .orElse("no organization"));
            return false;
        });
        return "the certificate name " + String.join(" or ", names)
                + " belongs to " + owners.stream().distinct().collect(Collectors.joining(" or "))
                + (yes ? "" : ", not to " + match.organization().name());
    }

    private static String domain(Address sender) {
        String given =
                sender.given() instanceof Mailbox mailbox ? domain(mailbox.domain(), mailbox.mapped()) : NO_DOMAIN;
        return sender.resolved()
                .map(form -> domain(form.domain(), form.mapped()))
                .filter(resolved -> !resolved.equals(given))
                .map(resolved -> given + ", resolved to " + resolved + ",")
                .orElse(given);
    }

    private static String domain(Optional<DomainName> domain, boolean mapped) {
        return domain.map(name -> name + (mapped ? BY_MAPPING : "")).orElse(NO_DOMAIN);
    }

    private static String name(Object match) {
        IdentityMatch identity = (IdentityMatch) match;
        return identity.organization().name() + "/" + identity.connector().name();
    }
}
