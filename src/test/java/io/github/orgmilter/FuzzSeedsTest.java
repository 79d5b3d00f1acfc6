package io.github.orgmilter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The fuzz targets on their seeds, and on a few changes of each, without a fuzzer. {@code mvn -Pfuzz test} goes on from there for
 * minutes; what it finds becomes a seed.
 */
@DisplayName("A fuzz target")
final class FuzzSeedsTest {

    private static final int CHANGES = 10; // of each seed

    /** All of them, so that none is left out. */
    static List<String> targets() throws IOException {
        Path sources = Path.of("src/test/java");
        try (Stream<Path> files = Files.walk(sources)) {
            return files.filter(file -> file.toString().endsWith("Fuzz.java"))
                    .map(file -> sources.relativize(file).toString())
                    .map(file ->
                            file.substring(0, file.length() - ".java".length()).replace('/', '.'))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("targets")
    @DisplayName("has nothing to object to its seeds")
    void seeds(String target) throws Exception {
        Method run = Class.forName(target).getDeclaredMethod("run", byte[].class);
        run.setAccessible(true);
        List<Path> seeds = new ArrayList<>();
        try (Stream<Path> files =
                Files.list(Path.of("src/test/resources", target.replace('.', '/') + "Inputs", "octets"))) {
            files.sorted().forEach(seeds::add);
        }
        assertThat(seeds).hasSizeGreaterThanOrEqualTo(5);
        Random random = new Random(7);
        for (Path seed : seeds) {
            byte[] octets = Files.readAllBytes(seed);
            check(run, seed, octets);
            for (int i = 0; i < CHANGES; i++) {
                check(run, seed, changed(octets, random));
            }
        }
    }

    private static void check(Method run, Path seed, byte[] octets) throws IllegalAccessException {
        try {
            run.invoke(null, (Object) octets);
        } catch (InvocationTargetException e) {
            throw new AssertionError(seed + " as " + Arrays.toString(octets), e.getCause());
        }
    }

    private static byte[] changed(byte[] octets, Random random) {
        byte[] changed =
                Arrays.copyOf(octets, random.nextInt(4) == 0 ? random.nextInt(octets.length + 1) : octets.length);
        for (int i = random.nextInt(4); i >= 0 && changed.length > 0; i--) {
            changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
        }
        return changed;
    }
}
