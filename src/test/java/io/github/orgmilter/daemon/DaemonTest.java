package io.github.orgmilter.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.orgmilter.config.ConfigurationException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@DisplayName("The daemon")
final class DaemonTest extends Daemons {

    @Test
    @DisplayName("says on what it listens, and with which configuration")
    void announcement() throws Exception {
        try (CapturedLog log = CapturedLog.of(Daemon.class)) {
            Daemon daemon =
                    start(LISTENERS.replace("\"inet:0@127.0.0.1\" ]", "\"inet:0@127.0.0.1\", \"inet6:0@::1\" ]"));
            String revision = revision(call(daemon, "POST", "/-/reload"));
            log.lines().clear();
            daemon.announce();
            assertThat(log.lines())
                    .containsExactly(
                            "INFO orgmilter listening on " + daemon.addresses().get(0) + ", "
                                    + daemon.addresses().get(1) + ", admin on "
                                    + daemon.admin().orElseThrow().address() + " config=" + revision);
        }
    }

    @Test
    @DisplayName("measures verdicts by organization, connector, verdict, cause, MTA and configuration")
    void measures() throws Exception {
        Daemon daemon =
                start(LISTENERS + CONTOSO + FABRIKAM.replace("\"198.51.100.3\" ]", "\"198.51.100.3\" ], mode = audit"));
        try (MtaClient contoso = session(daemon, "192.0.2.7");
                MtaClient fabrikam = session(daemon, "198.51.100.3")) {
            contoso.mail("<a@contoso.com>");
            assertThat(contoso.rcpt("<b@example.net>")).isEqualTo(CONTINUE);
            assertThat(contoso.rcpt("<c@example.net>")).isEqualTo(CONTINUE);
            contoso.mail("<a@example.org>");
            assertThat(contoso.rcpt("<b@example.net>")).startsWith("y550 5.7.1");
            assertThat(contoso.rcpt("<b@fabrikam.com>")).isEqualTo(CONTINUE);
            fabrikam.mail("<a@example.org>");
            assertThat(fabrikam.rcpt("<b@example.net>")).isEqualTo(CONTINUE);
            fabrikam.send('D', new byte[] {'M', 'i', 0});
            fabrikam.mail("<a@fabrikam.com>");
            assertThat(fabrikam.rcpt("<b@example.net>")).startsWith("y451 4.3.0");
            String configuration = revision(call(daemon, "POST", "/-/reload"));
            List<String> metrics = metrics(daemon);
            assertThat(metrics)
                    .contains(
                            verdicts("contoso", "hq", "accept", "sender-domain", configuration, 2),
                            verdicts("contoso", "hq", "reject", "domain-not-accepted", configuration, 1),
                            verdicts("contoso", "hq", "accept", "inbound", configuration, 1),
                            verdicts("fabrikam", "branch", "audit", "domain-not-accepted", configuration, 1),
                            verdicts("", "", "tempfail", "internal", configuration, 1),
                            "orgmilter_recipients_total{cause=\"sender-domain\",mta=\"postfix\",verdict=\"accept\"} 2.0",
                            "orgmilter_sessions_open 2.0",
                            "orgmilter_sessions_total 2.0",
                            "orgmilter_failures_total 1.0",
                            "orgmilter_configuration_info{configuration=\"" + configuration + "\"} 1.0",
                            "orgmilter_configuration_loaded_timestamp_seconds " + (double) NOW.getEpochSecond())
                    .anyMatch(line -> line.startsWith("jvm_memory_used_bytes{"))
                    .as("the recipient of the session that failed was not decided")
                    .contains("orgmilter_decision_seconds_bucket{le=\"+Inf\"} 5");
            assertThat(metrics.stream().filter(line -> line.startsWith("orgmilter_verdicts_total{")))
                    .hasSize(5);
        }
        await().untilAsserted(() -> assertThat(metrics(daemon)).contains("orgmilter_sessions_open 0.0"));
    }

    private static String verdicts(
            String organization, String connector, String verdict, String cause, String configuration, int count) {
        return "orgmilter_verdicts_total{cause=\"" + cause + "\",configuration=\"" + configuration + "\",connector=\""
                + connector + "\",mta=\"postfix\",organization=\"" + organization + "\",verdict=\"" + verdict + "\"} "
                + (double) count;
    }

    @Test
    @DisplayName("lets sessions end before it stops, takes no new ones, and says that it is not ready")
    void drains() throws Exception {
        Daemon daemon = start(LISTENERS + CONTOSO);
        CompletableFuture<Void> stopped;
        try (MtaClient mta = session(daemon, "192.0.2.7")) {
            mta.mail("<a@contoso.com>");
            stopped = CompletableFuture.runAsync(() -> stop(daemon));
            await().untilAsserted(() -> {
                HttpResponse<String> ready = call(daemon, "GET", "/readyz");
                assertThat(ready.statusCode()).isEqualTo(503);
                assertThat(ready.body()).isEqualTo("stopping\n");
            });
            await().untilAsserted(() -> assertThatThrownBy(
                            () -> session(daemon, "192.0.2.7").close())
                    .isInstanceOf(ConnectException.class));
            assertThat(call(daemon, "GET", "/healthz").statusCode()).isEqualTo(200);
            assertThat(mta.rcpt("<b@example.net>")).isEqualTo(CONTINUE);
            mta.mail("<a@contoso.com>");
            assertThat(mta.rcpt("<b@example.net>"))
                    .as("the session's next message")
                    .isEqualTo(CONTINUE);
            assertThat(stopped).isNotDone();
        }
        assertThat(stopped).succeedsWithin(Duration.ofSeconds(20));
        assertThatThrownBy(() -> call(daemon, "GET", "/healthz")).isInstanceOf(ConnectException.class);
    }

    @Test
    @DisplayName("closes the sessions that do not end within the current shutdown-timeout")
    void drainsInTime() throws Exception {
        Daemon daemon = start(LISTENERS + CONTOSO);
        write("shutdown-timeout = 10ms\n" + LISTENERS + CONTOSO);
        assertThat(call(daemon, "POST", "/-/reload").body()).startsWith("changed: shutdown-timeout\nreloaded ");
        try (MtaClient mta = session(daemon, "192.0.2.7")) {
            stop(daemon);
            assertThat(mta.isClosed()).isTrue();
        }
    }

    @Test
    @DisplayName("names an admin socket that it cannot have, and gives the milter's back")
    void takenAdminPort() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            Path socket = folder.resolve("s");
            String admin = "inet:" + taken.getLocalPort() + "@127.0.0.1";
            int port = freePort();
            assertThatThrownBy(() -> start("listen = [ \"inet:" + port + "@127.0.0.1\", \"unix:" + socket
                            + "\" ]\nadmin-listen = \"" + admin + "\"\n" + CONTOSO))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("cannot listen on " + admin + ": ")
                    .hasMessageContaining("in use");
            assertThat(socket).doesNotExist();
            new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1")).close();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return free.getLocalPort();
        }
    }

    @Test
    @DisplayName("starts with no configuration that is wrong")
    void brokenStart() {
        assertThatThrownBy(() -> start(LISTENERS + "organizations.contoso.accepted-domains = [ \"com\" ]"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(file() + ":3: ");
    }

    @Test
    @DisplayName("has no HTTP listener unless it is told to")
    void noAdmin() throws Exception {
        Daemon daemon = start("listen = [ \"inet:0@127.0.0.1\" ]\n" + CONTOSO);
        assertThat(daemon.admin()).isEmpty();
        assertThat(daemon.reload().success()).isTrue();
    }
}
