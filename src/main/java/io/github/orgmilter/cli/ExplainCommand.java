package io.github.orgmilter.cli;

import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import io.github.orgmilter.config.CertificateFile;
import io.github.orgmilter.config.Configuration;
import io.github.orgmilter.config.ConfigurationException;
import io.github.orgmilter.config.ServerCertificate;
import io.github.orgmilter.identity.Fingerprint;
import io.github.orgmilter.identity.InvalidValueException;
import io.github.orgmilter.identity.Mta;
import io.github.orgmilter.milter.MtaReport;
import io.github.orgmilter.policy.Address;
import io.github.orgmilter.policy.Authentication;
import io.github.orgmilter.policy.Client;
import io.github.orgmilter.policy.Envelope;
import io.github.orgmilter.policy.Explanation;
import io.github.orgmilter.policy.Explanation.ConnectorReason;
import io.github.orgmilter.policy.PresentedCertificate;
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
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Says what the daemon would answer to a session, and why. */
@Command(
        name = "explain",
        description = "Explains how each recipient of a message would be answered, and why, step by step.",
        mixinStandardHelpOptions = true)
final class ExplainCommand implements Callable<Integer> {

    @Mixin
    private ConfigurationOption config = new ConfigurationOption();

    @Option(
            names = "--mta",
            paramLabel = "MTA",
            description =
                    "postfix or sendmail: the MTA in whose terms the options are read (default: ${DEFAULT-VALUE})")
    private Mta mta = Mta.POSTFIX;

    @Option(
            names = "--client-address",
            paramLabel = "ADDRESS",
            description =
                    "the client's IPv4 or IPv6 address, or unknown, as the MTA reports it (default: ${DEFAULT-VALUE})")
    private String clientAddress = Client.UNKNOWN;

    @Option(names = "--tls", description = "the connection is encrypted; a certificate implies this")
    private boolean tls;

    @Option(
            names = "--cert-subject",
            paramLabel = "NAME",
            description = "the subject common name of the client's certificate; with postfix, of a verified one")
    private @Nullable String certificateSubject;

    @Option(names = "--cert-issuer", paramLabel = "NAME", description = "the common name of its issuer")
    private @Nullable String certificateIssuer;

    @Option(
            names = "--cert-fingerprint",
            paramLabel = "FINGERPRINT",
            description = "the SHA-256 fingerprint of the certificate that the client presents, verified or not")
    private @Nullable String certificateFingerprint;

    @Option(
            names = "--public-key-fingerprint",
            paramLabel = "FINGERPRINT",
            description = "the SHA-256 fingerprint of its public key")
    private @Nullable String publicKeyFingerprint;

    @Option(
            names = "--cert-file",
            paramLabel = "FILE",
            description = "both fingerprints, from the first certificate in a PEM file")
    private @Nullable Path certificateFile;

    @Option(names = "--verify", paramLabel = "RESULT", description = "Sendmail's {verify}: OK, FAIL, NO, ...")
    private @Nullable String verify;

    @Option(names = "--helo", paramLabel = "NAME", description = "the name in HELO or EHLO; no rule depends on it")
    private @Nullable String helo;

    @Option(names = "--sasl", paramLabel = "LOGIN", description = "the SASL login")
    private @Nullable String login;

    @Option(
            names = "--sasl-mechanism",
            paramLabel = "NAME",
            description =
                    "the SASL mechanism (default: ${DEFAULT-VALUE}); EXTERNAL or an empty one does not count as a login")
    private String mechanism = "PLAIN";

    @Option(
            names = "--from",
            required = true,
            paramLabel = "ADDRESS",
            description = "the envelope sender; <> or an empty argument is the null sender")
    private String sender = "";

    @Option(
            names = "--resolved-from",
            paramLabel = "ADDRESS",
            description = "the form to which the MTA resolves the sender")
    private @Nullable String resolvedSender;

    @Option(
            names = "--from-mailer",
            paramLabel = "NAME",
            description = "the mailer for the sender, {mail_mailer}; no rule depends on it")
    private @Nullable String senderMailer;

    @Option(
            names = "--to",
            required = true,
            paramLabel = "ADDRESS",
            description = "an envelope recipient; may be repeated")
    private List<String> recipients = List.of();

    @Option(
            names = "--resolved-to",
            paramLabel = "ADDRESS",
            description =
                    "the form to which the MTA resolves a recipient; one for each --to, in order, empty if there is none")
    private List<String> resolvedRecipients = List.of();

    @Option(
            names = "--to-mailer",
            paramLabel = "NAME",
            description = "the mailer for a recipient, {rcpt_mailer}, such as local; one for each --to, in order, with"
                    + " --resolved-to")
    private List<String> recipientMailers = List.of();

    @Option(names = "--json", description = "print JSON, for programs")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private record Explained(String recipient, Explanation explanation) {

        /** As the client sees them; empty where the MTA has the word. */
        Optional<List<String>> replyLines(MtaReport report) {
            return explanation.verdict().reply().map(reply -> report.replyLines(reply, recipient));
        }
    }

