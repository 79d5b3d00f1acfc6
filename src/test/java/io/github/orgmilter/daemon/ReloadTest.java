package io.github.orgmilter.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.orgmilter.cli.ChildProcess;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@DisplayName("A reload")
final class ReloadTest extends Daemons {

    @Test
    @DisplayName("takes effect with the next message of an open session, and not in the middle of one")
    void reloadBetweenMessages() throws Exception {
        Daemon daemon = start(LISTENERS + CONTOSO);
        try (MtaClient mta = session(daemon, "192.0.2.7")) {
            mta.mail("<a@contoso.com>");
            assertThat(mta.rcpt("<b@example.net>")).isEqualTo(CONTINUE);
            write(LISTENERS + FABRIKAM);
            HttpResponse<String> reloaded = call(daemon, "POST", "/-/reload");
            assertThat(reloaded.statusCode()).isEqualTo(200);
            assertThat(reloaded.body()).startsWith("""
                            added: organization fabrikam
                            removed: organization contoso
                            added: connector fabrikam/branch
                            removed: connector contoso/hq
                            reloaded\s""");
            assertThat(mta.rcpt("<c@example.net>"))
                    .as("the message has its policy")
                    .isEqualTo(CONTINUE);
            assertThat(mta.endOfBody()).isEqualTo(CONTINUE);
            mta.mail("<a@contoso.com>");
            assertThat(mta.rcpt("<b@example.net>")).isEqualTo(NOT_IDENTIFIED);
            assertThat(metrics(daemon))
                    .contains("orgmilter_verdicts_total{cause=\"not-identified\",configuration=\"" + revision(reloaded)
                            + "\",connector=\"\",mta=\"postfix\",organization=\"\",verdict=\"reject\"} 1.0");
        }
    }

    @Test
    @DisplayName("keeps the old configuration where the new one is wrong, and names every mistake with its line")
    void brokenReload() throws Exception {
        Daemon daemon = start(LISTENERS + CONTOSO);
        String before = revision(call(daemon, "POST", "/-/reload"));
        write(LISTENERS + "unidentified-mail = maybe\n" + CONTOSO.replace("192.0.2.7", "10.0.0.5/8"));
        try (CapturedLog log = CapturedLog.of(Daemon.class);
                MtaClient mta = session(daemon, "192.0.2.7")) {
            HttpResponse<String> broken = call(daemon, "POST", "/-/reload");
            assertThat(broken.statusCode()).isEqualTo(422);
            assertThat(revision(broken)).isEqualTo(before);
            assertThat(broken.body().lines())
                    .hasSize(3)
                    .anySatisfy(line -> assertThat(line).startsWith(file() + ":3: unidentified-mail: "))
                    .anySatisfy(line ->
                            assertThat(line).startsWith(file() + ":6: organizations.contoso.connectors.hq.addresses: "))
                    .last()
                    .isEqualTo("kept " + before);
            assertThat(log.lines())
                    .hasSize(3)
                    .allSatisfy(line -> assertThat(line).startsWith("ERROR reload"))
                    .last()
                    .isEqualTo("ERROR reload failed, kept config=" + before);
            mta.mail("<a@contoso.com>");
            assertThat(mta.rcpt("<b@example.net>")).isEqualTo(CONTINUE);
        }
        assertThat(metrics(daemon))
                .contains(
                        "orgmilter_reloads_total{result=\"failure\"} 1.0",
                        "orgmilter_reloads_total{result=\"success\"} 1.0",
                        "orgmilter_configuration_info{configuration=\"" + before + "\"} 1.0");
    }

    @Test
    @DisplayName("survives a configuration that is gone, and one whose nesting does not end")
    void impossibleReloads() throws Exception {
        Daemon daemon = start(LISTENERS + CONTOSO);
        try (CapturedLog log = CapturedLog.of(Daemon.class)) {
            write("a { ".repeat(100_000));
            assertThat(call(daemon, "POST", "/-/reload").statusCode()).isEqualTo(422);
            Files.delete(file());
            HttpResponse<String> gone = call(daemon, "POST", "/-/reload");
            assertThat(gone.statusCode()).isEqualTo(422);
            assertThat(gone.body()).startsWith(file() + ": ").contains("kept ");
            assertThat(log.lines()).isNotEmpty();
        }
        try (MtaClient mta = session(daemon, "192.0.2.7")) {
            mta.mail("<a@contoso.com>");
            assertThat(mta.rcpt("<b@example.net>")).isEqualTo(CONTINUE);
        }
        assertThat(metrics(daemon)).contains("orgmilter_reloads_total{result=\"failure\"} 2.0");
    }

    @Test
    @DisplayName("keeps the old configuration where a file is now a pipe that nobody writes, or never ends")
    void endlessReloads() throws Exception {
        Path addresses = Files.writeString(folder.resolve("addresses.txt"), "192.0.2.7\n");
        Daemon daemon = start(
                LISTENERS + CONTOSO.replace("addresses = [ \"192.0.2.7\" ]", "addresses-file = \"addresses.txt\""));
        Files.delete(addresses);
        assertThat(new ProcessBuilder("mkfifo", addresses.toString()).start().waitFor())
                .isZero();
        assertThat(call(daemon, "POST", "/-/reload").body())
                .startsWith(file() + ":5: organizations.contoso.connectors.hq.addresses-file: " + addresses
                        + " is a named pipe")
                .contains("kept ");
        Files.delete(addresses);
        Files.createSymbolicLink(addresses, Path.of("/dev/zero"));
        assertThat(call(daemon, "POST", "/-/reload").body()).contains(addresses + " is a device", "kept ");
        Files.move(addresses, file(), StandardCopyOption.REPLACE_EXISTING);
        assertThat(call(daemon, "POST", "/-/reload").body())
                .startsWith(file() + ": ")
                .contains(" is a device", "kept ");
        Files.delete(file());
        try (MtaClient mta = session(daemon, "192.0.2.7")) {
            mta.mail("<a@contoso.com>");
            assertThat(mta.rcpt("<b@example.net>")).isEqualTo(CONTINUE);
        }
    }

