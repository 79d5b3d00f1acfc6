package io.github.orgmilter.it.packaging;

import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Volume;
import io.github.orgmilter.it.mta.MtaContainer;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.images.builder.ImageFromDockerfile;

/** The services of {@code src/oci/compose-directory.yaml}, run by Docker Compose as the file is, but for the images' origin. */
final class ComposeProject implements Closeable {

    private static final Path TOP = Path.of("..").toAbsolutePath().normalize();
    private static final Path RESOURCES = Path.of("src/test/resources").toAbsolutePath();
    private static final Path STANDINS = RESOURCES.resolve("compose");
    private static final String OWNER = String.valueOf(ProcessHandle.current().pid());

    private final GenericContainer<?> compose;

    /** Makes the images, and starts nothing yet. */
    ComposeProject() {
        image("orgmilter-it/postgresql:bookworm", RESOURCES.resolve("postgresql"), "bookworm");
        image("orgmilter-it/haproxy:bookworm", STANDINS.resolve("haproxy"), "bookworm");
        image("orgmilter-it/postfix:bookworm", TOP.resolve("postfix-example"), "bookworm");
        new ImageFromDockerfile("orgmilter-it/orgmilter", false)
                .withFileFromPath(".", Path.of(System.getProperty("orgmilter.home", "../target/orgmilter")))
                .withFileFromPath("Dockerfile", TOP.resolve("src/oci/Dockerfile"))
                .get();
        String socket = DockerClientFactory.instance().getRemoteDockerUnixSocketPath();
        compose = new GenericContainer<>(image("orgmilter-it/compose:trixie", STANDINS.resolve("compose"), "trixie"))
                .withLabel(MtaContainer.OWNER, OWNER)
                .withNetworkMode("none")
                .withEnv("OWNER", OWNER)
                .withEnv("STANDINS", STANDINS.toString())
                .withCreateContainerCmdModifier(command -> command.getHostConfig()
                        .withBinds(
                                new Bind(socket, new Volume("/var/run/docker.sock")),
                                // Where the engine finds it as well.
                                new Bind(TOP.toString(), new Volume(TOP.toString()), AccessMode.ro)));
        compose.start();
    }

    private static ImageFromDockerfile image(String name, Path folder, String suite) {
        ImageFromDockerfile image = new ImageFromDockerfile(name, false)
                .withFileFromPath(".", folder)
                .withBuildArg("SUITE", suite);
        image.get();
        return image;
    }

    /** What {@code docker compose} does with these arguments. */
    ExecResult run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                "docker",
                "compose",
                "-p",
                "orgmilter-it-" + OWNER,
                "-f",
                TOP.resolve("src/oci/compose-directory.yaml").toString(),
                "-f",
                STANDINS.resolve("standins.yaml").toString()));
        command.addAll(Arrays.asList(arguments));
        return compose.execInContainer(command.toArray(String[]::new));
    }

    /** The same, where it must succeed: what it prints. */
    String must(String... arguments) throws IOException, InterruptedException {
        ExecResult result = run(arguments);
        if (result.getExitCode() != 0) {
            throw new IOException(String.join(" ", arguments) + ": " + result.getStdout() + result.getStderr());
        }
        return result.getStdout();
    }

    @Override
    public void close() throws IOException {
        try {
            must("down", "--volumes", "--timeout", "1");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            compose.stop();
        }
    }
}
