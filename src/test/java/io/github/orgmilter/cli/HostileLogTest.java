package io.github.orgmilter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Reads logs of any length in a small heap, and what a {@link HostileLog} has that is ours.
 *
 * <p>{@code -Dorgmilter.log.mebibytes=10240} for a longer run (10 GiB take some minutes each), {@code -Dorgmilter.log.heap=64m} for
 * another heap. The log is never on a disk.
 */
@Tag("slow")
@DisplayName("A hostile log")
final class HostileLogTest {

    private static final long MEBIBYTES = Long.getLong("orgmilter.log.mebibytes", 24);
    private static final String HEAP = System.getProperty("orgmilter.log.heap", "160m");
    private static final long SEED = 20260103;

    /** For a machine that is ten times slower than ours. */
    private static final Duration PATIENCE = Duration.ofMinutes(2).plusSeconds(MEBIBYTES);

    @TempDir
    private Path folder;

    private record Read(int status, Config answer, HostileLog log) {}

    @Test
    @DisplayName("is decided again line by line, in a small heap")
    void replay() throws IOException, InterruptedException {
        Path config = Files.writeString(folder.resolve("orgmilter.conf"), """
                listen = [ "inet:10033@127.0.0.1" ]
                trusted-logins = []
                organizations {
                  contoso {
                    accepted-domains = [ "contoso.com" ]
                    header-from = relay
                    connectors.branch.addresses = [ "192.0.2.7" ]
                  }
                }
                """);
        Read read = read("replay", "--json", "--top", "1", "--config", config.toString(), "-");
        assertThat(read.status()).isEqualTo(1);
        assertThat(read.answer().getLong("lines")).isEqualTo(read.log().lines());
        assertThat(read.answer().getLong("recipients")).isEqualTo(read.log().recipients());
    }

    @Test
    @DisplayName("is reported on, in a small heap")
    void report() throws IOException, InterruptedException {
        Read read = read("report", "--format", "json", "--top", "1", "-");
        assertThat(read.status()).isZero();
        assertThat(read.answer().getLong("recipients"))
                .isLessThanOrEqualTo(read.log().recipients());
    }

    private Read read(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + HEAP,
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Main.class.getName()));
        command.addAll(List.of(arguments));
        Path printed = folder.resolve("printed");
        Path errors = folder.resolve("errors");
        Process process = new ProcessBuilder(command)
                .redirectOutput(printed.toFile())
                .redirectError(errors.toFile())
                .start();
        try {
            long begin = System.nanoTime();
            HostileLog log = new HostileLog(SEED);
            String memory;
            try (OutputStream out = process.getOutputStream()) {
                log.write(out, MEBIBYTES << 20);
                memory = peak(process.pid());
            } catch (IOException e) {
                throw new IOException("it ended early: " + Files.readString(errors), e);
            }
            assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            System.out.printf(
                    "%s: %d MiB, %d lines, in %.1f s; at most %s with a heap of %s%n",
                    arguments[0], MEBIBYTES, log.lines(), (System.nanoTime() - begin) / 1e9, memory, HEAP);
            assertThat(Files.readString(errors)).isEmpty();
            return new Read(process.exitValue(), ConfigFactory.parseFile(printed.toFile()), log);
        } finally {
            process.destroyForcibly();
        }
    }

    // proc(5)
    private static String peak(long pid) throws IOException {
        try (Stream<String> status = Files.lines(Path.of("/proc/" + pid + "/status"))) {
            return status.filter(line -> line.startsWith("VmHWM:"))
                    .map(line -> line.replaceAll("\\s+", " "))
                    .findFirst()
                    .orElse("?");
        }
    }
}
