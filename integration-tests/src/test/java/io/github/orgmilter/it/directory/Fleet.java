package io.github.orgmilter.it.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.orgmilter.it.client.Reply;
import io.github.orgmilter.it.client.TestCertificates;
import io.github.orgmilter.it.mta.Delivery;
import io.github.orgmilter.it.mta.MtaContainer;
import io.github.orgmilter.it.mta.Sink;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.awaitility.core.ConditionTimeoutException;

/** Several nodes that know nothing of each other, and the sink behind all of them. */
final class Fleet implements Closeable {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final TestCertificates certificates = new TestCertificates();
    private final Sink sink = new Sink();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<FleetNode> nodes = new ArrayList<>();

    /** Starts the Postfixes. */
    Fleet(int count, Path folder) throws IOException {
        MtaContainer.removeLeftovers();
        for (int i = 1; i <= count; i++) {
            nodes.add(new FleetNode(i, folder, certificates, sink));
        }
        nodes.parallelStream().forEach(FleetNode::startPostfix);
    }

    List<FleetNode> nodes() {
        return List.copyOf(nodes);
    }

    Sink sink() {
        return sink;
    }

    /** All nodes follow this directory from now on, and have read it; the sink is empty. */
    void follow(String directory) throws IOException {
        sink.clear();
        for (FleetNode node : nodes) {
            node.follow(directory);
        }
        for (FleetNode node : nodes) {
            await(node + " is ready")
                    .atMost(PATIENCE)
                    .until(() -> node.admin("/readyz").startsWith("200"));
        }
    }

    Asking asking(FleetNode node, Mail mail) throws IOException {
        return new Asking(node.smtp(), certificates, mail);
    }

    /** A session with each node, in which it answers as it should before a change. */
    List<Asking> asking(Mail mail, boolean accepted) throws IOException {
        List<Asking> all = new ArrayList<>();
        for (FleetNode node : nodes) {
            Asking asking = asking(node, mail);
            all.add(asking);
            assertAnswer(asking.ask(), mail, accepted);
        }
        return all;
    }

    /**
     * Asks in all of these sessions at once until the answer is this one.
     *
     * @return how long after {@code since} the last of them had it
     */
    Duration awaitAnswer(Collection<Asking> sessions, boolean accepted, long since, Duration atMost)
            throws IOException, InterruptedException {
        List<Future<Duration>> waits = new ArrayList<>();
        for (Asking asking : sessions) {
            waits.add(threads.submit(() -> {
                try {
                    await().atMost(atMost)
                            .pollDelay(Duration.ZERO)
                            .pollInterval(Duration.ofMillis(5))
                            .until(() -> decided(asking.ask(), asking.mail()) == accepted);
                    return Duration.ofNanos(System.nanoTime() - since);
                } catch (ConditionTimeoutException e) {
                    throw new AssertionError(asking.mail() + ": still " + asking.ask() + " after " + atMost, e);
                }
            }));
        }
        Duration longest = Duration.ZERO;
        for (Future<Duration> wait : waits) {
            try {
                Duration one = wait.get();
                longest = one.compareTo(longest) > 0 ? one : longest;
            } catch (ExecutionException e) {
                String logs = nodes.stream().map(FleetNode::log).collect(Collectors.joining("\n\n"));
                throw new AssertionError(e.getCause().getMessage() + "\n" + logs, e.getCause());
            }
        }
        return longest;
    }

    /** The same with sessions of its own: all nodes give this answer within two minutes. */
    void awaitAnswer(Mail mail, boolean accepted) throws IOException, InterruptedException {
        List<Asking> sessions = new ArrayList<>();
        try {
            for (FleetNode node : nodes) {
                sessions.add(asking(node, mail));
            }
            awaitAnswer(sessions, accepted, System.nanoTime(), PATIENCE);
        } finally {
            for (Asking session : sessions) {
                session.close();
            }
        }
    }

    /** Whether it is accepted: no rule of these tests asks for a temporary failure. */
    private static boolean decided(Reply reply, Mail mail) {
        assertThat(reply.positive() || reply.code() >= 500)
                .as("%s: %s", mail, reply)
                .isTrue();
        return reply.positive();
    }

    private static void assertAnswer(Reply reply, Mail mail, boolean accepted) {
        assertThat(decided(reply, mail)).as("%s: %s", mail, reply).isEqualTo(accepted);
    }

    /** The sink has these messages, each once, and nothing else. */
    void assertDelivered(Collection<Delivery> sent) {
        for (FleetNode node : nodes) {
            await("an empty queue of " + node)
                    .atMost(PATIENCE)
                    .until(() -> node.postfix().queueIsEmpty());
        }
        assertThat(sink.deliveries()).containsExactlyInAnyOrderElementsOf(sent);
    }

    @Override
    public void close() throws IOException {
        threads.shutdownNow();
        for (FleetNode node : nodes) {
            node.close();
        }
        sink.close();
    }
}
