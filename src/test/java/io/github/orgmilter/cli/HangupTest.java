package io.github.orgmilter.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
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
        try (ChildProcess daemon = ChildProcess.daemon(pipe)) {
            // A writer can open the pipe once the service reads it.
            try (var writer = Files.newBufferedWriter(pipe, StandardOpenOption.WRITE)) {
                daemon.hangUp();
                writer.write(CONFIGURATION.formatted("contoso.com"));
            }
            String first = daemon.after("orgmilter listening on ");
            Files.writeString(pipe, CONFIGURATION.formatted("contoso.example"), StandardOpenOption.WRITE);
            assertThat(daemon.after("reloaded config=")).endsWith("was=" + first.replaceAll(".*config=", ""));
            daemon.terminate();
            daemon.after("orgmilter stopped");
            assertThat(daemon.exitValue()).isZero();
        }
    }

    @Test
    @DisplayName("that the starting process ignores is said not to reload")
    void ignored() throws Exception {
        Path config = Files.writeString(folder.resolve("orgmilter.conf"), CONFIGURATION.formatted("contoso.com"));
        List<String> command = new ArrayList<>(List.of("sh", "-c", "trap '' HUP; exec \"$@\"", "sh"));
        command.addAll(ChildProcess.java(Main.class, config));
        try (ChildProcess daemon = ChildProcess.start(command)) {
            daemon.after("SIGHUP does not reload here: the process was started with it ignored, as by nohup");
            daemon.address();
            assertThatThrownBy(daemon::hangUp).hasMessageContaining("SIGHUP is ignored");
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
}
