package io.github.orgmilter.config;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.orgmilter.document.Problem;
import io.github.orgmilter.identification.Client;
import io.github.orgmilter.identity.EnvelopeAddress;
import io.github.orgmilter.identity.IpAddress;
import io.github.orgmilter.organization.ConnectorName;
import io.github.orgmilter.policy.Address;
import io.github.orgmilter.policy.Envelope;
import io.github.orgmilter.verdict.Cause;
import io.github.orgmilter.verdict.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Configuration files, what is wrong with them, and what they make of mail. */
final class ConfigurationFixture {

    static final String CONTOSO = "organizations.contoso.accepted-domains = [ \"contoso.com\" ]\n";

    private ConfigurationFixture() {}

    /** Writes a file into the folder, or below it. */
    static Path write(Path folder, String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    static List<Problem> problemsOf(Path file) {
        return catchThrowableOfType(ConfigurationException.class, () -> Configuration.load(file))
                .problems();
    }

    /** The verdict in words: the action, the cause, and the connector of mail that is relayed. */
    static String outcome(Configuration configuration, String client, String sender, String recipient) {
        Verdict verdict = verdict(configuration, client, sender, recipient);
        return verdict.action() + " " + verdict.cause().key()
                + Optional.of(verdict.party())
                        .filter(ConnectorName.class::isInstance)
                        .filter(connector -> verdict.cause() != Cause.Accepting.INBOUND)
                        .map(connector -> " " + connector)
                        .orElse("");
    }

    static Verdict verdict(Configuration configuration, String client, String sender, String recipient) {
        Client described = new Client(
                client, IpAddress.parse(client), false, Optional.empty(), Optional.empty(), Optional.empty());
        Envelope envelope = new Envelope(address(sender));
        return configuration.policy().decide(configuration.policy().identify(described), envelope, address(recipient));
    }

    private static Address address(String text) {
        return new Address(EnvelopeAddress.parse("<" + text + ">"), Optional.empty());
    }
}
