package io.github.orgmilter.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.net.ListenAddress;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The map listener of the daemon")
final class MapListenerTest {

    private static final String CONFIGURATION = """
            listen = [ "inet:0@127.0.0.1" ]
            map-listen = [ "inet:0@127.0.0.1" ]
            organizations.contoso {
              accepted-domains = [ "contoso.com" ]
              connectors.office.addresses = [ "192.0.2.7" ]
            }
            """;

    private static final int PATIENCE_MILLIS = 60_000;

    @TempDir
    private Path folder;

    private Path file = Path.of("");
    private Daemon daemon;

    @BeforeEach
    void start() throws Exception {
        file = Files.writeString(folder.resolve("orgmilter.conf"), CONFIGURATION);
        daemon = Daemon.start(file, false, InstantSource.system());
    }

    @AfterEach
    void stop() {
        daemon.stop();
    }

    private static Socket connect(Daemon daemon) throws IOException {
        ListenAddress.Tcp address = (ListenAddress.Tcp) daemon.mapAddresses().get(0);
        Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), address.port());
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    private static String ask(Socket socket, String request) throws IOException {
        socket.getOutputStream().write((request.length() + ":" + request + ",").getBytes(StandardCharsets.US_ASCII));
        InputStream in = socket.getInputStream();
        int length = 0;
        for (int octet = in.read(); octet != ':'; octet = in.read()) {
            assertThat(octet).isBetween((int) '0', (int) '9');
            length = length * 10 + octet - '0';
        }
        String answer = new String(in.readNBytes(length), StandardCharsets.US_ASCII);
        assertThat(in.read()).isEqualTo(',');
        return answer;
    }

    @Test
    @DisplayName("answers from the configuration that a reload brought, on a connection that was there before")
    void reload() throws Exception {
        try (Socket socket = connect(daemon)) {
            assertThat(ask(socket, "relay-domains contoso.com")).isEqualTo("OK contoso");
            assertThat(ask(socket, "relay-domains contoso.net")).isEqualTo("NOTFOUND ");
            Files.writeString(
                    file,
                    CONFIGURATION.replace("contoso.com", "contoso.net")
                            + "delivered-domains = [ \"contoso.com\" ]\nexempt-clients = [ \"192.0.2.8\" ]\n");
            assertThat(daemon.reload().success()).isTrue();
            assertThat(ask(socket, "relay-domains contoso.com")).isEqualTo("NOTFOUND ");
            assertThat(ask(socket, "relay-domains contoso.net")).isEqualTo("OK contoso");
            assertThat(ask(socket, "clients 192.0.2.8")).isEqualTo("OK OK");
            Files.writeString(file, "nonsense");
            assertThat(daemon.reload().success()).isFalse();
            assertThat(ask(socket, "clients 192.0.2.8")).isEqualTo("OK OK");
        }
    }

    @Test
    @DisplayName("does not hold up a stop")
    void stopping() throws Exception {
        Daemon other = Daemon.start(file, false, InstantSource.system());
        try (Socket socket = connect(other)) {
            assertThat(ask(socket, "clients 192.0.2.7")).isEqualTo("OK OK");
            other.stop();
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }
}
