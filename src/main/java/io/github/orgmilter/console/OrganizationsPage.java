package io.github.orgmilter.console;

import static j2html.TagCreator.a;
import static j2html.TagCreator.button;
import static j2html.TagCreator.form;
import static j2html.TagCreator.input;
import static j2html.TagCreator.label;
import static j2html.TagCreator.p;
import static j2html.TagCreator.span;
import static j2html.TagCreator.tag;
import static j2html.TagCreator.text;

import io.github.orgmilter.admin.Answer;
import io.github.orgmilter.admin.Request;
import io.github.orgmilter.console.OrganizationSearch.Found;
import io.github.orgmilter.console.html.Page;
import io.github.orgmilter.console.html.Page.Section;
import io.github.orgmilter.console.html.Show;
import io.github.orgmilter.organization.AcceptedDomain;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.policy.Policy;
import j2html.tags.DomContent;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The organizations, searched by name or domain; those with problems come first. */
final class OrganizationsPage {

    private static final int MOST = 50;
    private static final int DOMAINS_SHOWN = 3;

    private final Sources sources;

    OrganizationsPage(Sources sources) {
        this.sources = sources;
    }

    Answer page(Request request) {
        String wanted = request.parameter("q").map(String::strip).orElse("");
        Policy policy = sources.policy();
        List<String> withProblems = sources.directory().withProblems(MOST);
        Found found = wanted.isEmpty()
                ? new Found(first(policy, withProblems), true)
                : OrganizationSearch.find(
                        policy, wanted, request.parameter("everywhere").isPresent(), MOST);
        Set<String> problematic = Set.copyOf(withProblems);
        List<List<DomContent>> rows = found.organizations().stream()
                .map(each -> row(each, problematic))
                .toList();
        return Page.of(
                Section.ORGANIZATIONS,
                "Organizations",
                tag("search")
                        .with(form(
                                        label(
                                                span("Name or domain"),
                                                input().withType("search")
                                                        .withName("q")
                                                        .withValue(wanted)),
                                        button("Search").withType("submit"))
                                .withMethod("get")
                                .withAction(Section.ORGANIZATIONS.path())
                                .withClass("filter")),
                summary(policy, wanted, found),
                Show.grid(
                        "Organizations",
                        List.of("Name", "Accepted domains", "Connectors", "State", "Last seen"),
                        rows));
    }

    private static DomContent summary(Policy policy, String wanted, Found found) {
        int count = found.organizations().size();
        String all = Show.count(policy.organizations().size(), "organization");
        if (wanted.isEmpty()) {
            return p(count == 0 ? "No organizations." : all + "; those with problems first.");
        }
        if (count == 0) {
            return p("None of " + all + " has that in its name or domains.");
        }
        String shown = (count == MOST ? "The first " + MOST : String.valueOf(count)) + " of " + all;
        return found.everywhere()
                ? p(shown + " with that in their names or domains.")
                : p(
                        text(shown + " with that name or domain, or a name that begins with it. "),
                        a("Search within names and domains")
                                .withHref(Section.ORGANIZATIONS.path() + "?everywhere=yes&q=" + Show.encoded(wanted)));
    }

    private static List<Organization> first(Policy policy, List<String> withProblems) {
        Map<String, Organization> found = new LinkedHashMap<>();
        withProblems.forEach(
                name -> policy.organizations().find(name).ifPresent(organization -> found.put(name, organization)));
        policy.organizations().stream().limit(MOST).forEach(each -> found.putIfAbsent(each.name(), each));
        return found.values().stream().limit(MOST).toList();
    }

    private List<DomContent> row(Organization organization, Set<String> problematic) {
        Instant now = sources.now();
        List<AcceptedDomain> domains = organization.acceptedDomains();
        String shown =
                domains.stream().limit(DOMAINS_SHOWN).map(Object::toString).collect(Collectors.joining(", "))
                        + (domains.size() > DOMAINS_SHOWN ? " and " + (domains.size() - DOMAINS_SHOWN) + " more" : "");
        return List.of(
                Show.organization(organization.name()),
                Show.wire(shown),
                text(Show.count(organization.connectors().size())),
                text(problematic.contains(organization.name()) ? "problems" : "in order"),
                text(sources.activity()
                        .organization(organization.name(), now)
                        .flatMap(activity -> activity.connectors().values().stream()
                                .map(connector -> connector.last())
                                .max(Instant::compareTo))
                        .map(last -> Show.since(last, now) + " ago")
                        .orElse("not lately")));
    }
}
