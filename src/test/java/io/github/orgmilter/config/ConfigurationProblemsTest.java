package io.github.orgmilter.config;

import static io.github.orgmilter.config.ConfigurationFixture.CONTOSO;
import static io.github.orgmilter.config.ConfigurationFixture.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.orgmilter.document.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ConfigurationProblemsTest {

    @TempDir
    private Path folder;

    private static List<Case> problems() throws IOException {
        return Case.table("/config/problems.txt");
    }

    private static List<Case> warnings() throws IOException {
        return Case.table("/config/warnings.txt");
    }

    @ParameterizedTest
    @MethodSource({"problems", "warnings"})
    void saysWhatTheTableSays(Case entry) throws IOException {
        Path file = entry.writeTo(folder);
        List<Problem> said;
        boolean failed = false;
        try {
            said = Configuration.load(file).warnings();
        } catch (ConfigurationException e) {
            said = e.problems();
            failed = true;
        }
        assertThat(said)
                .extracting(problem -> problem.toString().replace(folder + "/", ""))
                .containsExactlyElementsOf(entry.expected());
        assertThat(failed).as("it could not be loaded").isEqualTo(entry.errors());
    }

    @Test
    void theExceptionCarriesTheWarningsToo() throws IOException {
        Path file = write(folder, "orgmilter.conf", "exempt-clients = [ \"10.0.0.0/8\" ]\nlisten = []\n" + CONTOSO);
        ConfigurationException thrown =
                catchThrowableOfType(ConfigurationException.class, () -> Configuration.load(file));
        assertThat(thrown.warnings()).extracting(Problem::line).containsExactly(1);
        assertThat(thrown).hasMessage(thrown.problems().get(0).toString());
    }

    @Tag("slow")
    @Test
    void aDamagedConfigurationIsReportedAndNothingElse() throws Exception {
        List<Case> tables =
                Stream.concat(problems().stream(), warnings().stream()).toList();
        Random random = new Random(3);
        String letters = "{}[]\"\\$:=,.#\n *0a/@";
        int refused = 0;
        for (int i = 0; i < 1_000; i++) {
            Case entry = tables.get(random.nextInt(tables.size()));
            Path file = entry.writeTo(folder);
            StringBuilder text = new StringBuilder(entry.files().get("orgmilter.conf")).append('\n');
            for (int k = random.nextInt(3); k >= 0; k--) {
                int at = random.nextInt(text.length());
                int end = Math.min(text.length(), at + random.nextInt(3));
                text.replace(at, end, String.valueOf(letters.charAt(random.nextInt(letters.length()))));
            }
            Files.writeString(file, text);
            try {
                assertThat(Configuration.load(file).settings().listen()).isNotEmpty();
            } catch (ConfigurationException e) {
                refused++;
                int lines = (int) text.chars().filter(c -> c == '\n').count() + 1;
                assertThat(e.problems()).isNotEmpty().allSatisfy(problem -> {
                    assertThat(problem.problem()).isNotEmpty();
                    assertThat(problem.repair()).isNotEmpty();
                    if (problem.source().file().orElseThrow().equals(file)) {
                        assertThat(problem.line()).isBetween(0, lines);
                    }
                });
            }
        }
        assertThat(refused).isGreaterThan(300);
    }
}
