package io.github.orgmilter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("bin/orgmilter")
final class LauncherTest {

    @TempDir
    private Path home;

    /** The words that Java is started with. */
    private List<String> java(String options) throws IOException {
        Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        ProcessBuilder builder = new ProcessBuilder("sh", "src/main/bin/orgmilter", "check", "two words").redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", home.toString());
        builder.environment().put("JAVA_OPTS", options);
        try (InputStream output = builder.start().getInputStream()) {
            return new String(output.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    @Test
    void namesACollectorAndAHeap() throws IOException {
        assertThat(java("")).contains("-XX:+UseSerialGC", "-Xms40m", "-XX:NewSize=32m").endsWith("check", "two words");
    }

    @Test
    @DisplayName("begins small where the heap is bounded, so that the bound holds")
    void boundedHeap() throws IOException {
        assertThat(java("-Dx=y -Xmx32m")).containsSubsequence("-XX:+UseSerialGC", "-Xms24m", "-XX:NewSize=16m", "-Dx=y", "-Xmx32m");
        assertThat(java("-XX:MaxHeapSize=32m")).contains("-Xms24m");
    }

    @Test
    void leavesTheHeapToAnotherCollector() throws IOException {
        assertThat(java("-Xmx4g -XX:+UseShenandoahGC")).contains("-XX:+UseShenandoahGC", "-Xmx4g")
                .noneMatch(option -> option.startsWith("-Xms") || option.contains("NewSize") || option.contains("Serial"));
    }

    @Test
    void takesNoOtherOptionForACollector() throws IOException {
        assertThat(java("-XX:+UseStringDeduplication -Xlog:gc:GC")).contains("-XX:+UseSerialGC", "-Xms40m");
    }
}
