package io.github.orgmilter.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.config.ConfigurationException;
import io.github.orgmilter.net.ListenAddress;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** Daemons in this process, with a configuration that a test writes, and whoever asks them. */
abstract class Daemons {

    static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    static final String LISTENERS = """
            listen = [ "inet:0@127.0.0.1" ]
            admin-listen = "inet:0@127.0.0.1"
            """;
    static final String CONTOSO = """
            organizations.contoso {
              accepted-domains = [ "contoso.com" ]
              connectors.hq { addresses = [ "192.0.2.7" ] }
            }
            """;
    static final String FABRIKAM = """
            organizations.fabrikam {
              accepted-domains = [ "fabrikam.com" ]
              connectors.branch { addresses = [ "198.51.100.3" ] }
            }
            """;
    static final String CONTINUE = "c";
    static final String NOT_IDENTIFIED =
            "y550 5.7.1 Relay access denied: 192.0.2.7 is not a known customer" + " mail server";

    final HttpClient http = HttpClient.newHttpClient();
    final List<Daemon> daemons = new ArrayList<>();

    @TempDir
    Path folder;

    Path file() {
        return folder.resolve("orgmilter.conf");
    }

    void write(String text) throws IOException {
        Path next = Files.writeString(folder.resolve("next"), text);
        Files.move(next, file(), StandardCopyOption.ATOMIC_MOVE);
    }

    Daemon start(String text) throws IOException, ConfigurationException {
        write(text);
        Daemon daemon = Daemon.start(file(), false, () -> NOW);
        daemons.add(daemon);
        return daemon;
    }

    @AfterEach
    void stop() {
        daemons.forEach(Daemon::stop);
    }

    void stop(Daemon daemon) {
        daemons.remove(daemon);
        daemon.stop();
    }

    static MtaClient session(Daemon daemon, String client) throws IOException {
        return MtaClient.of(daemon.addresses().get(0), client);
    }

    static int adminPort(Daemon daemon) {
        return ((ListenAddress.Tcp) daemon.admin().orElseThrow().address()).port();
    }

    HttpResponse<String> call(Daemon daemon, String method, String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + adminPort(daemon) + path);
        return http.send(
                HttpRequest.newBuilder(uri)
                        .method(method, BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
    }

    List<String> metrics(Daemon daemon) throws IOException, InterruptedException {
        return call(daemon, "GET", "/metrics").body().lines().toList();
    }

    static String revision(HttpResponse<String> reload) {
        String last = reload.body().lines().reduce((a, b) -> b).orElseThrow();
        assertThat(last).matches("(reloaded|kept) [0-9a-f]{8}");
        return last.substring(last.indexOf(' ') + 1);
    }
}
