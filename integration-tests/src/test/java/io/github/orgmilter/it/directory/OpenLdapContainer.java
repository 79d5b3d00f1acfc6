package io.github.orgmilter.it.directory;

import static org.awaitility.Awaitility.await;

import io.github.orgmilter.it.client.TestCertificates;
import io.github.orgmilter.it.mta.FreePort;
import io.github.orgmilter.it.mta.MtaContainer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.awaitility.core.ConditionTimeoutException;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.images.builder.ImageFromDockerfile;
import org.testcontainers.images.builder.Transferable;

/**
 * Debian's OpenLDAP on the host's network, with an empty directory {@code dc=example,dc=net} that speaks content synchronisation
 * and has the schemas of OrgMilter and of iRedMail's domains: {@code src/test/resources/openldap}.
 */
public final class OpenLdapContainer extends GenericContainer<OpenLdapContainer> implements FragileStore {

    public static final String BASE = "dc=example,dc=net";

    /** May read everything, without limits. */
    public static final String READER = "cn=orgmilter," + BASE;

    /** May read everything, 500 entries at most. */
    public static final String LIMITED = "cn=limited," + BASE;

    /** Of both. */
    public static final String PASSWORD = "correct horse";

    /** The name in its certificate. */
    public static final String HOST_NAME = "localhost";

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Path FOLDER = Path.of("src", "test", "resources", "openldap");
    private static final String CUSTOMERS = "olcDatabase={1}mdb,cn=config";

    private final int port = FreePort.next();
    private final int tlsPort = FreePort.next();
    private final TestCertificates certificates;
    private final Optional<OpenLdapContainer> provider;
    private boolean ownNetwork;

    public OpenLdapContainer(TestCertificates certificates) throws IOException {
        this(certificates, Optional.empty());
    }

    private OpenLdapContainer(TestCertificates certificates, Optional<OpenLdapContainer> provider) throws IOException {
        super(new ImageFromDockerfile("orgmilter-it/openldap:bookworm", false)
                .withFileFromPath(".", FOLDER)
                .withBuildArg("SUITE", "bookworm"));
        this.certificates = certificates;
        this.provider = provider;
        withNetworkMode("host");
        withLabel(MtaContainer.OWNER, String.valueOf(ProcessHandle.current().pid()));
        withEnv("LISTEN", "ldap://127.0.0.1:" + port + "/ ldaps://127.0.0.1:" + tlsPort + "/");
        String config = Files.readString(FOLDER.resolve("config.ldif"));
        withCopyToContainer(Transferable.of(config + "\n" + schema()), "/it/config.ldif");
        String data = provider.isEmpty() ? Files.readString(FOLDER.resolve("data.ldif")) : "";
        withCopyToContainer(Transferable.of(data), "/it/data.ldif");
        withCopyToContainer(Transferable.of(certificates.serverPem(HOST_NAME)), "/it/server.pem");
    }

