package io.github.orgmilter.it;

import static org.awaitility.Awaitility.await;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.Container;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import org.awaitility.core.ConditionTimeoutException;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.images.builder.ImageFromDockerfile;

/**
 * A real mail server in a container, on the host's network, so that it sees the clients' own
 * addresses. It accepts mail for {@link Scenarios#ACCEPTED_DOMAINS}, knows the login below, and
 * hands all mail, whatever its destination, to the sink.
 */
abstract class MtaContainer extends GenericContainer<MtaContainer> {

    static final String HOST_NAME = "mx1.example.net";
    static final String LOGIN = "alice@" + HOST_NAME;
    static final String PASSWORD = "correct horse";

    /** Each is built once, when the first container of it is made. */
    private static final Map<String, Future<String>> IMAGES = new ConcurrentHashMap<>();

    private static final String OWNER = "io.github.orgmilter.it.owner";

    private final List<String> log = new ArrayList<>();
    private final Map<String, InetSocketAddress> services = new HashMap<>();

    MtaContainer(String image, Path dockerfileFolder, String suite) {
        super(IMAGES.computeIfAbsent(
                "orgmilter-it/" + image + ":" + suite,
                name -> new ImageFromDockerfile(name, false)
                        .withFileFromPath(".", dockerfileFolder)
                        .withBuildArg("SUITE", suite)));
        withNetworkMode("host");
        withLabel(OWNER, String.valueOf(ProcessHandle.current().pid()));
        withLogConsumer(frame -> {
            synchronized (log) {
                log.addAll(frame.getUtf8StringWithoutLineEnding().lines().toList());
            }
        });
    }

    /** Removes the containers of earlier runs that were killed: without Ryuk nobody else does. */
    static void removeLeftovers() {
        DockerClient docker = DockerClientFactory.lazyClient();
        for (Container container : docker.listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(List.of(OWNER))
                .exec()) {
            long owner = Long.parseLong(container.getLabels().get(OWNER));
            if (ProcessHandle.of(owner).isEmpty()) {
                docker.removeContainerCmd(container.getId()).withForce(true).exec();
            }
        }
    }

    final void addService(String name, InetSocketAddress address) {
        services.put(name, address);
    }

    /** The address of one of the SMTP services that this container was made with. */
    final InetSocketAddress service(String name) {
        return Optional.ofNullable(services.get(name))
                .orElseThrow(() -> new IllegalArgumentException("no service " + name + " among " + services.keySet()));
    }

    /** The queue id in the reply to the end of DATA. */
    abstract Optional<String> queueId(Reply reply);

    /** Whether the MTA refused this recipient by its own rules, and did not ask the milter. */
    abstract boolean refusedByMta(Reply reply);

    /** The milter's own words in this reply, {@code code text}, without what the MTA adds. */
    abstract String milterReply(Reply reply);

    /** Whether a client whose certificate was not verified can resume its TLS session. */
    abstract boolean resumesUnverifiedSessions();

    /** How this MTA writes an IP address to the milter. */
    abstract String addressAsReported(String address);

    /** What the sink hears of a recipient at the MTA's own name. */
    abstract String localRecipient(String user);

    /** Which of these messages, and of all that the log names since {@code mark}, the MTA still has. */
    abstract Collection<String> unfinished(int mark, Collection<String> queueIds);

    /** Waits until the MTA has done with these messages and with the bounces that came of them. */
    final void awaitDone(int mark, Collection<String> queueIds) {
        try {
            await().atMost(Duration.ofMinutes(2))
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> unfinished(mark, queueIds).isEmpty());
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("the MTA still has " + unfinished(mark, queueIds) + ":\n" + logText(mark), e);
        }
    }

    /** Some log that they start before they listen. */
    @Override
    protected void containerIsStarted(InspectContainerResponse container) {
        for (InetSocketAddress address : services.values()) {
            await("an answer at " + address)
                    .atMost(Duration.ofMinutes(2))
                    .ignoreExceptions()
                    .until(() -> {
                        try (SmtpClient smtp = SmtpClient.connect(address, address.getAddress())) {
                            return smtp.read().code() == 220;
                        }
                    });
        }
    }

    final int logMark() {
        synchronized (log) {
            return log.size();
        }
    }

    final List<String> log(int mark) {
        synchronized (log) {
            return List.copyOf(log.subList(mark, log.size()));
        }
    }

    final String logText(int mark) {
        return String.join("\n", log(mark));
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
