package io.github.orgmilter.milter.header;

import io.github.orgmilter.header.FieldName;
import io.github.orgmilter.header.FromDomains;
import io.github.orgmilter.header.HeaderFields;
import io.github.orgmilter.identification.Identification;
import io.github.orgmilter.net.Limit;
import io.github.orgmilter.net.Limits;
import io.github.orgmilter.policy.Address;
import io.github.orgmilter.verdict.Verdict;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The header of one message: what is kept of its fields, and what was decided at its end. */
public final class MessageHeader {

    private final HeaderDecision decision;
    private final HeaderAccess access;
    private final Limits limits;
    private @Nullable HeaderFields fields; // from the first one on
    private boolean ended;
    private boolean failed;
    private Optional<Limit> limit = Optional.empty();
    private Optional<Verdict> verdict = Optional.empty();

    /**
     * Before the first recipient.
     *
     * @param access what the session may do
     */
    public MessageHeader(HeaderDecision decision, HeaderAccess access, Limits limits) {
        this.decision = decision;
        this.access = access;
        this.limits = limits;
    }

    /** Takes a recipient that the rules for recipients accept; false if the session may not do what its message needs. */
    public boolean accept(Identification identification, Address recipient, Verdict accepted) {
        if (decision.needs(identification, recipient, accepted).compareTo(access) > 0) {
            return false;
        }
        decision.accept(identification, recipient, accepted);
        return true;
    }

    public void field(byte[] name, byte[] value) {
        failed |= ended; // nothing was decided about it
        fields().add(name, value);
    }

    public void longField(byte[] name, long octets) {
        failed |= ended;
        fields().addUnread(name, octets);
    }

    /** Whether it is too late for a recipient: what is asked about the header is settled. */
    public boolean hasBegun() {
        return fields != null || failed;
    }

    private HeaderFields fields() {
        if (fields == null) {
            fields = new HeaderFields(decision.asked(), limits.headerFields(), limits.headerSize());
        }
        return fields;
    }

    /** A field could not be taken, or the end not be decided: the message is undecided. */
    public void fail() {
        failed = true;
    }

    public boolean hasFailed() {
        return failed;
    }

    /** Whether the session sees headers, and this one's end has not come. */
    public boolean isMissing() {
        return access != HeaderAccess.NONE && !ended;
    }

    /**
     * Decides at the end of the fields.
     *
     * @param pastLimit the verdict on a message with more or longer fields than are looked at
     * @return what the whole message is refused with, or would be
     */
    public Optional<Verdict> end(Supplier<Verdict> pastLimit) {
        HeaderFields all = fields();
        if (all.isPastLimit() && !decision.asked().isEmpty()) {
            limit = Optional.of(all.areTooMany() ? Limit.HEADER_FIELDS : Limit.HEADER_SIZE);
            verdict = Optional.of(pastLimit.get());
        } else {
            verdict = decision.decide(all);
        }
        ended = true;
        return verdict;
    }

    /** The limit that it has reached. */
    public Optional<Limit> limit() {
        return limit;
    }

    /** The authors, if something was decided by them. */
    public Optional<FromDomains> authors() {
        return ended && limit.isEmpty() && decision.asked().contains(FieldName.FROM)
                ? Optional.of(fields().from())
                : Optional.empty();
    }

    /** What was decided at the end. */
    public Optional<Verdict> verdict() {
        return verdict;
    }

    /** What has become of a recipient, by the verdict on it, or by the header that refuses it. */
    public Verdict settled(Verdict recipient) {
        Optional<Verdict> refusal = verdict.filter(its -> its.reply().isPresent());
        return refusal.orElseGet(() -> ended ? decision.settled(recipient) : recipient);
    }

    /** What the MTA is to change, which it must allow. */
    public List<HeaderChange> changes() {
        List<HeaderChange> changes = ended ? decision.changes(fields()) : List.of();
        if (access != HeaderAccess.CHANGE && !changes.isEmpty()) {
            throw new IllegalStateException("changes of a header that the MTA does not allow");
        }
        return changes;
    }

    /** About how many octets are kept. */
    public long kept() {
        return fields == null ? 0 : fields.kept();
    }
}
