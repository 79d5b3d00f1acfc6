package io.github.orgmilter.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

@DisplayName("orgmilter replay")
final class ReplayCommandTest {

    private static final String CONFIGURATION = """
            listen = [ "inet:10033@127.0.0.1" ]
            trusted-logins = []
            organizations {
              contoso {
                accepted-domains = [ "contoso.com" ]
                connectors { mail { certificate-names = [ "mail.contoso.com" ] }, branch { addresses = [ "192.0.2.7" ] } }
              }
              fabrikam {
                accepted-domains = [ "fabrikam.com" ]
                connectors { mail { logins = [ "*@fabrikam.com" ] } }
              }
            }
            """;
    private static final String BY_ADDRESS =
            "NOQUEUE: session=1 verdict=accept cause=sender-domain connector=contoso/branch"
                    + " client=192.0.2.7 helo=x from=<a@contoso.com> to=<b@example.net> config=1\n";
    private static final String BY_NAME = "NOQUEUE: session=2 verdict=accept cause=sender-domain connector=contoso/mail"
            + " client=192.0.2.9 cert=mail.contoso.com tls=yes helo=x from=<a@contoso.com> to=<b@example.net> config=1\n";
    private static final String REFUSED = "NOQUEUE: session=3 verdict=reject cause=not-identified client=192.0.2.9"
            + " helo=x from=<a@fabrikam.com> to=<b@example.net> config=1"
            + " reply=\"550 5.7.1 Relay access denied: 192.0.2.9 is not a known customer mail server\"\n";
    private static final String INBOUND = "NOQUEUE: session=4 verdict=accept cause=inbound organization=contoso"
            + " client=192.0.2.9 helo=x from=<c@example.org> to=<a@contoso.com> config=1\n";
    private static final String BY_LOGIN =
            "NOQUEUE: session=5 verdict=accept cause=sender-domain connector=fabrikam/mail"
                    + " client=192.0.2.9 login=joe@fabrikam.com mechanism=PLAIN helo=x from=<a@fabrikam.com> to=<b@example.net>"
                    + " config=1\n";
    private static final String FAILED =
            "NOQUEUE: session=6 verdict=tempfail cause=internal to=<b@example.net> config=1"
                    + " reply=\"451 4.3.0 Temporary failure, try again later\"\n";
    private static final String GRANTED = "NOQUEUE: session=2 policy=ok verdict=accept cause=sender-domain"
            + " connector=contoso/mail client=192.0.2.9 cert=mail.contoso.com tls=yes from=<a@contoso.com>"
            + " to=<b@example.net> config=1\n";
    private static final String LOG = BY_ADDRESS + BY_NAME + REFUSED + INBOUND + BY_LOGIN + FAILED + GRANTED;

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void write() throws IOException {
        Files.writeString(folder.resolve("old.conf"), CONFIGURATION);
        Files.writeString(folder.resolve("log"), LOG);
    }

    private int run(String... arguments) {
        return commandLine().execute(arguments);
    }

    private CommandLine commandLine() {
        return Main.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    }

