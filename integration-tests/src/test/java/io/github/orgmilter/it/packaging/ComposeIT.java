package io.github.orgmilter.it.packaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.orgmilter.it.daemon.Command;
import io.github.orgmilter.it.mta.MtaContainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.testcontainers.containers.Container.ExecResult;

/** Does with {@code src/oci/compose-directory.yaml} what its first lines say. */
@EnabledIfSystemProperty(
        named = "it.full",
        matches = "true",
        disabledReason = "with --full: it takes a minute and ten containers")
final class ComposeIT {

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Path TARGET = Path.of("..", "target");

    // As in the file's first lines.
    private static final String CUSTOMER = """
            INSERT INTO orgmilter_setting (organization, connector, setting, value) VALUES
              ('contoso', '',            'accepted-domains',  'contoso.com'),
              ('contoso', 'mail-server', 'certificate-names', 'mail.contoso.com')""";

    @Test
    void threeNodesRelayWhatTheDatabaseSaysAndGoOnWithoutIt() throws Exception {
        MtaContainer.removeLeftovers();
        prepare();
        try (ComposeProject project = new ComposeProject()) {
            project.must("up", "--detach", "--no-build");
            await("the tables")
                    .atMost(PATIENCE)
                    .until(() -> project.run("exec", "-T", "database", "psql", "-U", "postgres", "mail", "-c", CUSTOMER)
                                    .getExitCode()
                            == 0);
            await("a node behind the balancer that relays")
                    .atMost(PATIENCE)
                    .until(() -> asContoso(project).getExitCode() == 0);
            ExecResult stranger = swaks(project, "--to", "somebody@outside.example");
            assertThat(stranger.getStdout()).contains("Relay access denied");
            for (int i = 1; i <= 3; i++) {
                String node = "orgmilter" + i;
                await(node)
                        .atMost(PATIENCE)
                        .until(() -> project.must("exec", "-T", node, "orgmilter", "directory", "status")
                                .contains("store: can be read\n"));
            }

            project.must("stop", "database");
            for (int i = 0; i < 6; i++) {
                ExecResult relayed = asContoso(project);
                assertThat(relayed.getExitCode())
                        .as(relayed.getStdout() + relayed.getStderr())
                        .isZero();
            }
            await("the nodes notice that")
                    .atMost(PATIENCE)
                    .until(() -> project.must("exec", "-T", "orgmilter1", "orgmilter", "directory", "status")
                            .contains("store: directory database"));
            assertThat(messages(project)).as("in the sinks").isGreaterThanOrEqualTo(7);
        }
    }

    /** What the file wants to find. */
    private static void prepare() throws IOException, InterruptedException {
        Path certificates = TARGET.resolve("certificates");
        if (Files.notExists(certificates)) {
            Command.run("../postfix-example/make-certificates.sh", certificates.toString());
        }
        for (String secret : List.of("directory.password", "admin.token")) {
            Path file = TARGET.resolve(secret);
            if (Files.notExists(file)) {
                Files.writeString(file, "correct-horse-battery-staple");
            }
        }
    }

    private static ExecResult asContoso(ComposeProject project) throws IOException, InterruptedException {
        String tls = "/etc/postfix/tls/mail.contoso.com";
        return swaks(
                project,
                "--tls",
                "--tls-cert",
                tls + ".pem",
                "--tls-key",
                tls + ".key",
                "--to",
                "anna@outside.example");
    }

    private static ExecResult swaks(ComposeProject project, String... options)
            throws IOException, InterruptedException {
        String[] command = {
            "exec", "-T", "postfix1", "swaks", "--server", "balancer:2525", "--from", "alice@contoso.com"
        };
        return project.run(
                Stream.concat(Arrays.stream(command), Arrays.stream(options)).toArray(String[]::new));
    }

    private static int messages(ComposeProject project) {
        return IntStream.rangeClosed(1, 3)
                .map(i -> {
                    try {
                        return Integer.parseInt(
                                project.must("exec", "-T", "postfix" + i, "bash", "-c", "ls /var/spool/sink | wc -l")
                                        .strip());
                    } catch (IOException | InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .sum();
    }
}
