package io.github.orgmilter.console;

import static j2html.TagCreator.each;
import static j2html.TagCreator.h2;
import static j2html.TagCreator.p;
import static j2html.TagCreator.text;

import io.github.orgmilter.activity.RecentVerdict;
import io.github.orgmilter.admin.Answer;
import io.github.orgmilter.admin.Request;
import io.github.orgmilter.console.html.Facts;
import io.github.orgmilter.console.html.Page;
import io.github.orgmilter.console.html.Page.Section;
import io.github.orgmilter.console.html.Show;
import io.github.orgmilter.explain.ExplanationPrinter.Explained;
import io.github.orgmilter.explain.Question;
import io.github.orgmilter.identification.PresentedCertificate;
import io.github.orgmilter.identity.CertificateName;
import io.github.orgmilter.identity.Mta;
import io.github.orgmilter.policy.Address;
import io.github.orgmilter.verdict.Ending;
import io.github.orgmilter.verdict.SmtpReply;
import io.github.orgmilter.verdict.Verdict;
import j2html.tags.DomContent;
import java.io.PrintWriter;
import java.io.StringWriter;
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
        Facts facts = new Facts().with("Time (UTC)", Show.moment(recent.when()));
        recent.verdict().party().organization().ifPresent(name -> facts.with("Organization", Show.organization(name)));
        return facts.with("Connector", recent.verdict().party().connector())
                .with("Client", recent.client().display())
                .with("HELO", Optional.of(recent.helo()))
                .with("Encrypted", recent.client().encrypted() ? "yes" : "no")
                .with("Certificate name", recent.client().certificateName().map(CertificateName::text))
                .with("Issuer", recent.client().certificateIssuer())
                .with(
                        "Certificate",
                        recent.client()
                                .presented()
                                .flatMap(PresentedCertificate::certificate)
                                .map(Object::toString))
                .with("Login", recent.client().login())
                .with("From", "<" + recent.senderText() + ">")
                .with("To", recent.recipientText().map(recipient -> "<" + recipient + ">"))
                .with("Reply", recent.verdict().reply().map(SmtpReply::lines).map(lines -> String.join(" ", lines)))
                .with("Outcome", recent.ending().map(Ending::key))
                .with("Session", Optional.of(recent.session()))
                .with("Queue ID", Optional.of(recent.queueId()))
                .with("Configuration", recent.revision())
                .list();
    }

    private DomContent explanation(RecentVerdict recent) {
        if (recent.recipient().isEmpty()) {
            return p("It was decided by the header of the message, which is not kept.");
        }
        Address recipient = recent.recipient().get();
        Question question = Question.of(recent.mta().orElse(Mta.POSTFIX), recent.client(), recent.sender());
        Explained explained =
                question.explain(sources.policy(), recipient.given().text(), recipient);
        StringWriter text = new StringWriter();
        question.printer(new PrintWriter(text))
                .text(Optional.of(recent.helo()).filter(helo -> !helo.isEmpty()), List.of(explained), Optional.empty());
        return each(
                List.<DomContent>of(
                        h2("As the running policy explains it"),
                        p(comparison(explained.explanation().verdict(), recent)),
                        Show.printed(text.toString(), "orgmilter explain")),
                part -> part);
    }

    private static String comparison(Verdict now, RecentVerdict recent) {
        if (recent.isCut()) {
            return "A text was too long to be kept whole, so this explains what is left of it. The log has the verdict.";
        }
        return now.equals(recent.verdict())
                ? "It would decide the same now."
                : "It would decide differently now: the configuration or what is known of the client has changed.";
    }
}
