package io.github.orgmilter.it.directory;

import static org.awaitility.Awaitility.await;

import com.github.dockerjava.api.DockerClient;
import io.github.orgmilter.it.client.TestCertificates;
import io.github.orgmilter.it.mta.FreePort;
import io.github.orgmilter.it.mta.MtaContainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
public abstract class DatabaseContainer extends GenericContainer<DatabaseContainer> implements FragileStore {

    public static final String DATABASE = "mail";
    public static final String USER = "orgmilter";
    public static final String PASSWORD = "correct horse";

    protected static final Duration PATIENCE = Duration.ofMinutes(2);

    private final AtomicInteger scripts = new AtomicInteger();
    private final TestCertificates certificates = new TestCertificates();
    private final List<String> log = new ArrayList<>();
    private final int port;
    private boolean ownNetwork;

    DatabaseContainer(String image) throws IOException {
        super(new ImageFromDockerfile("orgmilter-it/" + image + ":bookworm", false)
                .withFileFromPath(".", Path.of("src/test/resources", image).toAbsolutePath())
                .withBuildArg("SUITE", "bookworm"));
        port = FreePort.next();
        withStartupAttempts(2);
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

    /**
     * A shell script that makes the data where there are none, and becomes the server: {@code $DATA} is where they lie, {@code $LISTEN}
     * the address to listen at.
     */
    protected final void startBy(String script) {
        String head = "set -euo pipefail\nDATA=${DATA:-/tmp/data} LISTEN=${LISTEN:-127.0.0.1}\n";
        withCopyToContainer(Transferable.of(head + script, 0644), "/it/start");
    }

    @Override
    public final void onOwnNetwork() {
        ownNetwork = true;
        withNetworkMode("bridge");
        withEnv("LISTEN", "0.0.0.0");
    }

    @Override
    public final void onSmallDisk() {
        withTmpFs(Map.of("/tmp/disk", "rw,size=256m,mode=1777"));
        withEnv("DATA", "/tmp/disk/data");
    }

    @Override
    public final void fillDisk() throws IOException {
        shell("! head -c 1G /dev/zero >/tmp/disk/filler 2>/dev/null");
    }

    @Override
    public final void freeDisk() throws IOException {
        shell("rm /tmp/disk/filler");
    }

    /** Where its clients find it. */
    protected final String host() {
        return ownNetwork ? FragileStore.address(this) : "127.0.0.1";
    }

    protected final boolean isOnOwnNetwork() {
        return ownNetwork;
    }

    public final int port() {
        return port;
    }

    /** A URL without parameters: {@code jdbc:PRODUCT://HOST:PORT/mail}. */
    public abstract String url(String host);

    public final String url() {
        return url(host());
    }

    /** A file with the CA that signed the server's certificate. */
    public final Path trustedCa(Path folder) throws IOException {
        return Files.writeString(folder.resolve("ca.pem"), certificates.trustedCaPem());
    }

    /** Runs statements as the database's administrator; what they print, a row a line. */
    public final String sql(String statements) throws IOException {
        return script(statements, client());
    }

    /** The same in another database than {@link #DATABASE}. */
    final String sqlIn(String database, String statements) throws IOException {
        return this instanceof PostgresContainer
                ? sql("\\connect " + database + "\n" + statements)
                : sql("USE " + database + ";\n" + statements);
    }

    /** A connection to a database by which everything may be done. */
    final Connection administrator(String database) throws IOException, SQLException {
        String name = "owner";
        sql(
                this instanceof PostgresContainer
                        ? "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '" + name
                                + "') THEN CREATE ROLE " + name + " LOGIN SUPERUSER PASSWORD '" + name
                                + "'; END IF; END $$;"
                        : "CREATE USER IF NOT EXISTS " + name + "@'%' IDENTIFIED BY '" + name
                                + "'; GRANT ALL ON *.* TO " + name + "@'%';");
        return DriverManager.getConnection(url().replace("/" + DATABASE, "/" + database), name, name);
    }

    /** A client that reads statements of a file, whose name follows. */
    protected abstract String client();

    /** Makes a user who may change the customers, unless there is one. */
    protected abstract void addWriter(String user, String password) throws IOException;

    @Override
    public final Panel panel() throws Exception {
        return SqlPanel.of(this);
    }

    /** Locks all tables of the customers, until {@link #unlock}. */
    public abstract void lock() throws IOException;

    public abstract void unlock() throws IOException;

    @Override
    public void toleratesClaims() throws IOException {
        // As in a panel's own table.
        sql("DROP INDEX orgmilter_domain" + (this instanceof PostgresContainer ? ";" : " ON orgmilter_setting;"));
    }

    protected final String script(String statements, String client) throws IOException {
        String file = "/tmp/" + scripts.incrementAndGet() + ".sql";
        copyFileToContainer(Transferable.of(statements, 0644), file);
        return shell(client + " <" + file);
    }

    protected final String shell(String command) throws IOException {
        return FragileStore.shell(this, command);
    }

    /** {@inheritDoc} They are as {@code orgmilter schema} prints them. */
    @Override
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
        await("an answer of the database")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .ignoreExceptions()
                .until(() -> !isRunning() || script("SELECT 42;", client()).contains("42"));
        if (!isRunning()) {
            throw new IllegalStateException("the database ended:\n" + logText());
        }
    }

    /** Ends it orderly and starts it again. */
    public final void restart() {
        docker().restartContainerCmd(getContainerId()).withTimeout(30).exec();
        awaitAnswer();
    }

    @Override
    public final void kill() {
        docker().killContainerCmd(getContainerId()).exec();
    }

    @Override
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
