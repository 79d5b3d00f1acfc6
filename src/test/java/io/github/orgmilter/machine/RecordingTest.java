package io.github.orgmilter.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A recording of what a machine's commands print")
final class RecordingTest {

    private static final Machine HERE = new LocalMachine(List.of(), Duration.ofMinutes(1));

    @Test
    @DisplayName("answers as the machine did, input, complaints and exit status included")
    void roundTrip() throws IOException {
        Recording recording = new Recording();
        Machine recorded = recording.of(HERE);
        List<String> sort = List.of("sort", "-r");
        List<String> failing = List.of("sh", "-c", "echo 'a  b'; echo; echo \"it's\" >&2; exit 3");
        recorded.run(sort, "1\n2\n");
        recorded.run(sort, "3\n4\n");
        recorded.run(failing, "");
        Recording again = Recording.parse("# by hand\n" + recording);
        assertThat(again.run(sort, "1\n2\n").lines()).containsExactly("2", "1");
        assertThat(again.run(sort, "3\n4\n").lines()).containsExactly("4", "3");
        assertThat(again.run(failing, "")).isEqualTo(new Output(3, "a  b\n\n", "it's\n"));
        assertThat(again.run(sort, "5\n").ok()).isFalse();
        assertThat(again).hasToString(recording.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"mail_name = Postfix", "$ postconf\nmail_name = Postfix"})
    @DisplayName("is not any text")
    void other(String text) {
        assertThatThrownBy(() -> Recording.parse(text))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("make it again with --record");
    }

    @Test
    @DisplayName("and the machine itself ends what does not end, and names it")
    void patience() {
        Machine impatient = new LocalMachine(List.of(), Duration.ofMillis(200));
        assertThatThrownBy(() -> impatient.run("sleep", "600"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("`sleep 600`")
                .hasMessageContaining("--timeout");
        assertThatThrownBy(() -> HERE.run("orgmilter-no-such-command"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("--via");
    }
}
