package io.github.orgmilter.verdict;

import io.github.orgmilter.organization.Mode;
import io.github.orgmilter.organization.Party;
import java.util.Optional;

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

    /** {@code accept}, {@code reject} or {@code tempfail}. */
    String action();

    /** The SMTP reply; empty for an accepted recipient, which the MTA answers. */
    Optional<SmtpReply> reply();

    Party party();
}
