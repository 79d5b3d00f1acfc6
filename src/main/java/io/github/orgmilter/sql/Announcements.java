package io.github.orgmilter.sql;

import io.github.orgmilter.directory.StoreException;
import java.io.Closeable;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens to PostgreSQL's NOTIFY, on a connection and a thread of its own: a server that does not answer delays nothing else. Lost
 * connections are made anew, after waits that grow; what was announced meanwhile is unknown, so each LISTEN is itself a hint.
 */
final class Announcements implements Closeable, Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(Announcements.class);

    private static final Duration FIRST_WAIT = Duration.ofMillis(500);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    /** After so much silence the connection is tested: a lost peer says nothing. */
    private static final Duration SILENCE = Duration.ofSeconds(20);

    private static final int TEST_SECONDS = 5;

    private final String servers;
    private final String channel;
    private final Connector connector;
    private final Database.Timeouts timeouts;
    private final Thread thread;

    private @Nullable Connection connection;
    private boolean closed;
    private OptionalLong hint = OptionalLong.empty();

    Announcements(String servers, String channel, Connector connector, Database.Timeouts timeouts) {
        this.servers = servers;
        this.channel = channel;
        this.connector = connector;
        this.timeouts = timeouts;
        thread = new Thread(this, "directory-notify");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** The highest version announced since the last call, or 0; empty if the time passes first. */
    synchronized OptionalLong await(Duration atMost) throws InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        for (long left = atMost.toNanos(); hint.isEmpty() && left > 0 && !closed; left = end - System.nanoTime()) {
            wait(left / 1_000_000, (int) (left % 1_000_000));
        }
        OptionalLong announced = hint;
        hint = OptionalLong.empty();
        return announced;
    }

    @Override
    public void run() {
        Duration wait = FIRST_WAIT;
        boolean reported = false;
        while (!isClosed()) {
            try {
                PGConnection listening = listen();
                if (reported) {
                    LOG.info("directory: listening to {} for changes again", servers);
                }
                reported = false;
                wait = FIRST_WAIT;
                announce(0);
                receive(listening);
            } catch (SQLException | StoreException | RuntimeException e) {
                if (!reported && !isClosed()) {
                    LOG.warn(
                            "directory: no announcements of changes from {}: {}; the version is still polled",
                            servers,
                            e instanceof SQLException failure
                                    ? SqlFailure.of(failure, timeouts)
                                    : e instanceof StoreException
                                            ? e.getMessage()
                                            : e.getClass().getName());
                    reported = true;
                }
            }
            drop();
            pause(wait);
            wait = wait.multipliedBy(2).compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait.multipliedBy(2);
        }
    }

    private PGConnection listen() throws SQLException, StoreException {
        Connection made = connector.connect();
        synchronized (this) {
            connection = made;
        }
        made.setAutoCommit(true);
        try (Statement statement = made.createStatement()) {
            statement.execute("LISTEN \"" + channel.replace("\"", "\"\"") + '"');
        }
        return made.unwrap(PGConnection.class);
    }

    private void receive(PGConnection listening) throws SQLException {
        while (!isClosed()) {
            PGNotification[] notifications = listening.getNotifications(Database.Timeouts.millis(SILENCE));
            if (notifications == null || notifications.length == 0) {
                if (!((Connection) listening).isValid(TEST_SECONDS)) {
                    throw new SQLException("silent", "08006");
                }
                continue;
            }
            for (PGNotification notification : notifications) {
                announce(version(notification.getParameter()));
            }
        }
    }

    // Whoever may connect may notify: anything but a version is a hint without one.
    static long version(@Nullable String payload) {
        try {
            return payload == null ? 0 : Math.max(0, Long.parseLong(payload));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private synchronized void announce(long version) {
        hint = OptionalLong.of(Math.max(version, hint.orElse(0)));
        notifyAll();
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private void drop() {
        Connection dropped;
        synchronized (this) {
            dropped = connection;
            connection = null;
        }
        Connections.abort(dropped);
    }

    // Nodes that lost their server together do not come back together.
    private synchronized void pause(Duration wait) {
        long end = System.nanoTime()
                + (long) (wait.toNanos() * ThreadLocalRandom.current().nextDouble(0.5, 1.0));
        try {
            for (long left = end - System.nanoTime(); left > 0 && !closed; left = end - System.nanoTime()) {
                wait(left / 1_000_000, (int) (left % 1_000_000));
            }
        } catch (InterruptedException e) {
            closed = true;
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        drop();
    }
}
