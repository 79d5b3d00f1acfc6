package io.github.orgmilter.it.directory;

import static org.awaitility.Awaitility.await;

import com.unboundid.ldap.sdk.Control;
import com.unboundid.ldap.sdk.DeleteRequest;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.LDAPResult;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.ldap.sdk.controls.ManageDsaITRequestControl;
import com.unboundid.ldif.LDIFException;
import com.unboundid.ldif.LDIFReader;
import io.github.orgmilter.it.client.TestCertificates;
import io.github.orgmilter.it.mta.FreePort;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.awaitility.core.ConditionTimeoutException;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.images.builder.ImageFromDockerfile;
import org.testcontainers.images.builder.Transferable;

/**
 * Debian's OpenLDAP on the host's network, with an empty directory {@code dc=example,dc=net} that speaks content synchronisation
 * and has the schemas of OrgMilter and of iRedMail's domains: {@code src/test/resources/openldap}.
 */
public final class OpenLdapContainer extends GenericContainer<OpenLdapContainer> {

    public static final String BASE = "dc=example,dc=net";

    /** May read everything, without limits. */
    public static final String READER = "cn=orgmilter," + BASE;

    /** May read everything, 500 entries at most. */
    public static final String LIMITED = "cn=limited," + BASE;

    /** Of both. */
    public static final String PASSWORD = "correct horse";

    /** The name in its certificate. */
    public static final String HOST_NAME = "localhost";

    private static final Path FOLDER = Path.of("src", "test", "resources", "openldap");
    private static final String OWNER = "io.github.orgmilter.it.owner";
    private static final String ADMINISTRATOR = "admin";

    private final int port = FreePort.next();
    private final int tlsPort = FreePort.next();

    public OpenLdapContainer(TestCertificates certificates) throws IOException {
        super(new ImageFromDockerfile("orgmilter-it/openldap:bookworm", false)
                .withFileFromPath(".", FOLDER)
                .withBuildArg("SUITE", "bookworm"));
        withNetworkMode("host");
        withLabel(OWNER, String.valueOf(ProcessHandle.current().pid()));
        withEnv("LISTEN", "ldap://127.0.0.1:" + port + "/ ldaps://127.0.0.1:" + tlsPort + "/");
        String config = Files.readString(FOLDER.resolve("config.ldif"));
        withCopyToContainer(Transferable.of(config + "\n" + schema()), "/it/config.ldif");
        withCopyToContainer(Transferable.of(Files.readString(FOLDER.resolve("data.ldif"))), "/it/data.ldif");
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
        return "ldap://127.0.0.1:" + port;
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
        modifyAs(ADMINISTRATOR + "," + BASE, ldif);
    }

    /** Changes the configuration, in the same form. */
    public void configure(String ldif) {
        modifyAs(ADMINISTRATOR + ",cn=config", ldif);
    }

    /** Deletes everything below an entry. */
    public void deleteBelow(String base) {
        try (LDAPConnection connection = new LDAPConnection("127.0.0.1", port, "cn=admin," + BASE, ADMINISTRATOR)) {
            List<String> names = new ArrayList<>();
            SearchRequest all = new SearchRequest(base, SearchScope.SUB, "(objectClass=*)", "1.1");
            all.addControl(new ManageDsaITRequestControl(true));
            connection.search(all).getSearchEntries().forEach(entry -> names.add(entry.getDN()));
            names.remove(base);
            names.sort(Comparator.comparingInt((String name) -> name.split("(?<!\\\\),").length)
                    .reversed());
            for (String name : names) {
                connection.delete(new DeleteRequest(name, new Control[] {new ManageDsaITRequestControl(true)}));
            }
        } catch (LDAPException e) {
            throw new IllegalStateException(base, e);
        }
    }

    private void modifyAs(String user, String ldif) {
        try (LDAPConnection connection = new LDAPConnection("127.0.0.1", port, "cn=" + user, ADMINISTRATOR)) {
            for (String record : ldif.strip().split("\n\\s*\n")) {
                LDAPResult result =
                        LDIFReader.decodeChangeRecord(record.split("\n")).processChange(connection);
                if (result.getResultCode().intValue() != 0) {
                    throw new IllegalStateException(result + " of " + record);
                }
            }
        } catch (LDAPException | LDIFException e) {
            throw new IllegalStateException(ldif, e);
        }
    }

    /** Whether it answers. */
    private boolean answers() {
        try (LDAPConnection connection = new LDAPConnection("127.0.0.1", port)) {
            return connection.getRootDSE() != null;
        } catch (LDAPException e) {
            return false;
        }
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
            await("an answer of OpenLDAP").atMost(Duration.ofMinutes(1)).until(this::answers);
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
}
