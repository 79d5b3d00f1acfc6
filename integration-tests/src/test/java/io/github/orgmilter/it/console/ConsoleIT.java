package io.github.orgmilter.it.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.it.client.MilterClient;
import io.github.orgmilter.it.client.SmtpClient;
import io.github.orgmilter.it.client.TestCertificates;
import io.github.orgmilter.it.daemon.MilterProcess;
import io.github.orgmilter.it.mta.DomainsIn;
import io.github.orgmilter.it.mta.FreePort;
import io.github.orgmilter.it.mta.MtaContainer;
import io.github.orgmilter.it.mta.PostfixContainer;
import io.github.orgmilter.it.mta.PostfixContainer.Gate;
import io.github.orgmilter.it.mta.Sink;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The console in a browser, about mail that went through a real Postfix. Its pages are in {@code target/screenshots}. */
@DisplayName("The console in a browser")
final class ConsoleIT {

    private static final TestCertificates CERTIFICATES = new TestCertificates();
    private static final String OURS = "127.0.0.5";
    private static final String STRANGER = "127.0.0.9";
    private static final String MARKUP = "<img/src=x/onerror=alert(1)>";
    private static final Path SCREENSHOTS = Path.of("target", "screenshots");
    private static final List<String> PAGES = List.of(
            "/",
            "/organizations",
            "/organization?name=contoso",
            "/verdicts",
            "/verdict?number=0",
            "/explain",
            "/configuration");

    private static Sink sink;
    private static PostfixContainer postfix;
    private static ChromiumContainer chromium;
    private static MilterProcess milter;
    private static int milterPort;
    private static int adminPort;

    private Browser browser;

    @BeforeAll
    static void start() throws IOException {
        MtaContainer.removeLeftovers();
        sink = new Sink();
        milterPort = FreePort.next();
        adminPort = FreePort.next();
        milter = MilterProcess.start(configuration(""));
        postfix = new PostfixContainer("bookworm", DomainsIn.RELAY_DOMAINS, CERTIFICATES, sink)
                .service("wide", Gate.WIDE, "inet:127.0.0.1:" + milterPort);
        postfix.start();
        chromium = new ChromiumContainer();
        chromium.start();
        mail();
    }

    /** Five verdicts, numbered from 0 on. */
    private static void mail() throws IOException {
        send(OURS, "mail.example", "a@contoso.com", "b@outside.example", 250);
        send(OURS, "mail.example", "a@elsewhere.example", "b@outside.example", 550);
        send(STRANGER, "mail.example", "a@contoso.com", "b@outside.example", 550);
        send(STRANGER, "mail.example", "\"" + MARKUP + "\"@outside.example", "info@contoso.com", 250);
        send(STRANGER, MARKUP, "a@outside.example", "x".repeat(200) + "@outside.example", 550);
    }

    private static String configuration(String more) {
        return """
                listen = [ "inet:%d@127.0.0.1" ]
                admin-listen = "inet:%d@127.0.0.1"
                organizations {
                  contoso {
                    accepted-domains = [ "contoso.com", { domain = "fabrikam.com", subdomains = true } ]
                    connectors {
                      headquarters { certificate-names = [ "mail.contoso.com", "*.edge.contoso.com" ] }
                      branch-office { addresses = [ "127.0.0.5" ] }
                      cloud { certificate-names = [ "mail.cloud.example" ], required-headers { X-Tenant = [ "contoso" ] } }
                    }
                    partners.bank { sender-domains = [ "bank.example" ], certificate-names = [ "mail.bank.example" ] }
                  }
                  tailspin {
                    accepted-domains = [ "tailspin.example" ]
                    connectors.all { addresses = [ "198.51.100.0/28" ] }
                  }
                }
                %s
                """.formatted(milterPort, adminPort, more);
    }

    @AfterAll
    static void stop() throws IOException {
        chromium.close();
        postfix.close();
        milter.close();
        sink.close();
    }

    @BeforeEach
    void open() throws IOException {
        browser = new Browser(chromium.browser(), "http://127.0.0.1:" + adminPort);
    }

    @AfterEach
    void close() {
        browser.close();
    }

    private static void send(String client, String helo, String sender, String recipient, int code) throws IOException {
        int mark = milter.mark();
        try (SmtpClient smtp = SmtpClient.connect(postfix.service("wide"), InetAddress.getByName(client))) {
            smtp.read();
            smtp.command("EHLO " + helo);
            smtp.mail(sender);
            assertThat(smtp.rcpt(recipient).code()).isEqualTo(code);
            smtp.quit();
        }
        milter.awaitVerdicts(mark, 1); // what is accepted comes after the session
    }

