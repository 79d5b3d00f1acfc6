package io.github.orgmilter.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.orgmilter.admin.AdminClient.Response;
import io.github.orgmilter.admin.Route.Access;
import io.github.orgmilter.admin.Route.Turn;
import io.github.orgmilter.net.ListenAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
@DisplayName("The client of the admin listener")
final class AdminClientTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final int CONNECTIONS = 8;

    @TempDir
    private Path folder;

    private ListenAddress address(String kind) {
        return switch (kind) {
            case "unix" ->
                new ListenAddress.Unix(
                        folder.resolve("admin"), PosixFilePermissions.fromString("rw-------"), Optional.empty());
            case "everywhere" -> new ListenAddress.Tcp("0.0.0.0", 0);
            default -> new ListenAddress.Tcp("127.0.0.1", 0);
        };
    }

    private static final String TOKEN = "0123456789abcdef0123";

    private static AdminServer serve(ListenAddress address) throws IOException {
        String large = "x".repeat(3_000_000);
        return AdminServer.start(
                address,
                false,
                CONNECTIONS,
                new AdminServer.Access(Set::of, () -> Optional.of(TOKEN)),
                List.of(
                        new Route("GET", "/large", Access.PROBE, Turn.READING, request -> Answer.ok(large)),
                        new Route(
                                "POST",
                                "/echo",
                                Access.OPERATOR,
                                Turn.CHANGING,
                                request -> Answer.unprocessable(
                                        request.parameter("a").orElse("none") + " of " + request.path()))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"unix", "loopback", "everywhere"})
    @DisplayName("gets answers of any size, over any kind of socket")
    void answers(String kind) throws Exception {
        try (AdminServer server = serve(address(kind))) {
            Response large = AdminClient.request(server.address(), Optional.of(TOKEN), "GET", "/large", LONG);
            assertThat(large.isSuccess()).isTrue();
            assertThat(large.body()).hasSize(3_000_001);
            Response echo =
                    AdminClient.request(server.address(), Optional.of(TOKEN), "POST", "/echo?b=1&a=%C3%BC", LONG);
            assertThat(echo).isEqualTo(new Response(422, "\u00fc of /echo\n"));
            assertThat(AdminClient.request(server.address(), Optional.of(TOKEN), "POST", "/echo", LONG)
                            .body())
                    .isEqualTo("none of /echo\n");
            assertThat(AdminClient.request(server.address(), Optional.of(TOKEN), "POST", "/echo?a=%zz", LONG)
                            .status())
                    .isEqualTo(400);
            assertThat(AdminClient.request(server.address(), Optional.of(TOKEN), "GET", "/nothing", LONG)
                            .status())
                    .isEqualTo(404);
        }
    }

    // spotless:off
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', value = {
        "220 mail.example.net ESMTP Postfix | does not answer in HTTP",
        "''                                 | does not answer in HTTP",
        "HTTP/1.1 200 OK                    | does not answer in HTTP",
    })
    // spotless:on
    @DisplayName("refuses what is no answer of HTTP")
    void noHttp(String answer, String problem) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            CompletableFuture<Void> answered = CompletableFuture.runAsync(() -> answer(server, answer));
            ListenAddress address = new ListenAddress.Tcp("127.0.0.1", server.getLocalPort());
            assertThatThrownBy(() -> AdminClient.request(address, Optional.empty(), "GET", "/", LONG))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(problem)
                    .hasMessageContaining(address.toString());
            answered.join();
        }
    }

    private static void answer(ServerSocket server, String answer) {
        try (Socket socket = server.accept()) {
            byte[] request = new byte[4096];
            int read = socket.getInputStream().read(request);
            assertThat(read).isPositive();
            socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    @DisplayName("waits no longer than it was told, and says where to look")
    void silence() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            ListenAddress address = new ListenAddress.Tcp("127.0.0.1", server.getLocalPort());
            assertThatThrownBy(() -> AdminClient.request(address, Optional.empty(), "GET", "/", Duration.ofMillis(100)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("has not answered within")
                    .hasMessageContaining("the log of the service");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"unix", "loopback"})
    @DisplayName("says that nobody is there")
    void nobody(String kind) throws Exception {
        ListenAddress address = address(kind);
        if (address instanceof ListenAddress.Tcp) {
            try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
                address = new ListenAddress.Tcp("127.0.0.1", taken.getLocalPort());
            }
        }
        ListenAddress nobody = address;
        assertThatThrownBy(() -> AdminClient.request(nobody, Optional.empty(), "GET", "/", LONG))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("nothing answers at " + nobody)
                .hasMessageContaining("start the service");
    }
}
