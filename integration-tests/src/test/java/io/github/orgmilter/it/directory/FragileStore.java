package io.github.orgmilter.it.directory;

import com.github.dockerjava.api.model.ContainerNetwork;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.lifecycle.Startable;

/** A store of customers in a container, with what may happen to it. */
interface FragileStore extends Startable {

    /** Before it is started: it has a network of its own, which a {@link PacketFilter} can cut. Its address is lost when it ends. */
    void onOwnNetwork();

    /** Before it is started: its data lie on a disk of their own, with little room, which is empty again after {@link #kill}. */
    void onSmallDisk();

    /** Starts it, with its tables or its schema and without a customer. */
    void startWithSchema() throws IOException;

    /** What changes its customers, over a new connection. */
    Panel panel() throws Exception;

    /** What {@code directory { }} has for it, but for the snapshot. */
    String directory(Path password);

    /** The same for it and a replica, which is read as long as it works. */
    String directory(FragileStore replica, Path password);

    /** Ends it as a power failure does. */
    void kill();

    /** After {@link #kill}. */
    void startAgain();

    /** From now on nothing more can be written, until {@link #freeDisk}. */
    void fillDisk() throws IOException;

    void freeDisk() throws IOException;

    /** Gives the user of the nodes another password. */
    void setPassword(String password) throws IOException;

    /** Ends the connections of the nodes. */
    void disconnect() throws IOException;

    /** From now on two customers may have the same domain. */
    void toleratesClaims() throws IOException;

    /** Keeps what it has, for {@link #restore}. */
    void backUp() throws IOException;

    /** Has what it had, and nothing of what came since. */
    void restore() throws IOException;

    /** Another server, not started, that is to copy this one. */
    FragileStore replica() throws IOException;

    /** Starts a replica, which has all that there is, and follows. */
    void startAsReplica() throws IOException;

    /** A replica copies nothing any more, not after a restart either, until {@link #goOnFollowing}. */
    void stopFollowing() throws IOException;

    void goOnFollowing() throws IOException;

    /** Lets a replica be written to. */
    void promote() throws IOException;

    /** The address of a container that has a network of its own. */
    static String address(GenericContainer<?> container) {
        Collection<ContainerNetwork> networks =
                container.getContainerInfo().getNetworkSettings().getNetworks().values();
        return networks.iterator().next().getIpAddress();
    }

    /** What a command in a container prints, without white space around it. */
    static String shell(GenericContainer<?> container, String command) throws IOException {
        try {
            ExecResult result = container.execInContainer("bash", "-c", command);
            if (result.getExitCode() != 0) {
                throw new IOException(command + ": " + result.getStdout() + result.getStderr());
            }
            return result.getStdout().strip();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
