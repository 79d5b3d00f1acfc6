package io.github.orgmilter.it.daemon;

import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;

/** The distribution under test, started again a moment after it has ended, as systemd does it; and what it takes of the machine. */
public final class SupervisedDaemon implements Closeable {

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final long BEFORE_RESTART_MILLIS = 300;
    private static final long SAMPLE_MILLIS = 50;

    private final ProcessBuilder command;
    private final int port;
    private final List<String> log = new ArrayList<>();
    private final List<Integer> ends = new ArrayList<>();
    private final AtomicLong peakKib = new AtomicLong();
    private final Thread supervisor = new Thread(this::supervise, "supervisor");
    private volatile Process process;
    private volatile boolean closing;
    private volatile boolean deaf;

    /** Starts, and listens on {@code port} when this returns. Standard output is the log, unless redirected. */
    public SupervisedDaemon(int port, ProcessBuilder command) throws IOException {
        this.port = port;
        this.command = command.redirectErrorStream(true);
        process = start();
        supervisor.setDaemon(true);
        supervisor.start();
        try {
            awaitListening();
        } catch (AssertionError e) {
            closing = true;
            process.destroyForcibly();
            throw e;
        }
    }

    private Process start() throws IOException {
        Process started = command.start();
        Thread reader = new Thread(() -> readLog(started), "daemon-log");
        reader.setDaemon(true);
        reader.start();
        return started;
    }

    private void supervise() {
        try {
            while (!closing) {
                sampleMemory();
                if (process.waitFor(SAMPLE_MILLIS, TimeUnit.MILLISECONDS)) {
                    synchronized (ends) {
                        ends.add(process.exitValue());
                    }
                    Thread.sleep(BEFORE_RESTART_MILLIS);
                    if (!closing) {
                        process = start();
                    }
                }
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void sampleMemory() {
        try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(pid()), "status"))) {
            lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .forEach(kib -> peakKib.accumulateAndGet(kib, Math::max));
        } catch (IOException | java.io.UncheckedIOException e) {
            // Ended meanwhile.
        }
    }

    private void readLog(Process of) {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(of.getInputStream(), StandardCharsets.UTF_8))) {
            String line;
            while ((line = reader.readLine()) != null) {
                synchronized (log) {
                    log.add(line);
                }
                while (deaf && !closing) {
                    Thread.sleep(SAMPLE_MILLIS);
                }
            }
        } catch (IOException | InterruptedException e) {
            // Killed: nothing more to read.
        }
    }

    /** Whether the log is left unread, so that its pipe fills. */
    public void deaf(boolean on) {
        deaf = on;
    }

    public long pid() {
        return process.pid();
    }

    /** SIGHUP and the like, to whichever process runs now. */
    public void signal(String name) throws IOException {
        Command.signal(name, pid());
    }

    /** The exit statuses of the processes that have ended so far. */
    public List<Integer> ends() {
        synchronized (ends) {
            return List.copyOf(ends);
        }
    }

    public void awaitEnds(int count) {
        await("the end of " + count + " processes")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> ends().size() >= count);
    }

    public void awaitListening() {
        try {
            await("a listener")
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(20))
                    .ignoreExceptions()
                    .until(() -> {
                        try (Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), port)) {
                            return socket.isConnected();
                        }
                    });
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(String.join("\n", lines(0)), e);
        }
    }

    public int mark() {
        synchronized (log) {
            return log.size();
        }
    }

    public List<String> lines(int mark) {
        synchronized (log) {
            return List.copyOf(log.subList(mark, log.size()));
        }
    }

    public long count(String part) {
        return lines(0).stream().filter(line -> line.contains(part)).count();
    }

    /** Waits for a line with this in it, after {@code mark}. */
    public void awaitLine(int mark, String part) {
        await("a line with " + part)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> lines(mark).stream().anyMatch(line -> line.contains(part)));
    }

    /** The most memory that any of the processes has held (VmHWM). */
    public long peakMebibytes() {
        sampleMemory();
        return peakKib.get() / 1024;
    }

    public int descriptors() throws IOException {
        return entries("fd");
    }

    public int threads() throws IOException {
        return entries("task");
    }

    private int entries(String folder) throws IOException {
        try (Stream<Path> entries = Files.list(Path.of("/proc", Long.toString(pid()), folder))) {
            return (int) entries.count();
        }
    }

    @Override
    public void close() throws IOException {
        closing = true;
        try {
            supervisor.join(PATIENCE.toMillis());
            if (supervisor.isAlive()) {
                throw new IOException("the supervisor did not end within " + PATIENCE);
            }
            process.toHandle().destroy(); // Process.destroy() would close the pipe of the log as well
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(
                        "the daemon did not end within " + PATIENCE + ":\n" + String.join("\n", lines(0)));
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
