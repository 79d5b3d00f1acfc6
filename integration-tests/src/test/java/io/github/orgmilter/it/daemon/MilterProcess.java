package io.github.orgmilter.it.daemon;

import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;

/** The distribution under test, running as its users run it: {@code bin/orgmilter serve --config FILE}. */
public final class MilterProcess implements Closeable {

    private static final Duration START = Duration.ofMinutes(5);
    /** Longer than the milter waits for open sessions. */
    private static final Duration STOP = Duration.ofMinutes(2);

    private final Process process;
    private final Path configuration;
    private final List<String> log = new ArrayList<>();

    private MilterProcess(Process process, Path configuration) {
        this.process = process;
        this.configuration = configuration;
        Thread reader = new Thread(this::readLog, "orgmilter-log");
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts with this configuration (HOCON) and returns when all listeners are bound. */
    public static MilterProcess start(String hocon) throws IOException {
        Path command = Path.of(Command.ORGMILTER);
        if (!Files.isExecutable(command)) {
            throw new IOException(
                    command.toAbsolutePath().normalize() + " is missing: run 'mvn package' in the top folder first");
        }
        Path configuration = Files.createTempFile("orgmilter-it", ".conf");
        Files.writeString(configuration, hocon);
        Process process = new ProcessBuilder(
                        Command.ORGMILTER, "serve", "--allow-root", "--config", configuration.toString())
                .redirectErrorStream(true)
                .start();
        MilterProcess milter = new MilterProcess(process, configuration);
        try {
            await().atMost(START)
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> milter.listens() || !process.isAlive());
        } catch (ConditionTimeoutException e) {
            milter.kill();
            throw new IOException("the milter does not listen within " + START + ":\n" + milter.text(), e);
        }
        if (!milter.listens()) {
            throw new IOException("the milter ended with " + process.exitValue() + ":\n" + milter.text());
        }
        return milter;
    }

    /** Replaces the configuration and has it loaded; returns when it is the current one. */
    public void reload(String hocon) throws IOException {
        int mark = mark();
        Files.writeString(configuration, hocon);
        Command.signal("HUP", process.pid());
        try {
            await().atMost(START)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> text(mark).contains("reloaded config="));
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("the milter took no new configuration:\n" + text(mark), e);
        }
    }

    /** The file with its configuration. */
    public Path configuration() {
        return configuration;
    }

    private boolean listens() {
        return lines(0).stream().anyMatch(line -> line.contains("orgmilter listening on "));
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

    /** How many lines the log has now; what comes later starts here. */
    public int mark() {
        synchronized (log) {
            return log.size();
        }
    }

    private List<String> lines(int mark) {
        synchronized (log) {
            return List.copyOf(log.subList(mark, log.size()));
        }
    }

    /** The verdict lines since {@code mark}, one a recipient, in order. */
    public List<LogLine> verdicts(int mark) {
        return lines(mark).stream()
                .map(LogLine::parse)
                .filter(LogLine::isVerdict)
                .toList();
    }

    /** As {@link #verdicts(int)}, but waits until at least {@code count} are there. */
    public List<LogLine> awaitVerdicts(int mark, int count) {
        try {
            await().atMost(Duration.ofMinutes(1))
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> verdicts(mark).size() >= count);
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("expected " + count + " verdict lines, the log has:\n" + text(mark), e);
        }
        return verdicts(mark);
    }

    /** Waits for a line since {@code mark} that has all these parts: the log may come after the reply. */
    public String awaitLine(int mark, String... parts) {
        try {
            await().atMost(Duration.ofMinutes(1))
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> lineWith(mark, parts).isPresent());
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("no line has all of " + List.of(parts) + ":\n" + text(mark), e);
        }
        return lineWith(mark, parts).orElseThrow();
    }

    /** As {@link #awaitLine}, the verdict line. Others, of sessions before the mark, may come in front of it. */
    public LogLine awaitVerdict(int mark, String... parts) {
        return LogLine.parse(awaitLine(
                mark, Stream.concat(Stream.of(" verdict="), Stream.of(parts)).toArray(String[]::new)));
    }

    private Optional<String> lineWith(int mark, String... parts) {
        return lines(mark).stream()
                .filter(line -> Stream.of(parts).allMatch(line::contains))
                .findFirst();
    }

    /** The log since {@code mark} as far as it has been read, to be shown with a failure. */
    public String text(int mark) {
        return String.join("\n", lines(mark));
    }

    private String text() {
        return text(0);
    }

    /** SIGKILL: no goodbye to anybody. */
    public void kill() {
        process.destroyForcibly();
        try {
            if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("the milter did not end within " + STOP + " of SIGKILL");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** SIGTERM; the exit status. */
    public int stop() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
                kill();
                throw new IOException("the milter did not end within " + STOP + " of SIGTERM:\n" + text());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return process.exitValue();
    }

    @Override
    public void close() throws IOException {
        if (process.isAlive()) {
            stop();
        }
        Files.deleteIfExists(configuration);
    }
}
