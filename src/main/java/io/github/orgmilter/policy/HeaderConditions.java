package io.github.orgmilter.policy;

import io.github.orgmilter.identification.Identification;
import io.github.orgmilter.identity.ResolvedForm;
import io.github.orgmilter.organization.Mode;
import io.github.orgmilter.verdict.Cause.Accepting;
import io.github.orgmilter.verdict.Condition;
import io.github.orgmilter.verdict.Verdict;
import io.github.orgmilter.verdict.Verdict.Accept;
import io.github.orgmilter.verdict.Verdict.Audit;
import io.github.orgmilter.verdict.Verdict.Provisional;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the header of one message must show so that its provisional recipients pass: docs/rules.md, 7.7. Each condition is kept once,
 * however many recipients the message has: it is the same for each, but for the recipient by whose organization's audit a refusal may
 * be softened.
 */
public final class HeaderConditions {

    private final Policy policy;
    private final Envelope envelope;
    private final Map<Condition, List<Address>> recipients = new EnumMap<>(Condition.class);

    /** Before the first recipient. */
    public HeaderConditions(Policy policy, Envelope envelope) {
        this.policy = policy;
        this.envelope = envelope;
    }

    /** Takes a recipient that passes if the header meets the conditions. */
    public void accept(Address recipient, Provisional verdict) {
        for (Condition condition : verdict.conditions()) {
            List<Address> its = recipients.computeIfAbsent(condition, any -> new ArrayList<>(1));
            if (condition == Condition.RESTRICTION) {
                addOfAnotherDomain(recipient, its);
            } else if (its.isEmpty()) {
                its.add(recipient);
            } else if (policy.modeOf(its.get(0)) == Mode.AUDIT) { // one that no audit softens counts for all
                its.set(0, recipient);
            }
        }
    }

    /** Partners restrict by the domain of the recipient. */
    private static void addOfAnotherDomain(Address recipient, List<Address> others) {
        boolean unlike = others.stream()
                .noneMatch(other -> other.domain().equals(recipient.domain())
                        && other.resolved()
                                .flatMap(ResolvedForm::domain)
                                .equals(recipient.resolved().flatMap(ResolvedForm::domain)));
        if (unlike) {
            others.add(recipient);
        }
    }

    /** Whether the message depends on none. */
    public boolean isEmpty() {
        return recipients.isEmpty();
    }

    /**
     * Decides at the end of the header.
     *
     * @param identification by the header as well
     * @return the first refusal that is carried out, or else the first one that audit softens; empty if all conditions are met
     */
    public Optional<Verdict> decide(Identification identification) {
        Optional<Verdict> softened = Optional.empty();
        for (Map.Entry<Condition, List<Address>> condition : recipients.entrySet()) { // in their order
            for (Address recipient : condition.getValue()) {
                Optional<Verdict> refusal =
                        new Decision(policy, identification, envelope, recipient).atEndOfHeader(condition.getKey());
                if (refusal.isPresent() && refusal.get().reply().isPresent()) {
                    return refusal;
                }
                softened = softened.isPresent() ? softened : refusal;
            }
        }
        return softened;
    }

    /**
     * What a provisional recipient has become, if the message is not refused.
     *
     * @param identification by the header as well
     */
    public Verdict settled(Provisional verdict, Identification identification) {
        List<Address> relayed = recipients.get(Condition.RELAY);
        if (relayed != null && verdict.conditions().contains(Condition.RELAY)) {
            Verdict relay = new Decision(policy, identification, envelope, relayed.get(0)).relayAtEndOfHeader();
            return relay instanceof Accept && verdict.passing() instanceof Audit ? verdict.passing() : relay;
        }
        return verdict.passing().cause() == Accepting.INBOUND && identification.isIdentified()
                ? new Accept(Accepting.INBOUND, identification.foremost())
                : verdict.passing();
    }
}
