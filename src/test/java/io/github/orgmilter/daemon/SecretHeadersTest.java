package io.github.orgmilter.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import io.github.orgmilter.cli.Main;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;

/**
 * docs/rules.md, 3.11: a value of a required header field may be a secret, so nothing that anybody can read has it, wherever it comes
 * from: a file, a row, a message, or a mistake in one of them.
 */
@Timeout(120)
@DisplayName("No value of a required header field")
final class SecretHeadersTest extends DirectoryDaemons {

    private static final String MARK = "Quagga";
    private static final String OF_FABRIKAM = "Quagga-in-a-file";
    private static final String OF_CONTOSO = "Quagga-in-a-row";
    private static final String FORGED = "Quagga-in-a-message";
    private static final String SHARED = """
            organizations.%1$s {
              accepted-domains = [ "%1$s.com" ]
              sender-protection = all
              header-from = all
              connectors.cloud { addresses = [ "192.0.2.7" ], required-headers { X-Key = [ "%2$s" ] } }
              partners.bank { sender-domains = [ "bank.example" ], addresses = [ "198.51.100.1" ] }
            }
            """;
    private static final String SERVICE = """
            unidentified-mail = reject
            result-header = all
            """
            + directory(MAIL).replace("poll-interval", "settings = [ \"required-headers\" ]\n  poll-interval")
            + SHARED.formatted("fabrikam", OF_FABRIKAM);
    private static final List<String> QUESTION =
            List.of("--offline", "--client-address", "192.0.2.7", "--from", "a@fabrikam.com", "--to", "b@example.net");

    private final CapturedLog log = CapturedLog.of("io.github.orgmilter", Level.TRACE);
    private final List<String> outputs = new ArrayList<>();

    @AfterEach
    void close() {
        log.close();
    }

    private void putRows(String value) {
        store.put(
                "contoso",
                "accepted-domains=contoso.com",
                "cloud/addresses=192.0.2.7",
                "cloud/required-headers.X-Key=" + value);
        store.put(
                "adatum",
                "accepted-domains=adatum.com",
                "cloud/addresses=192.0.2.8",
                "cloud/required-headers.X-Key=" + value,
                "old/addresses=192.0.2.8",
                "old/required-headers.X-Key=" + value + " ",
                "older/addresses=192.0.2.8",
                "older/required-headers.X-OrgMilter-Result=" + value,
                "oldest/addresses=192.0.2.8",
                "oldest/required-headers.=" + value,
                "other/required-headers=" + value,
                "another/required-headers.X-Key.X-Key=" + value,
                "wrong/required-header=" + "x");
        store.put(
                "northwind",
                "accepted-domains=northwind.com",
                "cloud/addresses=192.0.2.7",
                "cloud/required-headers.X-Key=" + value);
    }

