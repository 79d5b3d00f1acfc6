package io.github.orgmilter.replay;

import io.github.orgmilter.authors.AuthorDecision;
import io.github.orgmilter.header.FromDomains;
import io.github.orgmilter.header.FromDomains.Syntax;
import io.github.orgmilter.identification.Client;
import io.github.orgmilter.identification.Identification;
import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.journal.LogEntry;
import io.github.orgmilter.journal.Outcome;
import io.github.orgmilter.policy.Envelope;
import io.github.orgmilter.replay.OpenMessages.Recipient;
import io.github.orgmilter.verdict.Cause.Refusing;
import io.github.orgmilter.verdict.Verdict;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Decides again about whole messages, by their authors. */
final class HeaderReplay {

    /** A fact that is missing. */
    static final class MissingException extends Exception {
        private static final long serialVersionUID = 1L;

        MissingException(String message) {
            super(message);
        }
    }

    private static final Set<String> BY_AUTHORS =
            Set.of(Refusing.PROTECTED_HEADER_FROM.key(), Refusing.HEADER_LIMIT.key());
    private static final Set<String> IN_DOUBT = Set.of(Refusing.DISPUTED_DOMAIN.key(), Refusing.NO_POLICY_DATA.key());

    private HeaderReplay() {}

    /** Whether it is about a header that did not meet the conditions of recipients: their lines have what became of them. */
    static boolean isByRecipients(LogEntry entry) {
        String cause = entry.outcome().cause();
        return !BY_AUTHORS.contains(cause)
                && !(IN_DOUBT.contains(cause) && entry.authors().isPresent());
    }

    /**
     * What the header refuses under a policy.
     *
     * @param recipients of the message, of which that policy may refuse some
     * @param entry the line about the header, or the last one about its recipients
     * @throws MissingException if it depends on what the line does not have
     */
    static Outcome decide(Decider decider, List<Recipient> recipients, LogEntry entry) throws MissingException {
        Optional<AuthorDecision> decision = concerned(decider, recipients);
        if (decision.isEmpty()) {
            return Outcome.PASSED;
        }
        if (entry.outcome().cause().equals(Refusing.HEADER_LIMIT.key())) {
            return entry.outcome(); // limits are not looked at again
        }
        if (entry.authors().isEmpty() || entry.cut().contains("authors")) {
            throw new MissingException("authors");
        }
        Set<DomainName> domains = entry.authors().get().stream()
                .flatMap(text -> DomainName.ofEnvelope(text).stream())
                .collect(Collectors.toSet());
        FromDomains from = new FromDomains(domains, entry.areAuthorsInvalid() ? Syntax.INVALID : Syntax.VALID);
        return decision.get()
                .decide(from, decider.identify(client(recipients)))
                .map(Outcome::of)
                .orElse(Outcome.PASSED);
    }

    /** The client as it is known at the end: its certificate may have been reported for one of the recipients. */
    private static Client client(List<Recipient> recipients) {
        Client client = recipients.get(0).client();
        for (Recipient recipient : recipients) {
            client = recipient.client().presented().isPresent() ? recipient.client() : client;
        }
        return client;
    }

    /** The decision with its recipients, if the authors could refuse it. */
    private static Optional<AuthorDecision> concerned(Decider decider, List<Recipient> recipients) {
        if (recipients.isEmpty() || decider.policy().authorProtectors().isEmpty()) {
            return Optional.empty();
        }
        Envelope envelope = new Envelope(recipients.get(0).sender());
        AuthorDecision decision = new AuthorDecision(decider.policy(), envelope);
        for (Recipient recipient : recipients) {
            Identification identification = decider.identify(recipient.client());
            Verdict verdict = decider.policy().decide(identification, envelope, recipient.address());
            if (!recipient.failed() && verdict.reply().isEmpty()) {
                decision.accept(recipient.address(), verdict);
            }
        }
        return decision.isConcerned() ? Optional.of(decision) : Optional.empty();
    }
}
