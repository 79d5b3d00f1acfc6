package io.github.orgmilter.milter.header;

import io.github.orgmilter.policy.Envelope;
import io.github.orgmilter.policy.Policy;

/** The rules that look at header fields, as they are current. */
public interface HeaderRules {

    /** No rule does: sessions do not ask for header fields. */
    HeaderRules NONE = new HeaderRules() {
        @Override
        public HeaderAccess access() {
            return HeaderAccess.NONE;
        }

        @Override
        public HeaderDecision begin(Policy policy, Envelope envelope) {
            return HeaderDecision.NONE;
        }
    };

    /** What a session that begins now asks its MTA for: what its messages may need, under the current policy or a later one. */
    HeaderAccess access();

    /** The decision on a message that begins, by the policy that was current at its MAIL. */
    HeaderDecision begin(Policy policy, Envelope envelope);
}
