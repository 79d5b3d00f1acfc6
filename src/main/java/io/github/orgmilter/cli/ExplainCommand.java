package io.github.orgmilter.cli;

import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import io.github.orgmilter.config.Configuration;
import io.github.orgmilter.config.ConfigurationException;
import io.github.orgmilter.milter.MtaReport;
import io.github.orgmilter.policy.Authentication;
import io.github.orgmilter.policy.Client;
import io.github.orgmilter.policy.Envelope;
import io.github.orgmilter.policy.Explanation;
import io.github.orgmilter.policy.Explanation.ConnectorReason;
import io.github.orgmilter.policy.SmtpReply;
import io.github.orgmilter.policy.Verdict;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Says what the daemon would answer to a session, and why. */
@Command(
        name = "explain",
        description = "Says what would be answered to each recipient of a message, and why, step by step.",
        mixinStandardHelpOptions = true)
final class ExplainCommand implements Callable<Integer> {

    enum Mta {
        postfix,
        sendmail
    }

    @Option(names = "--config", required = true, paramLabel = "FILE", description = "the configuration, in HOCON")
    private Path config = Path.of("");

    @Option(
            names = "--mta",
            paramLabel = "MTA",
            description = "postfix or sendmail: who reports the session (default: ${DEFAULT-VALUE})")
    private Mta mta = Mta.postfix;

    @Option(
            names = "--client-address",
            paramLabel = "ADDRESS",
            description = "the client's IPv4 or IPv6 address (default: ${DEFAULT-VALUE})")
    private String clientAddress = Client.UNKNOWN;

    @Option(names = "--tls", description = "the connection is encrypted; a certificate implies it")
    private boolean tls;

    @Option(
            names = "--cert-subject",
            paramLabel = "NAME",
            description = "the subject common name of the client's certificate; with postfix, of a verified one")
    private @Nullable String certificateSubject;

    @Option(names = "--cert-issuer", paramLabel = "NAME", description = "the issuer's common name")
    private @Nullable String certificateIssuer;

    @Option(names = "--verify", paramLabel = "RESULT", description = "sendmail's {verify}: OK, FAIL, NO, ...")
    private @Nullable String verify;

    @Option(names = "--helo", paramLabel = "NAME", description = "the name in HELO or EHLO; no rule depends on it")
    private @Nullable String helo;

    @Option(names = "--sasl", paramLabel = "LOGIN", description = "the SASL login")
    private @Nullable String login;

    @Option(
            names = "--sasl-mechanism",
            paramLabel = "NAME",
            description = "the SASL mechanism (default: ${DEFAULT-VALUE}); EXTERNAL counts as no login")
    private String mechanism = "PLAIN";

    @Option(
            names = "--from",
            required = true,
            paramLabel = "ADDRESS",
            description = "the envelope sender; <> or an empty one for the null sender")
    private String sender = "";

    @Option(names = "--resolved-from", paramLabel = "ADDRESS", description = "what the MTA makes of the sender")
    private @Nullable String resolvedSender;

    @Option(
            names = "--to",
            required = true,
            paramLabel = "ADDRESS",
            description = "an envelope recipient; may be given several times")
    private List<String> recipients = List.of();

    @Option(
            names = "--resolved-to",
            paramLabel = "ADDRESS",
            description = "what the MTA makes of a recipient; as often as --to, in the same order")
    private List<String> resolvedRecipients = List.of();

