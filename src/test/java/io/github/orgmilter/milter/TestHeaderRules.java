package io.github.orgmilter.milter;

import io.github.orgmilter.header.FieldName;
import io.github.orgmilter.header.FieldValue;
import io.github.orgmilter.header.HeaderFields;
import io.github.orgmilter.identification.Identification;
import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.identity.InvalidValueException;
import io.github.orgmilter.milter.header.HeaderAccess;
import io.github.orgmilter.milter.header.HeaderChange;
import io.github.orgmilter.milter.header.HeaderChange.Insert;
import io.github.orgmilter.milter.header.HeaderChange.Remove;
import io.github.orgmilter.milter.header.HeaderDecision;
import io.github.orgmilter.milter.header.HeaderRules;
import io.github.orgmilter.organization.Party;
import io.github.orgmilter.policy.Address;
import io.github.orgmilter.policy.Envelope;
import io.github.orgmilter.policy.Policy;
import io.github.orgmilter.verdict.Cause;
import io.github.orgmilter.verdict.SmtpReply;
import io.github.orgmilter.verdict.Verdict;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a test wants of header fields: a key in each relayed message, no author at contoso.com, and a result in all of them. */
final class TestHeaderRules implements HeaderRules {

    static final FieldName KEY = new FieldName("X-Key");
    static final FieldName RESULT = new FieldName("X-Result");

    HeaderAccess access = HeaderAccess.CHANGE;
    HeaderAccess needed = HeaderAccess.CHANGE;
    Set<FieldName> asked = Set.of(KEY, RESULT, FieldName.FROM);
    boolean fails;

    @Override
    public HeaderAccess access() {
        return access;
    }

    @Override
    public HeaderDecision begin(Policy policy, Envelope envelope) {
        return new TestDecision(this);
    }

    private static final class TestDecision implements HeaderDecision {
        private final TestHeaderRules rules;
        private boolean relays;

        TestDecision(TestHeaderRules rules) {
            this.rules = rules;
        }

        @Override
        public HeaderAccess needs(Identification identification, Address recipient, Verdict verdict) {
            return rules.needed;
        }

        @Override
        public void accept(Identification identification, Address recipient, Verdict verdict) {
            relays |= verdict.cause() == Cause.Accepting.SENDER_DOMAIN;
        }

        @Override
        public Set<FieldName> asked() {
            return rules.asked;
        }

        @Override
        public Optional<Verdict> decide(HeaderFields fields) {
            if (rules.fails) {
                throw new IllegalStateException("the rules fail");
            }
            boolean holds;
            try {
                holds = fields.value(KEY).equals(Optional.of(FieldValue.parse("secret")));
            } catch (InvalidValueException e) {
                throw new AssertionError(e);
            }
            boolean forged = fields.from()
                    .domains()
                    .contains(DomainName.ofEnvelope("contoso.com").orElseThrow());
            return (relays && !holds) || forged
                    ? Optional.of(new Verdict.Reject(
                            Cause.Refusing.NOT_IDENTIFIED,
                            new SmtpReply(550, "5.7.1", List.of("Not from this server")),
                            Party.NONE))
                    : Optional.empty();
        }

        @Override
        public Verdict settled(Verdict verdict) {
            return verdict;
        }

        @Override
        public List<HeaderChange> changes(HeaderFields fields) {
            return List.of(
                    new Insert(RESULT, "identified"),
                    new Remove(KEY, fields.copies(KEY)),
                    new Remove(RESULT, fields.copies(RESULT)));
        }
    }
}
