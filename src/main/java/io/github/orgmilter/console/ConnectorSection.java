package io.github.orgmilter.console;

import static j2html.TagCreator.h3;
import static j2html.TagCreator.p;
import static j2html.TagCreator.section;
import static j2html.TagCreator.text;

import io.github.orgmilter.activity.Kind;
import io.github.orgmilter.activity.OrganizationActivity;
import io.github.orgmilter.console.html.Chart;
import io.github.orgmilter.console.html.Facts;
import io.github.orgmilter.console.html.Show;
import io.github.orgmilter.organization.Connector;
import io.github.orgmilter.organization.Partner;
import io.github.orgmilter.organization.RequiredHeaders;
import io.github.orgmilter.settings.PartnerReader;
import io.github.orgmilter.settings.certificates.PinnedCertificate;
import j2html.tags.DomContent;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;

/** What a connector or a partner of an organization requires of a client, and what a connector did. */
final class ConnectorSection {

    private ConnectorSection() {}

    /**
     * A connector.
     *
     * @param certificates the files that it pins
     * @param seen what it did; empty if it was not seen lately
     */
    static DomContent of(
            Connector connector,
            Stream<PinnedCertificate> certificates,
            Optional<OrganizationActivity.Connector> seen,
            Instant now) {
        Facts facts = new Facts()
                .withAll("certificate-names", connector.certificateNames())
                .withAll("issuers", connector.issuers().stream().sorted().toList())
                .withAll("pins", connector.pins())
                .withAll("logins", connector.logins().all())
                .withAll("addresses", connector.addresses().ranges())
                .withAll("required-headers", masked(connector.requiredHeaders()))
                .withAll("sender-domains", connector.senderDomains())
                .withAll("setting", settings(connector))
                .withAll(
                        "certificate file",
                        certificates
                                .map(pinned -> pinned.file() + ", valid until "
                                        + pinned.certificate().notAfter())
                                .toList());
        return section(
                h3(Show.wire(connector.name())),
                facts.list(),
                seen.<DomContent>map(did -> p(
                                text("Last seen " + Show.since(did.last(), now) + " ago. The last 24 hours: "),
                                Chart.spark(did.hours())))
                        .orElse(p("Not seen lately.")),
                seen.map(did -> counts("of " + connector.name(), did.day())).orElse(text("")));
    }

    /** The names alone: a value may be a secret. */
    private static List<String> masked(RequiredHeaders required) {
        return required.names().stream()
                .map(name -> name + ": (the value is not shown)")
                .toList();
    }

    private static List<String> settings(Connector connector) {
        return Stream.of(
                        connector.enabled() ? "" : "enabled = false",
                        connector.requireTls() ? "require-tls = true" : "",
                        connector.requireAcceptedDomain() ? "" : "require-accepted-domain = false",
                        connector.allowNullSender() ? "allow-null-sender = true" : "",
                        connector.requiredHeaders().isEmpty()
                                        || connector.requiredHeaders().removed()
                                ? ""
                                : "remove-required-headers = false",
                        "mode = " + Show.key(connector.mode()))
                .filter(line -> !line.isEmpty())
                .toList();
    }

    /** A partner. */
    static DomContent of(Partner partner) {
        Facts facts = new Facts()
                .withAll("sender-domains", partner.senderDomains())
                .with("sender-domains", partner.everybody() ? Optional.of(PartnerReader.EVERYBODY) : Optional.empty())
                .withAll("certificate-names", partner.certificateNames())
                .withAll("issuers", partner.issuers().stream().sorted().toList())
                .withAll("pins", partner.pins())
                .withAll("addresses", partner.addresses().ranges())
                .with("setting", partner.requireTls() ? Optional.of("require-tls = true") : Optional.empty());
        return section(h3(Show.wire(partner.name())), facts.list());
    }

    /**
     * Recipients by verdict and cause.
     *
     * @param which they are: no two tables of a page may have the same name
     */
    static DomContent counts(String which, SortedMap<Kind, Integer> counts) {
        return Show.grid(
                "Recipients " + Show.visible(which) + ", the last 24 hours",
                List.of("Verdict", "Cause", "Recipients"),
                counts.entrySet().stream()
                        .map(entry -> List.of(
                                Show.action(entry.getKey().action()),
                                text(entry.getKey().cause().key()),
                                text(Show.count(entry.getValue()))))
                        .toList());
    }
}
