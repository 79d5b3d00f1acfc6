package io.github.orgmilter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
@DisplayName("SIGHUP")
final class HangupTest {

    private static final String CONFIGURATION =
            "listen = [ \"inet:0@127.0.0.1\" ]\norganizations.contoso.accepted-domains = [ \"%s\" ]\n";

    @TempDir
    private Path folder;

    @Test
    @DisplayName("while the service starts does not end it, and makes it reload as soon as it runs")
    void whileStarting() throws Exception {
        // A pipe holds the start up at its first step, for as long as nobody writes the configuration.
        Path pipe = folder.resolve("orgmilter.conf");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Dlogback.configurationFile=conf/logback.xml",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        "io.github.orgmilter.cli.Main",
                        "serve",
                        "--allow-root",
                        "--config",
                        pipe.toString()))
                .redirectErrorStream(true)
                .start();
        try (BufferedReader output = process.inputReader()) {
            // A writer can open the pipe once the service reads it.
            try (var writer = Files.newBufferedWriter(pipe, StandardOpenOption.WRITE)) {
                hangUp(process);
                writer.write(CONFIGURATION.formatted("contoso.com"));
            }
            String first = after("orgmilter listening on ", output);
            Files.writeString(pipe, CONFIGURATION.formatted("contoso.example"), StandardOpenOption.WRITE);
            assertThat(after("reloaded config=", output)).endsWith("was=" + first.replaceAll(".*config=", ""));
            process.toHandle().destroy();
            after("orgmilter stopped", output);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    @DisplayName("is worth one reload however often it comes before the service runs, and one each time afterwards")
    void once() {
        AtomicInteger reloads = new AtomicInteger();
        ReloadRequests requests = new ReloadRequests();
        requests.ask();
        requests.ask();
        requests.begin(reloads::incrementAndGet);
        assertThat(reloads).hasValue(1);
        requests.ask();
        requests.ask();
        assertThat(reloads).hasValue(3);
    }

    private static void hangUp(Process process) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("sh", "-c", "kill -HUP " + process.pid()).inheritIO().start().waitFor()).isZero();
    }

    /** Reads on until a line with the text, and returns what follows the text there. */
    private static String after(String text, BufferedReader output) throws IOException {
        StringBuilder said = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.contains(text)) {
                return line.substring(line.indexOf(text) + text.length());
            }
            said.append(line).append('\n');
        }
        throw new AssertionError("no " + text + ":\n" + said);
    }
}
