package io.github.orgmilter.it.directory;

import static org.awaitility.Awaitility.await;

import com.github.dockerjava.api.DockerClient;
import io.github.orgmilter.it.client.TestCertificates;
import io.github.orgmilter.it.mta.FreePort;
import io.github.orgmilter.it.mta.MtaContainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.images.builder.ImageFromDockerfile;
import org.testcontainers.images.builder.Transferable;

/**
 * Debian's database in a container, on the host's network: it keeps its port on 127.0.0.1, whatever happens to it. It has a
 * database {@link #DATABASE} that the user {@link #USER} may read with {@link #PASSWORD}, and TLS as {@code localhost}, from the CA
 * in {@link #trustedCa}.
 */
public abstract class DatabaseContainer extends GenericContainer<DatabaseContainer> {

    public static final String DATABASE = "mail";
    public static final String USER = "orgmilter";
    public static final String PASSWORD = "correct horse";

    protected static final Duration PATIENCE = Duration.ofMinutes(2);

    private final AtomicInteger scripts = new AtomicInteger();
    private final TestCertificates certificates = new TestCertificates();
    private final List<String> log = new ArrayList<>();
    private final int port;

    DatabaseContainer(String image) throws IOException {
        super(new ImageFromDockerfile("orgmilter-it/" + image + ":bookworm", false)
                .withFileFromPath(".", Path.of("src/test/resources", image).toAbsolutePath())
                .withBuildArg("SUITE", "bookworm"));
        port = FreePort.next();
        withNetworkMode("host");
        withLabel(MtaContainer.OWNER, String.valueOf(ProcessHandle.current().pid()));
        withLogConsumer(frame -> {
            synchronized (log) {
                log.addAll(frame.getUtf8StringWithoutLineEnding().lines().toList());
            }
        });
        withCreateContainerCmdModifier(command -> command.withEntrypoint("/bin/bash", "/it/start"));
        withCopyToContainer(Transferable.of(certificates.serverPem("localhost"), 0644), "/it/server.pem");
    }

    /** A shell script that makes the data where there are none, and becomes the server. */
    protected final void startBy(String script) {
        withCopyToContainer(Transferable.of("set -euo pipefail\n" + script, 0644), "/it/start");
    }

    public final int port() {
        return port;
    }

    /** A URL without parameters: {@code jdbc:PRODUCT://HOST:PORT/mail}. */
    public abstract String url(String host);

    public final String url() {
        return url("127.0.0.1");
    }

    /** A file with the CA that signed the server's certificate. */
    public final Path trustedCa(Path folder) throws IOException {
        return Files.writeString(folder.resolve("ca.pem"), certificates.trustedCaPem());
    }

    /** Runs statements as the database's administrator; what they print, a row a line. */
    public final String sql(String statements) throws IOException {
        return script(statements, client());
    }

    /** A client that reads statements of a file, whose name follows. */
    protected abstract String client();

    /** Gives the user a password. */
    public abstract void setPassword(String password) throws IOException;

    protected final String script(String statements, String client) throws IOException {
        String file = "/tmp/" + scripts.incrementAndGet() + ".sql";
        copyFileToContainer(Transferable.of(statements, 0644), file);
        return shell(client + " <" + file);
    }

    protected final String shell(String command) throws IOException {
        try {
            ExecResult result = execInContainer("bash", "-c", command);
            if (result.getExitCode() != 0) {
                throw new IOException(command + ": " + result.getStdout() + result.getStderr());
            }
            return result.getStdout().strip();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /** Starts it, with its tables as {@code orgmilter schema} prints them. */
    public final void startWithSchema() throws IOException {
        start();
        sql(Schema.own(this instanceof PostgresContainer ? "postgresql" : "mariadb"));
        setPassword(PASSWORD);
    }

    @Override
    protected final void containerIsStarted(com.github.dockerjava.api.command.InspectContainerResponse container) {
        awaitAnswer();
        try {
            prepare();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** After the first start. */
    protected abstract void prepare() throws IOException;

    private void awaitAnswer() {
        await("an answer of the database:\n" + logText())
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .ignoreExceptions()
                .until(() -> script("SELECT 42;", client()).contains("42"));
    }

    /** Ends it orderly and starts it again. */
    public final void restart() {
        docker().restartContainerCmd(getContainerId()).withTimeout(30).exec();
        awaitAnswer();
    }

    /** Ends it as a power failure does. */
    public final void kill() {
        docker().killContainerCmd(getContainerId()).exec();
    }

    /** After {@link #kill}. */
    public final void startAgain() {
        docker().startContainerCmd(getContainerId()).exec();
        awaitAnswer();
    }

    /** From now on it does not answer, and connections stay open: as if its network were gone. */
    public final void pause() {
        docker().pauseContainerCmd(getContainerId()).exec();
    }

    public final void resume() {
        docker().unpauseContainerCmd(getContainerId()).exec();
    }

    private static DockerClient docker() {
        return DockerClientFactory.lazyClient();
    }

    public final String logText() {
        synchronized (log) {
            return String.join("\n", log);
        }
    }

    // GenericContainer's equality is by fields, and so pointless here.
    @Override
    public final boolean equals(Object other) {
        return this == other;
    }

    @Override
    public final int hashCode() {
        return System.identityHashCode(this);
    }
}
