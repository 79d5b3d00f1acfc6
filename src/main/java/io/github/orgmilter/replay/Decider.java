package io.github.orgmilter.replay;

import io.github.orgmilter.identification.Client;
import io.github.orgmilter.identification.Identification;
import io.github.orgmilter.identification.IdentityMatch;
import io.github.orgmilter.journal.LogEntry;
import io.github.orgmilter.journal.Outcome;
import io.github.orgmilter.organization.Connector;
import io.github.orgmilter.organization.ConnectorName;
import io.github.orgmilter.organization.Partner;
import io.github.orgmilter.organization.Pin;
import io.github.orgmilter.organization.RequiredHeaders;
import io.github.orgmilter.policy.Envelope;
import io.github.orgmilter.policy.Policy;
import io.github.orgmilter.policy.explanation.Explanation;
import io.github.orgmilter.verdict.Verdict;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Decides again what lines tell, under one policy. */
final class Decider {

    private static final int MOST_CLIENTS = 4096; // whose identification is kept

    private final Policy policy;
    private final boolean asksForIssuer;
    private final boolean asksForPublicKey;
    private final IdentityHashMap<Client, Identification> identifications = new IdentityHashMap<>();

    Decider(Policy policy) {
        this.policy = policy;
        asksForIssuer = asks(
                connector -> !connector.issuers().isEmpty(),
                partner -> !partner.issuers().isEmpty());
        asksForPublicKey = asks(connector -> hasKey(connector.pins()), partner -> hasKey(partner.pins()));
    }

    private boolean asks(Predicate<Connector> ofConnector, Predicate<Partner> ofPartner) {
        return policy.organizations().stream()
                .anyMatch(organization -> organization.connectors().stream()
                                .anyMatch(connector -> connector.enabled() && ofConnector.test(connector))
                        || organization.partners().all().stream().anyMatch(ofPartner));
    }

    private static boolean hasKey(List<Pin> pins) {
        return pins.stream().anyMatch(pin -> pin.kind() == Pin.Kind.PUBLIC_KEY);
    }

    Policy policy() {
        return policy;
    }

    /** The fact that the rules would ask for and the line does not have; it may be of an older version. */
    Optional<String> lacking(Client client) {
        if (asksForIssuer
                && client.certificateName().isPresent()
                && client.certificateIssuer().isEmpty()) {
            return Optional.of("issuer");
        }
        boolean half = client.presented()
                .filter(it -> it.certificate().isPresent() && it.publicKey().isEmpty())
                .isPresent();
        return asksForPublicKey && half ? Optional.of("public-key") : Optional.empty();
    }

    Identification identify(Client client) {
        if (identifications.size() >= MOST_CLIENTS) {
            identifications.clear();
        }
        return identifications.computeIfAbsent(client, policy::identify);
    }

    /** The verdict on the recipient of a line. */
    Verdict decide(LogEntry entry) {
        return policy.decide(identify(entry.client()), new Envelope(entry.sender()), entry.recipient());
    }

    /**
     * What becomes of the recipient of a line. Values of required header fields may be secrets, so no line has them: what the header
     * showed at that time counts, if the recipient depends on the same now.
     *
     * @return empty if it depends on what is not known of the header
     */
    Optional<Outcome> outcome(LogEntry entry) {
        Verdict verdict = decide(entry);
        if (!(verdict instanceof Verdict.Provisional provisional)) {
            return Optional.of(Outcome.of(verdict));
        }
        if (!provisional.keys().equals(entry.conditions())) {
            return Optional.empty();
        }
        if (!entry.isMessageDecided()) { // nor is it known what the header was
            return Optional.of(Outcome.of(verdict));
        }
        Outcome recorded = entry.outcome();
        boolean known = !recorded.isAccepted()
                || recorded.connector().isEmpty()
                || connector(entry).isPresent();
        return known ? Optional.of(recorded) : Optional.empty();
    }

    /** What the connector that a line names requires of the header, if the client may be its. */
    Optional<RequiredHeaders> required(LogEntry entry) {
        return connector(entry).map(match -> match.connector().requiredHeaders());
    }

    private Optional<IdentityMatch> connector(LogEntry entry) {
        Identification identification = identify(entry.client());
        ConnectorName name = new ConnectorName(
                entry.outcome().organization(), entry.outcome().connector());
        return policy.organizations()
                .find(name.owner())
                .flatMap(organization -> Stream.concat(
                                identification.undecided().of(organization).stream(), identification.matches().stream())
                        .filter(match -> match.name().equals(name))
                        .findFirst());
    }

    /** Whether the header may identify the client. */
    boolean dependsOnHeader(Client client) {
        return !identify(client).undecided().isEmpty();
    }

    Explanation explain(Example.Recipient recipient) {
        return policy.explain(recipient.client(), recipient.envelope(), recipient.address());
    }
}
