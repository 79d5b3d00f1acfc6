package io.github.orgmilter.milter;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.joran.spi.JoranException;
import ch.qos.logback.core.read.ListAppender;
import ch.qos.logback.core.status.Status;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import io.github.orgmilter.log.NonBlockingAppender;
import io.github.orgmilter.organization.Connector;
import io.github.orgmilter.organization.Mode;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.policy.Policy;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

@DisplayName("The configurations of the log")
@ExtendWith(FakeMta.Release.class)
final class LogConfigurationTest {

    private static final String TIME = "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\\.[0-9]{3}(Z|[+-][0-9:]{5})";

    private final Logger logger = (Logger) LoggerFactory.getLogger(SessionLog.class);
    private final ListAppender<ILoggingEvent> events = new ListAppender<>();
    private final Policy policy = Policies.twoOrganizations();

    @BeforeEach
    void listen() {
        events.start();
        logger.setLevel(Level.INFO);
        logger.setAdditive(false);
        logger.addAppender(events);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(events);
        logger.setAdditive(true);
        logger.setLevel(null);
    }

    /** What the configuration writes of all that was logged, octet by octet. */
    private String written(String configuration) throws JoranException {
        LoggerContext context = new LoggerContext();
        JoranConfigurator joran = new JoranConfigurator();
        joran.setContext(context);
        joran.doConfigure(Path.of("conf", configuration).toFile());
        assertThat(context.getStatusManager().getCopyOfStatusList())
                .filteredOn(status -> status.getLevel() >= Status.WARN)
                .isEmpty();
        assertThat(context.getLogger(SessionLog.class).getEffectiveLevel()).isEqualTo(Level.INFO);
        NonBlockingAppender log =
                (NonBlockingAppender) context.getLogger("ROOT").getAppender("log");
        OutputStreamAppender<ILoggingEvent> appender = (OutputStreamAppender<ILoggingEvent>) log.getAppender("stdout");
        Encoder<ILoggingEvent> encoder = appender.getEncoder();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        events.list.forEach(event -> out.writeBytes(encoder.encode(event)));
        context.stop();
        return out.toString(StandardCharsets.UTF_8);
    }

    private List<String> lines(String configuration) throws JoranException {
        String written = written(configuration);
        assertThat(written).endsWith("\n").doesNotContain("\r");
        List<String> lines = List.of(written.substring(0, written.length() - 1).split("\n", -1));
        assertThat(lines).hasSize(events.list.size());
        return lines;
    }

    private static Config json(String line) {
        return ConfigFactory.parseString(line, ConfigParseOptions.defaults().setSyntax(ConfigSyntax.JSON));
    }

    /** The facts of a JSON line in their order; one that stands there twice is an error. */
    private static Map<String, String> facts(String line) {
        Map<String, String> facts = new LinkedHashMap<>();
        for (Config pair : json(line).getConfigList("kvpList")) {
            pair.root()
                    .forEach((key, value) -> assertThat(facts.putIfAbsent(key, String.valueOf(value.unwrapped())))
                            .as(key)
                            .isNull());
        }
        return facts;
    }

    private static void session(FakeMta mta) {
        mta.helo("mail.contoso.com")
                .macros('M', "i", "4CjqCQ2W", "{cert_subject}", "mail.contoso.com", "{tls_version}", "TLSv1.3");
        mta.mail("<a@contoso.com>").rcpt("<b@example.net>");
        mta.macros('R', "i", "4CjqCQ2W").rcpt("<c@example.net>");
        mta.endOfBody();
        mta.mail("<a@contoso.com>").rcpt("<b@example.net>");
    }

