package io.github.orgmilter.milter.header;

import io.github.orgmilter.header.FieldName;
import io.github.orgmilter.header.HeaderFields;
import io.github.orgmilter.identification.Identification;
import io.github.orgmilter.policy.Address;
import io.github.orgmilter.verdict.Verdict;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The decision on a whole message by its header fields. The methods are called in the order in which they are here: for each
 * recipient that the rules for recipients accept, then as the header begins, at its end, and at the end of the message. Called on the
 * session's event loop only.
 */
public interface HeaderDecision {

    /** No rule looks at this message's header. */
    HeaderDecision NONE = new HeaderDecision() {
        @Override
        public HeaderAccess needs(Identification identification, Address recipient, Verdict verdict) {
            return HeaderAccess.NONE;
        }

        @Override
        public void accept(Identification identification, Address recipient, Verdict verdict) {}

        @Override
        public Set<FieldName> asked() {
            return Set.of();
        }

        @Override
        public Optional<Verdict> decide(HeaderFields fields) {
            return Optional.empty();
        }

        @Override
        public Verdict settled(Verdict verdict) {
            return verdict;
        }

        @Override
        public List<HeaderChange> changes(HeaderFields fields) {
            return List.of();
        }
    };

    /**
     * What the session must be allowed so that a message with this recipient can be decided. If it is not, the recipient is deferred.
     *
     * @param identification of the client, as it is known at this recipient
     * @param verdict an accept, or what audit makes of a refusal
     */
    HeaderAccess needs(Identification identification, Address recipient, Verdict verdict);

    /** The message has this recipient: what it depends on is a condition for the end of the header. */
    void accept(Identification identification, Address recipient, Verdict verdict);

    /** The fields that are looked at; none where nothing depends on the header. */
    Set<FieldName> asked();

    /**
     * Decides at the end of the header.
     *
     * @param fields those that {@link #asked} named, within the limits
     * @return what the whole message is refused with, or would be; empty where nothing depends on the header
     */
    Optional<Verdict> decide(HeaderFields fields);

    /** What has become of a recipient, by the verdict on it, in a message that the header does not refuse. */
    Verdict settled(Verdict verdict);

    /** What is changed in the header of a message that is not refused. */
    List<HeaderChange> changes(HeaderFields fields);
}
