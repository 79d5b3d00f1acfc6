package io.github.orgmilter.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.orgmilter.cli.Main;
import io.github.orgmilter.follower.MemoryStore;
import io.github.orgmilter.net.ListenAddress;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

@Timeout(120)
@DisplayName("The daemon with a directory")
final class DirectoryDaemonTest {

    private static final String CONTINUE = "c";
    private static final String[] CONTOSO = {"accepted-domains=contoso.com", "hq/addresses=192.0.2.7"};
    private static final String FABRIKAM = """
            organizations.fabrikam { accepted-domains = [ "fabrikam.com" ], connectors.hq { addresses = [ "192.0.2.8" ] } }
            """;
    private static final String MAIL = "mail";
    private static final String OTHER = "other";

    private final Map<String, MemoryStore> stores =
            new HashMap<>(Map.of(MAIL, new MemoryStore(), OTHER, new MemoryStore()));
    private final MemoryStore store = stores.get(MAIL);
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<Daemon> daemons = new ArrayList<>();

    @TempDir
    private Path folder;

    private Path file() {
        return folder.resolve("orgmilter.conf");
    }

    private static String directory(String database) {
        return """
                directory {
                  url = "jdbc:postgresql://127.0.0.1/%s"
                  queries {
                    settings = "SELECT ...", version = "SELECT ..."
                    settings-of = "... = ?", changes = "... > ?"
                  }
                  poll-interval = 1s
                  snapshot = "snapshot"
                }
                """.formatted(database);
    }

    private void write(String text) throws IOException {
        write("inet:0@127.0.0.1", text);
    }

    private void write(String admin, String text) throws IOException {
        Path next = Files.writeString(
                folder.resolve("next"),
                "listen = [ \"inet:0@127.0.0.1\" ]\n"
                        + (admin.isEmpty() ? "" : "admin-listen = \"" + admin + "\"\n")
                        + text);
        Files.move(next, file(), StandardCopyOption.ATOMIC_MOVE);
    }

    private Daemon start(String text) throws Exception {
        write(text);
        return start();
    }

    private Daemon start() throws Exception {
        return start(InstantSource.system());
    }

    private Daemon start(InstantSource clock) throws Exception {
        Daemon daemon = Daemon.start(
                file(),
                false,
                clock,
                settings -> stores.get(settings.url().substring(settings.url().lastIndexOf('/') + 1)));
        daemons.add(daemon);
        return daemon;
    }

    private Daemon startReady(String text) throws Exception {
        Daemon daemon = start(text);
        await().until(() -> call(daemon, "GET", "/readyz").statusCode() == 200);
        return daemon;
    }

    @AfterEach
    void stop() {
        daemons.forEach(Daemon::stop);
    }

