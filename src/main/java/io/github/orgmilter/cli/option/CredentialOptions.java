package io.github.orgmilter.cli.option;

import io.github.orgmilter.certificate.PrivateKeyFile;
import io.github.orgmilter.document.FileContent;
import io.github.orgmilter.identity.InvalidValueException;
import io.github.orgmilter.probe.smtp.ClientKey;
import io.github.orgmilter.probe.smtp.Credentials;
import io.github.orgmilter.probe.smtp.Login;
import java.io.Console;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** By what a probe is recognised. A password is never an argument: everybody on the machine can read those. */
public final class CredentialOptions {

    @Option(
            names = "--certificate",
            paramLabel = "FILE",
            description = "a client certificate to present, in PEM, with its chain behind it")
    private @Nullable Path certificate;

    @Option(names = "--key", paramLabel = "FILE", description = "its private key, in PEM and not encrypted")
    private @Nullable Path key;

    @Option(
            names = "--login",
            paramLabel = "LOGIN",
            description = "log in with this name; the password is asked for, or in --password-file")
    private @Nullable String login;

    @Option(names = "--password-file", paramLabel = "FILE", description = "the file of its password")
    private @Nullable Path passwordFile;

    @Option(
            names = "--server-ca",
            paramLabel = "FILE",
            description =
                    "CAs in PEM, of one of which the server's certificate must be before a password is sent; by default"
                            + " those that Java trusts")
    private @Nullable Path serverCa;

    /** The CAs of the server; empty for those of the Java platform. */
    public List<X509Certificate> authorities() throws InvalidValueException {
        return serverCa == null ? List.of() : PrivateKeyFile.chain(serverCa, content(serverCa));
    }

    /** Reads the files, and asks for what is missing. */
    public Credentials read(CommandLine command) throws InvalidValueException, IOException {
        if ((certificate == null) != (key == null)) {
            throw new ParameterException(command, "Give --certificate and --key together");
        }
        if (login == null && passwordFile != null) {
            throw new ParameterException(command, "Give --password-file with --login only");
        }
        return new Credentials(
                certificate == null || key == null ? Optional.empty() : Optional.of(clientKey(certificate, key)),
                login == null ? Optional.empty() : Optional.of(new Login(login, password(command, login))));
    }

    private static ClientKey clientKey(Path certificate, Path key) throws InvalidValueException {
        List<X509Certificate> chain = PrivateKeyFile.chain(certificate, content(certificate));
        PrivateKey own = PrivateKeyFile.parse(key, content(key));
        if (!PrivateKeyFile.belongTogether(own, chain.get(0))) {
            throw new InvalidValueException(
                    "the key in " + key + " is not that of the first certificate in " + certificate,
                    "name the file of its own key, or put the client's certificate first");
        }
        return new ClientKey(chain, own);
    }

    private static byte[] content(Path file) throws InvalidValueException {
        return FileContent.ofCertificates(file).octets();
    }

    @SuppressWarnings("SystemConsoleNull") // newer platforms read standard input there
    private String password(CommandLine command, String name) throws InvalidValueException, IOException {
        if (passwordFile != null) {
            String text = new String(content(passwordFile), StandardCharsets.UTF_8).replaceFirst("\r?\n$", "");
            if (text.isEmpty() || text.indexOf('\0') >= 0) {
                throw new InvalidValueException(
                        passwordFile + " has no password", "write the password into it, and nothing else");
            }
            return text;
        }
        Console console = System.console();
        if (console == null) {
            throw new ParameterException(command, "Give --password-file: there is no terminal to ask for the password");
        }
        char[] typed = console.readPassword("Password of %s: ", name);
        if (typed == null || typed.length == 0) {
            throw new IOException("no password was typed; type it, or give --password-file");
        }
        return new String(typed);
    }
}
