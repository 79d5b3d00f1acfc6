package io.github.orgmilter.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One entry of a table of configurations: its files, and what is said of them.
 *
 * <p>In a table {@code == } starts an entry with its name and its {@code orgmilter.conf}, {@code -- } another file of it,
 * and {@code >> } the lines to be expected, {@code errors} or {@code warnings}.
 */
record Case(String name, Map<String, String> files, boolean errors, List<String> expected) {

    static List<Case> table(String resource) throws IOException {
        try (InputStream in = Case.class.getResourceAsStream(resource)) {
            assertThat(in).as(resource).isNotNull();
            List<Case> cases = new ArrayList<>();
            for (String entry : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("(?m)^== ")) {
                if (!entry.isEmpty()) {
                    cases.add(parse(entry));
                }
            }
            return cases;
        }
    }

    private static Case parse(String entry) {
        Map<String, String> files = new LinkedHashMap<>();
        List<String> expected = new ArrayList<>();
        String name = entry.lines().findFirst().orElseThrow();
        String file = "orgmilter.conf";
        files.put(file, "");
        String verdict = "";
        for (String line : entry.lines().skip(1).toList()) {
            if (line.startsWith("-- ")) {
                file = line.substring(3);
                files.put(file, "");
            } else if (line.startsWith(">> ")) {
                verdict = line.substring(3);
            } else if (verdict.isEmpty()) {
                files.merge(file, line + "\n", String::concat);
            } else {
                expected.add(line);
            }
        }
        assertThat(verdict).as(name).isIn("errors", "warnings");
        return new Case(name, files, verdict.equals("errors"), expected);
    }

    /** Writes the files into a folder, and returns the one to load. */
    Path writeTo(Path folder) throws IOException {
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = folder.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
        return folder.resolve("orgmilter.conf");
    }

    @Override
    public String toString() {
        return name;
    }
}
