package io.github.orgmilter.probe;

import io.github.orgmilter.probe.Attempt.Judgement;
import io.github.orgmilter.probe.smtp.Target;
import java.util.List;
import java.util.Map;

/**
 * What a probe found.
 *
 * @param client the address as which the server is taken to see this machine
 * @param authorities the CAs that the server names, each with what it tells of connectors
 * @param notes what is to be known about the result
 */
public record ProbeResult(
        Target target,
        Survey survey,
        String client,
        String revision,
        List<Attempt> attempts,
        Map<String, String> authorities,
        List<String> notes) {

    public ProbeResult {
        attempts = List.copyOf(attempts);
        notes = List.copyOf(notes);
    }

    public List<Attempt> of(Judgement judgement) {
        return attempts.stream().filter(it -> it.judgement() == judgement).toList();
    }

    /** Whether each attempt was answered for good, and nothing was relayed that should not be. */
    public boolean isProof() {
        return attempts.stream()
                .allMatch(attempt -> attempt.judgement() != Judgement.RELAYED && attempt.isConclusive());
    }
}
