package io.github.orgmilter.cli;

import io.github.orgmilter.authors.MessageDecision;
import io.github.orgmilter.certificate.CertificateFile;
import io.github.orgmilter.certificate.ServerCertificate;
import io.github.orgmilter.cli.option.EffectiveConfiguration;
import io.github.orgmilter.cli.option.HeaderOption;
import io.github.orgmilter.config.Configuration;
import io.github.orgmilter.config.ConfigurationException;
import io.github.orgmilter.document.FileContent;
import io.github.orgmilter.explain.ExplainedHeader;
import io.github.orgmilter.explain.ExplanationPrinter;
import io.github.orgmilter.explain.ExplanationPrinter.Explained;
import io.github.orgmilter.explain.Question;
import io.github.orgmilter.identification.Authentication;
import io.github.orgmilter.identification.Client;
import io.github.orgmilter.identification.PresentedCertificate;
import io.github.orgmilter.identity.Fingerprint;
import io.github.orgmilter.identity.InvalidValueException;
import io.github.orgmilter.identity.Mta;
import io.github.orgmilter.mta.MtaReport;
import io.github.orgmilter.policy.Address;
import io.github.orgmilter.policy.Envelope;
import io.github.orgmilter.policy.Policy;
import io.github.orgmilter.verdict.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Explains what the daemon would answer in a session, and why. */
@Command(
        name = "explain",
        description = "Explains how each recipient of a message would be answered, and why, step by step.",
        mixinStandardHelpOptions = true)
final class ExplainCommand implements Callable<Integer> {

    @Mixin
    private EffectiveConfiguration config = new EffectiveConfiguration();

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

    @Option(
            names = {"--sasl-username", "--sasl"},
            paramLabel = "LOGIN",
            description = "the SASL login")
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

    @Mixin
    private HeaderOption header = new HeaderOption();

    @Option(names = "--json", description = "print JSON, for programs")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws ConfigurationException, InvalidValueException, IOException {
        requireAsManyAsRecipients("--resolved-to", resolvedRecipients);
        requireAsManyAsRecipients("--to-mailer", recipientMailers);
        if (!MtaReport.isClientAddress(clientAddress)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "Give --client-address an IPv4 or IPv6 address, or unknown, and no port or brackets: no MTA reports \""
                            + clientAddress + "\"");
        }
        Optional<PresentedCertificate> presented = presented();
        Configuration configuration = config.load(spec.commandLine().getErr()).configuration();
        Question question = Question.of(
                new Question.Session(
                        mta,
                        clientAddress,
                        tls,
                        Optional.ofNullable(certificateSubject),
                        Optional.ofNullable(certificateIssuer),
                        Optional.ofNullable(verify),
                        presented,
                        Optional.ofNullable(login).map(name -> new Authentication(name, mechanism))),
                new Question.Mailbox(sender, Optional.ofNullable(resolvedSender), Optional.ofNullable(senderMailer)));
        Client client = question.client();
        Envelope envelope = question.envelope();
        Policy policy = configuration.policy();
        MessageDecision decision = new MessageDecision(policy, envelope);
        List<Explained> explained = new ArrayList<>();
        for (int i = 0; i < recipients.size(); i++) {
            Address recipient = question.recipient(
                    new Question.Mailbox(recipients.get(i), nth(resolvedRecipients, i), nth(recipientMailers, i)));
            Explained answer = question.explain(policy, recipients.get(i), recipient);
            explained.add(answer);
            Verdict verdict = answer.explanation().verdict();
            if (verdict.reply().isEmpty()) {
                decision.accept(policy.identify(client), recipient, verdict);
            }
        }
        Optional<ExplainedHeader> explainedHeader = header.read(
                        configuration.settings().limits(), decision.asked())
                .map(fields ->
                        ExplainedHeader.of(decision, fields, () -> policy.headerLimit(client, envelope.sender())));
        ExplanationPrinter printer = question.printer(spec.commandLine().getOut());
        if (json) {
            printer.json(explained, explainedHeader);
        } else {
            printer.text(Optional.ofNullable(helo), explained, explainedHeader);
        }
        return 0;
    }

    // Empty if no option says anything of it: then it is not known which the client presents.
    private Optional<PresentedCertificate> presented() throws InvalidValueException {
        if (certificateFile != null) {
            if (certificateFingerprint != null || publicKeyFingerprint != null) {
                throw new ParameterException(spec.commandLine(), "Give --cert-file or fingerprints, not both");
            }
            ServerCertificate certificate = CertificateFile.parse(
                            certificateFile,
                            FileContent.ofCertificates(certificateFile).octets())
                    .server();
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
}
