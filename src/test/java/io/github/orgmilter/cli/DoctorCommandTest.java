package io.github.orgmilter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@DisplayName("orgmilter doctor")
final class DoctorCommandTest {

    private static final Path EXAMPLE = Path.of("src/test/resources/doctor/postfix-trixie.txt");

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String mta, Path recording, String... options) {
        List<String> arguments = new ArrayList<>(List.of(
                "doctor", mta, "--config", "postfix-example/orgmilter.conf", "--recorded", recording.toString()));
        arguments.addAll(List.of(options));
        CommandLine command =
                Main.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return command.execute(arguments.toArray(String[]::new));
    }

    private Path changed(String from, String to) throws IOException {
        String text = Files.readString(EXAMPLE);
        assertThat(text).contains(from);
        return Files.writeString(folder.resolve("recording.txt"), text.replace(from, to));
    }

    private Path exclusions() throws IOException {
        String setting = "smtpd_forbid_bare_newline_exclusions =";
        return changed(setting, setting + " 10.0.0.0/8");
    }

    @Test
    @DisplayName("exits with 0 where all is right")
    void right() {
        assertThat(run("postfix", EXAMPLE, "--strict")).isZero();
        assertThat(out.toString()).startsWith("right ").endsWith("0 wrong, 0 doubtful, 9 right\n");
    }

    @Test
    @DisplayName("exits with 1 where something is wrong, and with --strict where something is doubtful")
    void wrong() throws IOException {
        assertThat(run("postfix", exclusions())).isZero();
        assertThat(run("postfix", folder.resolve("recording.txt"), "--strict")).isEqualTo(1);
        assertThat(run(
                        "postfix",
                        changed("smtpd_tls_CAfile = /etc/postfix/tls/ca.pem", "smtpd_tls_CAfile = /none"),
                        "--fix"))
                .isEqualTo(1);
        assertThat(out.toString()).contains("# by hand: create it, or correct the path");
    }

    @Test
    @DisplayName("prints JSON")
    void json() throws IOException {
        assertThat(run("postfix", exclusions(), "--json")).isZero();
        Config report = ConfigFactory.parseString(out.toString());
        assertThat(report.getString("mta")).isEqualTo("postfix");
        assertThat(report.getInt("doubtful")).isEqualTo(1);
        Config first = report.getConfigList("findings").get(0);
        assertThat(first.getString("topic")).isEqualTo("smuggling");
        assertThat(first.getString("severity")).isEqualTo("doubtful");
        assertThat(first.getStringList("commands"))
                .containsExactly("postconf -e smtpd_forbid_bare_newline_exclusions=");
    }

    @Test
    @DisplayName("exits with 1 where the MTA cannot be looked at, and with 2 for a wrong word")
    void unusable() throws IOException {
        Path empty = Files.writeString(folder.resolve("empty.txt"), "");
        assertThat(run("postfix", empty)).isEqualTo(1);
        assertThat(run("sendmail", empty)).isEqualTo(1);
        assertThat(err.toString()).contains("postconf failed: ", "/etc/mail/sendmail.cf cannot be read; ");
        assertThat(run("exim", EXAMPLE)).isEqualTo(2);
    }
}
