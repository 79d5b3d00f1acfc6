package io.github.orgmilter.milter.header;

import io.github.orgmilter.authors.MessageDecision;
import io.github.orgmilter.header.FieldName;
import io.github.orgmilter.header.HeaderFields;
import io.github.orgmilter.identification.Identification;
import io.github.orgmilter.policy.Address;
import io.github.orgmilter.policy.Envelope;
import io.github.orgmilter.policy.Policy;
import io.github.orgmilter.policy.options.ResultHeader;
import io.github.orgmilter.verdict.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** The rules of a policy that look at header fields: docs/rules.md, 3.11, 7.7 and sections 14 and 16. */
public final class PolicyHeaderRules implements HeaderRules {

    private final Supplier<Policy> current;
    private final Supplier<HeaderAccess> mayCome;

    /**
     * The rules, as they are current.
     *
     * @param mayCome what an organization may need before the session ends, though none needs it now
     */
    public PolicyHeaderRules(Supplier<Policy> current, Supplier<HeaderAccess> mayCome) {
        this.current = current;
        this.mayCome = mayCome;
    }

    @Override
    public HeaderAccess access() {
        Policy policy = current.get();
        HeaderAccess now = HeaderAccess.NONE;
        if (policy.removesHeaders() || !policy.options().resultHeader().isOff()) {
            now = HeaderAccess.CHANGE;
        } else if (policy.requiresHeaders() || !policy.authorProtectors().isEmpty()) {
            now = HeaderAccess.READ;
        }
        HeaderAccess later = mayCome.get();
        return now.compareTo(later) < 0 ? later : now;
    }

    @Override
    public HeaderDecision begin(Policy policy, Envelope envelope) {
        boolean unused = !policy.requiresHeaders()
                && policy.authorProtectors().isEmpty()
                && policy.options().resultHeader().isOff();
        return unused ? HeaderDecision.NONE : new ByPolicy(policy, envelope);
    }

    private static final class ByPolicy implements HeaderDecision {

        private final Policy policy;
        private final MessageDecision decision;

        ByPolicy(Policy policy, Envelope envelope) {
            this.policy = policy;
            this.decision = new MessageDecision(policy, envelope);
        }

        @Override
        public HeaderAccess needs(Identification identification, Address recipient, Verdict verdict) {
            if (MessageDecision.changesHeader(policy, identification)) {
                return HeaderAccess.CHANGE;
            }
            return MessageDecision.dependsOnHeader(policy, recipient, verdict) ? HeaderAccess.READ : HeaderAccess.NONE;
        }

        @Override
        public void accept(Identification identification, Address recipient, Verdict verdict) {
            decision.accept(identification, recipient, verdict);
        }

        @Override
        public Set<FieldName> asked() {
            return decision.asked();
        }

        @Override
        public Optional<Verdict> decide(HeaderFields fields) {
            return decision.decide(fields);
        }

        @Override
        public Verdict settled(Verdict verdict) {
            return decision.settled(verdict);
        }

        @Override
        public List<HeaderChange> changes(HeaderFields fields) {
            ResultHeader result = policy.options().resultHeader();
            List<HeaderChange> changes = new ArrayList<>();
            for (FieldName name : fields.names()) {
                if (isRemoved(name, result)) {
                    changes.add(new HeaderChange.Remove(name, fields.copies(name)));
                }
            }
            decision.result().ifPresent(value -> changes.add(new HeaderChange.Insert(result.name(), value)));
            return changes;
        }

        private boolean isRemoved(FieldName name, ResultHeader result) {
            return (!result.isOff() && name.equals(result.name()))
                    || decision.identification()
                            .filter(client -> client.undecided().remove(name))
                            .isPresent();
        }
    }
}
