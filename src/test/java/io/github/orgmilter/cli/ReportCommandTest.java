package io.github.orgmilter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import io.github.orgmilter.certificate.TestCertificate;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("orgmilter report")
final class ReportCommandTest {

    private static final String TIME = "2026-11-28T12:00:0%d.000+00:00 INFO  ";
    private static final String LOG = (TIME
                    + "NOQUEUE: session=1 verdict=accept cause=sender-domain connector=contoso/mail"
                    + " client=192.0.2.7 cert=mail.contoso.com tls=yes helo=x from=<a@contoso.com> to=<b@example.net> config=1\n"
                    + TIME + "NOQUEUE: session=1 verdict=accept cause=sender-domain connector=contoso/mail"
                    + " client=192.0.2.7 cert=mail.contoso.com tls=yes helo=x from=<a@contoso.com> to=<c@example.net> config=1\n"
                    + TIME + "Q1: session=1 message recipients=2/2 from=<a@contoso.com>\n"
                    + TIME + "NOQUEUE: session=1 verdict=reject cause=domain-not-accepted connector=contoso/mail"
                    + " client=192.0.2.7 cert=mail.contoso.com tls=yes helo=x from=<a@contoso.example> to=<c@example.net>"
                    + " config=1 reply=\"550 5.7.1 No\"\n"
                    + TIME
                    + "NOQUEUE: session=2 verdict=reject cause=not-identified client=192.0.2.9 cert=mx.contoso.example"
                    + " tls=yes helo=x from=<a@<script>alert(1)</script>.example> to=<c@example.net> config=1"
                    + " reply=\"550 5.7.1 No\"\n"
                    + TIME + "NOQUEUE: session=3 verdict=accept cause=inbound organization=fabrikam client=192.0.2.9"
                    + " helo=x from=<a@example.org> to=<b@fabrikam.com> config=1\n"
                    + TIME + "Q2: session=3 message recipients=1/1 from=<a@example.org> reply=\"550 5.7.1 No\"\n"
                    + TIME + "NOQUEUE: session=4 verdict=tempfail cause=internal to=<b@example.net> config=1"
                    + " reply=\"451 4.3.0 Temporary failure, try again later\"\n")
            .formatted(1, 2, 3, 4, 5, 6, 7, 8);

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path log = Path.of("");

    @BeforeEach
    void write() throws IOException {
        log = Files.writeString(folder.resolve("log"), LOG);
    }

    private int run(String... arguments) {
        String[] all = new String[arguments.length + 2];
        all[0] = "report";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        all[all.length - 1] = log.toString();
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(all);
    }

    @Test
    @DisplayName("has each connector, and what no rule knows")
    void text() {
        assertThat(run()).as(err.toString()).isZero();
        assertThat(out.toString().lines())
                .containsExactly(
                        "recipients: 5, from 2026-11-28T12:00:01Z to 2026-11-28T12:00:06Z",
                        "",
                        "no organization, last seen 2026-11-28T12:00:05Z",
                        "         1  recipients refused: not-identified",
                        "         1  sender domain of unknown clients: unknown, last 2026-11-28T12:00:05Z",
                        "         1  certificate that no connector has: mx.contoso.example, last 2026-11-28T12:00:05Z",
                        "",
                        "contoso/mail, last seen 2026-11-28T12:00:04Z",
                        "         1  messages",
                        "         2  recipients accepted: sender-domain",
                        "         1  recipients refused: domain-not-accepted",
                        "         1  sender domain that is not accepted: contoso.example, last 2026-11-28T12:00:04Z",
                        "",
                        "fabrikam, clients that no connector identified, last seen 2026-11-28T12:00:06Z",
                        "         1  recipients accepted: inbound",
                        "",
                        "Recipients that were deferred by a failure or stale data, and are not counted: 1.",
                        "When a certificate expires that is known by its name is not in the log: no MTA reports it. With"
                                + " --config, the report has when those of certificate-files do.");
    }

