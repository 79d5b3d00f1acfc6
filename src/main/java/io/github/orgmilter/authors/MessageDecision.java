package io.github.orgmilter.authors;

import io.github.orgmilter.header.FieldName;
import io.github.orgmilter.header.HeaderFields;
import io.github.orgmilter.identification.Identification;
import io.github.orgmilter.policy.Address;
import io.github.orgmilter.policy.Envelope;
import io.github.orgmilter.policy.HeaderConditions;
import io.github.orgmilter.policy.Policy;
import io.github.orgmilter.policy.options.ResultHeader;
import io.github.orgmilter.verdict.Verdict;
import io.github.orgmilter.verdict.Verdict.Provisional;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The decision on one message at the end of its header: docs/rules.md, 7.7 and section 14. First it takes every accepted recipient, then
 * it decides.
 */
public final class MessageDecision {

    private final Policy policy;
    private final Envelope envelope;
    private final HeaderConditions conditions;
    private final AuthorDecision authors;
    private @Nullable Identification identification; // from the first recipient on
    private @Nullable Identification identified; // by the header as well, once it has ended
    private Optional<Verdict> first = Optional.empty();
    private boolean inbound;

    /** Before the first recipient. */
    public MessageDecision(Policy policy, Envelope envelope) {
        this.policy = policy;
        this.envelope = envelope;
        conditions = new HeaderConditions(policy, envelope);
        authors = new AuthorDecision(policy, envelope);
    }

    /** Whether a message with this recipient may still be refused by its header. */
    public static boolean dependsOnHeader(Policy policy, Address recipient, Verdict verdict) {
        return verdict instanceof Provisional || AuthorDecision.concerns(policy, recipient, verdict);
    }

    /** Whether the header of a message of this client may have to be changed. */
    public static boolean changesHeader(Policy policy, Identification identification) {
        return !policy.options().resultHeader().isOff()
                || identification.undecided().removeFields();
    }

    /** Takes a recipient that the rules for recipients accept. */
    public void accept(Identification itsIdentification, Address recipient, Verdict verdict) {
        authors.accept(recipient, verdict);
        if (verdict instanceof Provisional provisional) {
            conditions.accept(recipient, provisional);
        }
        first = first.or(() -> Optional.of(verdict));
        inbound |= policy.isInbound(recipient);
        // What is known of the client lasts for its connection (7.1), and its certificate is not reported each time.
        if (identification == null || itsIdentification.client().presented().isPresent()) {
            identification = itsIdentification;
        }
    }

    /** The authors' part of it. */
    public AuthorDecision authors() {
        return authors;
    }

    /** Whether the header may refuse the message. */
    public boolean dependsOnHeader() {
        return !conditions.isEmpty() || authors.isConcerned();
    }

    /** Whether the header may identify the client. */
    public boolean isIdentifiedByHeader() {
        Identification client = identification;
        return client != null && !client.undecided().isEmpty();
    }

    /** The fields that are looked at. */
    public Set<FieldName> asked() {
        Identification client = identification;
        if (client == null) {
            return Set.of();
        }
        ResultHeader result = policy.options().resultHeader();
        boolean undecided = !client.undecided().isEmpty();
        boolean required = undecided && (dependsOnHeader() || client.undecided().removeFields() || !result.isOff());
        return !required && result.isOff() && !authors.isConcerned()
                ? Set.of()
                : new AskedFields(
                        authors.isConcerned(),
                        required ? policy.requiredFields() : Set.of(),
                        result.isOff() ? Optional.empty() : Optional.of(result.name()));
    }

    /**
     * Decides.
     *
     * @param fields those that are {@link #asked} about
     * @return what the whole message is refused with, or would be; empty if the header refuses nothing
     */
    public Optional<Verdict> decide(HeaderFields fields) {
        Identification client = identification;
        if (client == null) {
            return Optional.empty();
        }
        Identification full = client.with(fields);
        identified = full;
        Optional<Verdict> byConditions = conditions.decide(full);
        if (byConditions.flatMap(Verdict::reply).isPresent() || !authors.isConcerned()) {
            return byConditions;
        }
        Optional<Verdict> byAuthors = authors.decide(fields.from(), full);
        return byAuthors.flatMap(Verdict::reply).isPresent() ? byAuthors : byConditions.or(() -> byAuthors);
    }

    /** The client as the header identifies it, once it is decided. */
    public Optional<Identification> identified() {
        return Optional.ofNullable(identified);
    }

    /** The client before the header, from the first recipient on. */
    public Optional<Identification> identification() {
        return Optional.ofNullable(identification);
    }

    /** What became of a recipient of a message that the header does not refuse. */
    public Verdict settled(Verdict verdict) {
        return verdict instanceof Provisional provisional && identified != null
                ? conditions.settled(provisional, identified)
                : verdict;
    }

    /** The value of the result header, if the message gets it. */
    public Optional<String> result() {
        ResultHeader result = policy.options().resultHeader();
        boolean written =
                result.scope() == ResultHeader.Scope.ALL || (result.scope() == ResultHeader.Scope.INBOUND && inbound);
        return written && identified != null
                ? Optional.of(ResultText.of(policy, identified, envelope, first.orElseThrow()))
                : Optional.empty();
    }
}
