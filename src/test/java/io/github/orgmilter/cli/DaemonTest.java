package io.github.orgmilter.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.orgmilter.config.ConfigurationException;
import io.github.orgmilter.net.ListenAddress;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
@DisplayName("The daemon")
final class DaemonTest {

    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final String LISTENERS = """
            listen = [ "inet:0@127.0.0.1" ]
            admin-listen = "inet:0@127.0.0.1"
            """;
    private static final String CONTOSO = """
            organizations.contoso {
              accepted-domains = [ "contoso.com" ]
              connectors.hq { addresses = [ "192.0.2.7" ] }
            }
            """;
    private static final String FABRIKAM = """
            organizations.fabrikam {
              accepted-domains = [ "fabrikam.com" ]
              connectors.branch { addresses = [ "198.51.100.3" ] }
            }
            """;
    private static final String CONTINUE = "c";
    private static final String NOT_IDENTIFIED =
            "y550 5.7.1 Relay access denied: 192.0.2.7 is not a known customer" + " mail server";

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<Daemon> daemons = new ArrayList<>();

    @TempDir
    private Path folder;

    private Path file() {
        return folder.resolve("orgmilter.conf");
    }

    private void write(String text) throws IOException {
        Path next = Files.writeString(folder.resolve("next"), text);
        Files.move(next, file(), StandardCopyOption.ATOMIC_MOVE);
    }

    private Daemon start(String text) throws IOException, ConfigurationException {
        write(text);
        Daemon daemon = Daemon.start(file(), false, () -> NOW);
        daemons.add(daemon);
        return daemon;
    }

    @AfterEach
    void stop() {
        daemons.forEach(Daemon::stop);
    }

    private void stop(Daemon daemon) {
        daemons.remove(daemon);
        daemon.stop();
    }

    private static MtaClient session(Daemon daemon, String client) throws IOException {
        return MtaClient.of(daemon.addresses().get(0), client);
    }

    private static int adminPort(Daemon daemon) {
        return ((ListenAddress.Tcp) daemon.admin().orElseThrow().address()).port();
    }