    @Test
    @DisplayName("has when the certificates of the configuration's files expire, whether a connector was seen or not")
    void expiry() throws IOException {
        Instant end = Instant.now()
                .plus(10, ChronoUnit.DAYS)
                .plus(1, ChronoUnit.HOURS)
                .truncatedTo(ChronoUnit.SECONDS);
        Files.writeString(
                folder.resolve("mail.pem"),
                new TestCertificate("mail.contoso.com")
                        .valid(TestCertificate.NOW, end)
                        .pem());
        Files.writeString(
                folder.resolve("old.pem"),
                new TestCertificate("old.contoso.com")
                        .valid(TestCertificate.NOW, end.minus(12, ChronoUnit.DAYS))
                        .pem());
        Path config = Files.writeString(folder.resolve("orgmilter.conf"), """
                listen = [ "inet:10033@127.0.0.1" ]
                organizations {
                  contoso {
                    accepted-domains = [ "contoso.com" ]
                    connectors {
                      mail { certificate-files = [ "mail.pem" ] }
                      never-seen { certificate-files = [ "old.pem" ] }
                    }
                  }
                }
                """);
        assertThat(run("--config", config.toString())).as(err.toString()).isZero();
        assertThat(out.toString())
                .contains("        10  days until the certificate of certificate-files expires: mail.contoso.com, on "
                        + end)
                .containsPattern("contoso/never-seen\\R +-1  days until .*: old.contoso.com, on ")
                .endsWith(
                        "When a certificate expires that is known by its name is not in the log: no MTA reports it.\n");
        out.getBuffer().setLength(0);
        assertThat(run("--config", config.toString(), "--format", "json")).isZero();
        Config section = ConfigFactory.parseString(out.toString())
                .getConfigList("sections")
                .get(1);
        assertThat(section.getConfigList("expires").get(0).getString("not-after"))
                .isEqualTo(end.toString());
        out.getBuffer().setLength(0);
        assertThat(run("--config", config.toString(), "--format", "csv", "--organization", "contoso"))
                .isZero();
        assertThat(out.toString())
                .contains("\"contoso\",\"mail\",\"expires\",\"mail.contoso.com\",\"10\",\"" + end + "\"\r\n");
        out.getBuffer().setLength(0);
        assertThat(run("--config", config.toString(), "--format", "html", "--organization", "fabrikam"))
                .isZero();
        assertThat(out.toString()).doesNotContain("certificate-files expires");
    }

    @Test
    @DisplayName("counts the messages of lines that have what became of each recipient")
    void oneLine() throws IOException {
        String line =
                "4Cj: session=%d verdict=accept cause=sender-domain connector=%s outcome=%s client=192.0.2.7 helo=x"
                        + " from=<a@contoso.com> to=<b@example.net>%s config=1%s\n";
        String reply = " reply=\"550 5.7.1 No\"";
        Files.writeString(
                log,
                line.formatted(1, "contoso/mail", "accepted", " recipients=1/1", "")
                        + line.formatted(2, "contoso/mail", "pending", "", "")
                        + line.formatted(2, "contoso/mail", "accepted", "", "")
                        + line.formatted(3, "contoso/other", "accepted", "", "")
                        + line.formatted(2, "contoso/mail", "accepted", " recipients=3/4", "")
                        + line.formatted(3, "contoso/mail", "accepted", " recipients=2/2", "")
                        + line.formatted(1, "contoso/mail", "reset", " recipients=1/1", "")
                        + line.formatted(1, "contoso/mail", "lost", " recipients=1/1", "")
                        + line.formatted(1, "contoso/mail", "refused", " recipients=1/1", reply));
        assertThat(run("--format", "json")).as(err.toString()).isZero();
        Config json = ConfigFactory.parseString(out.toString());
        assertThat(json.getInt("recipients")).isEqualTo(9);
        assertThat(json.getConfigList("sections"))
                .extracting(section -> section.getString("connector") + " " + section.getInt("messages"))
                .containsExactly("mail 3", "other 1");
        assertThat(json.getStringList("remarks")).hasSize(1);
    }

    @Test
    @DisplayName("may be about one organization alone")
    void one() {
        assertThat(run("--organization", "contoso")).isZero();
        assertThat(out.toString())
                .startsWith("recipients: 3")
                .contains("contoso/mail")
                .doesNotContain("fabrikam", "mx.contoso.example", "were deferred");
    }

