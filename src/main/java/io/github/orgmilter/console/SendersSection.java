package io.github.orgmilter.console;

import static j2html.TagCreator.button;
import static j2html.TagCreator.each;
import static j2html.TagCreator.form;
import static j2html.TagCreator.h2;
import static j2html.TagCreator.input;
import static j2html.TagCreator.label;
import static j2html.TagCreator.p;
import static j2html.TagCreator.section;
import static j2html.TagCreator.span;
import static j2html.TagCreator.text;

import io.github.orgmilter.console.html.Show;
import io.github.orgmilter.explain.WhoPrinter;
import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.identity.InvalidValueException;
import io.github.orgmilter.policy.Policy;
import io.github.orgmilter.who.Sender;
import io.github.orgmilter.who.Senders;
import j2html.tags.DomContent;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

/** Who may send as a domain of an organization, as {@code orgmilter who} prints it. */
final class SendersSection {

    private static final int MOST = 100; // connectors

    /** If nobody has the domain, all organizations are looked at, unless there are more than this. */
    private static final int MOST_LOOKED_AT = 20_000;

    private SendersSection() {}

    /**
     * The question and its answer.
     *
     * @param organization to whose page the form leads
     * @param domain as given by whoever asks
     */
    static DomContent of(Policy policy, String organization, String domain) {
        return section(
                        h2("Who may send as"),
                        form(
                                        input().withType("hidden")
                                                .withName("name")
                                                .withValue(organization),
                                        label(
                                                span("Domain"),
                                                input().withName("domain").withValue(domain)),
                                        button("Ask").withType("submit"))
                                .withMethod("get")
                                .withAction("/organization#who")
                                .withClass("filter"),
                        answer(policy, domain))
                .withId("who");
    }

    private static DomContent answer(Policy policy, String domain) {
        DomainName asked;
        try {
            asked = DomainName.parse(domain);
        } catch (InvalidValueException e) {
            return p(text("Domain: "), Show.wire(String.valueOf(e.getMessage())))
                    .attr("role", "alert");
        }
        Senders senders = new Senders(policy, new Sender.InDomain(asked));
        boolean kept = !senders.keepers().isEmpty() || policy.organizations().size() <= MOST_LOOKED_AT;
        StringWriter text = new StringWriter();
        new WhoPrinter(new PrintWriter(text), senders, kept, true, MOST).text();
        DomContent printed = Show.printed(text.toString(), "orgmilter who " + asked);
        return kept
                ? printed
                : each(
                        List.<DomContent>of(
                                printed,
                                p(
                                        "No organization reserves this domain for its own mail to recipients outside; orgmilter who "
                                                + asked + " looks at the connectors of all.")),
                        part -> part);
    }
}