    @Test
    @DisplayName("write text as orgmilter(8) shows it")
    void text() throws JoranException {
        session(FakeMta.postfix(policy, "192.0.2.7"));
        List<String> lines = lines("logback.xml");
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0))
                .matches(TIME + " INFO  4CjqCQ2W: session=[0-9a-z]+ verdict=accept cause=sender-domain"
                        + " connector=contoso/headquarters outcome=accepted client=192\\.0\\.2\\.7 cert=mail\\.contoso\\.com tls=yes"
                        + " helo=mail\\.contoso\\.com from=<a@contoso\\.com> to=<b@example\\.net> config=f00dcafe");
        assertThat(lines.get(1)).endsWith(" to=<c@example.net> recipients=2/2 config=f00dcafe");
        assertThat(lines.get(2))
                .matches(TIME
                        + " INFO  NOQUEUE: session=[0-9a-z]+ verdict=reject cause=not-identified client=192\\.0\\.2\\.7"
                        + " helo=mail\\.contoso\\.com from=<a@contoso\\.com> to=<b@example\\.net> config=f00dcafe"
                        + " reply=\"550 5\\.7\\.1 Relay access denied: 192\\.0\\.2\\.7 is not a known"
                        + " customer mail server\"");
    }

    @Test
    @DisplayName("write one JSON object a line, with every fact under its own key")
    void jsonFacts() throws JoranException {
        session(FakeMta.postfix(policy, "192.0.2.7"));
        List<String> lines = lines("logback-json.xml");
        Config first = json(lines.get(0));
        assertThat(first.getString("level")).isEqualTo("INFO");
        assertThat(first.getLong("timestamp")).isPositive();
        assertThat(first.getString("loggerName")).isEqualTo(SessionLog.class.getName());
        assertThat(first.getString("formattedMessage")).startsWith("4CjqCQ2W: session=");
        Map<String, String> accepted = facts(lines.get(0));
        String session = accepted.get("session");
        assertThat(accepted)
                .containsExactly(
                        Map.entry("queue", "4CjqCQ2W"),
                        Map.entry("session", session),
                        Map.entry("verdict", "accept"),
                        Map.entry("cause", "sender-domain"),
                        Map.entry("connector", "contoso/headquarters"),
                        Map.entry("outcome", "accepted"),
                        Map.entry("client", "192.0.2.7"),
                        Map.entry("cert", "mail.contoso.com"),
                        Map.entry("tls", "yes"),
                        Map.entry("helo", "mail.contoso.com"),
                        Map.entry("from", "a@contoso.com"),
                        Map.entry("to", "b@example.net"),
                        Map.entry("config", "f00dcafe"));
        assertThat(facts(lines.get(1)))
                .containsEntry("queue", "4CjqCQ2W")
                .containsEntry("to", "c@example.net")
                .containsEntry("recipients", "2/2");
        assertThat(facts(lines.get(2)))
                .containsEntry("queue", "NOQUEUE")
                .containsEntry("verdict", "reject")
                .containsEntry("cause", "not-identified")
                .containsKey("reply");
    }

    @Test
    @DisplayName("show what passes only by audit mode, which the MTA is told to let pass")
    void audit() throws JoranException {
        FakeMta mta = FakeMta.postfix(audited(policy), "198.51.100.3").mail("<a@example.org>");
        assertThat(mta.rcpt("<b@example.net>")).isEqualTo("c");
        assertThat(mta.endOfBody()).isEqualTo("c");
        assertThat(lines("logback.xml"))
                .singleElement()
                .asString()
                .contains(
                        " verdict=accept would=reject cause=domain-not-accepted connector=fabrikam/branch"
                                + " outcome=accepted ",
                        " recipients=1/1 ")
                .doesNotContain("reply=");
        assertThat(facts(lines("logback-json.xml").get(0)))
                .containsEntry("verdict", "accept")
                .containsEntry("would", "reject")
                .containsEntry("cause", "domain-not-accepted");
    }

    private static Policy audited(Policy policy) {
        List<Organization> organizations = new ArrayList<>();
        for (Organization o : policy.organizations()) {
            List<Connector> connectors = o.connectors().stream()
                    .map(c -> new Connector(
                            c.name(),
                            c.certificateNames(),
                            c.issuers(),
                            c.pins(),
                            c.addresses(),
                            c.requireTls(),
                            c.requireAcceptedDomain(),
                            c.allowNullSender(),
                            c.senderDomains(),
                            c.enabled(),
                            Mode.AUDIT))
                    .toList();
            organizations.add(
                    new Organization(o.name(), o.acceptedDomains(), connectors, o.senderProtection(), Mode.AUDIT));
        }
        return new Policy(organizations, policy.options(), policy.revision());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x> verdict=accept to=<y",
                "x verdict=accept to=<y",
                "x\n2026-11-23T12:00:00.000Z INFO  NOQUEUE: session=1 verdict=accept",
                "x\r\nNOQUEUE: verdict=accept",
                "x\u2028verdict=accept\u0085verdict=accept",
                "x\",\"verdict\":\"accept",
                "x\"}],\"kvpList\":[{\"verdict\":\"accept\"}]}\n{\"a\":\"",
                "x\\\",\"verdict\":\"accept",
                "x\\",
                "x\u001b[2K\u0008\u202e",
                "x\u009b31m\u007f\ud83d\ude00\udb40\udc41",
                "{} {} %msg ${user.home}",
                "x\u0000 verdict=accept"
            })
    @DisplayName("let nothing that a client says forge a line or a fact")
    void forgery(String hostile) throws JoranException {
        for (String where :
                List.of("sender", "sender's domain", "recipient", "HELO", "certificate", "queue id", "client")) {
            FakeMta mta = new FakeMta(policy).negotiate();
            mta.macros('C', "v", "Postfix 3.7.11");
            mta.connect('4', where.equals("client") ? hostile : "198.51.100.3");
            mta.send('H', octets(where.equals("HELO") ? hostile : "client.example"));
            mta.macros(
                    'M',
                    "i",
                    where.equals("queue id") ? hostile : "4CjqCQ2W",
                    "{cert_subject}",
                    where.equals("certificate") ? hostile : "mail.example.org",
                    "{tls_version}",
                    "TLSv1.3");
            mta.send(
                    'M',
                    octets(
                            switch (where) {
                                case "sender" -> "<" + hostile + "@example.org>";
                                case "sender's domain" -> "<a@" + hostile + ">";
                                default -> "<a@example.org>";
                            }));
            mta.send('R', octets(where.equals("recipient") ? "<" + hostile + "@example.net>" : "<b@example.net>"));
        }
        assertThat(events.list).hasSizeGreaterThanOrEqualTo(7);
        for (String line : lines("logback.xml")) {
            assertThat(line).matches(TIME + " (INFO |WARN ) [^ ]+: session=[0-9a-z]+ .*");
            assertThat(line.codePoints()).noneMatch(LogConfigurationTest::acts);
            List<String> words = List.of(line.split(" "));
            assertThat(words).noneMatch(word -> word.startsWith("verdict=accept"));
            assertThat(words.stream().filter(word -> word.startsWith("to=<"))).hasSizeLessThanOrEqualTo(1);
        }
        for (String line : lines("logback-json.xml")) {
            assertThat(json(line).root().keySet())
                    .isSubsetOf("timestamp", "level", "loggerName", "formattedMessage", "kvpList", "throwable");
            assertThat(facts(line)).doesNotContainEntry("verdict", "accept");
            assertThat(line.codePoints()).noneMatch(LogConfigurationTest::acts);
        }
        String helo = hostile.replaceFirst("\0.*", ""); // where the frame's text ends
        assertThat(lines("logback-json.xml"))
                .anySatisfy(line -> assertThat(facts(line)).containsEntry("helo", helo));
    }

    /** On a terminal, or on what reads lines. */
    private static boolean acts(int c) {
        return c < ' ' || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x202e || c == 0xe0041;
    }

    private static byte[] octets(String text) {
        return FakeMta.strings(text);
    }
}