    @Test
    @DisplayName("may be JSON about one organization")
    void jsonOfOne() {
        ConfigParseOptions strict = ConfigParseOptions.defaults().setSyntax(ConfigSyntax.JSON);
        assertThat(run("--format", "json", "--organization", "contoso")).isZero();
        Config json = ConfigFactory.parseString(out.toString(), strict);
        assertThat(json.getString("organization")).isEqualTo("contoso");
        assertThat(json.getConfigList("sections")).hasSize(1);
    }

    @Test
    @DisplayName("fails about an organization that the log does not have")
    void none() {
        assertThat(run("--organization", "x")).isEqualTo(1);
        assertThat(err.toString()).contains("these logs have nothing of organization x; write its name");
    }

    @Test
    @DisplayName("may be CSV, in which no spreadsheet finds a formula")
    void csv() throws IOException {
        Files.writeString(log, LOG.replace("connector=contoso/mail", "connector=contoso/=cmd()"));
        assertThat(run("--format", "csv")).isZero();
        assertThat(out.toString())
                .startsWith("\"organization\",\"connector\",\"what\",\"which\",\"count\",\"last-seen\"\r\n")
                .contains("\"contoso\",\"'=cmd()\",\"accepted\",\"sender-domain\",\"2\",\"\"\r\n");
    }

    @Test
    @DisplayName("may be JSON")
    void json() {
        assertThat(run("--format", "json")).isZero();
        Config json = ConfigFactory.parseString(
                out.toString(), ConfigParseOptions.defaults().setSyntax(ConfigSyntax.JSON));
        assertThat(json.root().keySet()).containsExactlyInAnyOrder("recipients", "from", "to", "sections", "remarks");
        assertThat(json.getInt("recipients")).isEqualTo(5);
        Config contoso = json.getConfigList("sections").get(1);
        assertThat(contoso.getInt("messages")).isEqualTo(1);
        assertThat(contoso.getInt("accepted.sender-domain")).isEqualTo(2);
        assertThat(contoso.getConfigList("senders").get(0).getString("name")).isEqualTo("contoso.example");
    }

    @Test
    @DisplayName("may be a page that runs nothing and loads nothing, whatever strangers wrote")
    void html() throws Exception {
        Files.writeString(log, LOG.replace("connector=contoso/mail", "connector=contoso/<img\\u{20}src=x>"));
        assertThat(run("--format", "html")).isZero();
        String page = out.toString();
        String style = page.substring(page.indexOf("<style>") + "<style>".length(), page.indexOf("</style>"));
        String hash = Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("SHA-256").digest(style.getBytes(StandardCharsets.UTF_8)));
        assertThat(page)
                .startsWith("<!DOCTYPE html>")
                .contains("content=\"default-src 'none'; style-src 'sha256-" + hash
                        + "'; base-uri 'none'; form-action 'none'\"")
                .contains("<h2>contoso/&lt;img src=x&gt;</h2>")
                .doesNotContain("<script", "<img", "http://", "https://", " src=\"", "<link", "javascript:");
        assertThat(page.lines().filter(line -> line.contains("<tr>")).count()).isEqualTo(11);
    }

    @Test
    @DisplayName("has the most frequent names, and says what it leaves out")
    void bounded() throws IOException {
        StringBuilder many = new StringBuilder();
        String refusal = LOG.lines().toList().get(3) + "\n";
        for (int i = 0; i < 5000; i++) {
            many.append(refusal.replace("contoso.example", "d" + i + ".example"));
            many.append(refusal.replace("contoso.example", "often.example"));
        }
        Files.writeString(log, many);
        assertThat(run("--top", "3")).isZero();
        assertThat(out.toString())
                .contains("      5000  sender domain that is not accepted: often.example")
                .contains("further names: 1995; --top shows more")
                .contains("Some lists had too many names");
        assertThat(out.toString().lines().filter(line -> line.contains("not accepted: ")))
                .hasSize(3);
    }

    @Test
    @DisplayName("wants a number of names that is one")
    void noNumber() {
        assertThat(run("--top", "0")).isEqualTo(2);
        assertThat(err.toString()).contains("Give --top a number of at least 1");
    }
}
