package io.github.orgmilter.sendmail;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.asking.Questions;
import io.github.orgmilter.config.Configuration;
import io.github.orgmilter.machine.Recording;
import io.github.orgmilter.wiring.Report;
import io.github.orgmilter.wiring.Severity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("The doctor of Sendmail")
final class SendmailDoctorTest {

    @TempDir
    private Path folder;

    /**
     * A recorded Sendmail, what is replaced in what it prints, and what is found.
     *
     * @param ours more lines of orgmilter.conf
     * @param found severity and topic of each finding that is not right
     */
    private record Row(String name, String recording, String ours, String from, String to, Set<String> found) {
        static Row of(String name, String recording, String ours, String from, String to, String... found) {
            return new Row(name, recording, ours, from, to, new TreeSet<>(Set.of(found)));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    // spotless:off
    static Stream<Row> rows() {
        String filter = "Xorgmilter, S=inet:10033@127.0.0.1, F=T, T=";
        String msa = "Port=587, M=Ea, InputMailFilters=";
        return Stream.of(
            Row.of("the example's tight gate", "tight", "", "", ""),
            Row.of("the example's wide gate", "wide", "", "", "", "doubtful wide-gate"),
            Row.of("no F=", "tight", "", filter, "Xorgmilter, S=inet:10033@127.0.0.1, T=", "wrong default-action"),
            Row.of("F=R", "tight", "", filter, "Xorgmilter, S=inet:10033@127.0.0.1, F=R, T=", "doubtful default-action"),
            Row.of("no milter of ours", "tight", "", filter, "Xother, S=inet:1@127.0.0.1, F=T, T=", "wrong milter-missing"),
            Row.of("a daemon without the milter and without logins", "tight", "", msa, "Port=587, M=E, InputMailFilters=", "wrong milter-disabled"),
            Row.of("the same behind the wide gate", "wide", "", msa, "Port=587, M=E, InputMailFilters=", "wrong open-service", "doubtful wide-gate"),
            Row.of("logins that are not trusted", "tight", "trusted-logins = [ \"admin\" ]", "", "", "wrong unfiltered-logins"),
            Row.of("no folder of CAs", "tight", "", "O CACertPath=/etc/mail/cas", "O CACertPath=", "wrong ask-certificate"),
            Row.of("V in the options of TLS", "tight", "", "O TLSSrvOptions", "O TLSSrvOptions=V", "wrong ask-certificate"),
            Row.of("no file of CAs", "tight", "", "O CACertFile=/etc/mail/tls/ca.pem", "O CACertFile=/none", "wrong authorities"),
            Row.of("an old Sendmail without {verify}", "tight", "", "{cipher_bits}, {verify},|DZ8.17.1", "{cipher_bits},|DZ8.13.8", "wrong milter-macros"),
            Row.of("a new Sendmail without {verify}", "tight", "", "{cipher_bits}, {verify},", "{cipher_bits},"),
            Row.of("the machine's own addresses", "tight", "", "O DontProbeInterfaces=True", "O DontProbeInterfaces=False", "doubtful trusted-networks"),
            Row.of("lenient ends of messages", "tight", "", "srv_features     returns: client", "srv_features     returns: $# O", "wrong smuggling"),
            Row.of("an access map that cannot be read", "tight", "", "check_rcpt       returns: RELAY", "check_rcpt       returns: $# error $@ 4 . 3 . 0 $: \"451 later\"", "wrong domain-refused"),
            Row.of("strangers are refused, and so are our clients and domains", "tight", "", "check_rcpt       returns: RELAY", "check_rcpt       returns: $# error $@ 5 . 7 . 1 $: \"550 Relaying denied\"", "wrong domain-refused", "wrong gate-refuses"),
            Row.of("a domain of the access map that OrgMilter does not know", "tight", "", "to:fabrikam.com", "to:adatum.example", "wrong domain-unknown"),
            Row.of("audit behind the wide gate", "wide", "mode = audit", "", "", "doubtful wide-gate", "wrong audit"));
    }
    // spotless:on

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    @DisplayName("finds exactly what is wrong or doubtful with")
    void finds(Row row) throws Exception {
        String text = Files.readString(Path.of("src/test/resources/doctor/sendmail-" + row.recording() + ".txt"));
        String[] from = row.from().split("\\|");
        String[] to = row.to().split("\\|", -1);
        for (int i = 0; i < from.length; i++) {
            assertThat(text).contains(from[i]);
            text = from[i].isEmpty() ? text : text.replace(from[i], to[i]);
        }
        Path file = Files.writeString(
                folder.resolve("orgmilter.conf"),
                Files.readString(Path.of("postfix-example/orgmilter.conf")) + "\n" + row.ours());
        Report report = new SendmailDoctor(
                        Configuration.load(file),
                        new Questions(Duration.ofSeconds(1)),
                        InstantSource.fixed(Instant.parse("2026-11-28T12:00:00Z")))
                .examine(Recording.parse(text), "");
        Set<String> found = report.findings().stream()
                .filter(finding -> finding.severity() != Severity.RIGHT)
                .map(finding -> finding.severity().key() + " " + finding.topic().key())
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(found).as(report.text()).isEqualTo(row.found());
    }
}
