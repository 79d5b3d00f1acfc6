package io.github.orgmilter.config;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.orgmilter.identification.Client;
import io.github.orgmilter.identity.EnvelopeAddress;
import io.github.orgmilter.policy.Address;
import io.github.orgmilter.policy.Envelope;
import io.github.orgmilter.policy.Policy;
import io.github.orgmilter.verdict.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Any text at all as a configuration: it is refused with reasons, or what it describes relays nothing for a client of which nothing
 * is known. Text that would have it read other files is left alone.
 */
final class ConfigurationFuzz {

    private static final int MOST = 4096; // the parser recurses into nested braces
    private static final Path FILE = file();

    private static Path file() {
        try {
            Path file = Files.createTempFile("fuzz", ".conf");
            file.toFile().deleteOnExit();
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @FuzzTest
    @DictionaryEntries({
        "listen",
        "unidentified-mail",
        "exempt-clients",
        "local-domains",
        "mode",
        "limits",
        "frame-size",
        "replies",
        "organizations",
        "accepted-domains",
        "connectors",
        "certificate-names",
        "addresses",
        "require-tls",
        "sender-domains",
        "partners",
        "issuers",
        "\"contoso.com\"",
        "\"192.0.2.1\"",
        "true",
        "null",
        "= [ ",
        " ]",
        "{ ",
        " }",
        "${",
        "${?",
        "+=",
        "subdomains = true",
        "domain",
        "audit"
    })
    void octets(byte[] octets) {
        run(octets);
    }

    static void run(byte[] octets) {
        String text = new String(octets, StandardCharsets.UTF_8);
        if (octets.length > MOST
                || text.contains("include")
                || text.contains("-file")
                || text.contains("-dir")
                || text.contains("invalid")) {
            return;
        }
        try {
            Files.write(FILE, octets);
            Configuration configuration = Configuration.load(FILE);
            Policy policy = configuration.policy();
            Client nobody = new Client(
                    Client.UNKNOWN, Optional.empty(), false, Optional.empty(), Optional.empty(), Optional.empty());
            Envelope envelope = new Envelope(address("<a@sender.invalid>"));
            Verdict verdict = policy.decide(policy.identify(nobody), envelope, address("<b@relay.invalid>"));
            require(!(verdict instanceof Verdict.Accept), "relays for nobody", verdict);
            require(verdict.reply().isPresent() || verdict instanceof Verdict.Audit, "no reply", verdict);
            require(!configuration.settings().listen().isEmpty(), "no socket", configuration.settings());
        } catch (ConfigurationException e) {
            require(!e.problems().isEmpty(), "no reason", e);
            e.problems()
                    .forEach(problem -> require(problem.toString().startsWith(FILE.toString()), "no place", problem));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Address address(String path) {
        return new Address(EnvelopeAddress.parse(path), Optional.empty());
    }

    private static void require(boolean holds, String otherwise, Object what) {
        if (!holds) {
            throw new AssertionError(otherwise + ": " + what);
        }
    }
}
