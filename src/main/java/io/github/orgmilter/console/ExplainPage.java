package io.github.orgmilter.console;

import static j2html.TagCreator.button;
import static j2html.TagCreator.each;
import static j2html.TagCreator.form;
import static j2html.TagCreator.h2;
import static j2html.TagCreator.input;
import static j2html.TagCreator.label;
import static j2html.TagCreator.option;
import static j2html.TagCreator.p;
import static j2html.TagCreator.select;
import static j2html.TagCreator.span;

import io.github.orgmilter.admin.Answer;
import io.github.orgmilter.admin.Request;
import io.github.orgmilter.console.html.Page;
import io.github.orgmilter.console.html.Page.Section;
import io.github.orgmilter.console.html.Show;
import io.github.orgmilter.explain.ExplanationPrinter.Explained;
import io.github.orgmilter.explain.Question;
import io.github.orgmilter.identification.Authentication;
import io.github.orgmilter.identification.Client;
import io.github.orgmilter.identification.PresentedCertificate;
import io.github.orgmilter.identity.Fingerprint;
import io.github.orgmilter.identity.InvalidValueException;
import io.github.orgmilter.identity.Mta;
import io.github.orgmilter.mta.MtaReport;
import j2html.tags.DomContent;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What {@code orgmilter explain} prints, of the running policy. The address of the page has the question. */
final class ExplainPage {

    private final Sources sources;

    ExplainPage(Sources sources) {
        this.sources = sources;
    }

    Answer page(Request request) {
        List<DomContent> content = new ArrayList<>();
        content.add(question(request));
        if (request.parameter("to").filter(to -> !to.isBlank()).isPresent()) {
            content.add(h2("Explanation"));
            content.add(explanation(request));
        }
        return Page.of(Section.EXPLAIN, "Explain", content.toArray(DomContent[]::new));
    }

    private static DomContent question(Request request) {
        return form(
                        field(request, "client-address", "Client address", Client.UNKNOWN),
                        field(request, "from", "Envelope sender", ""),
                        field(request, "to", "Recipient", ""),
                        label(
                                input().withType("checkbox")
                                        .withName("tls")
                                        .withValue("yes")
                                        .withCondChecked(
                                                request.parameter("tls").isPresent()),
                                span("Encrypted")),
                        field(request, "cert-subject", "Certificate name (subject CN)", ""),
                        field(request, "cert-issuer", "Issuer CN", ""),
                        field(request, "cert-fingerprint", "Certificate fingerprint (SHA-256)", ""),
                        field(request, "sasl-username", "Login", ""),
                        label(
                                span("MTA"),
                                select(each(
                                                Stream.of(Mta.values())
                                                        .map(Object::toString)
                                                        .toList(),
                                                name -> option(name)
                                                        .withValue(name)
                                                        .withCondSelected(request.parameter("mta")
                                                                .filter(name::equals)
                                                                .isPresent())))
                                        .withName("mta")),
                        field(request, "verify", "{verify} (Sendmail)", ""),
                        button("Explain").withType("submit"))
                .withMethod("get")
                .withAction(Section.EXPLAIN.path())
                .withClass("filter");
    }

    private static DomContent field(Request request, String name, String title, String standard) {
        return label(
                span(title),
                input().withName(name).withValue(request.parameter(name).orElse(standard)));
    }

    private DomContent explanation(Request request) {
        String address = text(request, "client-address").orElse(Client.UNKNOWN);
        if (!MtaReport.isClientAddress(address)) {
            return p("The client address must be an IPv4 or IPv6 address, or unknown.")
                    .attr("role", "alert");
        }
        Optional<PresentedCertificate> presented;
        try {
            Optional<String> fingerprint = text(request, "cert-fingerprint");
            presented = fingerprint.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new PresentedCertificate(
                            Optional.of(Fingerprint.parse(fingerprint.get())), Optional.empty()));
        } catch (InvalidValueException e) {
            return p("Certificate fingerprint: " + Show.visible(String.valueOf(e.getMessage())))
                    .attr("role", "alert");
        }
        String recipient = text(request, "to").orElse("");
        Question question = Question.of(
                new Question.Session(
                        mta(request),
                        address,
                        request.parameter("tls").isPresent(),
                        text(request, "cert-subject"),
                        text(request, "cert-issuer"),
                        text(request, "verify"),
                        presented,
                        text(request, "sasl-username").map(login -> new Authentication(login, "PLAIN"))),
                new Question.Mailbox(text(request, "from").orElse("")));
        Explained explained =
                question.explain(sources.policy(), recipient, question.recipient(new Question.Mailbox(recipient)));
        StringWriter text = new StringWriter();
        question.printer(new PrintWriter(text)).text(Optional.empty(), List.of(explained), Optional.empty());
        return Show.printed(text.toString(), "orgmilter explain");
    }

    private static Mta mta(Request request) {
        return Stream.of(Mta.values())
                .filter(mta ->
                        request.parameter("mta").filter(mta.toString()::equals).isPresent())
                .findFirst()
                .orElse(Mta.POSTFIX);
    }

    private static Optional<String> text(Request request, String name) {
        return request.parameter(name).map(String::strip).filter(text -> !text.isEmpty());
    }
}
