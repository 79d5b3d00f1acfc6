package io.github.orgmilter.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.orgmilter.directory.StoreException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A password file")
final class PasswordFileTest {

    @TempDir
    Path folder;

    private String read(byte[] octets) throws IOException, StoreException {
        return PasswordFile.read(Files.write(folder.resolve("password"), octets));
    }

    private String read(String text) throws IOException, StoreException {
        return read(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    @DisplayName("loses one newline at its end, and nothing else")
    void newline() throws IOException, StoreException {
        assertThat(read("pässword\n")).isEqualTo("pässword");
        assertThat(read("password")).isEqualTo("password");
        assertThat(read(" pass word \n\n")).isEqualTo(" pass word \n");
        assertThat(read("a\r\n")).isEqualTo("a\r");
    }

    @Test
    @DisplayName("is refused with its name, and without its content")
    void refused() {
        assertThatThrownBy(() -> read("")).hasMessageContaining("is empty");
        assertThatThrownBy(() -> read("\n")).hasMessageContaining("is empty");
        assertThatThrownBy(() -> read("secret".repeat(1000)))
                .hasMessageContaining("is too long")
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> read(new byte[] {'a', (byte) 0xff})).hasMessageContaining("is not UTF-8");
        assertThatThrownBy(() -> PasswordFile.read(folder)).hasMessageContaining(folder + " is not a regular file");
        assertThatThrownBy(() -> PasswordFile.read(folder.resolve("none"))).hasMessageContaining("none does not exist");
    }
}