    private String run(String... arguments) {
        StringWriter out = new StringWriter();
        CommandLine command = Main.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(out))
                .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
        command.execute(arguments);
        outputs.add(String.join(" ", arguments).replace(MARK, "(mark)") + "\n" + out);
        return out.toString();
    }

    private String configured(String command, String... arguments) {
        List<String> all = new ArrayList<>(List.of(command.split(" ")));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--config", file().toString()));
        return run(all.toArray(String[]::new));
    }

    private String explained(String... arguments) {
        List<String> all = new ArrayList<>(QUESTION);
        all.addAll(List.of(arguments));
        return configured("explain", all.toArray(String[]::new));
    }

    private String get(Daemon daemon, String path) throws Exception {
        var answer = call(daemon, "GET", path);
        outputs.add(path + " " + answer.statusCode() + " " + answer.headers() + "\n" + answer.body());
        return answer.body();
    }

    /** Mail that passes by each value, by none, and with each mistake; as what is answered to the MTA. */
    private void mail(Daemon daemon) throws Exception {
        try (MtaClient mta = session(daemon, "192.0.2.7")) {
            mta.mail("<a@fabrikam.com>");
            assertThat(mta.rcpt("<b@example.net>")).isEqualTo(CONTINUE);
            assertThat(mta.header("From: a@fabrikam.com", "X-Key: " + OF_FABRIKAM))
                    .isEqualTo(CONTINUE);
            outputs.addAll(mta.changesAndEnd());
            mta.mail("<a@contoso.com>");
            assertThat(mta.rcpt("<b@example.net>")).isEqualTo(CONTINUE);
            assertThat(mta.header("From: a@contoso.com", "X-Key: " + OF_CONTOSO))
                    .isEqualTo(CONTINUE);
            outputs.addAll(mta.changesAndEnd());
            List<String[]> refused = List.of(
                    new String[] {"X-Key: " + FORGED},
                    new String[] {"X-Key: " + OF_FABRIKAM, "X-Key: " + FORGED},
                    new String[] {"X-Key: " + OF_FABRIKAM, "X-Key : " + FORGED},
                    new String[] {"X-Key: " + OF_FABRIKAM + "\0" + FORGED},
                    new String[] {"X-Key: " + OF_CONTOSO});
            for (String[] fields : refused) {
                mta.mail("<a@fabrikam.com>");
                assertThat(mta.rcpt("<b@example.net>")).isEqualTo(CONTINUE);
                assertThat(mta.rcpt("<b@contoso.com>")).isEqualTo(CONTINUE);
                String answer = mta.header(fields);
                assertThat(answer).startsWith("y550 ");
                outputs.add(answer);
                outputs.addAll(mta.changesAndEnd());
            }
            mta.mail("<a@bank.example>");
            assertThat(mta.rcpt("<b@fabrikam.com>")).isEqualTo(CONTINUE);
            outputs.add(mta.header("X-Key: " + FORGED));
            outputs.addAll(mta.changesAndEnd());
            mta.mail("<a@fabrikam.com>");
            assertThat(mta.rcpt("<b@example.net>")).isEqualTo(CONTINUE);
            mta.send('L', ("X-Key\0" + FORGED).getBytes(UTF_8)); // a frame that is cut
            mta.send('?', FORGED.getBytes(UTF_8));
        }
    }

    private void pages(Daemon daemon) throws Exception {
        for (String path : List.of(
                "/healthz",
                "/readyz",
                "/metrics",
                "/-/directory",
                "/-/problems",
                "/",
                "/organizations",
                "/organizations?q=contoso",
                "/organization?name=contoso",
                "/organization?name=fabrikam",
                "/verdicts",
                "/explain?client-address=192.0.2.7&from=a%40fabrikam.com&to=b%40example.net",
                "/configuration")) {
            get(daemon, path);
        }
        for (int verdict = 0; verdict < 15; verdict++) {
            get(daemon, "/verdict?number=" + verdict);
        }
        URI events = URI.create("http://127.0.0.1:" + adminPort(daemon) + "/verdicts/events?next=0");
        try (InputStream in = http.send(HttpRequest.newBuilder(events).build(), BodyHandlers.ofInputStream())
                .body()) {
            BufferedReader lines = new BufferedReader(new InputStreamReader(in, UTF_8));
            StringBuilder stream = new StringBuilder();
            while (stream.indexOf("header-mismatch") < 0) {
                stream.append(lines.readLine()).append('\n');
            }
            outputs.add(stream.toString());
        }
    }

    /** Configurations with a value in or beside each mistake. */
    private static List<String> mistakes() {
        return List.of(
                SERVICE + SHARED.formatted("litware", OF_FABRIKAM),
                SERVICE.replace(OF_FABRIKAM, OF_FABRIKAM + " "),
                SERVICE.replace(OF_FABRIKAM, OF_FABRIKAM + "\u00e9"),
                SERVICE.replace(OF_FABRIKAM, OF_FABRIKAM.repeat(100)),
                SERVICE.replace("[ \"" + OF_FABRIKAM + "\" ]", "[ { " + OF_FABRIKAM + " = 1 } ]"),
                SERVICE.replace("[ \"" + OF_FABRIKAM + "\" ]", "{ " + OF_FABRIKAM + " = 1 }"),
                SERVICE.replace("[ \"" + OF_FABRIKAM + "\" ]", "[ \"" + OF_FABRIKAM + " ]"),
                SERVICE.replace("[ \"" + OF_FABRIKAM + "\" ]", "[ " + OF_FABRIKAM + " : x ]"),
                SERVICE.replace("[ \"" + OF_FABRIKAM + "\" ]", "[ " + OF_FABRIKAM + "\\ ]"),
                SERVICE.replace("[ \"" + OF_FABRIKAM + "\" ]", "\"" + OF_FABRIKAM + "\" \"" + OF_FABRIKAM + "\" ]"),
                SERVICE.replace("{ X-Key = [ \"" + OF_FABRIKAM + "\" ] }", "[ \"" + OF_FABRIKAM + "\" ]"),
                SERVICE.replace("X-Key =", "Subject ="),
                SERVICE.replace("X-Key =", "X-OrgMilter-Result ="));
    }

    @Test
    @DisplayName("is in any output")
    void isInNoOutput() throws Exception {
        putRows(OF_CONTOSO);
        int admin = FreePort.any();
        write("inet:" + admin + "@127.0.0.1", SERVICE);
        Daemon daemon = start();
        await().until(() -> call(daemon, "GET", "/readyz").statusCode() == 200);
        mail(daemon);
        await().until(() -> get(daemon, "/metrics").contains("header-mismatch"));
        pages(daemon);
        configured("directory status");
        configured("directory problems");
        configured("reload");
        putRows("Quagga-of-late");
        await().untilAsserted(() -> assertThat(get(daemon, "/-/directory")).contains("version: 6"));
        for (String mistake : mistakes()) {
            write("inet:" + admin + "@127.0.0.1", mistake);
            configured("reload");
            configured("check", "--offline");
            get(daemon, "/configuration");
        }
        write("inet:" + admin + "@127.0.0.1", SERVICE);
        stop(daemon);
        assertThat(configured("directory dump")).contains("contoso\tcloud\trequired-headers.X-Key\t********");
        assertThat(configured("check", "--offline")).contains("required-headers");
        assertThat(explained()).contains("X-Key");
        explained("--json");
        for (String value : List.of(OF_FABRIKAM, OF_CONTOSO, FORGED, OF_FABRIKAM + "\u00e9")) {
            explained("--header", "X-Key: " + value);
            explained("--header", "X-Key: " + value, "--json");
            explained("--header", "X-Key " + value);
            Path message = Files.writeString(
                    folder.resolve("message"), "From: a@fabrikam.com\nX-Key: " + value + "\n\nX-Key: " + value);
            explained("--message", message.toString());
            Files.writeString(message, "X-Key " + value + "\nX-Key: " + value + "\n");
            explained("--message", message.toString());
        }
        for (String domain : List.of("fabrikam.com", "contoso.com")) {
            configured("who " + domain, "--offline");
            configured("who " + domain, "--offline", "--json");
        }
        configured("who", "--connector", "fabrikam/cloud", "--offline");
        configured("export postfix", "--offline");
        configured("export sendmail", "--offline");
        Path logged = Files.write(
                folder.resolve("log"),
                log.lines().stream()
                        .map(line -> line.replaceFirst("^[A-Z]+ ", ""))
                        .toList());
        assertThat(configured("replay", "--offline", logged.toString())).contains("decided again: recipients ");
        write("inet:" + admin + "@127.0.0.1", SERVICE.replace(OF_FABRIKAM, "Quagga-of-late"));
        configured("replay", "--offline", logged.toString());
        configured("replay", "--offline", logged.toString(), "--json");
        for (String format : List.of("text", "csv", "json", "html")) {
            run("report", "--format", format, logged.toString());
        }
        outputs.addAll(log.lines());
        assertThat(outputs)
                .hasSizeGreaterThan(100)
                .anySatisfy(output -> assertThat(output).contains("cause=header-mismatch connector=contoso/cloud"));
        String mark = MARK.toLowerCase(Locale.ROOT);
        assertThat(outputs)
                .allSatisfy(
                        output -> assertThat(output.toLowerCase(Locale.ROOT)).doesNotContain(mark));
    }
}
