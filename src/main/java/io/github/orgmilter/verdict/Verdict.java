package io.github.orgmilter.verdict;

import io.github.orgmilter.organization.Mode;
import io.github.orgmilter.organization.Party;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What becomes of one recipient, and why. */
public sealed interface Verdict {

    /**
     * The recipient may pass.
     *
     * @param party the connector that carries it or identified the client, else the organization whose domain receives it
     */
    record Accept(Cause.Accepting cause, Party party) implements Verdict {
        @Override
        public String action() {
            return "accept";
        }

        @Override
        public Optional<SmtpReply> reply() {
            return Optional.empty();
        }
    }

    /**
     * The recipient is refused.
     *
     * @param party the connector that identified the client, else the organization whose domain is protected
     */
    record Reject(Cause.Refusing cause, SmtpReply refusal, Party party) implements Verdict {
        @Override
        public String action() {
            return "reject";
        }

        @Override
        public Optional<SmtpReply> reply() {
            return Optional.of(refusal);
        }
    }

    /** The recipient would be refused, and passes because of {@link Mode#AUDIT}. */
    record Audit(Reject would) implements Verdict {
        @Override
        public Cause.Refusing cause() {
            return would.cause();
        }

        @Override
        public String action() {
            return "accept";
        }

        @Override
        public Optional<SmtpReply> reply() {
            return Optional.empty();
        }

        @Override
        public Party party() {
            return would.party();
        }
    }

    /**
     * The recipient may pass if the header of its message meets conditions: docs/rules.md, 7.7.
     *
     * @param passing an {@link Accept} or an {@link Audit}, as far as is known without the header
     * @param conditions in their order; not empty
     */
    record Provisional(Verdict passing, Set<Condition> conditions) implements Verdict {

        public Provisional {
            conditions = conditions.size() == 1
                    ? Set.copyOf(conditions)
                    : Collections.unmodifiableSet(EnumSet.copyOf(conditions));
            if (passing.reply().isPresent()) {
                throw new IllegalArgumentException("a refusal is not provisional");
            }
        }

        /** The conditions as logs have them, such as {@code relay,protection}. */
        public String keys() {
            return conditions.stream().map(Condition::key).collect(Collectors.joining(","));
        }

        @Override
        public Cause cause() {
            return passing.cause();
        }

        @Override
        public String action() {
            return passing.action();
        }

        @Override
        public Optional<SmtpReply> reply() {
            return Optional.empty();
        }

        @Override
        public Party party() {
            return passing.party();
        }
    }

    /** It cannot be decided now; the client must try again. */
    record Tempfail(Cause.Refusing cause, SmtpReply refusal) implements Verdict {
        @Override
        public String action() {
            return "tempfail";
        }

        @Override
        public Optional<SmtpReply> reply() {
            return Optional.of(refusal);
        }

        @Override
        public Party party() {
            return Party.NONE;
        }
    }

    Cause cause();

    /** Whether it is a refusal that audit does not carry out. */
    default boolean isAudited() {
        return this instanceof Audit || (this instanceof Provisional its && its.passing() instanceof Audit);
    }

    /** {@code accept}, {@code reject} or {@code tempfail}. */
    String action();

    /** The SMTP reply; empty for an accepted recipient, which the MTA answers. */
    Optional<SmtpReply> reply();

    Party party();
}
