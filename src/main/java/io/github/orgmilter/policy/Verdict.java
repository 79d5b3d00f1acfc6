package io.github.orgmilter.policy;

import java.util.Optional;

/** What becomes of one recipient, and why. */
public sealed interface Verdict {

    /**
     * The recipient may pass.
     *
     * @param organization the one whose connector carries it, else the one whose domain receives it
     * @param connector the connector that identified the client, if one did
     */
    record Accept(Ground ground, Optional<String> organization, Optional<String> connector) implements Verdict {
        @Override
        public String cause() {
            return ground.key();
        }

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
     * @param organization the one whose connector identified the client, else the one whose domain is protected
     * @param connector the connector that identified the client, if one did
     */
    record Reject(Cause reason, SmtpReply refusal, Optional<String> organization, Optional<String> connector)
            implements Verdict {
        @Override
        public String cause() {
            return reason.key();
        }

        @Override
        public String action() {
            return "reject";
        }

        @Override
        public Optional<SmtpReply> reply() {
            return Optional.of(refusal);
        }
    }

    /**
     * The recipient would be refused, and passes for the time being ({@link Mode#AUDIT}).
     *
     * @param would what would be said
     */
    record Audit(Reject would) implements Verdict {
        @Override
        public String cause() {
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
        public Optional<String> organization() {
            return would.organization();
        }

        @Override
        public Optional<String> connector() {
            return would.connector();
        }
    }

    /** Nothing can be said now; the client is to try again. */
    record Tempfail(Cause reason, SmtpReply refusal) implements Verdict {
        @Override
        public String cause() {
            return reason.key();
        }

        @Override
        public String action() {
            return "tempfail";
        }

        @Override
        public Optional<SmtpReply> reply() {
            return Optional.of(refusal);
        }

        @Override
        public Optional<String> organization() {
            return Optional.empty();
        }

        @Override
        public Optional<String> connector() {
            return Optional.empty();
        }
    }

    /** The key of the cause, such as {@code sender-domain} or {@code not-identified}. */
    String cause();

    /** {@code accept}, {@code reject} or {@code tempfail}. */
    String action();

    /** The SMTP reply; empty for an accepted recipient, about which the MTA has the word. */
    Optional<SmtpReply> reply();

    Optional<String> organization();

    Optional<String> connector();
}
