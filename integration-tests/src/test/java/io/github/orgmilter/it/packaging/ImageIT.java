package io.github.orgmilter.it.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.Volume;
import io.github.orgmilter.it.client.TestCertificates;
import io.github.orgmilter.it.mta.DomainsIn;
import io.github.orgmilter.it.mta.MtaContainer;
import io.github.orgmilter.it.mta.PostfixContainer;
import io.github.orgmilter.it.mta.PostfixContainer.Gate;
import io.github.orgmilter.it.mta.Sink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.ImageFromDockerfile;

/**
 * The image as compose.yaml and the Kubernetes manifest run it: not as root, nothing writable but
 * /tmp, no capability, no network; a Postfix in another container asks it by a shared Unix socket.
 */
final class ImageIT {

    private static final Path DISTRIBUTION = Path.of(System.getProperty("orgmilter.home", "../target/orgmilter"));
    private static final int STOP_SECONDS = 45;

    @TempDir
    private Path socketFolder;

    @TempDir
    private Path configurationFolder;

    @Test
    void runsConfinedBecomesHealthyServesAndStops() throws IOException, InterruptedException {
        MtaContainer.removeLeftovers();
        Files.writeString(configurationFolder.resolve("orgmilter.conf"), """
                listen = [ { socket = "unix:/run/orgmilter/orgmilter.sock", mode = "0666" } ]
                admin-listen = "inet:9033@127.0.0.1"
                """ + RelayProbe.ORGANIZATIONS);
        Files.setPosixFilePermissions(configurationFolder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(socketFolder, PosixFilePermissions.fromString("rwxrwxrwx"));
        try (Sink sink = new Sink();
                GenericContainer<?> milter = milter();
                PostfixContainer postfix = new PostfixContainer(
                                "bookworm", DomainsIn.RELAY_DOMAINS, new TestCertificates(), sink)
                        .withSocketFolder(socketFolder)
                        .service("image", Gate.WIDE, "unix:orgmilter/orgmilter.sock")) {
            milter.start();
            assertThat(milter.getLogs()).contains("orgmilter listening on unix:/run/orgmilter/orgmilter.sock");
            assertThat(milter.execInContainer("grep", "-c", "/orgmilter.jsa$", "/proc/1/maps")
                            .getExitCode())
                    .as("it starts from the archive of classes")
                    .isZero();
            postfix.start();
            RelayProbe probe = new RelayProbe(sink);
            probe.judge(postfix.service("image"));

            milter.getDockerClient()
                    .stopContainerCmd(milter.getContainerId())
                    .withTimeout(STOP_SECONDS)
                    .exec();
            ContainerState state = milter.getDockerClient()
                    .inspectContainerCmd(milter.getContainerId())
                    .exec()
                    .getState();
            assertThat(state.getExitCodeLong()).as(milter.getLogs()).isZero();
            assertThat(milter.getLogs()).contains("orgmilter stopped");
            assertThat(socketFolder).isEmptyDirectory();
            probe.deferred(postfix.service("image"));
        }
    }

    private GenericContainer<?> milter() {
        return new GenericContainer<>(new ImageFromDockerfile("orgmilter-it/orgmilter", false)
                        .withFileFromPath(".", DISTRIBUTION)
                        .withFileFromPath("Dockerfile", Path.of("..", "src", "oci", "Dockerfile")))
                .withLabel(
                        "io.github.orgmilter.it.owner",
                        String.valueOf(ProcessHandle.current().pid()))
                .withNetworkMode("none")
                .withTmpFs(Map.of("/tmp", "rw,exec"))
                .withCreateContainerCmdModifier(command -> command.getHostConfig()
                        .withBinds(
                                new Bind(socketFolder.toString(), new Volume("/run/orgmilter")),
                                new Bind(configurationFolder.toString(), new Volume("/etc/orgmilter"), AccessMode.ro))
                        .withReadonlyRootfs(true)
                        .withCapDrop(Capability.ALL)
                        .withSecurityOpts(List.of("no-new-privileges:true")))
                .waitingFor(Wait.forHealthcheck().withStartupTimeout(Duration.ofSeconds(120)));
    }
}