    @Test
    @DisplayName("logs the warnings that are new since the start, a hundred at most")
    void warnings() throws Exception {
        String doubtful = "mode = audit\n" + LISTENERS + CONTOSO;
        String warning = file()
                + ":1: mode: nothing is refused while mode = audit, not even clients that no connector identifies;"
                + " keep the MTA's own relay restrictions as they were until mode = enforce";
        try (CapturedLog log = CapturedLog.of(Daemon.class)) {
            Daemon daemon = start(doubtful);
            daemon.announce();
            assertThat(log.lines()).first().isEqualTo("WARN " + warning);
            assertThat(log.lines()).last().asString().startsWith("INFO orgmilter listening on inet:");
            log.lines().clear();
            assertThat(call(daemon, "POST", "/-/reload").body())
                    .startsWith("warning: " + warning + "\nnothing changed\n");
            assertThat(log.lines())
                    .contains("WARN reload: 1 warning as before; run `orgmilter check`", "INFO reload: nothing changed")
                    .doesNotContain("WARN reload: " + warning);
            log.lines().clear();
            String many = "\nexempt-clients = [ " + "\"10.0.0.0/8\"\n".repeat(102) + " ]\n";
            Files.writeString(file(), doubtful + many);
            assertThat(call(daemon, "POST", "/-/reload").body())
                    .contains("\nwarning: 3 more warnings; run `orgmilter check`\n");
            assertThat(log.lines().stream().filter(line -> line.startsWith("WARN")))
                    .hasSize(102)
                    .endsWith(
                            "WARN reload: 2 more warnings; run `orgmilter check`",
                            "WARN reload: 1 warning as before; run `orgmilter check`");
        }
    }

    @Tag("slow")
    @Test
    @DisplayName("may come from many sides at once, and no message mixes two configurations")
    void concurrentReloads() throws Exception {
        int callers = 4;
        int each = 10;
        Daemon daemon = start(LISTENERS + CONTOSO);
        String other = LISTENERS + CONTOSO.replace("192.0.2.7", "192.0.2.8");
        AtomicBoolean done = new AtomicBoolean();
        CompletableFuture<Integer> messages = CompletableFuture.supplyAsync(() -> messages(daemon, done));
        List<CompletableFuture<Void>> reloads = new ArrayList<>();
        for (int caller = 0; caller < callers; caller++) {
            reloads.add(CompletableFuture.runAsync(() -> {
                for (int i = 0; i < each; i++) {
                    assertThat(reload(daemon)).isEqualTo(200);
                }
            }));
        }
        CompletableFuture<Void> all = CompletableFuture.allOf(reloads.toArray(CompletableFuture[]::new));
        for (int i = 1; !all.isDone(); i++) {
            write(i % 2 == 0 ? LISTENERS + CONTOSO : other);
        }
        assertThat(all).succeedsWithin(Duration.ofSeconds(20));
        done.set(true);
        assertThat(messages)
                .succeedsWithin(Duration.ofSeconds(20))
                .satisfies(count -> assertThat(count).isPositive());
        write(LISTENERS + CONTOSO);
        reload(daemon);
        try (MtaClient mta = session(daemon, "192.0.2.7")) {
            mta.mail("<a@contoso.com>");
            assertThat(mta.rcpt("<b@example.net>")).isEqualTo(CONTINUE);
        }
        assertThat(metrics(daemon))
                .contains(
                        "orgmilter_reloads_total{result=\"success\"} " + (double) (callers * each + 1),
                        "orgmilter_failures_total 0.0")
                .filteredOn(line -> line.startsWith("orgmilter_configuration_info{"))
                .hasSize(1);
    }

    private int reload(Daemon daemon) {
        try {
            return call(daemon, "POST", "/-/reload").statusCode();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Sends messages of two recipients until told to stop, and returns how many. */
    private static int messages(Daemon daemon, AtomicBoolean done) {
        int count = 0;
        try (MtaClient mta = session(daemon, "192.0.2.7")) {
            while (!done.get()) {
                mta.mail("<a@contoso.com>");
                String first = mta.rcpt("<b@example.net>");
                assertThat(first).isIn(CONTINUE, NOT_IDENTIFIED);
                assertThat(mta.rcpt("<b@example.net>")).isEqualTo(first);
                count++;
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return count;
    }

    @Test
    @DisplayName("follows SIGHUP")
    void hangup() throws Exception {
        Daemon daemon = start(LISTENERS + CONTOSO);
        Signals.onHangup(daemon::reload);
        ChildProcess.hangUp(ProcessHandle.current().pid());
        await().untilAsserted(
                        () -> assertThat(metrics(daemon)).contains("orgmilter_reloads_total{result=\"success\"} 1.0"));
    }
}
