package io.github.orgmilter.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
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
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@DisplayName("The daemon's admin listener")
final class AdminRequestsTest extends Daemons {

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
                "POST /")) {
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
                        "POST /: 405 GET, HEAD");
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
}
