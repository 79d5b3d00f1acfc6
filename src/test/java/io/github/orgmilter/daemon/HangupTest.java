package io.github.orgmilter.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.orgmilter.cli.ChildProcess;
import io.github.orgmilter.cli.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
@DisplayName("SIGHUP")
final class HangupTest {

    private static final String CONFIGURATION =
            "listen = [ \"inet:0@127.0.0.1\" ]\norganizations.contoso.accepted-domains = [ \"%s\" ]\n";

    private static final int LENGTH = 16 * 1024 * 1024;

    @TempDir
    private Path folder;

    @Tag("slow")
    @Test
    @DisplayName("while the service starts does not end it, and makes it reload as soon as it runs")
    void whileStarting() throws Exception {
        // So long a text holds the start up for a while once it has been read.
        Path config = Files.writeString(
                folder.resolve("orgmilter.conf"),
                CONFIGURATION.formatted("contoso.com") + ("#".repeat(1023) + "\n").repeat(LENGTH / 1024));
        try (ChildProcess daemon = ChildProcess.daemon(config)) {
            await().atMost(Duration.ofMinutes(1)).until(() -> octetsRead(daemon.pid()) > LENGTH);
            daemon.hangUp();
            String first = daemon.after("orgmilter listening on ");
            assertThat(daemon.after("reloaded config=")).endsWith("was=" + first.replaceAll(".*config=", ""));
            daemon.terminate();
            daemon.after("orgmilter stopped");
            assertThat(daemon.exitValue()).isZero();
        }
    }

    @Tag("slow")
    @Test
    @DisplayName("that the starting process ignores is said not to reload")
    void ignored() throws Exception {
        Path config = Files.writeString(folder.resolve("orgmilter.conf"), CONFIGURATION.formatted("contoso.com"));
        List<String> command = new ArrayList<>(List.of("sh", "-c", "trap '' HUP; exec \"$@\"", "sh"));
        command.addAll(ChildProcess.java(Main.class, config));
        try (ChildProcess daemon = ChildProcess.start(command)) {
            daemon.after("SIGHUP will not reload: the process was started with it ignored, as by nohup");
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

    // What it reads of its own jars is less.
    private static long octetsRead(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc", String.valueOf(pid), "io")).stream()
                .filter(line -> line.startsWith("rchar: "))
                .mapToLong(line -> Long.parseLong(line.substring("rchar: ".length())))
                .sum();
    }
}