    private HttpResponse<String> call(Daemon daemon, String method, String path)
            throws IOException, InterruptedException {
        int port = ((ListenAddress.Tcp) daemon.admin().orElseThrow().address()).port();
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .method(method, BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
    }

    /** What a recipient elsewhere is answered, of a client that sends as contoso. */
    private static String relay(Daemon daemon) throws IOException {
        return relay(daemon, "192.0.2.7", "<a@contoso.com>");
    }

    private static String relay(Daemon daemon, String client, String sender) throws IOException {
        try (MtaClient mta = MtaClient.of(daemon.addresses().get(0), client)) {
            mta.mail(sender);
            return mta.rcpt("<b@example.net>");
        }
    }

    private static String inbound(Daemon daemon, String recipient) throws IOException {
        try (MtaClient mta = MtaClient.of(daemon.addresses().get(0), "203.0.113.1")) {
            mta.mail("<a@example.org>");
            return mta.rcpt(recipient);
        }
    }

    @Test
    @DisplayName("puts everybody off while there is neither store nor snapshot, says why, and recovers by itself")
    void neitherStoreNorSnapshot() throws Exception {
        store.fail("nothing listens there; start the database");
        Daemon daemon = start(directory(MAIL) + FABRIKAM);
        await().untilAsserted(() -> {
            HttpResponse<String> ready = call(daemon, "GET", "/readyz");
            assertThat(ready.statusCode()).isEqualTo(503);
            assertThat(ready.body())
                    .isEqualTo(
                            "not ready\nthe directory has not been read: nothing listens there; start the database\n");
        });
        assertThat(relay(daemon)).startsWith("y451 4.3.0");
        assertThat(inbound(daemon, "<b@fabrikam.com>")).startsWith("y451 4.3.0");
        store.put("contoso", CONTOSO);
        store.work();
        await().untilAsserted(() -> assertThat(call(daemon, "GET", "/readyz").body())
                .matches("ready\ndirectory version 1, confirmed [0-9]+ s ago\n"));
        assertThat(relay(daemon)).isEqualTo(CONTINUE);
        assertThat(inbound(daemon, "<b@fabrikam.com>")).isEqualTo(CONTINUE);
    }

    @Test
    @DisplayName("takes each change from the next message on, in an open session too, and names its version")
    void changes() throws Exception {
        store.put("contoso", CONTOSO);
        Daemon daemon = startReady(directory(MAIL));
        try (MtaClient mta = MtaClient.of(daemon.addresses().get(0), "192.0.2.7")) {
            mta.mail("<a@contoso.com>");
            assertThat(mta.rcpt("<b@example.net>")).isEqualTo(CONTINUE);
            store.put("contoso", "accepted-domains=contoso.com", "hq/addresses=192.0.2.7", "hq/enabled=false");
            store.announce(2);
            await().untilAsserted(() ->
                    assertThat(call(daemon, "GET", "/-/directory").body()).contains("version: 2\n"));
            assertThat(mta.rcpt("<c@example.net>"))
                    .as("the message has its policy")
                    .isEqualTo(CONTINUE);
            mta.mail("<a@contoso.com>");
            assertThat(mta.rcpt("<b@example.net>")).startsWith("y550 5.7.1");
        }
        assertThat(call(daemon, "GET", "/-/directory").body())
                .contains("state: in use\n", "organizations: 1\n", "store: can be read\n")
                .containsPattern("configuration: [0-9a-f]{8}/2\n");
        assertThat(call(daemon, "GET", "/metrics").body())
                .contains("orgmilter_directory_version 2.0", "orgmilter_directory_changes_total 1.0")
                .containsPattern("orgmilter_verdicts_total\\{.*configuration=\"[0-9a-f]{8}\"");
    }

    @Test
    @DisplayName("keeps the directory over a reload of the files without reading it again")
    void reload() throws Exception {
        store.put("contoso", CONTOSO);
        Daemon daemon = startReady(directory(MAIL));
        write(directory(MAIL) + FABRIKAM);
        HttpResponse<String> reloaded = call(daemon, "POST", "/-/reload");
        assertThat(reloaded.body())
                .startsWith("added: organization fabrikam\n")
                .doesNotContain("contoso")
                .containsPattern("reloaded [0-9a-f]{8}/1\n");
        assertThat(relay(daemon)).isEqualTo(CONTINUE);
        assertThat(inbound(daemon, "<b@fabrikam.com>")).isEqualTo(CONTINUE);
        assertThat(call(daemon, "GET", "/metrics").body()).contains("orgmilter_directory_loads_total 1.0");
        store.put("tailspin", "accepted-domains=tailspin.com");
        await().untilAsserted(
                        () -> assertThat(inbound(daemon, "<b@tailspin.com>")).isEqualTo(CONTINUE));
    }

    @Test
    @DisplayName("lets an organization of the files take the place of the directory's, and gives it back at once")
    void shadowed() throws Exception {
        store.put("contoso", CONTOSO);
        Daemon daemon = startReady(directory(MAIL));
        write(directory(MAIL) + "organizations.contoso.accepted-domains = [ \"contoso.net\" ]\n");
        call(daemon, "POST", "/-/reload");
        assertThat(relay(daemon)).startsWith("y550");
        assertThat(call(daemon, "GET", "/-/problems").body())
                .isEqualTo(
                        "directory: organization contoso: left out, since a file defines an organization of that name; rename"
                                + " one of them, or remove it from the file\n");
        write(directory(MAIL));
        call(daemon, "POST", "/-/reload");
        assertThat(relay(daemon)).isEqualTo(CONTINUE);
        assertThat(call(daemon, "GET", "/-/problems").body()).isEqualTo("no problems\n");
    }

    @Test
    @DisplayName("lets the old directory decide until the new one of a reload has been read")
    void otherDirectory() throws Exception {
        store.put("contoso", CONTOSO);
        MemoryStore other = stores.get(OTHER);
        other.fail("not yet");
        Daemon daemon = startReady(directory(MAIL));
        write(directory(OTHER));
        assertThat(call(daemon, "POST", "/-/reload").body()).startsWith("changed: directory\n");
        await().untilAsserted(() ->
                assertThat(call(daemon, "GET", "/-/directory").body()).contains("store: not yet\n"));
        assertThat(relay(daemon)).isEqualTo(CONTINUE);
        other.put("tailspin", "accepted-domains=tailspin.com");
        other.work();
        await().untilAsserted(
                        () -> assertThat(inbound(daemon, "<b@tailspin.com>")).isEqualTo(CONTINUE));
        assertThat(relay(daemon)).startsWith("y550");
    }

    @Test
    @DisplayName(
            "goes on with the files alone when a reload takes the directory away, and begins with it when one adds it")
    void withAndWithout() throws Exception {
        store.put("contoso", CONTOSO);
        Daemon daemon = start(FABRIKAM);
        assertThat(call(daemon, "GET", "/readyz").body()).isEqualTo("ready\n");
        assertThat(call(daemon, "GET", "/-/directory").statusCode()).isEqualTo(422);
        write(directory(MAIL) + FABRIKAM);
        call(daemon, "POST", "/-/reload");
        assertThat(inbound(daemon, "<b@fabrikam.com>")).isEqualTo(CONTINUE);
        await().untilAsserted(() -> assertThat(relay(daemon)).isEqualTo(CONTINUE));
        write(FABRIKAM);
        call(daemon, "POST", "/-/reload");
        assertThat(relay(daemon)).startsWith("y550");
        assertThat(inbound(daemon, "<b@fabrikam.com>")).isEqualTo(CONTINUE);
    }

    private void stop(Daemon daemon) {
        daemons.remove(daemon);
        daemon.stop();
    }

    @Test
    @DisplayName("starts from the snapshot while the store is down, and refreshes it behind that")
    void snapshot() throws Exception {
        store.put("contoso", CONTOSO);
        stop(startReady(directory(MAIL)));
        store.fail("connection refused");
        Daemon daemon = start(directory(MAIL));
        assertThat(relay(daemon)).as("before anything was read").isEqualTo(CONTINUE);
        await().untilAsserted(() -> assertThat(call(daemon, "GET", "/readyz").body())
                .matches(
                        "ready\ndirectory version 1, confirmed [0-9]+ s ago; it cannot be read: connection refused\n"));
        store.put("contoso", "accepted-domains=contoso.com");
        store.work();
        await().untilAsserted(() -> assertThat(relay(daemon)).startsWith("y550"));
        stop(daemon);
        store.fail("connection refused");
        assertThat(relay(start(directory(MAIL))))
                .as("the snapshot has the change")
                .startsWith("y550");
    }

    @Test
    @DisplayName("refuses a damaged snapshot by its name, and reads the store")
    void damagedSnapshot() throws Exception {
        store.put("contoso", CONTOSO);
        Files.writeString(folder.resolve("snapshot"), "nonsense");
        try (CapturedLog log = CapturedLog.of(Class.forName("io.github.orgmilter.follower.HeldCopy"))) {
            Daemon daemon = startReady(directory(MAIL));
            assertThat(log.lines())
                    .anySatisfy(line -> assertThat(line)
                            .startsWith("WARN directory: the snapshot " + folder.resolve("snapshot"))
                            .endsWith("it is ignored, and the directory is read from the store"));
            assertThat(relay(daemon)).isEqualTo(CONTINUE);
        }
    }

    @Test
    @DisplayName(
            "lets the directory back no relaying past max-age, while inbound mail and the files' organizations go on")
    void stale() throws Exception {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-28T12:00:00Z"));
        store.put("contoso", CONTOSO);
        write(directory(MAIL).replace("snapshot =", "max-age = 5m, snapshot =") + FABRIKAM);
        Daemon daemon = start(now::get);
        await().until(() -> call(daemon, "GET", "/readyz").statusCode() == 200);
        store.fail("connection refused");
        await().until(() -> call(daemon, "GET", "/-/directory").body().contains("connection refused"));
        now.set(now.get().plus(Duration.ofMinutes(4)));
        assertThat(relay(daemon)).isEqualTo(CONTINUE);
        now.set(now.get().plus(Duration.ofMinutes(2)));
        assertThat(relay(daemon)).startsWith("y451 4.3.0");
        assertThat(inbound(daemon, "<b@contoso.com>")).isEqualTo(CONTINUE);
        assertThat(relay(daemon, "192.0.2.8", "<a@fabrikam.com>")).isEqualTo(CONTINUE);
        assertThat(relay(daemon, "203.0.113.1", "<a@contoso.com>")).startsWith("y550");
        assertThat(call(daemon, "GET", "/readyz").body())
                .startsWith("ready\ndirectory version 1, confirmed 360 s ago, older than max-age; it cannot be read");
        assertThat(call(daemon, "GET", "/metrics").body()).contains("orgmilter_directory_age_seconds 360.0");
        store.work();
        await().untilAsserted(() -> assertThat(relay(daemon)).isEqualTo(CONTINUE));
    }

    @Test
    @DisplayName("holds back what is gone at once until that version is accepted, while other changes go on")
    void shrink() throws Exception {
        store.put("contoso", CONTOSO);
        for (int i = 0; i < 40; i++) {
            store.put("customer" + i, "accepted-domains=customer" + i + ".example");
        }
        Daemon daemon = startReady(directory(MAIL));
        store.pause();
        for (int i = 0; i < 30; i++) {
            store.remove("customer" + i);
        }
        store.put("tailspin", "accepted-domains=tailspin.com");
        store.resume();
        await().untilAsserted(
                        () -> assertThat(inbound(daemon, "<b@tailspin.com>")).isEqualTo(CONTINUE));
        assertThat(inbound(daemon, "<b@customer0.example>")).isEqualTo(CONTINUE);
        // What is served is said a moment later.
        await().untilAsserted(
                        () -> assertThat(call(daemon, "GET", "/-/directory").body())
                                .contains("held back: 29 of 41 organizations would be gone")
                                .contains("orgmilter reload --accept-shrink " + store.committed()));
        assertThat(call(daemon, "GET", "/metrics").body()).contains("orgmilter_directory_withheld 1.0");
        assertThat(call(daemon, "POST", "/-/reload?accept-shrink=all").statusCode())
                .isEqualTo(422);
        assertThat(call(daemon, "POST", "/-/reload?accept-shrink=" + store.committed())
                        .body())
                .endsWith("what is gone in version " + store.committed() + " is taken\n");
        assertThat(inbound(daemon, "<b@customer0.example>")).startsWith("y550");
        assertThat(call(daemon, "GET", "/-/directory").body()).doesNotContain("held back");
    }

    @Test
    @DisplayName(
            "puts off what only a disputed domain stands against, names and counts the dispute, and forgets it once it is over")
    void dispute() throws Exception {
        store.put("contoso", CONTOSO);
        store.put("impostor", "accepted-domains=contoso.com");
        try (CapturedLog log = CapturedLog.of(Class.forName("io.github.orgmilter.live.ClaimWatch"))) {
            Daemon daemon = startReady(directory(MAIL));
            assertThat(relay(daemon)).startsWith("y451 4.7.1");
            assertThat(inbound(daemon, "<b@contoso.com>")).isEqualTo(CONTINUE);
            String line =
                    "directory: organization impostor, accepted-domains: contoso.com is in dispute with organization"
                            + " contoso, so it backs nobody; remove it here or there, or list it in the other's delegated-domains";
            assertThat(call(daemon, "GET", "/-/problems").body()).contains(line);
            assertThat(log.lines()).hasSize(2).contains("WARN " + line);
            assertThat(call(daemon, "GET", "/metrics").body()).contains("orgmilter_directory_disputed_domains 1.0");
            store.put("impostor", "accepted-domains=impostor.com");
            await().untilAsserted(() -> assertThat(relay(daemon)).isEqualTo(CONTINUE));
            assertThat(call(daemon, "GET", "/-/problems").body()).isEqualTo("no problems\n");
            assertThat(log.lines()).hasSize(2);
        }
    }

    @Test
    @DisplayName("decides, answers operators and stops while the store hangs")
    void hangs() throws Exception {
        store.put("contoso", CONTOSO);
        Daemon daemon = startReady(directory(MAIL));
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        store.atCall(() -> {
            asked.countDown();
            try {
                end.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(relay(daemon)).isEqualTo(CONTINUE);
        assertThat(call(daemon, "GET", "/-/directory").statusCode()).isEqualTo(200);
        assertThat(call(daemon, "GET", "/-/problems").body()).isEqualTo("no problems\n");
        assertThat(call(daemon, "GET", "/metrics").body()).contains("orgmilter_directory_version 1.0");
        write(directory(MAIL) + FABRIKAM);
        assertThat(call(daemon, "POST", "/-/reload").statusCode()).isEqualTo(200);
        assertThat(inbound(daemon, "<b@fabrikam.com>")).isEqualTo(CONTINUE);
        stop(daemon);
        end.countDown();
    }

    private String run(int exit, String... arguments) {
        StringWriter out = new StringWriter();
        CommandLine command = Main.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(out))
                .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--config");
        all.add(file().toString());
        assertThat(command.execute(all.toArray(String[]::new)))
                .as(out.toString())
                .isEqualTo(exit);
        return out.toString();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"unix", "inet"})
    @DisplayName("is asked by commands over its admin socket")
    void commands(String kind) throws Exception {
        store.put("contoso", "accepted-domains=contoso.com", "hq/addresses=192.0.2.7", "sender-protection=perhaps");
        String admin = kind.equals("unix") ? "unix:" + folder.resolve("a") : "inet:" + FreePort.any() + "@127.0.0.1";
        write(admin, directory(MAIL));
        Daemon daemon = start();
        await().untilAsserted(() -> assertThat(run(0, "directory", "status")).contains("version: 1\n"));
        assertThat(run(0, "directory", "problems"))
                .startsWith("directory: organization contoso, sender-protection: \"perhaps\" is not a possible value");
        assertThat(run(0, "reload")).startsWith("nothing changed\nreloaded ");
        assertThat(run(0, "reload", "--accept-shrink", "1")).contains("what is gone in version 1 is taken");
        write(admin, directory(MAIL) + "nonsense = 1\n");
        assertThat(run(1, "reload")).contains("nonsense: unknown key").contains("kept ");
        assertThat(run(0, "directory", "status")).contains("version: 1\n");
        stop(daemon);
        assertThat(run(1, "directory", "status"))
                .contains("nothing answers at ")
                .contains("start the service");
        write("", directory(MAIL));
        assertThat(run(1, "reload")).contains("has no admin-listen");
    }

    @Test
    @DisplayName("leaves a snapshot by which commands decide, and which they print")
    void offline() throws Exception {
        store.put(
                "contoso",
                "accepted-domains=contoso.com",
                "accepted-domains=fabrikam.net subdomains",
                "hq/addresses=192.0.2.7",
                "sender-protection=perhaps");
        stop(startReady(directory(MAIL)));
        Files.writeString(file(), directory(MAIL)); // export wants the port of the milter
        assertThat(run(0, "directory", "dump").lines())
                .containsExactlyInAnyOrder(
                        "contoso\t\taccepted-domains\tcontoso.com",
                        "contoso\t\taccepted-domains\tfabrikam.net subdomains",
                        "contoso\thq\taddresses\t192.0.2.7");
        assertThat(run(0, "check", "--offline"))
                .contains(
                        "warning: directory: organization contoso, sender-protection: \"perhaps\" is not a possible value")
                .contains("/1: 1 organization, 1 connector, 2 accepted domains,");
        run(1, "check", "--offline", "--strict");
        assertThat(run(0, "check", "--no-directory", "--strict")).contains(": 0 organizations,");
        assertThat(run(
                        0,
                        "explain",
                        "--offline",
                        "--client-address",
                        "192.0.2.7",
                        "--from",
                        "a@contoso.com",
                        "--to",
                        "b@example.net"))
                .contains("warning: the directory has 1 problem; run `orgmilter check`")
                .contains("contoso/hq");
        assertThat(run(0, "export", "postfix", "--offline"))
                .contains("192.0.2.7")
                .contains("contoso.com");
        Files.delete(folder.resolve("snapshot"));
        assertThat(run(1, "explain", "--offline", "--from", "a@contoso.com", "--to", "b@example.net"))
                .contains("there is no snapshot " + folder.resolve("snapshot") + "; start the service");
        assertThat(run(1, "directory", "dump")).contains("there is no snapshot");
    }

    @Test
    @DisplayName("leaves the snapshot to the one that has it, while two run")
    void takeOver() throws Exception {
        store.put("contoso", CONTOSO);
        Daemon predecessor = startReady(directory(MAIL));
        Daemon successor = startReady(directory(MAIL));
        store.put("contoso", "accepted-domains=contoso.com");
        await().untilAsserted(() -> assertThat(relay(successor)).startsWith("y550"));
        await().untilAsserted(() -> assertThat(relay(predecessor)).startsWith("y550"));
        stop(predecessor);
        store.put("contoso", CONTOSO);
        await().untilAsserted(() -> assertThat(relay(successor)).isEqualTo(CONTINUE));
        stop(successor);
        store.fail("connection refused");
        assertThat(relay(start(directory(MAIL)))).isEqualTo(CONTINUE);
    }
}
