package io.github.orgmilter.it.fault;

import static org.awaitility.Awaitility.await;

import io.github.orgmilter.it.client.Reply;
import io.github.orgmilter.it.client.SmtpClient;
import io.github.orgmilter.it.client.TestCertificates;
import io.github.orgmilter.it.fault.FaultMail.Fate;
import io.github.orgmilter.it.fault.Resets.Moment;
import io.github.orgmilter.it.mta.Delivery;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;

/**
 * Legitimate and forged mail in turn by many connections at once, until told to stop. Each message is numbered, and what
 * its client was answered is kept.
 */
final class FaultLoad implements Closeable {

    /** @param identified by address or certificate, or else a stranger */
    private record Client(String source, SSLContext tls, boolean identified) {}

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration LONGEST = Duration.ofMinutes(15);
    private static final int MESSAGES_A_SESSION = 8;
    private static final int RESET_EVERY = 3;
    private static final long PAUSE_MILLIS = 250;

    private final List<InetSocketAddress> services;
    private final List<Client> clients;
    private final boolean resetting;
    private final List<Thread> threads = new ArrayList<>();
    private final List<FaultMail> mails = new ArrayList<>();
    private final Resets resets = new Resets();
    private final AtomicInteger number = new AtomicInteger();
    private final AtomicInteger sessions = new AtomicInteger();
    private final AtomicInteger taken = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final long begin = System.nanoTime();
    private volatile boolean stopping;
    private volatile Throwable broken;

