package io.github.orgmilter.explain;

import io.github.orgmilter.authors.AuthorDecision;
import io.github.orgmilter.authors.MessageDecision;
import io.github.orgmilter.authors.Protection;
import io.github.orgmilter.explain.ExplanationText.Reason;
import io.github.orgmilter.header.FromDomains;
import io.github.orgmilter.header.HeaderFields;
import io.github.orgmilter.identification.Identification;
import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.verdict.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The decision at the end of a message's header, and what it depends on.
 *
 * @param verdict on the whole message; empty if the header refuses nothing
 */
public record ExplainedHeader(List<Reason> reasons, Optional<Verdict> verdict) {

    public ExplainedHeader {
        reasons = List.copyOf(reasons);
    }

    /**
     * Decides and explains.
     *
     * @param decision that has the accepted recipients
     * @param pastLimit the verdict on a message with more or longer fields than are looked at
     */
    public static ExplainedHeader of(MessageDecision decision, HeaderFields fields, Supplier<Verdict> pastLimit) {
        if (!decision.dependsOnHeader()) {
            return new ExplainedHeader(
                    List.of(new Reason("header-unused", "no rule looks at the header of this message")),
                    Optional.empty());
        }
        if (fields.isPastLimit()) {
            return new ExplainedHeader(
                    List.of(new Reason("header-limit", "the header has more or longer fields than limits allows")),
                    Optional.of(pastLimit.get()));
        }
        Optional<Verdict> verdict = decision.decide(fields);
        List<Reason> reasons = new ArrayList<>();
        decision.identified().ifPresent(client -> {
            if (decision.isIdentifiedByHeader()) {
                reasons.add(identified(client));
            }
            if (decision.authors().isConcerned()) {
                addAuthors(decision.authors(), fields.from(), client, reasons);
            }
        });
        return new ExplainedHeader(reasons, verdict);
    }

    private static Reason identified(Identification client) {
        List<String> connectors = client.matches().stream()
                .filter(match -> !match.connector().requiredHeaders().isEmpty())
                .map(match -> match.name() + " ("
                        + String.join(", ", match.connector().requiredHeaders().names()) + ")")
                .toList();
        return new Reason(
                "required-headers",
                connectors.isEmpty()
                        ? "the header has the required fields of no connector that the client matches"
                        : "the header has the required fields of " + String.join(", then ", connectors));
    }

    private static void addAuthors(
            AuthorDecision authors, FromDomains from, Identification client, List<Reason> reasons) {
        reasons.add(domains(from));
        if (authors.isUncertain(from)) {
            reasons.add(new Reason(
                    "from-uncertain",
                    "From cannot be parsed and a recipient is relayed, so the author could be any organization's"));
        }
        authors.protections(from, client).forEach(protection -> reasons.add(of(protection)));
    }

    private static Reason domains(FromDomains from) {
        String domains = from.domains().stream().map(DomainName::ascii).sorted().collect(Collectors.joining(", "));
        return new Reason("from-domains", domains.isEmpty() ? "From has no domain" : "From has " + domains);
    }

    private static Reason of(Protection protection) {
        String owner = protection.domain() + " belongs to "
                + protection.organization().name() + (protection.disputed() ? " and others" : "")
                + ", whose header-from is "
                + protection.organization().headerFrom().name().toLowerCase(Locale.ROOT);
        if (!protection.applies()) {
            return new Reason("from-not-concerned", owner + " and does not concern inbound mail");
        }
        return protection.identifies()
                ? new Reason("from-identified", owner + " and whose connectors identify the client")
                : new Reason("from-protected", owner + " and whose connectors do not identify the client");
    }
}
