package io.github.orgmilter.console;

import static j2html.TagCreator.a;
import static j2html.TagCreator.dd;
import static j2html.TagCreator.dl;
import static j2html.TagCreator.dt;
import static j2html.TagCreator.each;
import static j2html.TagCreator.h2;
import static j2html.TagCreator.h3;
import static j2html.TagCreator.li;
import static j2html.TagCreator.p;
import static j2html.TagCreator.section;
import static j2html.TagCreator.text;
import static j2html.TagCreator.ul;

import io.github.orgmilter.activity.Kind;
import io.github.orgmilter.activity.Near;
import io.github.orgmilter.activity.OrganizationActivity;
import io.github.orgmilter.admin.Answer;
import io.github.orgmilter.admin.Request;
import io.github.orgmilter.console.Page.Section;
import io.github.orgmilter.organization.Connector;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.settings.certificates.PinnedCertificate;
import j2html.tags.DomContent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
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
        List<DomContent> content = new ArrayList<>();
        content.add(p(a("Its recent verdicts").withHref("/verdicts?organization=" + Show.encoded(name))));
        problems(name).ifPresent(content::add);
        content.add(section(
                h2("Accepted domains"),
                list(organization.acceptedDomains(), Object::toString),
                settings(organization)));
        content.add(section(
                h2("Connectors"),
                organization.connectors().isEmpty() ? p("None.") : text(""),
                each(
                        organization.connectors().stream().limit(MOST).toList(),
                        connector -> connector(organization, connector, activity, now))));
        activity.filter(seen -> !seen.refused().isEmpty())
                .ifPresent(seen -> content.add(section(h2("Verdicts without a connector"), counts(seen.refused()))));
        content.add(near(activity, now));
        return Page.of(Section.ORGANIZATIONS, "Organization " + Show.visible(name), content.toArray(DomContent[]::new));
    }

    private Optional<DomContent> problems(String name) {
        List<String> problems = sources.directory().problems(name);
        return problems.isEmpty()
                ? Optional.empty()
                : Optional.of(section(h2("Problems"), list(problems, problem -> problem)));
    }

    private static <T> DomContent list(Collection<T> values, Function<T, String> name) {
        if (values.isEmpty()) {
            return p("None.");
        }
        Stream<DomContent> shown = values.stream().limit(MOST).map(value -> li(Show.wire(name.apply(value))));
        Stream<DomContent> more = values.size() > MOST
                ? Stream.of(li("And " + Show.count(values.size() - MOST) + " more."))
                : Stream.empty();
        return ul(each(Stream.concat(shown, more).toList(), item -> item));
    }

    private static DomContent settings(Organization organization) {
        return dl(
                pair("sender-protection", key(organization.senderProtection())),
                pair("header-from", key(organization.headerFrom())),
                pair("mode", key(organization.mode())),
                pair("kept in", organization.standing().ofDirectory() ? "the directory" : "files"));
    }

    private static String key(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static DomContent pair(String name, String value) {
        return each(List.<DomContent>of(dt(name), dd(Show.wire(value))), part -> part);
    }

    private DomContent connector(
            Organization organization, Connector connector, Optional<OrganizationActivity> activity, Instant now) {
        List<DomContent> matches = new ArrayList<>();
        add(matches, "certificate-names", connector.certificateNames());
        add(matches, "issuers", connector.issuers());
        add(matches, "pins", connector.pins());
        add(matches, "logins", connector.logins().all());
        add(matches, "addresses", connector.addresses().ranges());
        // Their values may be secrets.
        add(matches, "required-headers", connector.requiredHeaders().fields().keySet());
        add(matches, "sender-domains", connector.senderDomains());
        Stream.of(
                        connector.enabled() ? "" : "enabled = false",
                        connector.requireTls() ? "require-tls = true" : "",
                        connector.requireAcceptedDomain() ? "" : "require-accepted-domain = false",
                        connector.allowNullSender() ? "allow-null-sender = true" : "",
                        "mode = " + key(connector.mode()))
                .filter(line -> !line.isEmpty())
                .forEach(line -> matches.add(pair("setting", line)));
        sources.configuration().get().certificates().stream()
                .filter(pinned -> pinned.organization().equals(organization.name())
                        && pinned.connector().equals(connector.name()))
                .forEach(pinned -> matches.add(pair("certificate file", expiry(pinned))));
        Optional<OrganizationActivity.Connector> seen = activity.flatMap(all -> all.connector(connector.name()));
        return section(
                h3(Show.wire(connector.name())),
                dl(each(matches, match -> match)),
                seen.<DomContent>map(did -> p(
                                text("Last seen " + Show.since(did.last(), now) + " ago. The last 24 hours: "),
                                Chart.spark(did.hours())))
                        .orElse(p("Not seen lately.")),
                seen.map(did -> counts(did.day())).orElse(text("")));
    }

    private static String expiry(PinnedCertificate pinned) {
        return pinned.file() + ", valid until " + pinned.certificate().notAfter();
    }

    private static void add(List<DomContent> matches, String key, Collection<?> values) {
        values.stream().limit(MOST).forEach(value -> matches.add(pair(key, value.toString())));
        if (values.size() > MOST) {
            matches.add(pair(key, "and " + Show.count(values.size() - MOST) + " more"));
        }
    }

    private static DomContent counts(SortedMap<Kind, Integer> counts) {
        return Show.grid(
                "Recipients of the last 24 hours",
                List.of("Verdict", "Cause", "Recipients"),
                counts.entrySet().stream()
                        .map(entry -> List.of(
                                Show.action(entry.getKey().action()),
                                text(entry.getKey().cause().key()),
                                text(Show.count(entry.getValue()))))
                        .toList());
    }

    private static DomContent near(Optional<OrganizationActivity> activity, Instant now) {
        List<Near> near = activity.map(OrganizationActivity::near).orElse(List.of());
        if (near.isEmpty()) {
            return section(h2("Not known"), p("Nothing was refused lately that was sent in its name."));
        }
        return section(
                h2("Not known"),
                p("What was presented in its name, or sent by its servers, and is in none of its settings."),
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
