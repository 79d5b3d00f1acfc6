package io.github.orgmilter.policy;

import io.github.orgmilter.identification.Identification;
import io.github.orgmilter.organization.Mode;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.organization.Party;
import io.github.orgmilter.partner.Closeness;
import io.github.orgmilter.verdict.Cause.Accepting;
import io.github.orgmilter.verdict.Cause.Refusing;
import io.github.orgmilter.verdict.SmtpReply;
import io.github.orgmilter.verdict.Verdict;
import io.github.orgmilter.verdict.Verdict.Accept;
import io.github.orgmilter.verdict.Verdict.Reject;

/** What an answer to the questions comes to: verdicts, in whose name, and whether audit (docs/rules.md, section 8) softens them. */
class Outcomes extends Questions {

    private final Policy policy;
    private final Identification identification;
    private final Address recipient;

    Outcomes(Policy policy, Identification identification, Envelope envelope, Address recipient) {
        super(policy, identification, envelope, recipient);
        this.policy = policy;
        this.identification = identification;
        this.recipient = recipient;
    }

    final Accept accept(Accepting cause) {
        return new Accept(cause, identification.foremost());
    }

    final Refusing tlsOr(Refusing cause) {
        return identification.isTlsMissing() ? Refusing.TLS_REQUIRED : cause;
    }

    final Verdict refuse(Refusing cause, Mode mode) {
        return refuse(new Reject(cause, reply(cause), identification.foremost()), mode);
    }

    final Verdict refuseProtected(Organization protector) {
        Party party = identification.foremost();
        if (!identification.isIdentified() && !sender().isUncertain()) {
            party = new Party.OrganizationName(protector.name());
        }
        return refuse(new Reject(Refusing.PROTECTED_SENDER, reply(Refusing.PROTECTED_SENDER), party), protector.mode());
    }

    /** 15.4 */
    final Verdict refuseRestricted(PartnerRestriction restriction) {
        Refusing cause =
                restriction.closeness() == Closeness.TLS_MISSING ? Refusing.TLS_REQUIRED : Refusing.PARTNER_RESTRICTION;
        Organization organization = restriction.organization();
        Party party = identification.isIdentified()
                ? identification.foremost()
                : new Party.OrganizationName(organization.name());
        Verdict refusal = refuse(new Reject(cause, reply(cause), party), organization.mode());
        if (refusal instanceof Verdict.Audit) {
            return refusal;
        }
        if (!restriction.certain()) {
            return tempfail(Refusing.DISPUTED_DOMAIN);
        }
        return restriction.closeness() == Closeness.CERTIFICATE_UNKNOWN ? tempfail(Refusing.NO_POLICY_DATA) : refusal;
    }

    /** 8.1 */
    private Verdict refuse(Reject reject, Mode mode) {
        return mode == Mode.AUDIT || policy.options().mode() == Mode.AUDIT ? new Verdict.Audit(reject) : reject;
    }

    final Verdict tempfail(Refusing cause) {
        return new Verdict.Tempfail(cause, reply(cause));
    }

    private SmtpReply reply(Refusing cause) {
        return policy.options().replies().reply(cause, client().display(), sender().shownDomain());
    }

    /** 8.2: audit, if all connectors that identify the client are in it and no organization in enforce protects the sender. */
    final Mode modeOfIdentified() {
        boolean audit = identification.isIdentified()
                && identification.matches().stream()
                        .allMatch(match -> match.connector().mode() == Mode.AUDIT);
        return audit && !policy.protectedSenders().isEnforcedAgainst(sender(), identification)
                ? Mode.AUDIT
                : Mode.ENFORCE;
    }

    /** 8.2: that of the recipient's organization. Not the sender's: anybody can write any sender. */
    final Mode modeOfRecipient() {
        return policy.modeOf(recipient);
    }
}