    /**
     * Begins at once.
     *
     * @param resets whether every third client resets its connection, each at another moment
     */
    FaultLoad(int connections, List<InetSocketAddress> services, TestCertificates certificates, boolean resets) {
        this.services = services;
        this.resetting = resets;
        Client office = new Client("127.0.3.10", null, true);
        Client stranger = new Client("127.0.5.2", null, false);
        clients = List.of(
                office,
                stranger,
                office,
                stranger,
                office,
                new Client(
                        "127.0.5.1",
                        certificates.verified("mail.litware.example").tls(),
                        true),
                stranger,
                new Client(
                        "127.0.5.3",
                        certificates.selfSigned("mail.litware.example").tls(),
                        false));
        for (int i = 0; i < connections; i++) {
            Thread thread = new Thread(this::work, "fault-load-" + i);
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
    }

    private void work() {
        while (!stopping && System.nanoTime() - begin < LONGEST.toNanos()) {
            try {
                session(sessions.getAndIncrement());
            } catch (RuntimeException e) {
                broken = e;
                return;
            }
        }
    }

    private void session(int session) {
        Client client = clients.get(session % clients.size());
        int turn = session / RESET_EVERY;
        Moment[] moments = Moment.values();
        Moment resetAt = resetting && session % RESET_EVERY == 0
                ? moments[(turn + turn / moments.length) % moments.length]
                : null;
        int resetIn = turn / moments.length % MESSAGES_A_SESSION;
        boolean quiet = false;
        try (SmtpClient smtp = SmtpClient.connect(
                services.get(session / clients.size() % services.size()), InetAddress.getByName(client.source()))) {
            if (greeted(smtp, client, resetAt)) {
                quiet = true;
                for (int i = 0; quiet && i < MESSAGES_A_SESSION && !stopping; i++) {
                    quiet = message(
                            smtp, client, (session / 2 + i) % 2 == 0, session % 2 == 0, i == resetIn ? resetAt : null);
                }
                if (quiet) {
                    smtp.quit();
                }
            }
        } catch (IOException e) {
            // Before the first message or after the last one: nothing was at stake.
        }
        if (!quiet) {
            pause();
        }
    }

    /** A client that was deferred does not retry at once. */
    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private boolean greeted(SmtpClient smtp, Client client, Moment resetAt) throws IOException {
        resets.after(Moment.CONNECT, resetAt, smtp);
        if (!smtp.read().positive()) {
            return false;
        }
        send(smtp, "EHLO client.test.example\r\n");
        resets.after(Moment.EHLO, resetAt, smtp);
        if (!smtp.read().positive()) {
            return false;
        }
        if (client.tls() == null) {
            return true;
        }
        if (resetAt == Moment.STARTTLS) {
            send(smtp, "STARTTLS\r\n");
            resets.after(Moment.STARTTLS, resetAt, smtp);
        }
        smtp.startTls(client.tls());
        return smtp.ehlo().positive();
    }

    private static void send(SmtpClient smtp, String text) throws IOException {
        smtp.send(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends one message; false if the session cannot go on as usual. */
    private boolean message(SmtpClient smtp, Client client, boolean forged, boolean pipelined, Moment resetAt) {
        int n = number.incrementAndGet();
        String from = n + "@" + (forged == client.identified() ? "adatum.example" : "litware.example");
        List<Delivery> envelopes = new ArrayList<>();
        if (forged) {
            envelopes.add(new Delivery(from, "f" + n + "@outside.example"));
            if (n % 3 == 0) {
                envelopes.add(new Delivery(from, "l" + n + "@litware.example"));
            }
        } else {
            if (!client.identified()) {
                from = n + "@stranger.example";
            }
            envelopes.add(
                    new Delivery(from, "l" + n + (client.identified() ? "@outside.example" : "@litware.example")));
        }
        FaultTransaction transaction = new FaultTransaction(envelopes);
        try {
            transaction(smtp, transaction, pipelined, resetAt);
        } catch (IOException e) {
            transaction.lost(e.toString());
        }
        keep(transaction.mails());
        return transaction.quiet();
    }

    private void transaction(SmtpClient smtp, FaultTransaction transaction, boolean pipelined, Moment resetAt)
            throws IOException {
        String mail = "MAIL FROM:<" + transaction.sender() + ">\r\n";
        List<String> rcpts = transaction.recipients().stream()
                .map(to -> "RCPT TO:<" + to + ">\r\n")
                .toList();
        send(smtp, pipelined ? mail + String.join("", rcpts) : mail);
        resets.after(Moment.MAIL, resetAt, smtp);
        transaction.mail(smtp.read());
        for (int i = 0; i < rcpts.size(); i++) {
            if (!pipelined) {
                send(smtp, rcpts.get(i));
            }
            resets.after(Moment.RCPT, resetAt, smtp);
            transaction.rcpt(i, smtp.read());
        }
        if (!transaction.accepted()) {
            if (transaction.quiet()) {
                smtp.command("RSET");
            }
            return;
        }
        send(smtp, "DATA\r\n");
        resets.after(Moment.DATA, resetAt, smtp);
        Reply data = smtp.read();
        if (data.code() != 354) {
            transaction.end(data);
            return;
        }
        send(smtp, "Subject: fault\r\n\r\nHel");
        resets.after(Moment.HALF_A_MESSAGE, resetAt, smtp);
        transaction.endSent();
        send(smtp, "lo.\r\n.\r\n");
        resets.after(Moment.END_OF_MESSAGE, resetAt, smtp);
        transaction.end(smtp.read());
    }

    private void keep(List<FaultMail> some) {
        synchronized (mails) {
            mails.addAll(some);
        }
        for (FaultMail mail : some) {
            if (!mail.forged() && mail.fate() == Fate.TAKEN) {
                taken.incrementAndGet();
            }
            if (mail.forged() && mail.fate() == Fate.REFUSED) {
                refused.incrementAndGet();
            }
        }
    }

    /** How many legitimate messages were taken, and as many forged ones refused. */
    int done() {
        return Math.min(taken.get(), refused.get());
    }

    /** How many legitimate messages were taken. */
    int taken() {
        return taken.get();
    }

    /** Waits until so many are done; those of {@code enough}, counted from the load's beginning, do if they are {@code least}. */
    void awaitDone(int goal, int least, Duration enough) {
        await("mail of both kinds, at least " + least)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> done() >= goal
                        || done() >= least && System.nanoTime() - begin > enough.toNanos()
                        || broken != null);
        assertGoesOn();
    }

    private void assertGoesOn() {
        if (broken != null) {
            throw new AssertionError("the load broke off", broken);
        }
    }

    /** At which moments clients have reset their connections, and how often. */
    Map<Moment, Integer> resets() {
        return resets.counts();
    }

    /** Ends the sessions after their message, and returns everything that was sent. */
    List<FaultMail> stop() {
        close();
        await("the end of the load's sessions")
                .atMost(PATIENCE)
                .until(() -> threads.stream().noneMatch(Thread::isAlive));
        assertGoesOn();
        synchronized (mails) {
            return List.copyOf(mails);
        }
    }

    @Override
    public void close() {
        stopping = true;
    }
}
