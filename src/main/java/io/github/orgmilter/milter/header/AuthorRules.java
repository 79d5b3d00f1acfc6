package io.github.orgmilter.milter.header;

import io.github.orgmilter.authors.AuthorDecision;
import io.github.orgmilter.header.FieldName;
import io.github.orgmilter.header.HeaderFields;
import io.github.orgmilter.identification.Identification;
import io.github.orgmilter.policy.Address;
import io.github.orgmilter.policy.Envelope;
import io.github.orgmilter.policy.Policy;
import io.github.orgmilter.verdict.Verdict;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** {@code header-from} (docs/rules.md, section 14) as a rule that looks at header fields. */
public final class AuthorRules implements HeaderRules {

    private static final Set<FieldName> FROM = Set.of(FieldName.FROM);

    private final Supplier<Policy> current;
    private final BooleanSupplier mayCome;

    /**
     * The rule, as it is current.
     *
     * @param mayCome whether an organization may have it before the session ends, though none has it now
     */
    public AuthorRules(Supplier<Policy> current, BooleanSupplier mayCome) {
        this.current = current;
        this.mayCome = mayCome;
    }

    @Override
    public HeaderAccess access() {
        return mayCome.getAsBoolean() || !current.get().authorProtectors().isEmpty()
                ? HeaderAccess.READ
                : HeaderAccess.NONE;
    }

    @Override
    public HeaderDecision begin(Policy policy, Envelope envelope) {
        return policy.authorProtectors().isEmpty() ? HeaderDecision.NONE : new ByAuthors(policy, envelope);
    }

    private static final class ByAuthors implements HeaderDecision {

        private final Policy policy;
        private final AuthorDecision decision;

        ByAuthors(Policy policy, Envelope envelope) {
            this.policy = policy;
            this.decision = new AuthorDecision(policy, envelope);
        }

        @Override
        public HeaderAccess needs(Identification identification, Address recipient, Verdict verdict) {
            return AuthorDecision.concerns(policy, recipient, verdict) ? HeaderAccess.READ : HeaderAccess.NONE;
        }

        @Override
        public void accept(Identification identification, Address recipient, Verdict verdict) {
            decision.accept(identification, recipient, verdict);
        }

        @Override
        public Set<FieldName> asked() {
            return decision.isConcerned() ? FROM : Set.of();
        }

        @Override
        public Optional<Verdict> decide(HeaderFields fields) {
            return decision.isConcerned() ? decision.decide(fields.from()) : Optional.empty();
        }

        @Override
        public List<HeaderChange> changes(HeaderFields fields) {
            return List.of();
        }
    }
}