    private HttpResponse<String> call(Daemon daemon, String method, String path)
            throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + adminPort(daemon) + path);
        return http.send(
                HttpRequest.newBuilder(uri)
                        .method(method, BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
    }

    private List<String> metrics(Daemon daemon) throws IOException, InterruptedException {
        return call(daemon, "GET", "/metrics").body().lines().toList();
    }

    private static String revision(HttpResponse<String> reload) {
        String last = reload.body().lines().reduce((a, b) -> b).orElseThrow();
        assertThat(last).matches("(reloaded|kept) [0-9a-f]{8}");
        return last.substring(last.indexOf(' ') + 1);
    }

    @Test
    @DisplayName("takes a relay right away at the next message of an open session, and not in the middle of one")
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
    @DisplayName("keeps what it has when the new configuration is wrong, and names every mistake with its line")
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
    @DisplayName("survives a configuration that is gone, and one that is nested without end")
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
    @DisplayName("keeps what it has when a file has become a pipe that nobody writes, or one that never ends")
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
    @DisplayName("warns at the start and at a reload of what is doubtful")
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
    @DisplayName("answers HTTP by the whole path and by the method")
    void http() throws Exception {
        Daemon daemon = start(LISTENERS + CONTOSO);
        List<String> answers = new ArrayList<>();
        for (String request : List.of(
                "GET /healthz",
                "GET /readyz",
                "GET /-/reload",
                "HEAD /-/reload",
                "PUT /-/reload",
                "POST /healthz",
                "POST /readyz",
                "POST /-/reload/now",
                "POST /-/reloaded",
                "GET /healthzy",
                "GET /metrics/x",
                "GET /")) {
            String[] words = request.split(" ");
            HttpResponse<String> answer = call(daemon, words[0], words[1]);
            String text = answer.statusCode() == 404
                    ? ""
                    : " "
                            + answer.headers()
                                    .firstValue("Allow")
                                    .orElseGet(() -> answer.body().strip());
            answers.add(request + ": " + answer.statusCode() + text);
        }
        assertThat(answers)
                .containsExactly(
                        "GET /healthz: 200 alive",
                        "GET /readyz: 200 ready",
                        "GET /-/reload: 405 POST",
                        "HEAD /-/reload: 405 POST",
                        "PUT /-/reload: 405 POST",
                        "POST /healthz: 405 GET, HEAD",
                        "POST /readyz: 405 GET, HEAD",
                        "POST /-/reload/now: 404",
                        "POST /-/reloaded: 404",
                        "GET /healthzy: 404",
                        "GET /metrics/x: 404",
                        "GET /: 404");
        assertThat(metrics(daemon)).contains("orgmilter_reloads_total{result=\"success\"} 0.0");
    }

    @Test
    @DisplayName(
            "reloads for curl at its address, and not for the page of another site or by a foreign name, unless it is in admin-hosts")
    void foreignSites() throws Exception {
        Daemon daemon = start(LISTENERS + CONTOSO);
        String host = "Host: 127.0.0.1:" + adminPort(daemon);
        assertThat(reload(daemon, host, "User-Agent: curl/8.14.1", "Accept: */*"))
                .isEqualTo("HTTP/1.1 200 OK");
        assertThat(reload(daemon, host, "Origin: https://evil.example")).isEqualTo("HTTP/1.1 403 Forbidden");
        assertThat(reload(daemon, "Host: evil.example")).isEqualTo("HTTP/1.1 421 Misdirected Request");
        assertThat(reload(daemon, "Host: gate.example", "Origin: http://gate.example"))
                .isEqualTo("HTTP/1.1 421 Misdirected Request");
        assertThat(metrics(daemon)).contains("orgmilter_reloads_total{result=\"success\"} 1.0");
        write(LISTENERS + CONTOSO + "admin-hosts = [ \"gate.example\" ]\n");
        assertThat(reload(daemon, host)).isEqualTo("HTTP/1.1 200 OK");
        assertThat(reload(daemon, "Host: gate.example", "Origin: http://gate.example"))
                .isEqualTo("HTTP/1.1 200 OK");
    }

    private static String reload(Daemon daemon, String... headers) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", adminPort(daemon))) {
            String request = "POST /-/reload HTTP/1.1\r\n" + String.join("\r\n", headers) + "\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return answer.lines().findFirst().orElse("closed");
        }
    }

    @Test
    @DisplayName("has its HTTP listener at a Unix socket, if it is told to, and leaves nothing of it behind")
    void unixAdmin() throws Exception {
        Path socket = folder.resolve("admin");
        Daemon daemon = start("listen = [ \"inet:0@127.0.0.1\" ]\nadmin-listen = { socket = \"unix:" + socket
                + "\", mode = \"0600\" }\n" + CONTOSO);
        assertThat(daemon.admin().orElseThrow().address()).hasToString("unix:" + socket);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                .isEqualTo("rw-------");
        try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            client.write(ByteBuffer.wrap(
                    "POST /-/reload HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
            String answer = new String(Channels.newInputStream(client).readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).startsWith("HTTP/1.1 200 OK\r\n").contains("\nreloaded ");
        }
        stop(daemon);
        assertThat(socket).doesNotExist();
    }

    @Test
    @DisplayName("answers a scrape in the format that it accepts, and HEAD without it")
    void scrapes() throws Exception {
        Daemon daemon = start(LISTENERS + CONTOSO);
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPort(daemon) + "/metrics"));
        HttpResponse<String> text = http.send(request.build(), BodyHandlers.ofString());
        assertThat(text.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain;"));
        HttpResponse<String> open = http.send(
                request.header("Accept", "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;q=0.3")
                        .build(),
                BodyHandlers.ofString());
        assertThat(open.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/openmetrics-text;"));
        assertThat(open.body()).endsWith("# EOF\n");
        HttpResponse<String> head =
                http.send(request.method("HEAD", BodyPublishers.noBody()).build(), BodyHandlers.ofString());
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
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

    @Test
    @DisplayName("reloads at once from many sides, while no message mixes two configurations")
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
    @DisplayName("reloads at SIGHUP")
    void hangup() throws Exception {
        Daemon daemon = start(LISTENERS + CONTOSO);
        Signals.onHangup(daemon::reload);
        ChildProcess.hangUp(ProcessHandle.current().pid());
        await().untilAsserted(
                        () -> assertThat(metrics(daemon)).contains("orgmilter_reloads_total{result=\"success\"} 1.0"));
    }
}
