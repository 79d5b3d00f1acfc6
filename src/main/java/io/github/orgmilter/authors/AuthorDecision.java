package io.github.orgmilter.authors;

import io.github.orgmilter.header.FromDomains;
import io.github.orgmilter.header.FromDomains.Syntax;
import io.github.orgmilter.identification.Identification;
import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.organization.HeaderFrom;
import io.github.orgmilter.organization.Mode;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.organization.Party;
import io.github.orgmilter.policy.Address;
import io.github.orgmilter.policy.Envelope;
import io.github.orgmilter.policy.Policy;
import io.github.orgmilter.verdict.Cause.Accepting;
import io.github.orgmilter.verdict.Cause.Refusing;
import io.github.orgmilter.verdict.SmtpReply;
import io.github.orgmilter.verdict.Verdict;
import io.github.orgmilter.verdict.Verdict.Reject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The decision on one message by the authors in its {@code From} fields: docs/rules.md, section 14. First it takes every accepted
 * recipient, then it decides.
 */
public final class AuthorDecision {

    private static final Comparator<DomainName> BY_NAME = Comparator.comparing(DomainName::ascii);

    private final Policy policy;
    private final Envelope envelope;
    private boolean relayed;
    private boolean concerned;

    /** Before the first recipient. */
    public AuthorDecision(Policy policy, Envelope envelope) {
        this.policy = policy;
        this.envelope = envelope;
    }

    /**
     * Whether the authors may still refuse a message with this recipient.
     *
     * @param verdict on the recipient: an accept, or what audit makes of a refusal
     */
    public static boolean concerns(Policy policy, Address recipient, Verdict verdict) {
        return !isExempt(verdict)
                && (policy.authorProtectors().concernEveryMessage()
                        || (!policy.authorProtectors().isEmpty() && !policy.isInbound(recipient)));
    }

    // 7.2, steps 1 and 2
    private static boolean isExempt(Verdict verdict) {
        return verdict.cause() == Accepting.AUTHENTICATED || verdict.cause() == Accepting.EXEMPT_CLIENT;
    }

    /** Takes a recipient that the rules for recipients accept. */
    public void accept(Address recipient, Verdict verdict) {
        concerned |= concerns(policy, recipient, verdict);
        relayed |= !policy.isInbound(recipient);
    }

    /** Whether the authors may refuse the message. */
    public boolean isConcerned() {
        return concerned;
    }

    /**
     * Decides.
     *
     * @param from the authors of the message
     * @param client by the header as well
     * @return empty if they refuse nothing
     */
    public Optional<Verdict> decide(FromDomains from, Identification client) {
        if (!concerned) {
            return Optional.empty();
        }
        if (isUncertain(from)) {
            return policy.authorProtectors()
                    .first()
                    .map(protector -> refuse(client, client.foremost(), protector.mode(), true));
        }
        List<Protection> forbidding =
                protections(from, client).stream().filter(Protection::forbids).toList();
        if (forbidding.isEmpty()) {
            return Optional.empty();
        }
        List<Protection> enforced = forbidding.stream()
                .filter(protection -> protection.organization().mode() == Mode.ENFORCE)
                .toList();
        List<Protection> deciding = enforced.isEmpty() ? forbidding : enforced;
        Optional<Protection> certain = deciding.stream()
                .filter(protection -> !isInDoubt(protection, client))
                .findFirst();
        Organization protector = certain.orElse(deciding.get(0)).organization();
        Party party = client.isIdentified() ? client.foremost() : new Party.OrganizationName(protector.name());
        return Optional.of(refuse(client, party, protector.mode(), certain.isPresent()));
    }

    /** 14.3: whether it cannot be said whose the authors are, where that matters. */
    public boolean isUncertain(FromDomains from) {
        return relayed && from.syntax() == Syntax.INVALID;
    }

    /** The domains of the authors that organizations protect, with each of these. */
    public List<Protection> protections(FromDomains from, Identification client) {
        List<Protection> protections = new ArrayList<>();
        // In an order that is the same each time: the first one that refuses is named.
        for (DomainName domain : from.domains().stream().sorted(BY_NAME).toList()) {
            List<Organization> claimants = policy.claimants(domain);
            for (Organization organization : claimants) {
                if (organization.headerFrom() != HeaderFrom.OFF) {
                    protections.add(new Protection(
                            domain,
                            organization,
                            relayed || organization.headerFrom() == HeaderFrom.ALL,
                            client.isIdentifiedBy(organization),
                            claimants.size() > 1));
                }
            }
        }
        return protections;
    }

    // 14.4
    private static boolean isInDoubt(Protection protection, Identification client) {
        return protection.organization().standing().connectorsUnreadable()
                || (protection.disputed() && client.isIdentified());
    }

    private Verdict refuse(Identification client, Party party, Mode mode, boolean certain) {
        Reject reject =
                new Reject(Refusing.PROTECTED_HEADER_FROM, reply(Refusing.PROTECTED_HEADER_FROM, client), party);
        if (mode == Mode.AUDIT || policy.options().mode() == Mode.AUDIT) {
            return new Verdict.Audit(reject);
        }
        if (!certain) {
            return tempfail(Refusing.DISPUTED_DOMAIN, client);
        }
        return policy.mayBePinned(client) && client.client().presented().isEmpty() // 9.3
                ? tempfail(Refusing.NO_POLICY_DATA, client)
                : reject;
    }

    private Verdict tempfail(Refusing cause, Identification client) {
        return new Verdict.Tempfail(cause, reply(cause, client));
    }

    private SmtpReply reply(Refusing cause, Identification client) {
        return policy.options()
                .replies()
                .reply(cause, client.client().display(), envelope.sender().shownDomain());
    }
}
