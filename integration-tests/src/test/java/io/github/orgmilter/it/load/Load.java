package io.github.orgmilter.it.load;

import static org.awaitility.Awaitility.await;

import io.github.orgmilter.it.client.Reply;
import io.github.orgmilter.it.client.SmtpClient;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;

/**
 * Steady mail by many connections at once: sessions of one to four messages from senders in turn, each message
 * numbered, until told to stop. At the longest a quarter of an hour, and so many messages, whatever the test does.
 */
final class Load implements Closeable {

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    /** On a slow machine a test's many messages are as many as come in this time. */
    private static final Duration ENOUGH = Duration.ofSeconds(10);

    private static final int MOST_MESSAGES = 50_000;
    private static final Duration LONGEST = Duration.ofMinutes(15);
    private static final int LONGEST_SESSION = 4;

    private final List<InetSocketAddress> services;
    private final List<LoadMessage.Sender> senders;
    private final List<SSLContext> tls = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final List<LoadMessage> messages = new ArrayList<>();
    private final AtomicInteger number = new AtomicInteger();
    private final AtomicInteger session = new AtomicInteger();
    private final long begin = System.nanoTime();
    private final AtomicLong longestWait = new AtomicLong();
    private volatile boolean stopping;
    private volatile Throwable broken;

    /** Begins at once; the senders take turns, and so do the services. */
    Load(int connections, List<InetSocketAddress> services, List<LoadMessage.Sender> senders) {
        this.services = services;
        this.senders = senders;
        for (LoadMessage.Sender sender : senders) {
            tls.add(sender.certificate() == null ? null : sender.certificate().tls());
        }
        for (int i = 0; i < connections; i++) {
            Thread thread = new Thread(this::work, "load-" + i);
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
    }

    private void work() {
        try {
            while (!stopping && number.get() < MOST_MESSAGES && System.nanoTime() - begin < LONGEST.toNanos()) {
                session(session.getAndIncrement());
            }
        } catch (IOException | RuntimeException e) {
            broken = e;
        }
    }

    private void session(int session) throws IOException {
        int turn = session % senders.size();
        LoadMessage.Sender sender = senders.get(turn);
        InetSocketAddress service = services.get(session / senders.size() % services.size());
        long start = System.nanoTime();
        try (SmtpClient smtp = SmtpClient.connect(service, InetAddress.getByName(sender.source()))) {
            LoadMessage message = new LoadMessage(number.incrementAndGet(), sender, start, System.nanoTime());
            try {
                Reply banner = smtp.read();
                long greeted = System.nanoTime();
                longestWait.accumulateAndGet(greeted - start, Math::max);
                message = new LoadMessage(message.number(), sender, start, greeted);
                if (message.heard(banner).positive() && greeted(smtp, message, tls.get(turn))) {
                    int more = session / (senders.size() * services.size()) % LONGEST_SESSION;
                    for (int left = more; sent(smtp, message) && left > 0 && !stopping; left--) {
                        keep(message);
                        message = new LoadMessage(number.incrementAndGet(), sender, start, greeted);
                    }
                }
            } catch (IOException e) {
                message.lost(e.toString());
            }
            keep(message);
            if (message.troubled()) {
                pause();
            } else {
                smtp.quit();
            }
        }
    }

    /** A client that was deferred does not retry at once. */
    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean greeted(SmtpClient smtp, LoadMessage message, SSLContext tls) throws IOException {
        if (!message.heard(smtp.ehlo()).positive()) {
            return false;
        }
        if (tls != null) {
            smtp.startTls(tls);
            return message.heard(smtp.ehlo()).positive();
        }
        return true;
    }

    /** Sends a message; false if the session cannot go on as usual. */
    private static boolean sent(SmtpClient smtp, LoadMessage message) throws IOException {
        message.heard(smtp.mail(message.from()));
        for (String recipient : message.troubled() ? List.<String>of() : message.recipients()) {
            message.heard(recipient, smtp.rcpt(recipient));
        }
        if (message.troubled()) {
            return false;
        }
        message.heardEnd(smtp.data("message " + message.number()));
        return !message.troubled();
    }

    private void keep(LoadMessage message) {
        synchronized (messages) {
            messages.add(message);
        }
    }

    int count() {
        synchronized (messages) {
            return messages.size();
        }
    }

    /** Waits until that many messages more have come to their end, or those of ten seconds, two of each connection at the least. */
    void awaitMore(int goal) {
        int before = count();
        int least = Math.min(goal, 2 * threads.size());
        long start = System.nanoTime();
        await("at least " + least + " messages more than " + before)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> {
                    int more = count() - before;
                    return more >= goal
                            || more >= least && System.nanoTime() - start > ENOUGH.toNanos()
                            || broken != null;
                });
        assertGoesOn();
    }

    private void assertGoesOn() {
        if (broken != null) {
            throw new AssertionError("the load broke off", broken);
        }
    }

    /** Ends the sessions after their message, and returns everything that was sent. */
    List<LoadMessage> stop() {
        close();
        await("the end of the load's sessions")
                .atMost(PATIENCE)
                .until(() -> threads.stream().noneMatch(Thread::isAlive));
        assertGoesOn();
        synchronized (messages) {
            return List.copyOf(messages);
        }
    }

    /** The longest that a client waited for its banner: the MTA gives none before the milter has answered. */
    Duration longestWait() {
        return Duration.ofNanos(longestWait.get());
    }

    @Override
    public void close() {
        stopping = true;
    }
}
