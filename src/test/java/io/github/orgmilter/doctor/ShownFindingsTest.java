package io.github.orgmilter.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Each finding of the doctor")
final class ShownFindingsTest {

    private static final Path MAIN = Path.of("src/main/java/io/github/orgmilter");
    private static final Path TABLES = Path.of("integration-tests/src/test/java/io/github/orgmilter/it/doctor");

    private static final Pattern FINDING = Pattern.compile("\\b(wrong|doubtful)\\(\\s*Topic\\.([A-Z_]+)");
    private static final Pattern ROW = Pattern.compile("\"(wrong|doubtful) ([a-z-]+)\"");
    private static final Pattern REASON =
            Pattern.compile("(?m)^\\| ([PS ]+) \\| (wrong|doubtful) `([a-z-]+)` \\| .+ \\|$");

    @Test
    @DisplayName("is shown on a real MTA, or docs/doctor.md says why not")
    void isShown() throws IOException {
        Set<String> expected = new TreeSet<>();
        claimed("P", expected, "doctor", "wiring");
        claimed("S", expected, "sendmail", "wiring");
        Set<String> actual = new TreeSet<>();
        shown("P", "PostfixScenes.java", actual);
        shown("S", "SendmailWirings.java", actual);
        Matcher reason = REASON.matcher(Files.readString(Path.of("docs/doctor.md")));
        while (reason.find()) {
            for (String mta : reason.group(1).split(" ")) {
                String finding = mta + " " + reason.group(2) + " " + reason.group(3);
                assertThat(actual.add(finding)).as(finding + " is shown").isTrue();
            }
        }
        assertThat(actual).isEqualTo(expected);
    }

    private static void claimed(String mta, Set<String> claimed, String... packages) throws IOException {
        for (String name : packages) {
            List<Path> files;
            try (Stream<Path> all = Files.list(MAIN.resolve(name))) {
                files = all.toList();
            }
            for (Path file : files) {
                Matcher finding = FINDING.matcher(Files.readString(file));
                while (finding.find()) {
                    String topic = finding.group(2).toLowerCase(Locale.ROOT).replace('_', '-');
                    claimed.add(mta + " " + finding.group(1) + " " + topic);
                }
            }
        }
    }

    private static void shown(String mta, String table, Set<String> shown) throws IOException {
        Matcher row = ROW.matcher(Files.readString(TABLES.resolve(table)));
        while (row.find()) {
            shown.add(mta + " " + row.group(1) + " " + row.group(2));
        }
    }
}
