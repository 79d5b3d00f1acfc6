package io.github.orgmilter.console;

import static j2html.TagCreator.a;
import static j2html.TagCreator.each;
import static j2html.TagCreator.h2;
import static j2html.TagCreator.li;
import static j2html.TagCreator.p;
import static j2html.TagCreator.section;
import static j2html.TagCreator.text;
import static j2html.TagCreator.ul;

import io.github.orgmilter.activity.Near;
import io.github.orgmilter.activity.OrganizationActivity;
import io.github.orgmilter.admin.Answer;
import io.github.orgmilter.admin.Request;
import io.github.orgmilter.console.html.Facts;
import io.github.orgmilter.console.html.Page;
import io.github.orgmilter.console.html.Page.Section;
import io.github.orgmilter.console.html.Show;
import io.github.orgmilter.organization.Connector;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.settings.certificates.PinnedCertificate;
import j2html.tags.DomContent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** One organization: its domains and connectors, what they did, and what came near to them. */
final class OrganizationPage {

    private static final int MOST = 100; // of a list

    private final Sources sources;

    OrganizationPage(Sources sources) {
        this.sources = sources;
    }

    Answer page(Request request) {
        String name = request.parameter("name").orElse("");
        Optional<Organization> found = sources.policy().organizations().find(name);
        if (found.isEmpty()) {
            return Page.notFound(
                    Section.ORGANIZATIONS,
                    "No such organization",
                    p(text("There is no organization "), Show.wire(name), text(" in the running configuration.")));
        }
        Organization organization = found.get();
        Instant now = sources.now();
        Optional<OrganizationActivity> activity = sources.activity().organization(name, now);
        String domain = request.parameter("domain")
                .map(String::strip)
                .orElseGet(() -> organization.acceptedDomains().stream()
                        .findFirst()
                        .map(accepted -> accepted.domain().toString())
                        .orElse(""));
        List<DomContent> content = new ArrayList<>();
        content.add(p(a("Recent verdicts").withHref("/verdicts?organization=" + Show.encoded(name))));
        problems(name).ifPresent(content::add);
        content.add(section(h2("Accepted domains"), domains(organization), settings(organization)));
        content.add(section(
                h2("Connectors"),
                organization.connectors().isEmpty() ? p("None.") : text(""),
                all(
                        organization.connectors(),
                        connector -> ConnectorSection.of(
                                connector,
                                certificates(organization, connector),
                                activity.flatMap(seen -> seen.connector(connector.name())),
                                now),
                        rest -> p(rest))));
        if (!organization.partners().isEmpty()) {
            content.add(section(
                    h2("Partners"),
                    p(
                            "Mail from these senders to this organization must come from a client that meets all of a partner's requirements."),
                    all(organization.partners().all(), ConnectorSection::of, rest -> p(rest))));
        }
        activity.filter(seen -> !seen.refused().isEmpty())
                .ifPresent(seen -> content.add(section(
                        h2("Verdicts without a connector"),
                        ConnectorSection.counts("without a connector", seen.refused()))));
        content.add(near(activity, now));
        if (!domain.isEmpty()) {
            content.add(SendersSection.of(sources.policy(), name, domain));
        }
        return Page.of(Section.ORGANIZATIONS, "Organization " + Show.visible(name), content.toArray(DomContent[]::new));
    }

    private Stream<PinnedCertificate> certificates(Organization organization, Connector connector) {
        return sources.configuration().get().certificates().stream()
                .filter(pinned -> pinned.organization().equals(organization.name())
                        && pinned.connector().equals(connector.name()));
    }

    private Optional<DomContent> problems(String name) {
        List<String> problems = sources.directory().problems(name);
        return problems.isEmpty()
                ? Optional.empty()
                : Optional.of(section(h2("Problems"), items(problems, Show::message)));
    }

    private static DomContent domains(Organization organization) {
        return items(
                organization.acceptedDomains(),
                accepted -> a(Show.wire(accepted.toString()))
                        .withHref("/organization?name=" + Show.encoded(organization.name()) + "&domain="
                                + Show.encoded(accepted.domain().toString()) + "#who"));
    }

    private static <T> DomContent items(Collection<T> values, Function<T, DomContent> item) {
        return values.isEmpty() ? p("None.") : ul(all(values, value -> li(item.apply(value)), rest -> li(rest)));
    }

    private static <T> DomContent all(
            Collection<T> values, Function<T, DomContent> part, Function<String, DomContent> rest) {
        Stream<DomContent> shown = values.stream().limit(MOST).map(part);
        Stream<DomContent> more = values.size() > MOST
                ? Stream.of(rest.apply("And " + Show.count(values.size() - MOST) + " more."))
                : Stream.empty();
        return each(Stream.concat(shown, more).toList(), each -> each);
    }

    private static DomContent settings(Organization organization) {
        return new Facts()
                .with("sender-protection", Show.key(organization.senderProtection()))
                .with("header-from", Show.key(organization.headerFrom()))
                .with("mode", Show.key(organization.mode()))
                .with("kept in", organization.standing().ofDirectory() ? "the directory" : "files")
                .list();
    }

    private static DomContent near(Optional<OrganizationActivity> activity, Instant now) {
        List<Near> near = activity.map(OrganizationActivity::near).orElse(List.of());
        if (near.isEmpty()) {
            return section(h2("Not known"), p("No mail in its name was refused lately."));
        }
        return section(
                h2("Not known"),
                p(
                        "What refused clients presented when they sent in its name, and sender domains that its own servers may not use."),
                Show.grid(
                        "Not known",
                        List.of("What", "Value", "Times", "Last", "Example"),
                        near.stream()
                                .map(each -> List.of(
                                        text(each.what().toString()),
                                        Show.wire(each.value()),
                                        text(Show.count(each.count())),
                                        text(Show.since(each.last(), now) + " ago"),
                                        a("verdict").withHref("/verdict?number=" + each.example())))
                                .toList()));
    }
}