    // As `orgmilter schema ldap` prints it.
    private static String schema() throws IOException {
        try (InputStream in = OpenLdapContainer.class.getResourceAsStream("/schema/ldap.ldif")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Without TLS, on loopback. */
    public String plainUrl() {
        return "ldap://" + host() + ":" + port;
    }

    private String host() {
        return ownNetwork ? FragileStore.address(this) : "127.0.0.1";
    }

    /** The same, by the name in the certificate. */
    public String namedUrl() {
        return "ldap://" + HOST_NAME + ":" + port;
    }

    /** With TLS, by the name in the certificate. */
    public String tlsUrl() {
        return "ldaps://" + HOST_NAME + ":" + tlsPort;
    }

    /** With TLS, by a name that is not in the certificate. */
    public String wrongNameUrl() {
        return "ldaps://127.0.0.1:" + tlsPort;
    }

    /** Changes entries, as ldapmodify(1) does: records of LDIF, with an empty line between two. */
    public void modify(String ldif) {
        directory().modify(ldif);
    }

    /** Changes the configuration, in the same form. */
    public void configure(String ldif) {
        new LdapAdministrator(host(), port, "cn=config").modify(ldif);
    }

    /** Deletes everything below an entry. */
    public void deleteBelow(String base) {
        directory().deleteBelow(base);
    }

    private LdapAdministrator directory() {
        return new LdapAdministrator(host(), port, BASE);
    }

    @Override
    public void onOwnNetwork() {
        ownNetwork = true;
        withNetworkMode("bridge");
        withEnv("LISTEN", "ldap://0.0.0.0:" + port + "/ ldaps://0.0.0.0:" + tlsPort + "/");
    }

    @Override
    public void onSmallDisk() {
        withTmpFs(Map.of("/var/lib/ldap", "rw,size=32m"));
    }

    @Override
    public void fillDisk() throws IOException {
        FragileStore.shell(this, "! head -c 1G /dev/zero >/var/lib/ldap/filler 2>/dev/null");
    }

    @Override
    public void freeDisk() throws IOException {
        FragileStore.shell(this, "rm /var/lib/ldap/filler");
    }

    @Override
    public void startWithSchema() {
        start();
    }

    @Override
    public void startAsReplica() {
        start();
        goOnFollowing();
        await("what the provider has")
                .atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> directory()
                        .state()
                        .equals(provider.orElseThrow().directory().state()));
    }

    @Override
    public Panel panel() {
        return new LdapPanel(this);
    }

    @Override
    public String directory(Path password) {
        return directory(plainUrl(), password);
    }

    /** {@inheritDoc} The first server that works is taken. */
    @Override
    public String directory(FragileStore replica, Path password) {
        return directory(((OpenLdapContainer) replica).plainUrl() + " " + plainUrl(), password);
    }

    private String directory(String urls, Path password) {
        return """
                url = "%s", user = "%s", password-file = "%s"
                ldap { base = "%s" }
                connect-timeout = 3s, statement-timeout = 3s, poll-interval = 1s, allow-unverified = %s
                """.formatted(urls, READER, password, LdapPanel.BASE, ownNetwork);
    }

    @Override
    public void kill() {
        getDockerClient().killContainerCmd(getContainerId()).exec();
    }

    @Override
    public void startAgain() {
        resume();
    }

    @Override
    public void setPassword(String password) {
        modify("dn: " + READER + "\nchangetype: modify\nreplace: userPassword\nuserPassword: " + password);
    }

    /** {@inheritDoc} It is started again for that. */
    @Override
    public void disconnect() {
        kill();
        startAgain();
    }

    /** {@inheritDoc} It does anyway. */
    @Override
    public void toleratesClaims() {}

    @Override
    public void backUp() throws IOException {
        FragileStore.shell(this, "slapcat -F /etc/ldap/slapd.d -n 1 -l /it/backup.ldif");
    }

    /** {@inheritDoc} It is started again for that. */
    @Override
    public void restore() throws IOException {
        FragileStore.shell(this, "mv /it/backup.ldif /it/restore.ldif");
        kill();
        startAgain();
    }

    /** Its replica is a consumer. */
    @Override
    public OpenLdapContainer replica() throws IOException {
        return new OpenLdapContainer(certificates, Optional.of(this));
    }

    @Override
    public void stopFollowing() {
        configure("dn: " + CUSTOMERS + "\nchangetype: modify\ndelete: olcSyncrepl");
    }

    @Override
    public void goOnFollowing() {
        configure("dn: " + CUSTOMERS + "\nchangetype: modify\nadd: olcSyncrepl\nolcSyncrepl: rid=001 provider="
                + provider.orElseThrow().plainUrl() + " bindmethod=simple binddn=\"cn=admin," + BASE + "\" credentials="
                + LdapAdministrator.PASSWORD + " searchbase=\"" + BASE + "\" type=refreshAndPersist retry=\"1 +\"");
    }

    @Override
    public void promote() {
        stopFollowing();
    }

    /** Stops answering, without closing anything, as a network that swallows all packets. */
    public void pause() {
        getDockerClient().pauseContainerCmd(getContainerId()).exec();
    }

    public void unpause() {
        getDockerClient().unpauseContainerCmd(getContainerId()).exec();
    }

    /** Ends the server; its directory stays. */
    public void halt() {
        getDockerClient().stopContainerCmd(getContainerId()).withTimeout(10).exec();
    }

    /** Starts it where {@link #halt} left it. */
    public void resume() {
        getDockerClient().startContainerCmd(getContainerId()).exec();
        awaitAnswer();
    }

    private void awaitAnswer() {
        try {
            await("an answer of OpenLDAP").atMost(PATIENCE).until(directory()::answers);
        } catch (ConditionTimeoutException e) {
            throw new IllegalStateException("OpenLDAP does not answer:\n" + getLogs(), e);
        }
    }

    @Override
    public void start() {
        super.start();
        awaitAnswer();
    }

    // GenericContainer's equality is by fields, and so pointless here.
    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    @Override
    public String toString() {
        return "OpenLDAP";
    }
}