    @Option(names = "--json", description = "print JSON, for programs")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        if (!resolvedRecipients.isEmpty() && resolvedRecipients.size() != recipients.size()) {
            throw new ParameterException(spec.commandLine(), "Give --resolved-to as often as --to, or not at all");
        }
        Configuration configuration;
        try {
            configuration = Configuration.load(config);
        } catch (ConfigurationException e) {
            e.problems().forEach(spec.commandLine().getErr()::println);
            return 1;
        }
        MtaReport report = new MtaReport(
                mta == Mta.sendmail,
                clientAddress,
                tls,
                Optional.ofNullable(certificateSubject),
                Optional.ofNullable(certificateIssuer),
                Optional.ofNullable(verify));
        Envelope envelope = report.envelope(
                sender,
                Optional.ofNullable(resolvedSender),
                Optional.ofNullable(login).map(l -> new Authentication(l, mechanism)));
        Map<String, Explanation> explanations = new LinkedHashMap<>();
        for (int i = 0; i < recipients.size(); i++) {
            Optional<String> resolved =
                    resolvedRecipients.isEmpty() ? Optional.empty() : Optional.of(resolvedRecipients.get(i));
            explanations.put(
                    recipients.get(i),
                    configuration.policy().explain(report.client(), envelope, report.address(recipients.get(i), resolved)));
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            printJson(out, report, explanations);
        } else {
            print(out, report, explanations);
        }
        return 0;
    }

    private void print(PrintWriter out, MtaReport report, Map<String, Explanation> explanations) {
        out.println("client     " + describe(report.client()) + (helo == null ? "" : ", helo " + helo));
        report.remark().ifPresent(remark -> out.println("           " + remark));
        out.println("sender     " + bracketed(sender));
        explanations.forEach((recipient, explanation) -> {
            out.println();
            out.println("recipient  " + bracketed(recipient));
            out.println("verdict    " + explanation.verdict().action()
                    + (explanation.verdict() instanceof Verdict.Audit ? " in audit mode, else reject, " : ", ")
                    + explanation.verdict().cause());
            for (String line : explanation.verdict().reply().map(SmtpReply::lines).orElse(List.of("250, if the MTA agrees"))) {
                out.println("reply      " + line);
            }
            for (ConnectorReason reason : explanation.connectors()) {
                out.println("connector  " + reason.organization() + "/" + reason.connector()
                        + (reason.identifies() ? " identifies the client: " : " does not: ") + reason.reason());
            }
            explanation.steps().forEach(step -> out.println((step.answer() ? "yes        " : "no         ") + step.reason()));
        });
        out.flush();
    }

    private static String describe(Client client) {
        return client.display()
                + (client.encrypted() ? ", encrypted" : ", not encrypted")
                + client.certificateName().map(name -> ", verified certificate " + name).orElse("")
                + client.certificateIssuer().map(name -> " issued by " + name).orElse("");
    }

    private static String bracketed(String address) {
        return address.startsWith("<") ? address : "<" + address + ">";
    }

    private void printJson(PrintWriter out, MtaReport report, Map<String, Explanation> explanations) {
        List<Object> list = new ArrayList<>();
        explanations.forEach((recipient, explanation) -> {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("recipient", bracketed(recipient));
            entry.put("verdict", explanation.verdict().action());
            if (explanation.verdict() instanceof Verdict.Audit) {
                entry.put("would", "reject");
            }
            entry.put("cause", explanation.verdict().cause());
            explanation.verdict().organization().ifPresent(name -> entry.put("organization", name));
            explanation.verdict().connector().ifPresent(name -> entry.put("connector", name));
            explanation.verdict().reply().ifPresent(reply -> entry.put("reply", reply.lines()));
            entry.put(
                    "connectors",
                    explanation.connectors().stream()
                            .map(reason -> Map.of(
                                    "organization", reason.organization(),
                                    "connector", reason.connector(),
                                    "identifies", reason.identifies(),
                                    "reason", reason.reason()))
                            .toList());
            entry.put(
                    "steps",
                    explanation.steps().stream()
                            .map(step -> Map.of("answer", step.answer(), "reason", step.reason()))
                            .toList());
            list.add(entry);
        });
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("client", describe(report.client()));
        report.remark().ifPresent(remark -> all.put("remark", remark));
        all.put("sender", bracketed(sender));
        all.put("recipients", list);
        out.println(ConfigValueFactory.fromMap(all)
                .render(ConfigRenderOptions.defaults().setOriginComments(false).setComments(false).setJson(true)));
        out.flush();
    }
}
