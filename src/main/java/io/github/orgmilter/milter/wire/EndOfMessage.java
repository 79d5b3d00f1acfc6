package io.github.orgmilter.milter.wire;

import io.github.orgmilter.milter.header.HeaderChange;
import io.github.orgmilter.verdict.SmtpReply;
import java.util.List;
import java.util.Optional;

/**
 * What the end of a message is answered.
 *
 * @param refusal of the whole message; then nothing is changed
 * @param changes of its header
 */
public record EndOfMessage(Optional<SmtpReply> refusal, List<HeaderChange> changes) {

    /** It is accepted as it is. */
    public static final EndOfMessage ACCEPTED = new EndOfMessage(Optional.empty(), List.of());

    public static EndOfMessage refused(Optional<SmtpReply> refusal) {
        return new EndOfMessage(refusal, List.of());
    }
}