    private static void deliver() throws IOException {
        try (SmtpClient smtp = SmtpClient.connect(postfix.service("wide"), InetAddress.getByName(OURS))) {
            smtp.read();
            smtp.ehlo();
            smtp.mail("a@contoso.com");
            smtp.rcpt("b@outside.example");
            assertThat(smtp.data("a whole message").code()).isEqualTo(250);
            smtp.quit();
        }
    }

    static Stream<Arguments> screens() {
        return PAGES.stream()
                .flatMap(page -> Stream.of("light", "dark")
                        .flatMap(scheme -> Stream.of(360, 1600).map(width -> Arguments.of(page, scheme, width))));
    }

    @ParameterizedTest(name = "{0}, {1}, {2} pixels wide")
    @MethodSource
    @DisplayName("fits the screen, can be used by everybody, and has nothing that the browser complains of:")
    void screens(String page, String scheme, int width) throws IOException {
        browser.screen(width, scheme);
        browser.open(page);
        String name = page.equals("/") ? "overview" : page.replaceAll("^/|[?].*", "");
        browser.screenshot(SCREENSHOTS.resolve(name + "-" + scheme + "-" + width + ".png"));
        browser.assertFits(page);
        browser.assertAccessible(page + " " + scheme);
        browser.assertNoComplaints();
    }

    @Test
    @DisplayName("leads from an organization to what came near, and to the verdict with its explanation")
    void leads() {
        browser.open("/");
        browser.find("nav a[href='/organizations']").click();
        browser.submit("q", "contoso.com");
        browser.find("table a[href^='/organization']").click();
        browser.awaitText("h1", "Organization contoso");
        assertThat(browser.text()).contains("127.0.0.9", "elsewhere.example", "Last seen");
        browser.find("a[href='/verdict?number=2']").click();
        assertThat(browser.text())
                .contains("It would decide the same now.", "verdict    reject, not-identified", "127.0.0.9");
        browser.assertNoComplaints();
    }

    @Test
    @DisplayName("shows who may send as a domain, by a link and by a form")
    void who() {
        browser.open("/organization?name=contoso");
        browser.find("a[href$='domain=fabrikam.com#who']").click();
        browser.awaitText("#who pre", "fabrikam.com is an accepted domain of contoso");
        browser.submit("domain", "tailspin.example");
        browser.awaitText("#who pre", "tailspin/all: client address in 198.51.100.0/28");
        browser.assertNoComplaints();
    }

    @Test
    @DisplayName("filters by every field")
    void filters() throws IOException {
        browser.open("/verdicts?address=elsewhere");
        browser.find("#verdicts a[href^='/verdict']").click();
        String session = browser.fact("Session");
        int mark = milter.mark();
        deliver();
        milter.awaitVerdicts(mark, 1);
        browser.open("/verdicts?organization=contoso&verdict=accept");
        browser.find("#verdicts a[href^='/verdict']").click();
        String queueId = browser.fact("Queue ID");
        for (String[] pair : new String[][] {
            {"organization", "contoso", "contoso"},
            {"verdict", "reject", "reject"},
            {"cause", "not-identified", "not-identified"},
            {"client", "127.0.0.5", "127.0.0.5"},
            {"address", "elsewhere", "elsewhere.example"},
            {"session", session, "elsewhere.example"},
            {"queue", queueId, "accept"}
        }) {
            browser.open("/verdicts");
            long all = browser.rows().count();
            browser.submit(pair[0], pair[1]);
            browser.awaitText("#summary", "match");
            assertThat(browser.rows()).isNotEmpty().allMatch(row -> row.contains(pair[2]));
            assertThat(browser.rows().count()).isLessThan(all);
        }
        browser.open("/verdicts");
        browser.submit("session", "nobody");
        browser.awaitText("#summary", "None of the last");
        browser.open("/verdicts");
        browser.submit("queue", "nobody");
        browser.awaitText("#summary", "None of the last");
    }

    @Test
    @DisplayName("shows new verdicts as they come, through a reload and a restart")
    void live() throws IOException {
        browser.open("/verdicts");
        browser.awaitText("#live", "Live");
        send(OURS, "mail.example", "first@contoso.com", "b@outside.example", 250);
        browser.awaitText("#verdicts tr:first-child", "first@contoso.com");
        browser.open("/verdicts?address=fourth");
        browser.awaitText("#summary", "None of the last");
        browser.awaitText("#live", "Live");
        send(OURS, "mail.example", "fourth@contoso.com", "b@outside.example", 250);
        browser.awaitText("#verdicts tr:first-child", "fourth@contoso.com");
        browser.awaitText("#summary", "The latest of the last");
        browser.open("/verdicts");
        browser.awaitText("#live", "Live");
        milter.reload(configuration("unidentified-mail = reject"));
        send(OURS, "mail.example", "second@contoso.com", "b@outside.example", 250);
        browser.awaitText("#verdicts tr:first-child", "second@contoso.com");
        browser.assertNoComplaints();
        milter.close();
        browser.awaitText("#live", "lost");
        milter = MilterProcess.start(configuration(""));
        browser.awaitText("#live", "Live");
        mail();
        send(OURS, "mail.example", "third@contoso.com", "b@outside.example", 250);
        browser.awaitText("#verdicts tr:first-child", "third@contoso.com");
    }

