package io.github.orgmilter.replay;

import io.github.orgmilter.identification.Client;
import io.github.orgmilter.journal.Outcome;
import io.github.orgmilter.policy.Address;
import io.github.orgmilter.policy.Envelope;
import java.util.Optional;

/**
 * One recipient or message that differs. It is explained only when it is printed: few are.
 *
 * @param place the file and the line
 * @param summary the facts of the line
 * @param before with the reply
 * @param recipient empty for a message
 */
record Example(String place, String summary, Outcome before, Outcome after, Optional<Recipient> recipient) {

    /** What a decision on a recipient depends on. */
    record Recipient(Client client, Envelope envelope, Address address) {}
}
