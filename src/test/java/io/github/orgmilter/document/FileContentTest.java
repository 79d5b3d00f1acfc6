package io.github.orgmilter.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileContentTest {

    @TempDir
    private Path folder;

    @Test
    void aTextFileMayHaveMoreThanAMillionAddressesAndTheHeapBoundsIt() throws Exception {
        Path file = Files.writeString(
                folder.resolve("addresses.txt"), "2001:db8:1234:5678:9abc:def0:1234:5678\n".repeat(1_000_000));
        assertThat(FileContent.ofText(file, 1L << 30).octets()).hasSize(39_000_000);
        assertThatThrownBy(() -> FileContent.ofText(file, 128L << 20))
                .hasMessage(file + " is larger than 16 MiB; name the right file, or give Java a larger heap, as in"
                        + " JAVA_OPTS=-Xmx1g");
        assertThat(FileContent.ofText(Path.of("/proc/self/status"), 1L << 30).octets())
                .as("of no size")
                .isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4095, 4096, 16_383, 16_384, 16_385, 16_386, 100_000})
    void readsAllThatAFileHas(int size) throws Exception {
        byte[] octets = new byte[size];
        new Random(size).nextBytes(octets);
        Path file = Files.write(folder.resolve("file"), octets);
        assertThat(FileContent.ofText(file).octets()).isEqualTo(octets);
    }
}
