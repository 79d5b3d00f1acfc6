package io.github.orgmilter.cli;

import io.github.orgmilter.certificate.CertificateFile;
import io.github.orgmilter.certificate.ServerCertificate;
import io.github.orgmilter.cli.option.Failures;
import io.github.orgmilter.document.FileContent;
import io.github.orgmilter.identity.InvalidValueException;
import io.github.orgmilter.identity.Visibility;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints the fingerprints of certificates as Postfix logs them, to be pasted into a connector. */
@Command(
        name = "fingerprint",
        description = "Prints the fingerprints of the certificates in PEM files, ready to paste into a connector.",
        mixinStandardHelpOptions = true)
final class FingerprintCommand implements Callable<Integer> {

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "PEM files of certificates")
    private List<Path> files = List.of();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        int status = 0;
        for (Path file : files) {
            try {
                CertificateFile.parse(file, FileContent.ofCertificates(file).octets())
                        .certificates()
                        .forEach(certificate -> print(out, file, certificate));
            } catch (InvalidValueException e) {
                Failures.print(spec.commandLine(), Stream.of(visible(e.problem() + "; " + e.repair())));
                status = Failures.FAILED;
            }
        }
        out.flush();
        return status;
    }

    private static void print(PrintWriter out, Path file, ServerCertificate certificate) {
        out.println(
                "# " + visible(file + ": " + (certificate.subject().isEmpty() ? "no subject" : certificate.subject())));
        out.println("# names: " + (certificate.names().isEmpty() ? "none" : String.join(", ", certificate.names())));
        out.println("# valid: " + certificate.notBefore() + " to " + certificate.notAfter());
        out.println("certificate-fingerprints = [ \"" + certificate.fingerprint() + "\" ]");
        out.println("public-key-fingerprints = [ \"" + certificate.publicKey() + "\" ]");
    }

    // A line break in a subject would end the comment.
    private static String visible(String text) {
        return text.codePoints()
                .mapToObj(
                        c -> c == ' ' || Visibility.isVisible(c) ? Character.toString(c) : String.format("\\u%04x", c))
                .collect(Collectors.joining());
    }
}
