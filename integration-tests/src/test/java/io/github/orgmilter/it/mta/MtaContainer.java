package io.github.orgmilter.it.mta;

import static org.awaitility.Awaitility.await;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.Container;
import io.github.orgmilter.it.client.Reply;
import io.github.orgmilter.it.client.SmtpClient;
import java.io.IOException;
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
 * addresses. It accepts mail for {@link #ACCEPTED_DOMAINS}, knows the login below, and
 * hands all mail, whatever its destination, to the sink.
 */
public abstract class MtaContainer extends GenericContainer<MtaContainer> {

    /** Everything that the MTA accepts from any client: the accepted domains of all organizations, and one below. */
    public static final List<String> ACCEPTED_DOMAINS = List.of(
            "contoso.com",
            "fabrikam.com",
            "deep.sub.fabrikam.com",
            "northwind.example",
            "tailspin.example",
            "litware.example",
            "adatum.example",
            "adatum-news.example",
            "bücher.example",
            "xn--bcher-kva.example");

    /** Who may relay by address as far as an MTA's own list is concerned. */
    static final List<String> RELAY_CLIENTS = List.of(
            "127.0.1.0/24",
            "127.0.2.0/24",
            "127.0.3.0/24",
            "127.0.4.0/24",
            "127.0.9.9",
            "::1",
            "2001:db8::/32",
            "198.51.100.0/24");

    public static final String HOST_NAME = "mx1.example.net";
    public static final String LOGIN = "alice@" + HOST_NAME;
    public static final String PASSWORD = "correct horse";

    /** Each is built once, when the first container of it is made. */
    private static final Map<String, Future<String>> IMAGES = new ConcurrentHashMap<>();

    /** The label by which {@link #removeLeftovers} finds containers; its value is the number of the process that made one. */
    public static final String OWNER = "io.github.orgmilter.it.owner";

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

    /** Removes the containers of earlier runs that were killed: without Ryuk nothing else does. */
    public static void removeLeftovers() {
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

    /** Which ports of its services anybody has now. */
    final List<Integer> takenPorts() {
        return services.values().stream()
                .map(InetSocketAddress::getPort)
                .filter(port -> !FreePort.isFree(port))
                .toList();
    }

    public final void addService(String name, InetSocketAddress address) {
        services.put(name, address);
    }

    /** The address of one of the SMTP services that this container was made with. */
    public final InetSocketAddress service(String name) {
        return Optional.ofNullable(services.get(name))
                .orElseThrow(() -> new IllegalArgumentException("no service " + name + " among " + services.keySet()));
    }

    /** The queue id in the reply to the end of DATA. */
    public abstract Optional<String> queueId(Reply reply);

    /** Whether the MTA refused this recipient by its own rules, and did not ask the milter. */
    public abstract boolean refusedByMta(Reply reply);

    /** The milter's own words in this reply, {@code code text}, without what the MTA adds. */
    public abstract String milterReply(Reply reply);

    /** Whether a client whose certificate was not verified can resume its TLS session. */
    public abstract boolean resumesUnverifiedSessions();

    /** How this MTA writes an IP address to the milter. */
    public abstract String addressAsReported(String address);

    /** What the sink hears of a recipient at the MTA's own name. */
    public abstract String localRecipient(String user);

    /** Which of these messages, and of all that the log names since {@code mark}, the MTA still has. */
    public abstract Collection<String> unfinished(int mark, Collection<String> queueIds);

    /** Waits until the MTA has done with these messages and with the bounces that came of them. */
    public final void awaitDone(int mark, Collection<String> queueIds) {
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
                            return smtp.read().code() != 421;
                        }
                    });
        }
    }

    /** Adds a SASL login beside {@link #LOGIN}, with the same password, while the MTA runs. */
    public final void addLogin(String login) throws IOException, InterruptedException {
        int at = login.indexOf('@');
        ExecResult added = execInContainer(
                "sh",
                "-c",
                "printf '%s' \"$1\" | saslpasswd2 -p -c -u \"$2\" \"$3\"",
                "sh",
                PASSWORD,
                login.substring(at + 1),
                login.substring(0, at));
        if (added.getExitCode() != 0) {
            throw new IOException(added.getStderr());
        }
    }

    public final int logMark() {
        synchronized (log) {
            return log.size();
        }
    }

    public final List<String> log(int mark) {
        synchronized (log) {
            return List.copyOf(log.subList(mark, log.size()));
        }
    }

    public final String logText(int mark) {
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
