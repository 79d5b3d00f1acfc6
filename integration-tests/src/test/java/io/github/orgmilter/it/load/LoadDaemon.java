package io.github.orgmilter.it.load;

import io.github.orgmilter.it.daemon.Command;
import io.github.orgmilter.it.daemon.LogLine;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * Daemons that are reloaded, told to stop, and replaced while they work: one process that serves, or the stand-in for
 * systemd (activate.pl) and the daemons that it starts, with one log.
 */
final class LoadDaemon implements Closeable {

    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final String LISTENS = "orgmilter listening on ";

    private final Process process;
    private final List<String> log = new ArrayList<>();

    private LoadDaemon(List<String> command) throws IOException {
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
        Thread reader = new Thread(this::readLog, "daemon-log");
        reader.setDaemon(true);
        reader.start();
    }

    /** Serves this configuration, and listens when this returns. */
    static LoadDaemon serve(Path configuration, String... options) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Command.ORGMILTER, "serve", "--allow-root", "--config", configuration.toString()));
        command.addAll(Arrays.asList(options));
        LoadDaemon daemon = new LoadDaemon(command);
        daemon.awaitLine(0, LISTENS);
        return daemon;
    }

    /** The same by a parent that holds the sockets and starts the daemon again when it has ended. */
    static LoadDaemon activated(int port, Path socket, Path configuration) throws IOException {
        URL script = Objects.requireNonNull(LoadDaemon.class.getResource("/activate.pl"));
        LoadDaemon parent = new LoadDaemon(List.of(
                "perl",
                path(script),
                Integer.toString(port),
                socket.toString(),
                Command.ORGMILTER,
                "serve",
                "--allow-root",
                "--config",
                configuration.toString()));
        parent.awaitLine(0, LISTENS);
        return parent;
    }

    private static String path(URL resource) {
        try {
            URI uri = resource.toURI();
            return Path.of(uri).toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private void readLog() {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String line;
            while ((line = reader.readLine()) != null) {
                synchronized (log) {
                    log.add(line);
                }
            }
        } catch (IOException e) {
            // Killed: nothing more to read.
        }
    }

    int mark() {
        synchronized (log) {
            return log.size();
        }
    }

    List<String> lines(int mark) {
        synchronized (log) {
            return List.copyOf(log.subList(mark, log.size()));
        }
    }

    /** The first line since {@code mark} with this in it, as soon as there is one. */
    String awaitLine(int mark, String part) {
        long start = System.nanoTime();
        // Each line is looked at once: under a load there are thousands.
        for (int seen = mark; System.nanoTime() - start < PATIENCE.toNanos(); ) {
            List<String> more = lines(seen);
            for (String line : more) {
                if (line.contains(part)) {
                    return line;
                }
            }
            seen += more.size();
            pause();
        }
        throw new AssertionError("no line with '" + part + "' within " + PATIENCE + ":\n" + text(mark));
    }

    private static void pause() {
        try {
            Thread.sleep(5);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The next daemon that listens, after {@code mark}. */
    void awaitListening(int mark) {
        awaitLine(mark, LISTENS);
    }

    String text(int mark) {
        return String.join("\n", lines(mark));
    }

    List<LogLine> verdicts() {
        return lines(0).stream().map(LogLine::parse).filter(LogLine::isVerdict).toList();
    }

    /** The oldest daemon that runs under the parent. */
    ProcessHandle activatedDaemon() {
        return process.children().min((a, b) -> Long.compare(a.pid(), b.pid())).orElseThrow();
    }

    /** Has the parent start a further daemon, and returns when that one listens as well. */
    void startSuccessor() throws IOException {
        int mark = mark();
        signal("USR1");
        awaitListening(mark);
    }

    /** SIGHUP and the like. */
    void signal(String name) throws IOException {
        Command.signal(name, process.pid());
    }

    /** SIGTERM, and no waiting. */
    void terminate() {
        process.toHandle().destroy(); // Process.destroy() would close the pipe of the log as well
    }

    /** The exit status, as soon as there is one. */
    int awaitExit() throws IOException {
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IOException("the daemon did not end within " + PATIENCE + ":\n" + text(0));
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return process.exitValue();
    }

    @Override
    public void close() throws IOException {
        terminate();
        try {
            awaitExit();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