    @Test
    @DisplayName("shows names from the wire as text")
    void hostile() {
        browser.open("/verdicts?address=onerror");
        assertThat(browser.rows()).singleElement().asString().contains("\"" + MARKUP + "\"@outside.example");
        assertThat(browser.all("#verdicts img")).isEmpty();
        browser.open("/verdicts?client=onerror");
        assertThat(browser.rows()).isNotEmpty();
        browser.find("#verdicts a[href^='/verdict']").click();
        assertThat(browser.text()).contains(MARKUP);
        assertThat(browser.all("main img")).isEmpty();
        browser.assertNoComplaints();
    }

    static Stream<Arguments> names() {
        return Stream.of(
                Arguments.of("markup", "'\"><script>alert(1)</script>", "<script>"),
                Arguments.of("text that turns around", "\u202emoc.osotnoc", "\\u202emoc.osotnoc"),
                Arguments.of("64 KB", "x".repeat(64_000), "x... (more than 1024 characters)"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("names")
    @DisplayName("shows a name as text that no mail server lets through:")
    void hostile(String what, String name, String shown) throws IOException {
        String client = "127.0.1." + what.length();
        int mark = milter.mark();
        String octets = new String(name.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        try (MilterClient mta = new MilterClient(milterPort, MilterClient.ALL_ACTIONS, client)) {
            mta.helo(octets);
            mta.mail(octets + "@outside.example");
            mta.rcpt(octets + "@contoso.com");
        }
        milter.awaitVerdicts(mark, 1);
        browser.screen(360, "light");
        browser.open("/verdicts?client=" + client);
        assertThat(browser.rows()).isNotEmpty();
        browser.assertFits(what);
        browser.find("#verdicts a[href^='/verdict']").click();
        assertThat(browser.text()).contains(shown);
        assertThat(browser.all("main script")).isEmpty();
        browser.assertFits(what);
        browser.assertAccessible(what);
        browser.assertNoComplaints();
    }

    static Stream<Arguments> certificates() {
        return Stream.of(
                Arguments.of("<script>alert(1)</script>", "mail.contoso.org", "<script>alert(1)</script>"),
                Arguments.of("An issuer", "<\u202e\u05d0>.contoso.org", "<\\u202e\u05d0>.contoso.org"));
    }

    @ParameterizedTest(name = "{1} by {0}")
    @MethodSource("certificates")
    @DisplayName("shows the names of a certificate as text, also at the organization in whose name it sent:")
    void certificates(String issuer, String name, String shown) throws IOException {
        int mark = milter.mark();
        String client = "127.0.2." + issuer.length();
        try (SmtpClient smtp = SmtpClient.connect(postfix.service("wide"), InetAddress.getByName(client))) {
            smtp.read();
            smtp.ehlo();
            smtp.startTls(CERTIFICATES.issuedBy(issuer, name).tls());
            smtp.ehlo();
            smtp.mail("a@contoso.com");
            assertThat(smtp.rcpt("b@outside.example").code()).isEqualTo(550);
        }
        milter.awaitVerdicts(mark, 1);
        browser.open("/organization?name=contoso");
        browser.awaitTextOnReload(name.replace("\u202e", "\\u202e")); // what was seen is counted now and then
        browser.open("/verdicts?client=" + client);
        browser.find("#verdicts a[href^='/verdict']").click();
        assertThat(browser.text()).contains(shown);
        assertThat(browser.all("main script")).isEmpty();
        browser.assertNoComplaints();
    }

    @Test
    @DisplayName("works without JavaScript")
    void withoutJavaScript() {
        browser.withoutJavaScript(true);
        browser.open("/verdicts?cause=not-identified");
        assertThat(browser.source()).contains("<a href=\"/verdict?number=2\">");
        browser.open("/explain?client-address=127.0.0.5&from=a%40contoso.com&to=b%40outside.example");
        assertThat(browser.source()).contains("verdict    accept, sender-domain");
        browser.withoutJavaScript(false);
    }
}
