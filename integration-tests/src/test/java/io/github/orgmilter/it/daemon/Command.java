package io.github.orgmilter.it.daemon;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Commands that end by themselves, and where the distribution under test has its own. */
public final class Command {

    /** {@code bin/orgmilter} of the distribution. */
    public static final String ORGMILTER = Path.of(
                    System.getProperty("orgmilter.home", "../target/orgmilter"), "bin", "orgmilter")
            .toString();

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private Command() {}

    /** What a command that must succeed prints. */
    public static String run(String... command) throws IOException, InterruptedException {
        return run(new ProcessBuilder(command));
    }

    /** As {@link #run(String...)}, with an environment. */
    public static String run(ProcessBuilder command) throws IOException, InterruptedException {
        return run(0, command);
    }

    /** What a command prints that must end with this status. */
    public static String run(int status, ProcessBuilder command) throws IOException, InterruptedException {
        // Into a file: the end of a pipe would have to be waited for as well.
        Path output = Files.createTempFile("orgmilter-it", ".out");
        try {
            Process process = command.redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            boolean ended = process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            String printed = new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
            if (!ended) {
                process.destroyForcibly();
                throw failure(command, "did not end within " + PATIENCE, printed);
            }
            if (process.exitValue() != status) {
                throw failure(command, "exited with " + process.exitValue(), printed);
            }
            return printed;
        } finally {
            Files.delete(output);
        }
    }

    private static IOException failure(ProcessBuilder command, String what, String printed) {
        return new IOException(String.join(" ", command.command()) + " " + what + ":\n" + printed);
    }

    /** Sends a signal, {@code HUP} and the like. */
    public static void signal(String name, long pid) throws IOException {
        try {
            run("kill", "-s", name, Long.toString(pid));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
