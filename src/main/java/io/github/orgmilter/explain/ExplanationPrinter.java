package io.github.orgmilter.explain;

import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import io.github.orgmilter.explain.ExplanationText.Reason;
import io.github.orgmilter.identification.Client;
import io.github.orgmilter.identification.ConnectorOutcome;
import io.github.orgmilter.identification.ConnectorOutcome.Matched;
import io.github.orgmilter.mta.MtaReport;
import io.github.orgmilter.organization.ConnectorName;
import io.github.orgmilter.policy.explanation.Explanation;
import io.github.orgmilter.policy.explanation.Fact;
import io.github.orgmilter.policy.explanation.Fact.OfConnector;
import io.github.orgmilter.verdict.Condition;
import io.github.orgmilter.verdict.Verdict;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Prints what was explained: as text, or as JSON with a code for every fact. */
public final class ExplanationPrinter {

    private static final ConfigRenderOptions JSON = ConfigRenderOptions.defaults()
            .setOriginComments(false)
            .setComments(false)
            .setJson(true);

    private final PrintWriter out;
    private final MtaReport report;
    private final Client client;
    private final String sender;

    public ExplanationPrinter(PrintWriter out, MtaReport report, Client client, String sender) {
        this.out = out;
        this.report = report;
        this.client = client;
        this.sender = sender;
    }

    /** A recipient, as the option has it. */
    public record Explained(String recipient, Explanation explanation) {

        Verdict verdict() {
            return explanation.verdict();
        }
    }

    /** The whole message. */
    public void text(Optional<String> helo, List<Explained> explained, Optional<ExplainedHeader> header) {
        out.println("client     " + describe(client)
                + helo.map(name -> ", helo " + name).orElse(""));
        report.remark().ifPresent(remark -> out.println("           " + remark));
        out.println("sender     " + bracketed(sender));
        explained.forEach(this::text);
        header.ifPresent(this::text);
        out.flush();
    }

    private void text(ExplainedHeader header) {
        out.println();
        out.println("header     " + header.reasons().get(0).text());
        out.println("verdict    "
                + header.verdict().map(ExplanationPrinter::inWords).orElse("accept"));
        header.verdict()
                .flatMap(Verdict::reply)
                .ifPresent(reply -> reply.lines().forEach(line -> out.println("reply      " + line)));
        header.reasons().stream().skip(1).forEach(reason -> out.println("           " + reason.text()));
    }

    private static String inWords(Verdict verdict) {
        return verdict.action()
                + (verdict.isAudited() ? " in audit mode, else reject, " : ", ")
                + verdict.cause().key()
                + provisional(verdict);
    }

    private static String provisional(Verdict verdict) {
        return verdict instanceof Verdict.Provisional its
                ? ", if the header meets: "
                        + its.conditions().stream().map(Condition::key).collect(Collectors.joining(", "))
                : "";
    }

    private void text(Explained explained) {
        Verdict verdict = explained.verdict();
        out.println();
        out.println("recipient  " + bracketed(explained.recipient()));
        out.println("verdict    " + inWords(verdict));
        for (String line : replyLines(explained).orElse(List.of("250, if the MTA agrees"))) {
            out.println("reply      " + line);
        }
        Reasoning.of(explained.explanation()).forEach(out::println);
    }

    /** As the client sees them; empty where the MTA answers. */
    private Optional<List<String>> replyLines(Explained explained) {
        return explained.verdict().reply().map(reply -> report.replyLines(reply, explained.recipient()));
    }

    private static String describe(Client client) {
        return client.display()
                + (client.encrypted() ? ", encrypted" : ", not encrypted")
                + client.certificateName()
                        .map(name -> ", verified certificate " + name)
                        .orElse("")
                + client.certificateIssuer().map(name -> " issued by " + name).orElse("")
                + client.presented()
                        .flatMap(presented -> presented.certificate().or(presented::publicKey))
                        .map(fingerprint -> ", presents " + fingerprint)
                        .orElse("")
                + client.login().map(login -> ", logged in as " + login).orElse("");
    }

    private static String bracketed(String address) {
        return address.startsWith("<") ? address : "<" + address + ">";
    }

    public void json(List<Explained> explained, Optional<ExplainedHeader> header) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("client", describe(client));
        report.remark().ifPresent(remark -> all.put("remark", remark));
        all.put("sender", bracketed(sender));
        all.put("recipients", explained.stream().map(this::json).toList());
        header.ifPresent(its -> all.put("header", json(its)));
        out.println(ConfigValueFactory.fromMap(all).render(JSON));
        out.flush();
    }

    private Map<String, Object> json(ExplainedHeader header) {
        Map<String, Object> entry = new LinkedHashMap<>();
        header.verdict().ifPresentOrElse(verdict -> put(entry, verdict), () -> entry.put("verdict", "accept"));
        header.verdict().flatMap(Verdict::reply).ifPresent(reply -> entry.put("reply", reply.lines()));
        entry.put(
                "reasons",
                header.reasons().stream()
                        .map(reason -> Map.of("reason", reason.code(), "text", reason.text()))
                        .toList());
        return entry;
    }

    private static void put(Map<String, Object> entry, Verdict verdict) {
        entry.put("verdict", verdict.action());
        if (verdict.isAudited()) {
            entry.put("would", "reject");
        }
        if (verdict instanceof Verdict.Provisional its) {
            entry.put(
                    "provisional", its.conditions().stream().map(Condition::key).toList());
        }
        entry.put("cause", verdict.cause().key());
        verdict.party().organization().ifPresent(name -> entry.put("organization", name));
        verdict.party().connector().ifPresent(name -> entry.put("connector", name));
    }

    private Map<String, Object> json(Explained explained) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("recipient", bracketed(explained.recipient()));
        put(entry, explained.verdict());
        replyLines(explained).ifPresent(lines -> entry.put("reply", lines));
        entry.put(
                "connectors",
                explained.explanation().connectors().stream()
                        .map(ExplanationPrinter::json)
                        .toList());
        entry.put(
                "facts",
                explained.explanation().facts().stream()
                        .map(ExplanationPrinter::json)
                        .toList());
        return entry;
    }

    private static Map<String, Object> json(ConnectorOutcome outcome) {
        List<Object> reasons = new ArrayList<>();
        for (Reason reason : ConnectorText.of(outcome)) {
            reasons.add(Map.of("reason", reason.code(), "text", reason.text()));
        }
        Map<String, Object> entry = named(outcome.connector());
        entry.put("identifies", outcome instanceof Matched);
        entry.put("reasons", reasons);
        return entry;
    }

    private static Map<String, Object> json(Fact fact) {
        Map<String, Object> entry = fact instanceof OfConnector its ? named(its.connector()) : new LinkedHashMap<>();
        Reason reason = ExplanationText.of(fact);
        entry.put("fact", reason.code());
        entry.put("holds", fact.holds());
        entry.put("text", reason.text());
        return entry;
    }

    private static Map<String, Object> named(ConnectorName connector) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("organization", connector.owner());
        entry.put("connector", connector.name());
        return entry;
    }
}
