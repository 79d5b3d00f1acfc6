package io.github.orgmilter.machine;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** This machine, or one that a command such as {@code docker exec -i postfix} leads to. */
public final class LocalMachine implements Machine {

    // postmap prints a million domains in 40 MB.
    private static final int MOST_OCTETS = 128 * 1024 * 1024;

    private final List<String> via;
    private final Duration patience;

    /**
     * @param via the words of the command that runs another one; none for this machine
     * @param patience how long a command may take
     */
    public LocalMachine(List<String> via, Duration patience) {
        this.via = List.copyOf(via);
        this.patience = patience;
    }

    @Override
    public Reach reach() {
        return via.isEmpty() ? Reach.ALL : Reach.TCP;
    }

    // Through files: a pipe can stay open behind the end of the process, and can fill while nobody reads it.
    @Override
    public Output run(List<String> command, String input) throws IOException {
        List<String> words = Stream.concat(via.stream(), command.stream()).toList();
        Path in = Files.createTempFile("orgmilter-doctor", ".in");
        Path out = Files.createTempFile("orgmilter-doctor", ".out");
        Path err = Files.createTempFile("orgmilter-doctor", ".err");
        try {
            Files.writeString(in, input);
            ProcessBuilder builder = new ProcessBuilder(words)
                    .redirectInput(in.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            plain(builder.environment());
            int exit = exit(start(builder, words), words);
            return new Output(exit, text(out), text(err));
        } finally {
            Files.deleteIfExists(in);
            Files.deleteIfExists(out);
            Files.deleteIfExists(err);
        }
    }

    /** Messages that are compared are in English, and tools of administrators are in folders that users may lack. */
    private static void plain(Map<String, String> environment) {
        environment.put("LC_ALL", "C");
        environment.merge("PATH", "/usr/sbin:/usr/local/sbin:/sbin", (own, more) -> own + File.pathSeparator + more);
    }

    private static Process start(ProcessBuilder builder, List<String> words) throws IOException {
        try {
            return builder.start();
        } catch (IOException e) {
            throw new IOException(
                    "cannot run " + words.get(0) + ": " + e.getMessage()
                            + "; run this on the MTA's machine, or reach it with --via",
                    e);
        }
    }

    private int exit(Process process, List<String> words) throws IOException {
        try {
            if (process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                return process.exitValue();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            process.destroyForcibly();
        }
        throw new IOException("`" + String.join(" ", words) + "` has not ended within " + patience.toSeconds()
                + " s; run it by hand to see what it waits for, or set a longer --timeout");
    }

    private static String text(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(MOST_OCTETS), StandardCharsets.UTF_8);
        }
    }
}