    @Override
    public Integer call() throws ConfigurationException, InvalidValueException {
        requireAsManyAsRecipients("--resolved-to", resolvedRecipients);
        requireAsManyAsRecipients("--to-mailer", recipientMailers);
        if (!MtaReport.isClientAddress(clientAddress)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "Give --client-address an IPv4 or IPv6 address, or unknown, and no port or brackets: no MTA reports \""
                            + clientAddress + "\"");
        }
        Optional<PresentedCertificate> presented = presented();
        Configuration configuration = config.load();
        MtaReport report = new MtaReport(
                mta,
                clientAddress,
                tls || presented.isPresent(),
                Optional.ofNullable(certificateSubject),
                Optional.ofNullable(certificateIssuer),
                Optional.ofNullable(verify));
        Client client = report.client().presenting(presented);
        Envelope envelope = report.envelope(
                sender,
                Optional.ofNullable(resolvedSender),
                Optional.ofNullable(senderMailer),
                Optional.ofNullable(login).map(l -> new Authentication(l, mechanism)));
        List<Explained> explained = new ArrayList<>();
        for (int i = 0; i < recipients.size(); i++) {
            Address recipient = report.address(recipients.get(i), nth(resolvedRecipients, i), nth(recipientMailers, i));
            explained.add(
                    new Explained(recipients.get(i), configuration.policy().explain(client, envelope, recipient)));
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            printJson(out, client, report, explained);
        } else {
            print(out, client, report, explained);
        }
        return 0;
    }

    // Empty if no option says anything of it: then it is not known which the client presents.
    private Optional<PresentedCertificate> presented() throws InvalidValueException {
        if (certificateFile != null) {
            if (certificateFingerprint != null || publicKeyFingerprint != null) {
                throw new ParameterException(spec.commandLine(), "Give --cert-file or fingerprints, not both");
            }
            ServerCertificate certificate =
                    CertificateFile.read(certificateFile).server();
            return Optional.of(new PresentedCertificate(
                    Optional.of(certificate.fingerprint()), Optional.of(certificate.publicKey())));
        }
        if (certificateFingerprint == null && publicKeyFingerprint == null) {
            return Optional.empty();
        }
        return Optional.of(
                new PresentedCertificate(fingerprint(certificateFingerprint), fingerprint(publicKeyFingerprint)));
    }

    private static Optional<Fingerprint> fingerprint(@Nullable String text) throws InvalidValueException {
        return text == null ? Optional.empty() : Optional.of(Fingerprint.parse(text));
    }

    private void requireAsManyAsRecipients(String option, List<String> values) {
        if (!values.isEmpty() && values.size() != recipients.size()) {
            throw new ParameterException(spec.commandLine(), "Give " + option + " as often as --to, or not at all");
        }
    }

    private static Optional<String> nth(List<String> values, int index) {
        return values.isEmpty()
                ? Optional.empty()
                : Optional.of(values.get(index)).filter(value -> !value.isEmpty());
    }

    private void print(PrintWriter out, Client client, MtaReport report, List<Explained> explained) {
        out.println("client     " + describe(client) + (helo == null ? "" : ", helo " + helo));
        report.remark().ifPresent(remark -> out.println("           " + remark));
        out.println("sender     " + bracketed(sender));
        for (Explained each : explained) {
            Explanation explanation = each.explanation();
            out.println();
            out.println("recipient  " + bracketed(each.recipient()));
            out.println("verdict    " + explanation.verdict().action()
                    + (explanation.verdict() instanceof Verdict.Audit ? " in audit mode, else reject, " : ", ")
                    + explanation.verdict().cause());
            for (String line : each.replyLines(report).orElse(List.of("250, if the MTA agrees"))) {
                out.println("reply      " + line);
            }
            for (ConnectorReason reason : explanation.connectors()) {
                out.println("connector  " + reason.organization() + "/" + reason.connector()
                        + (reason.identifies() ? " identifies the client: " : " does not: ") + reason.reason());
            }
            explanation
                    .steps()
                    .forEach(step -> out.println((step.answer() ? "yes        " : "no         ") + step.reason()));
        }
        out.flush();
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
                        .orElse("");
    }

    private static String bracketed(String address) {
        return address.startsWith("<") ? address : "<" + address + ">";
    }

    private void printJson(PrintWriter out, Client client, MtaReport report, List<Explained> explained) {
        List<Object> list = new ArrayList<>();
        for (Explained each : explained) {
            Explanation explanation = each.explanation();
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("recipient", bracketed(each.recipient()));
            entry.put("verdict", explanation.verdict().action());
            if (explanation.verdict() instanceof Verdict.Audit) {
                entry.put("would", "reject");
            }
            entry.put("cause", explanation.verdict().cause());
            explanation.verdict().organization().ifPresent(name -> entry.put("organization", name));
            explanation.verdict().connector().ifPresent(name -> entry.put("connector", name));
            each.replyLines(report).ifPresent(lines -> entry.put("reply", lines));
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
        }
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("client", describe(client));
        report.remark().ifPresent(remark -> all.put("remark", remark));
        all.put("sender", bracketed(sender));
        all.put("recipients", list);
        out.println(ConfigValueFactory.fromMap(all)
                .render(ConfigRenderOptions.defaults()
                        .setOriginComments(false)
                        .setComments(false)
                        .setJson(true)));
        out.flush();
    }
}