    private String configuration(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    private String old() {
        return folder.resolve("old.conf").toString();
    }

    private String log() {
        return folder.resolve("log").toString();
    }

    @Test
    @DisplayName("finds no difference by the same configuration")
    void same() {
        assertThat(run("replay", "--config", old(), log())).as(err.toString()).isZero();
        assertThat(out.toString().lines())
                .containsExactly(
                        "lines: 7; decided again: recipients 5, messages by their header 0",
                        "answered otherwise: 0; alike for another reason: 0; alike with another text: 0",
                        "left out, because a failure or stale data had decided and no rule: 1");
    }

    static Stream<Arguments> changes() {
        // spotless:off
        return Stream.of(
                arguments("a connector less", "branch { addresses = [ \"192.0.2.7\" ] }", "",
                        "answered otherwise: 1; alike for another reason: 0; alike with another text: 0"),
                arguments("a connector more", "branch { addr", "other { addresses = [ \"192.0.2.9\" ] }, branch { addr",
                        "answered otherwise: 0; alike for another reason: 2; alike with another text: 0"),
                arguments("another name", "branch {", "office {",
                        "answered otherwise: 0; alike for another reason: 1; alike with another text: 0"),
                arguments("another text", "trusted", "replies { not-identified = \"550 5.7.1 No\" }\ntrusted",
                        "answered otherwise: 0; alike for another reason: 0; alike with another text: 1"),
                arguments("audit", "trusted", "mode = audit\ntrusted",
                        "answered otherwise: 1; alike for another reason: 0; alike with another text: 0"),
                arguments("logins that are trusted", "trusted-logins = []", "trusted-logins = [ \"joe@fabrikam.com\" ]",
                        "answered otherwise: 0; alike for another reason: 1; alike with another text: 0"),
                arguments("issuers", "\"mail.contoso.com\" ]", "\"mail.contoso.com\" ], issuers = [ \"CA\" ]",
                        "answered otherwise: 0; alike for another reason: 0; alike with another text: 0"));
        // spotless:on
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("changes")
    @DisplayName("finds what changes, beside the log and beside the old configuration alike")
    void changes(String what, String from, String to, String expected) throws IOException {
        String changed = configuration("new.conf", CONFIGURATION.replace(from, to));
        int expectedExit = expected.replaceAll("[^1-9]", "").isEmpty() ? 0 : 1;
        assertThat(run("replay", "--config", changed, log())).as(err.toString()).isEqualTo(expectedExit);
        assertThat(out.toString().lines().toList().get(1)).isEqualTo(expected);
        out.getBuffer().setLength(0);
        assertThat(run("replay", "--config", changed, "--against", old(), log()))
                .isEqualTo(expectedExit);
        assertThat(out.toString().lines().toList().get(1)).isEqualTo(expected);
    }

    @Test
    @DisplayName("says which fact a line lacks, and does not guess it")
    void lacking() throws IOException {
        String changed = configuration(
                "new.conf",
                CONFIGURATION.replace("\"mail.contoso.com\" ]", "\"mail.contoso.com\" ], issuers = [ \"CA\" ]"));
        assertThat(run("replay", "--config", changed, log())).isZero();
        assertThat(out.toString())
                .contains("not decided, because the line lacks issuer: 1; the first is " + log() + ":2");
    }

    @Test
    @DisplayName("shows both reasonings of an example")
    void reasons() throws IOException {
        String changed =
                configuration("new.conf", CONFIGURATION.replace("branch { addresses = [ \"192.0.2.7\" ] }", ""));
        assertThat(run("replay", "--config", changed, "--against", old(), log()))
                .isEqualTo(1);
        assertThat(out.toString())
                .contains(
                        "1 from contoso.com",
                        "before     accept, sender-domain, contoso/branch",
                        "after      reject, not-identified",
                        "example    " + log() + ":1",
                        "client=192.0.2.7 from=<a@contoso.com> to=<b@example.net>",
                        "connector  contoso/branch: match: the client address is in 192.0.2.7",
                        "yes        contoso/branch: sender contoso.com is an accepted domain of contoso",
                        "after      550 5.7.1 Relay access denied: 192.0.2.7 is not a known customer mail server",
                        "no         no connector identifies the client");
    }

    @Test
    @DisplayName("prints the same in JSON")
    void json() throws IOException {
        String changed =
                configuration("new.conf", CONFIGURATION.replace("branch { addresses = [ \"192.0.2.7\" ] }", ""));
        assertThat(run("replay", "--json", "--config", changed, log())).isEqualTo(1);
        Config json = ConfigFactory.parseString(out.toString());
        assertThat(json.getInt("recipients")).isEqualTo(5);
        assertThat(json.getInt("differences.answer")).isEqualTo(1);
        Config group = json.getConfigList("groups").get(0);
        assertThat(group.getString("kind")).isEqualTo("answer");
        assertThat(group.getString("before.connector")).isEqualTo("branch");
        assertThat(group.getString("after.verdict")).isEqualTo("reject");
        assertThat(group.getString("sender-domain")).isEqualTo("contoso.com");
        assertThat(group.getString("example.after.reply")).startsWith("550 5.7.1 ");
        assertThat(group.getStringList("example.after.reasons")).isNotEmpty();
    }

    @Test
    @DisplayName("decides again by the authors of messages, where the log has them")
    void authors() throws IOException {
        String second = BY_ADDRESS.replace("session=1", "session=7");
        Files.writeString(
                folder.resolve("log"),
                BY_ADDRESS + "Q1: session=1 message recipients=1/1 from=<a@contoso.com> authors=contoso.com\n"
                        + second + "Q2: session=7 message recipients=1/1 from=<a@contoso.com> authors=fabrikam.com\n"
                        + second + "Q3: session=7 message recipients=1/1 from=<a@contoso.com>\n"
                        + INBOUND + "Q4: session=4 message recipients=1/1 from=<c@example.org> authors=fabrikam.com\n"
                        + "Q5: session=8 message recipients=1/1 from=<c@example.org> authors=fabrikam.com\n");
        String changed = configuration(
                "new.conf", CONFIGURATION.replace("accepted-domains", "header-from = relay, accepted-domains"));
        assertThat(run("replay", "--config", changed, log())).as(err.toString()).isEqualTo(1);
        assertThat(out.toString().lines())
                .startsWith(
                        "lines: 9; decided again: recipients 4, messages by their header 3",
                        "answered otherwise: 1; alike for another reason: 0; alike with another text: 0",
                        "not decided, because the line lacks authors: 1; the first is " + log() + ":6",
                        "not decided, because the line lacks its other lines: 1; the first is " + log() + ":9")
                .contains("before     accept, header", "after      reject, protected-header-from, contoso/branch");
    }

    @Test
    @DisplayName("decides again by the authors of messages whose recipients have one line each")
    void authorsOfOneLine() throws IOException {
        String first = BY_ADDRESS.replace("branch client", "branch outcome=accepted client");
        String last = first.replace("config=1", "recipients=1/1 authors=fabrikam.com config=1");
        String ofTwo = last.replace("1/1", "2/3");
        String refused = last.replace("accepted", "refused").replace("authors=fabrikam.com", "header=header-limit");
        Files.writeString(
                folder.resolve("log"),
                last // refused by its author
                        + first + REFUSED.replace("session=3", "session=1") + ofTwo // the same
                        + last.replace("authors=fabrikam.com", "authors=contoso.com")
                        + last.replace("accepted", "reset") // which nobody decides
                        + last.replace(" authors=fabrikam.com", "")
                        + first + last.replace("1/1", "5/5") // of which some lines are missing
                        + refused.replace("\n", " reply=\"550 5.7.1 No\"\n")
                        + "NOQUEUE: session=1 verdict=reject cause=header-limit client=192.0.2.7 helo=x"
                        + " from=<a@contoso.com> recipients=1/1 config=1 reply=\"550 5.7.1 No\"\n");
        String changed = configuration(
                "new.conf", CONFIGURATION.replace("accepted-domains", "header-from = relay, accepted-domains"));
        assertThat(run("replay", "--config", changed, log())).as(err.toString()).isEqualTo(1);
        assertThat(out.toString().lines())
                .startsWith(
                        "lines: 11; decided again: recipients 10, messages by their header 4",
                        "answered otherwise: 2; alike for another reason: 0; alike with another text: 0",
                        "not decided, because the line lacks authors: 1; the first is " + log() + ":7",
                        "not decided, because the line lacks its other lines: 1; the first is " + log() + ":9")
                .contains("before     accept, header", "after      reject, protected-header-from, contoso/branch");
    }

    private static final String SHARED = CONFIGURATION.replace(
            "branch { addresses = [ \"192.0.2.7\" ] }",
            "branch { addresses = [ \"192.0.2.7\" ], required-headers { X-Key = [ \"k1\" ] } }");

    private static String provisional(String verdict, String outcome) {
        return BY_ADDRESS
                .replace("verdict=accept cause=sender-domain", verdict)
                .replace(" client=", " provisional=relay outcome=" + outcome + " client=")
                .replace("config=1", "recipients=1/1 config=1");
    }

    static Stream<Arguments> shared() {
        String required = "required-headers { X-Key = [ \"k1\" ] }";
        String same = "answered otherwise: 0; alike for another reason: 0; alike with another text: 0";
        String lacks = "not decided, because the line lacks header: ";
        // spotless:off
        return Stream.of(
                arguments("the same", required, required, List.of(same)),
                arguments("no field any more", required, "enabled = true",
                        List.of("answered otherwise: 1; alike for another reason: 1; alike with another text: 0")),
                arguments("no connector any more", "branch {", "branch { enabled = false,",
                        List.of("answered otherwise: 2; alike for another reason: 1; alike with another text: 0")),
                arguments("another connector", "branch {", "office {", List.of(
                        "answered otherwise: 0; alike for another reason: 0; alike with another text: 0", lacks + 1)),
                arguments("one more that is enough", "branch {", "office { addresses = [ \"192.0.2.7\" ] }, branch {", List.of(
                        "answered otherwise: 1; alike for another reason: 2; alike with another text: 0")));
        // spotless:on
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("shared")
    @DisplayName("takes what the header of a message showed at its time for what it shows")
    void shared(String what, String from, String to, List<String> expected) throws IOException {
        Files.writeString(
                folder.resolve("log"),
                provisional("verdict=accept cause=sender-domain", "accepted")
                        + provisional("verdict=reject cause=header-mismatch", "refused")
                                .replace(
                                        "\n",
                                        " reply=\"550 5.7.1 Relay access denied: this server may not send for"
                                                + " contoso.com\"\n")
                        + provisional("verdict=accept cause=sender-domain", "reset")
                                .replace("connector=contoso/branch", "organization=contoso"));
        String changed = configuration("new.conf", SHARED.replace(from, to));
        run("replay", "--config", changed, log());
        assertThat(err.toString()).isEmpty();
        assertThat(out.toString()).contains(expected);
    }

    @Test
    @DisplayName("does not guess whether another value of a required field was there")
    void otherValue() throws IOException {
        Files.writeString(folder.resolve("log"), provisional("verdict=accept cause=sender-domain", "accepted"));
        String before = configuration("before.conf", SHARED);
        String changed = configuration("new.conf", SHARED.replace("k1", "k2"));
        assertThat(run("replay", "--config", changed, "--against", before, log()))
                .isZero();
        assertThat(out.toString())
                .contains("not decided, because the line lacks header: 1; the first is " + log() + ":1");
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                arguments(new String[] {"none.log"}, "there is no none.log"),
                arguments(new String[] {"--config", "none.conf", "LOG"}, "none.conf"),
                arguments(new String[] {"--against", "none.conf", "LOG"}, "none.conf"),
                arguments(new String[] {"--config", "OLD", "OLD"}, "tells a verdict"),
                arguments(new String[] {"--tag", "x", "LOG", "--top"}, "Missing required parameter for option '--top'"),
                arguments(new String[] {}, "Missing required parameter: 'LOG'"));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("failures")
    @DisplayName("exits with 2 if it cannot find out")
    void failures(String[] arguments, String expected) {
        String[] all = Stream.concat(Stream.of("replay", "--config", "OLD"), Stream.of(arguments))
                .map(argument -> argument.replace("OLD", old()).replace("LOG", log()))
                .toArray(String[]::new);
        if (arguments.length > 1 && arguments[0].equals("--config")) {
            all = Stream.concat(Stream.of("replay"), Stream.of(all).skip(3)).toArray(String[]::new);
        }
        assertThat(run(all)).isEqualTo(2);
        assertThat(err.toString()).contains(expected);
        assertThat(out.toString()).isEmpty();
    }

    @Test
    @DisplayName("reads compressed logs, one after the other")
    void compressed() throws IOException {
        Path compressed = folder.resolve("log.gz");
        try (OutputStream gzip = new GZIPOutputStream(Files.newOutputStream(compressed))) {
            gzip.write(LOG.getBytes(StandardCharsets.UTF_8));
        }
        assertThat(run("replay", "--config", old(), compressed.toString(), log()))
                .isZero();
        assertThat(out.toString()).startsWith("lines: 14; decided again: recipients 10");
    }

    @Test
    @DisplayName("has a bounded number of groups, whatever domains strangers write")
    void manyDomains() throws IOException {
        StringBuilder log = new StringBuilder();
        for (int i = 0; i < 30_000; i++) {
            log.append(REFUSED.replace("fabrikam.com", "d" + i + ".example"));
        }
        Files.writeString(folder.resolve("log"), log);
        String changed = configuration(
                "new.conf", CONFIGURATION.replace("trusted", "replies { not-identified = \"550 5.7.1 No\" }\ntrusted"));
        assertThat(run("replay", "--top", "1", "--config", changed, log())).isEqualTo(1);
        assertThat(out.toString()).contains("20000 from (others)", "further groups: 10000; --top shows more");
    }
}
