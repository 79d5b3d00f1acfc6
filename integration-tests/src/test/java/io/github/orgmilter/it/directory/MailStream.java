package io.github.orgmilter.it.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.orgmilter.it.client.Reply;
import io.github.orgmilter.it.mta.Delivery;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Mail at every node of a fleet, one message after the other in sessions that stay open, with the answers that the rules ask for. Any
 * other answer, a temporary failure and a lost session among them, is kept as a fault.
 */
final class MailStream implements Closeable {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration BETWEEN = Duration.ofMillis(30);

    /** Postfix's own patience with a milter is longer in these tests: who waits for it has been kept waiting for the store. */
    private static final Duration SLOW = Duration.ofSeconds(20);

    private final Fleet fleet;
    private final List<Mail> accepted;
    private final List<Mail> refused;
    private final List<Line> lines = new ArrayList<>();
    private final ScheduledExecutorService threads;
    private final List<Delivery> sent = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private int refusals;
    private int temporary;
    private int lost;
    private Duration slowest = Duration.ZERO;

    /**
     * What the clients saw.
     *
     * @param temporary answers with 4xx
     * @param lost sessions that ended before their answer
     * @param slowest the longest wait for the whole of a message
     */
    record Seen(int messages, int accepted, int refused, int temporary, int lost, Duration slowest) {}

    /** Begins at once. */
    MailStream(Fleet fleet, List<Mail> accepted, List<Mail> refused) {
        this.fleet = fleet;
        this.accepted = accepted;
        this.refused = refused;
        threads = Executors.newScheduledThreadPool(fleet.nodes().size());
        for (FleetNode node : fleet.nodes()) {
            Line line = new Line(node);
            lines.add(line);
            threads.scheduleWithFixedDelay(line::next, 0, BETWEEN.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** The mail at one node. */
    private final class Line {

        private final FleetNode node;
        private final Map<Mail, Asking> sessions = new HashMap<>();
        private final Lock busy = new ReentrantLock();
        private volatile int count;

        Line(FleetNode node) {
            this.node = node;
        }

        void next() {
            busy.lock();
            try {
                int turn = count % (accepted.size() + refused.size());
                boolean right = turn < accepted.size();
                send(right ? accepted.get(turn) : refused.get(turn - accepted.size()), right);
                count++;
            } finally {
                busy.unlock();
            }
        }

        private void send(Mail mail, boolean right) {
            try {
                Asking asking = sessions.get(mail);
                if (asking == null) {
                    asking = fleet.asking(node, mail);
                    sessions.put(mail, asking);
                }
                long begin = System.nanoTime();
                Reply reply = asking.send();
                note(mail, reply, right, Duration.ofNanos(System.nanoTime() - begin), asking.last());
            } catch (IOException e) {
                sessions.remove(mail);
                synchronized (sent) {
                    lost++;
                }
                fault(node + ": " + mail + ": " + e);
            }
        }

        private void note(Mail mail, Reply reply, boolean right, Duration took, Delivery delivery) {
            synchronized (sent) {
                slowest = took.compareTo(slowest) > 0 ? took : slowest;
                if (reply.positive()) {
                    sent.add(delivery);
                } else if (reply.code() < 500) {
                    temporary++;
                } else {
                    refusals++;
                }
            }
            if (right ? !reply.positive() : reply.code() < 500) {
                fault(node + ": " + mail + ": " + reply);
            }
        }

        void hangUp() {
            for (Asking session : sessions.values()) {
                try {
                    session.close();
                } catch (IOException e) {
                    fault(node + ": " + e);
                }
            }
            sessions.clear();
        }
    }

    private void fault(String what) {
        synchronized (faults) {
            faults.add(what);
        }
    }

    /** An action on a node. */
    interface Action {
        void on(FleetNode node) throws Exception;
    }

    /**
     * Does something to a node while it has no mail, as behind a load balancer that has taken it out. What its Postfix had queued is
     * delivered first: without the maps it would be deferred.
     */
    void aside(FleetNode node, Action action) throws Exception {
        for (Line line : lines) {
            if (line.node == node) {
                line.busy.lock();
                try {
                    line.hangUp();
                    await("an empty queue of " + node)
                            .atMost(PATIENCE)
                            .until(() -> node.postfix().queueIsEmpty());
                    action.on(node);
                } finally {
                    line.busy.unlock();
                }
            }
        }
    }

    /** Waits until every node has had each kind of mail so many times more. */
    void awaitRounds(int rounds) {
        int more = rounds * (accepted.size() + refused.size());
        List<Integer> goals = lines.stream().map(line -> line.count + more).toList();
        await("more mail").atMost(PATIENCE).until(() -> {
            for (int i = 0; i < goals.size(); i++) {
                if (lines.get(i).count < goals.get(i)) {
                    return false;
                }
            }
            return true;
        });
    }

    /** Ends it: there was no fault, nothing was slow, and the sink has what was accepted, each once, and nothing else. */
    Seen assertNothingNoticed(String what) throws IOException {
        close();
        synchronized (faults) {
            assertThat(faults).as(what).isEmpty();
        }
        synchronized (sent) {
            assertThat(slowest).as("the slowest of: " + what).isLessThan(SLOW);
            fleet.assertDelivered(sent);
            int messages = lines.stream().mapToInt(line -> line.count).sum();
            return new Seen(messages, sent.size(), refusals, temporary, lost, slowest);
        }
    }

    @Override
    public void close() throws IOException {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IOException("the mail has not ended within " + PATIENCE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        lines.forEach(Line::hangUp);
    }
}
