package io.github.orgmilter.probe;

import io.github.orgmilter.identification.Client;
import io.github.orgmilter.mta.MtaReport;
import io.github.orgmilter.policy.Address;
import io.github.orgmilter.policy.Policy;
import io.github.orgmilter.probe.Attempt.Judgement;
import io.github.orgmilter.probe.Attempt.Source;
import io.github.orgmilter.probe.smtp.Answer;
import io.github.orgmilter.probe.smtp.Envelope;
import io.github.orgmilter.verdict.Verdict;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What the configuration answers a client.
 *
 * @param clients the client, as the MTA may report it: twice if its certificate may be verified or not
 */
record Expectation(Policy policy, List<Reported> clients) {

    /** A client, with the MTA's terms. */
    record Reported(MtaReport report, Client client) {}

    Expectation {
        clients = List.copyOf(clients);
    }

    List<Verdict> verdicts(Envelope envelope) {
        return clients.stream()
                .map(it -> policy.decide(
                        policy.identify(it.client()),
                        it.report().envelope(envelope.sender().strip(), Optional.empty(), Optional.empty()),
                        recipient(it, envelope)))
                .toList();
    }

    /** Whether the recipient is in an accepted or local domain, so that an MTA that accepts it relays nothing. */
    boolean isInbound(Envelope envelope) {
        return clients.stream().anyMatch(it -> policy.isInbound(recipient(it, envelope)));
    }

    private static Address recipient(Reported client, Envelope envelope) {
        return client.report().address(envelope.recipient().strip(), Optional.empty(), Optional.empty());
    }

    /** Whether the configuration lets this client relay anything, so that nothing can be learnt. */
    boolean allows(Envelope envelope) {
        return verdicts(envelope).stream().allMatch(verdict -> verdict.reply().isEmpty());
    }

    static Judgement judge(Answer answer, List<Verdict> expected) {
        boolean mayPass = expected.stream().anyMatch(verdict -> verdict.reply().isEmpty());
        if (answer.isPositive()) {
            return mayPass ? Judgement.AS_EXPECTED : Judgement.RELAYED;
        }
        if (answer.isTemporary()) {
            boolean tempfail = expected.stream().anyMatch(Verdict.Tempfail.class::isInstance);
            return tempfail ? Judgement.AS_EXPECTED : Judgement.DEFERRED;
        }
        boolean mayRefuse =
                expected.stream().anyMatch(verdict -> verdict.reply().isPresent());
        return mayRefuse ? Judgement.AS_EXPECTED : Judgement.STRICTER;
    }

    Source source(Answer answer, List<Verdict> expected, Envelope envelope) {
        if (answer.isPositive()) {
            return Source.NONE;
        }
        boolean ours = false;
        for (int i = 0; i < expected.size(); i++) {
            MtaReport report = clients.get(i).report();
            ours |= expected.get(i)
                    .reply()
                    .filter(reply ->
                            report.replyLines(reply, envelope.recipient()).equals(answer.lines()))
                    .isPresent();
        }
        if (ours) {
            return Source.ORGMILTER;
        }
        String text = answer.toString().toLowerCase(Locale.ROOT);
        return text.contains("relay") ? Source.RELAY_CONTROL : Source.OTHER;
    }
}
