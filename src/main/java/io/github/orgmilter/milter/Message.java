package io.github.orgmilter.milter;

import io.github.orgmilter.identification.Client;
import io.github.orgmilter.identification.Identification;
import io.github.orgmilter.identification.PresentedCertificate;
import io.github.orgmilter.milter.header.HeaderChange;
import io.github.orgmilter.milter.header.MessageHeader;
import io.github.orgmilter.milter.wire.EndOfMessage;
import io.github.orgmilter.policy.Address;
import io.github.orgmilter.policy.Envelope;
import io.github.orgmilter.policy.Policy;
import io.github.orgmilter.verdict.SmtpReply;
import io.github.orgmilter.verdict.Verdict;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One message from its MAIL on, under the policy that was current then. */
final class Message {

    private final Policy policy;
    private Identification identification;
    private final Envelope envelope;
    private final MessageHeader header;
    private final String helo;
    private String queueId;
    private final int octets;
    private int recipients;
    private int accepted;
    private boolean lacksHeader;
    private @Nullable HeldVerdicts held; // from the first accepted recipient on
    private boolean headerReleased;
    private Optional<SmtpReply> refusalAtEnd = Optional.empty();

    /**
     * A message without recipients yet.
     *
     * @param helo the name in HELO or EHLO; empty if there was none
     * @param queueId empty if the MTA has none yet
     * @param octets that the message was made of
     */
    Message(
            Policy policy,
            Identification identification,
            Envelope envelope,
            MessageHeader header,
            String helo,
            String queueId,
            int octets) {
        this.policy = policy;
        this.identification = identification;
        this.envelope = envelope;
        this.header = header;
        this.helo = helo;
        this.queueId = queueId;
        this.octets = octets;
    }

    /** Takes what was reported of the client's certificate for the recipient that follows, or that nothing was. */
    void presented(Optional<PresentedCertificate> certificate) {
        Client client = identification.client();
        if (!client.presented().equals(certificate)) {
            identification = policy.identify(client.presenting(certificate));
        }
    }

    Verdict decide(Address recipient) {
        recipients++;
        lacksHeader = false;
        Verdict verdict = policy.decide(identification, envelope, recipient);
        if (verdict.reply().isPresent()) {
            return verdict;
        }
        if (header.hasBegun()) {
            return policy.tempfail();
        }
        if (!header.accept(identification, recipient, verdict)) { // of what audit mode accepts, too
            lacksHeader = true;
            return policy.tempfail();
        }
        accepted++;
        return verdict;
    }

    /** Whether the last recipient was deferred because the session may not do with header fields what its message needs. */
    boolean lacksHeader() {
        return lacksHeader;
    }

    /** Keeps an accepted recipient until the message ends; false if there is no room for it. */
    boolean hold(HeldVerdicts.Held recipient) {
        if (held == null) {
            held = new HeldVerdicts();
        }
        return held.hold(recipient);
    }

    /** The recipients that were kept; none is afterwards. */
    List<HeldVerdicts.Held> release() {
        return held == null ? List.of() : held.release();
    }

    /** What was decided at the end of the header; given once. */
    Optional<Verdict> releaseHeader() {
        Optional<Verdict> decided = headerReleased ? Optional.empty() : header.verdict();
        headerReleased |= decided.isPresent();
        return decided;
    }

    /** What became of a recipient that was accepted, by the header as well. */
    Verdict settled(Verdict verdict) {
        return header.settled(verdict);
    }

    /** The header fields. */
    MessageHeader header() {
        return header;
    }

    /** Decides by the header, which has ended. */
    Optional<Verdict> endOfHeader() {
        return header.end(() -> policy.headerLimit(identification.client(), envelope.sender()));
    }

    /** Whether what the header decides is not known. */
    boolean isUndecided() {
        return header.hasFailed() || header.isMissing();
    }

    /** Ends it, decided. */
    EndOfMessage end() {
        Optional<SmtpReply> refusal = refusalAtEnd();
        if (refusal.isPresent()) {
            return EndOfMessage.refused(refusal);
        }
        List<HeaderChange> changes = header.changes();
        return changes.isEmpty() ? EndOfMessage.ACCEPTED : new EndOfMessage(refusal, changes);
    }

    /**
     * What the whole message is refused with at its end, because the MTA may have kept a refused recipient, or gone on after the
     * header was refused.
     */
    Optional<SmtpReply> refusalAtEnd() {
        return refusalAtEnd.or(() -> header.verdict().flatMap(Verdict::reply));
    }

    /**
     * Has the message refused at its end as this recipient was, if it was. A temporary refusal stays: after a permanent one the
     * client would not try again for the recipient that was deferred.
     */
    void refuseAtEnd(Verdict verdict) {
        if (refusalAtEnd.filter(SmtpReply::isTemporary).isEmpty()) {
            refusalAtEnd = verdict.reply().or(() -> refusalAtEnd);
        }
    }

    /** What decides it. */
    Policy policy() {
        return policy;
    }

    Identification identification() {
        return identification;
    }

    Address sender() {
        return envelope.sender();
    }

    /** The name in HELO or EHLO, as it was at MAIL; empty if there was none. */
    String helo() {
        return helo;
    }

    /** Empty while the MTA has none. */
    String queueId() {
        return queueId;
    }

    void queueId(String id) {
        queueId = id;
    }

    /** How many recipients were asked about. */
    int recipients() {
        return recipients;
    }

    /** How many of them were accepted. */
    int accepted() {
        return accepted;
    }

    /** About how many characters are kept of what the MTA sent. */
    long characters() {
        return (long) octets + queueId.length();
    }

    /** About how many octets are kept of the header, and of recipients until the end. */
    long kept() {
        return header.kept() + (held == null ? 0 : held.kept());
    }
}
