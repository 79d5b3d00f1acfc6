package io.github.orgmilter.replay;

import io.github.orgmilter.identification.Client;
import io.github.orgmilter.identification.Identification;
import io.github.orgmilter.journal.LogEntry;
import io.github.orgmilter.journal.Outcome;
import io.github.orgmilter.organization.Connector;
import io.github.orgmilter.organization.Partner;
import io.github.orgmilter.organization.Pin;
import io.github.orgmilter.policy.Envelope;
import io.github.orgmilter.policy.Policy;
import io.github.orgmilter.policy.explanation.Explanation;
import io.github.orgmilter.verdict.Verdict;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

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
        if (!identify(client).undecided().isEmpty()) {
            return Optional.of("header"); // whose values may be secrets, so no line has them
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

    Outcome outcome(LogEntry entry) {
        return Outcome.of(decide(entry));
    }

    Explanation explain(Example.Recipient recipient) {
        return policy.explain(recipient.client(), recipient.envelope(), recipient.address());
    }
}
