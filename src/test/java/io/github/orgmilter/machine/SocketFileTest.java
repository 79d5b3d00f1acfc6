package io.github.orgmilter.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A Unix socket and the user who wants to connect to it")
final class SocketFileTest {

    private static final Machine HERE = new LocalMachine(List.of(), Duration.ofMinutes(1));

    @TempDir
    private Path folder;

    @BeforeEach
    void letEveryUserIn() throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private String whyNot(String mode) throws IOException {
        Path path = folder.resolve("orgmilter.sock");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(path));
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
            return SocketFile.of(HERE, "nobody").whyNot(path.toString()).orElse("");
        } finally {
            Files.deleteIfExists(path);
        }
    }

    @Test
    @DisplayName("may if the mode lets all write")
    void all() throws IOException {
        assertThat(whyNot("rw-rw-rw-")).isEmpty();
    }

    @Test
    @DisplayName("may not if it lets only others")
    void others() throws IOException {
        assertThat(whyNot("rw-rw----")).contains("nobody has no permission to write to", "mode 660");
    }

    @Test
    @DisplayName("may not if a folder keeps it out")
    void folder() throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        assertThat(whyNot("rw-rw-rw-")).contains("nobody has no permission to search " + folder);
    }

    @Test
    @DisplayName("may not if it is not there, or is a file")
    void noSocket() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        SocketFile nobody = SocketFile.of(HERE, "nobody");
        assertThat(nobody.whyNot(folder.resolve("none").toString()))
                .hasValueSatisfying(reason -> assertThat(reason).startsWith("there is no "));
        assertThat(nobody.whyNot(file.toString()).orElse("")).endsWith("not a socket");
    }
}
