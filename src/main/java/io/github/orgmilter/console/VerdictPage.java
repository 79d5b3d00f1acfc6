package io.github.orgmilter.console;

import static j2html.TagCreator.dd;
import static j2html.TagCreator.dl;
import static j2html.TagCreator.dt;
import static j2html.TagCreator.each;
import static j2html.TagCreator.h2;
import static j2html.TagCreator.p;
import static j2html.TagCreator.pre;
import static j2html.TagCreator.text;

import io.github.orgmilter.activity.RecentVerdict;
import io.github.orgmilter.admin.Answer;
import io.github.orgmilter.admin.Request;
import io.github.orgmilter.console.Page.Section;
import io.github.orgmilter.explain.ExplanationPrinter;
import io.github.orgmilter.explain.ExplanationPrinter.Explained;
import io.github.orgmilter.identification.PresentedCertificate;
import io.github.orgmilter.identity.CertificateName;
import io.github.orgmilter.identity.Mta;
import io.github.orgmilter.mta.MtaReport;
import io.github.orgmilter.policy.Address;
import io.github.orgmilter.policy.Envelope;
import io.github.orgmilter.policy.explanation.Explanation;
import io.github.orgmilter.verdict.Ending;
import io.github.orgmilter.verdict.SmtpReply;
import j2html.tags.DomContent;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One recent verdict: what it depended on, and how the running policy explains it. */
final class VerdictPage {

    private final Sources sources;

    VerdictPage(Sources sources) {
        this.sources = sources;
    }

    Answer page(Request request) {
        long number = request.parameter("number")
                .filter(text -> text.matches("[0-9]{1,18}"))
                .map(Long::parseLong)
                .orElse(-1L);
        @Nullable RecentVerdict recent = sources.verdicts().find(number);
        if (recent == null) {
            return Page.notFound(
                    Section.VERDICTS,
                    "No longer kept",
                    p("Only the last " + Show.count(sources.verdicts().size())
                            + " verdicts since the start are kept here; the log has all of them."));
        }
        return Page.of(
                Section.VERDICTS,
                "Verdict " + number,
                p(Show.action(recent), text(" " + recent.verdict().cause().key())),
                facts(recent),
                explanation(recent));
    }

    private static DomContent facts(RecentVerdict recent) {
        List<DomContent> facts = new ArrayList<>();
        facts.add(each(List.<DomContent>of(dt("Time (UTC)"), dd(Show.moment(recent.when()))), part -> part));
        recent.verdict()
                .party()
                .organization()
                .ifPresent(name -> facts.add(
                        each(List.<DomContent>of(dt("Organization"), dd(Show.organization(name))), part -> part)));
        fact(facts, "Connector", recent.verdict().party().connector());
        fact(facts, "Client", Optional.of(recent.client().display()));
        fact(facts, "HELO", Optional.of(recent.helo()));
        fact(facts, "Encrypted", Optional.of(recent.client().encrypted() ? "yes" : "no"));
        fact(facts, "Certificate name", recent.client().certificateName().map(CertificateName::text));
        fact(facts, "Issuer", recent.client().certificateIssuer());
        fact(
                facts,
                "Certificate",
                recent.client()
                        .presented()
                        .flatMap(PresentedCertificate::certificate)
                        .map(Object::toString));
        fact(facts, "Login", recent.client().login());
        fact(facts, "From", Optional.of("<" + recent.sender().given().text() + ">"));
        fact(
                facts,
                "To",
                recent.recipient().map(recipient -> "<" + recipient.given().text() + ">"));
        fact(facts, "Reply", recent.verdict().reply().map(SmtpReply::lines).map(lines -> String.join(" ", lines)));
        fact(facts, "Outcome", recent.ending().map(Ending::key));
        fact(facts, "Session", Optional.of(recent.session()));
        fact(facts, "Queue ID", Optional.of(recent.queueId()));
        fact(facts, "Configuration", Optional.of(recent.revision()));
        return dl(each(facts, fact -> fact));
    }

    private static void fact(List<DomContent> facts, String name, Optional<String> value) {
        value.filter(text -> !text.isEmpty())
                .ifPresent(text -> facts.add(each(List.<DomContent>of(dt(name), dd(Show.wire(text))), part -> part)));
    }

    private DomContent explanation(RecentVerdict recent) {
        if (recent.recipient().isEmpty()) {
            return p("It was decided by the header of the message, which is not kept.");
        }
        Address recipient = recent.recipient().get();
        Explanation explanation = sources.policy().explain(recent.client(), new Envelope(recent.sender()), recipient);
        MtaReport report = new MtaReport(
                recent.mta().orElse(Mta.POSTFIX),
                recent.client().display(),
                recent.client().encrypted(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        StringWriter text = new StringWriter();
        new ExplanationPrinter(
                        new PrintWriter(text),
                        report,
                        recent.client(),
                        recent.sender().given().text())
                .text(
                        Optional.of(recent.helo()).filter(helo -> !helo.isEmpty()),
                        List.of(new Explained(recipient.given().text(), explanation)),
                        Optional.empty());
        boolean same = explanation.verdict().equals(recent.verdict());
        return each(
                List.<DomContent>of(
                        h2("As the running policy explains it"),
                        p(
                                same
                                        ? "It would decide the same now."
                                        : "It would decide otherwise now: the configuration or what is known of the client"
                                                + " has changed."),
                        pre(ExplainPage.bounded(text.toString())).attr("tabindex", "0")),
                part -> part);
    }
}
