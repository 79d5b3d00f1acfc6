package io.github.orgmilter.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A process that a test starts, such as the daemon in a JVM of its own. Whatever the test waits for comes in time, or it
 * fails with what the process has said; and no process outlives its test. Its output is read only while something is waited for.
 */
public final class ChildProcess implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(100);
    private static final long GLANCE_MILLIS = 10;
    private static final int HANGUP = 1;

    private final Process process;
    private final BufferedReader output;
    private final StringBuilder said = new StringBuilder();

    private ChildProcess(Process process) {
        this.process = process;
        this.output = process.inputReader(StandardCharsets.UTF_8);
    }

    public static ChildProcess start(List<String> command) throws IOException {
        return start(new ProcessBuilder(command).redirectErrorStream(true));
    }

    public static ChildProcess start(ProcessBuilder command) throws IOException {
        return new ChildProcess(command.start());
    }

    /** The daemon, with these options of the JVM. */
    public static ChildProcess daemon(Path config, String... options) throws IOException {
        return start(java(Main.class, config, options));
    }

    /** What starts a class as the daemon is started. */
    public static List<String> java(Class<?> main, Path config, String... options) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Dlogback.configurationFile=conf/logback.xml"));
        command.addAll(List.of(options));
        command.add("-cp");
        command.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        command.addAll(List.of(main.getName(), "serve", "--allow-root", "--config", config.toString()));
        return command;
    }

    /** Reads on until a line with the text, and returns what follows the text there. */
    public String after(String text) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            boolean alive = process.isAlive(); // asked before the output is, so that nothing is left there
            if (output.ready() || !alive) {
                String line = output.readLine();
                if (line == null) {
                    throw new AssertionError(
                            "it ended with " + process.exitValue() + " without \"" + text + "\":\n" + said);
                }
                said.append(line).append('\n');
                if (line.contains(text)) {
                    return line.substring(line.indexOf(text) + text.length());
                }
            } else {
                Thread.sleep(GLANCE_MILLIS);
            }
        }
        throw new AssertionError("no \"" + text + "\" within " + PATIENCE.toSeconds() + " s:\n" + said);
    }

    /** Waits until the daemon listens; where. */
    public InetSocketAddress address() throws IOException, InterruptedException {
        String addresses = after("orgmilter listening on ");
        return new InetSocketAddress("127.0.0.1", Integer.parseInt(addresses.replaceAll("^inet:(\\d+)@.*", "$1")));
    }

    /** Waits until it ends by itself; its exit status. */
    public int exitValue() throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!process.waitFor(GLANCE_MILLIS, TimeUnit.MILLISECONDS)) {
            drain();
            if (System.nanoTime() > end) {
                throw new AssertionError("it has not ended within " + PATIENCE.toSeconds() + " s:\n" + said);
            }
        }
        output.lines().forEach(line -> said.append(line).append('\n'));
        return process.exitValue();
    }

    private void drain() throws IOException {
        while (output.ready()) {
            said.append(output.readLine()).append('\n');
        }
    }

    public long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** What was read of its output so far. */
    String said() {
        return said.toString();
    }

    /** Sends SIGTERM. */
    public void terminate() {
        process.toHandle().destroy();
    }

    /** Sends SIGHUP. */
    public void hangUp() throws IOException, InterruptedException {
        hangUp(process.pid());
    }

    /**
     * Sends SIGHUP to a JVM that these tests have started, or are.
     *
     * @throws AssertionError if it ignores that, as everything does that nohup has started
     */
    public static void hangUp(long pid) throws IOException, InterruptedException {
        if (ignores(pid, HANGUP)) {
            throw new AssertionError("SIGHUP is ignored in this process, as under nohup, and a JVM cannot change that;"
                    + " run the tests without nohup, for example by setsid");
        }
        try (ChildProcess kill = start(List.of("sh", "-c", "kill -HUP " + pid))) {
            if (kill.exitValue() != 0) {
                throw new AssertionError("kill failed: " + kill.said());
            }
        }
    }

    // proc(5): a mask in which the first signal is the lowest bit.
    private static boolean ignores(long pid, int signal) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .map(line -> Long.parseUnsignedLong(
                        line.substring("SigIgn:".length()).strip(), 16))
                .anyMatch(mask -> (mask >> (signal - 1) & 1) == 1);
    }

    /** Ends it, and whatever it has started, at once. */
    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly()
                .onExit()
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
    }
}
