package io.github.orgmilter.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.orgmilter.config.Configuration;
import io.github.orgmilter.net.ConnectionMemory;
import io.github.orgmilter.net.Limit;
import io.github.orgmilter.net.Limits;
import io.github.orgmilter.net.Server;
import io.github.orgmilter.organization.Mode;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.organization.SenderProtection;
import io.github.orgmilter.organization.Standing;
import io.github.orgmilter.policy.Policy;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

@DisplayName("A map look-up")
final class MapLookupTest {

    private static final String LONG = "o".repeat(998) + "ö".repeat(10);

    private static final String CONFIGURATION = """
            mode = audit
            map-listen = [ "inet:0@127.0.0.1" ]
            exempt-clients = [ "192.0.2.200" ]
            local-domains = [ "mx1.example.net", "localhost", "mx.fabrikam.com" ]
            delivered-domains = [ "delivered.example", { domain = "below.fabrikam.com", subdomains = true } ]
            organizations {
              contoso {
                accepted-domains = [ "contoso.com", "delivered.example", "bücher.example" ]
                connectors {
                  office { addresses = [ "198.51.100.0/28", "2001:db8:1::/48", "2001:db8::1" ] }
                  off { addresses = [ "203.0.113.1" ], enabled = false }
                  both { addresses = [ "203.0.113.2" ], certificate-names = [ "mail.contoso.com" ] }
                }
              }
              fabrikam {
                accepted-domains = [ { domain = "fabrikam.com", subdomains = true } ]
                partners.a { sender-domains = [ "partner.example" ], addresses = [ "203.0.113.3" ] }
              }
              "%s" { accepted-domains = [ "long.example" ] }
            }
            """.formatted(LONG);

    private final List<String> counted = new ArrayList<>();
    private final MapObserver observer = new MapObserver() {
        @Override
        public void lookedUp(String map, String answer) {
            counted.add(map + " " + answer);
        }

        @Override
        public void limited(Limit limit) {
            counted.add("limit " + limit.key());
        }
    };
    private final Logger logger = (Logger) LoggerFactory.getLogger(RequestHandler.class);
    private final ListAppender<ILoggingEvent> events = new ListAppender<>();

    @TempDir
    private Path folder;

    private EmbeddedChannel channel = new EmbeddedChannel();

    @BeforeEach
    void open() throws Exception {
        Configuration configuration =
                Configuration.load(Files.writeString(folder.resolve("orgmilter.conf"), CONFIGURATION));
        events.start();
        logger.setLevel(Level.WARN);
        logger.addAppender(events);
        open(() -> configuration, new ConnectionMemory(() -> OptionalLong.of(Long.MAX_VALUE), limit -> {}));
    }

    @AfterEach
    void close() {
        logger.detachAppender(events);
        logger.setLevel(null);
        channel.finishAndReleaseAll();
    }

    private void open(Supplier<Configuration> configuration, ConnectionMemory memory) {
        channel = new EmbeddedChannel(new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel connection) {
                MapService.initialize(
                        connection, new Lookup(configuration, observer), Limits.DEFAULT, memory, observer);
            }
        });
    }

    private static byte[] netstring(String content) {
        byte[] octets = content.getBytes(StandardCharsets.UTF_8);
        return (octets.length + ":" + new String(octets, StandardCharsets.ISO_8859_1) + ",")
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private String ask(String request) {
        return write(netstring(request));
    }

    private String write(byte[] octets) {
        channel.writeInbound(Unpooled.copiedBuffer(octets));
        return answers();
    }

    private String answers() {
        StringBuilder answers = new StringBuilder();
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            answers.append(part.toString(StandardCharsets.UTF_8));
            part.release();
        }
        return answers.toString();
    }

    private List<String> logged() {
        return events.list.stream()
                .map(event -> event.getLevel() + " " + event.getFormattedMessage())
                .toList();
    }

    @Test
    @DisplayName("of an address that is not known is answered TEMP while a connector of the directory cannot be read")
    void unreadable() throws Exception {
        Configuration files = Configuration.load(folder.resolve("orgmilter.conf"));
        Organization unreadable = new Organization(
                "wingtip",
                List.of(),
                List.of(),
                SenderProtection.RELAY,
                Mode.ENFORCE,
                Standing.OF_FILE.inDirectory(true));
        Policy policy = files.policy()
                .with(List.of(unreadable), List.of(), files.policy().options(), "1");
        Configuration both = files.with(policy);
        open(() -> both, new ConnectionMemory(() -> OptionalLong.of(Long.MAX_VALUE), limit -> {}));
        assertThat(ask("clients 203.0.113.9")).contains("TEMP ").contains("orgmilter directory problems");
        assertThat(ask("clients 198.51.100.1")).isEqualTo("5:OK OK,");
        assertThat(ask("clients mail.example.org")).isEqualTo("9:NOTFOUND ,");
        assertThat(ask("access Connect:203.0.113.9")).isEqualTo("9:NOTFOUND ,");
        assertThat(ask("relay-domains stranger.example")).isEqualTo("9:NOTFOUND ,");
    }

    static Stream<Arguments> lookups() {
        return Stream.of(
                // spotless:off
                found("accepted-domains contoso.com", "contoso"),
                found("accepted-domains ConToso.COM", "contoso"),
                found("accepted-domains contoso.com.", "contoso"),
                found("accepted-domains delivered.example", "contoso"),
                found("accepted-domains fabrikam.com", "fabrikam"),
                found("accepted-domains deep.sub.fabrikam.com", "fabrikam"),
                found("accepted-domains xn--bcher-kva.example", "contoso"),
                found("accepted-domains bücher.example", "contoso"),
                found("accepted-domains BÜCHER.example", "contoso"),
                missing("accepted-domains sub.contoso.com"),
                missing("accepted-domains .contoso.com"),
                missing("accepted-domains .fabrikam.com"),
                missing("accepted-domains .com"),
                missing("accepted-domains notfabrikam.com"),
                missing("accepted-domains con\u00adtoso.com"),
                missing("accepted-domains ｃontoso.com"),
                missing("accepted-domains contoſo.com"),
                missing("accepted-domains contoso.com\u0000"),
                missing("accepted-domains contoso.com "),
                missing("accepted-domains  contoso.com"),
                missing("accepted-domains info@contoso.com"),
                missing("accepted-domains mx.fabrikam.com"),
                missing("accepted-domains localhost"),
                missing("accepted-domains "),
                missing("accepted-domains ."),
                found("relay-domains contoso.com", "contoso"),
                found("relay-domains sub.fabrikam.com", "fabrikam"),
                missing("relay-domains delivered.example"),
                missing("relay-domains below.fabrikam.com"),
                missing("relay-domains far.below.fabrikam.com"),
                missing("relay-domains .contoso.com"),
                missing("relay-domains mx.fabrikam.com"),
                found("local-domains mx1.example.net", "mx1.example.net"),
                found("local-domains LOCALHOST", "localhost"),
                found("local-domains mx.fabrikam.com", "mx.fabrikam.com"),
                missing("local-domains sub.mx1.example.net"),
                missing("local-domains contoso.com"),
                missing("local-domains .example.net"),
                found("clients 198.51.100.0", "OK"),
                found("clients 198.51.100.15", "OK"),
                found("clients ::ffff:198.51.100.15", "OK"),
                found("clients 2001:db8:1::7", "OK"),
                found("clients 2001:db8::1", "OK"),
                found("clients 192.0.2.200", "OK"),
                missing("clients 198.51.100.16"),
                missing("clients 198.51.100"),
                missing("clients 198.51"),
                missing("clients 198"),
                missing("clients 2001:db8:1"),
                missing("clients 2001:db8:2::"),
                missing("clients 203.0.113.1"),
                missing("clients 203.0.113.2"),
                missing("clients 203.0.113.3"),
                missing("accepted-domains partner.example"),
                missing("clients unknown"),
                missing("clients mail.contoso.com"),
                missing("clients 198.51.100.0/28"),
                missing("clients 198.51.100.015"),
                missing("clients "),
                found("access To:contoso.com", "RELAY"),
                found("access to:sub.fabrikam.com", "RELAY"),
                found("access To:delivered.example", "RELAY"),
                found("access Connect:198.51.100.3", "RELAY"),
                found("access Connect:IPv6:2001:db8:1:0:0:0:0:7", "RELAY"),
                found("access connect:IPv6:2001:DB8:0:0:0:0:0:1", "RELAY"),
                missing("access Connect:IPv6:2001:db8:0:0:0:0:0"),
                missing("access Connect:IPv6:2001:db8::1"),
                missing("access Connect:198.51.100"),
                missing("access Connect:mail.contoso.com"),
                missing("access Connect:contoso.com"),
                missing("access contoso.com"),
                missing("access 198.51.100.3"),
                missing("access From:contoso.com"),
                missing("access To:info@contoso.com"),
                missing("access To:sub.contoso.com"),
                missing("access To:198.51.100.3"),
                missing("access Spam:contoso.com"),
                missing("access CertIssuer:/CN=CA"),
                missing("access "));
                // spotless:on
    }

    private static Arguments found(String request, String value) {
        return Arguments.of(request, "OK " + value);
    }

    private static Arguments missing(String request) {
        return Arguments.of(request, "NOTFOUND ");
    }

    @ParameterizedTest(name = "{0} is answered {1}")
    @MethodSource("lookups")
    void answers(String request, String answer) {
        assertThat(ask(request)).isEqualTo(answer.length() + ":" + answer + ",");
        String map = request.substring(0, request.indexOf(' '));
        String kind = answer.startsWith("OK") ? "ok" : "notfound";
        assertThat(counted).containsExactly(map + " " + kind);
        assertThat(logged()).isEmpty();
    }

    @Test
    @DisplayName("in a map that does not exist is answered PERM each time, and logged once")
    void unknownMap() {
        String text = "PERM there is no such map; those of OrgMilter are accepted-domains, relay-domains,"
                + " local-domains, clients, access";
        String answer = text.length() + ":" + text + ",";
        assertThat(ask("Clients 192.0.2.1") + ask("nonsense x")).isEqualTo(answer + answer);
        assertThat(counted).containsExactly("unknown perm", "unknown perm");
        assertThat(logged()).hasSize(1).first().asString().contains("WARN", "a map that does not exist");
    }

    @Test
    @DisplayName("that fails is answered TEMP, and the log has the failure")
    void failure() {
        open(
                () -> {
                    throw new IllegalStateException("no policy");
                },
                new ConnectionMemory(() -> OptionalLong.of(Long.MAX_VALUE), limit -> {}));
        String text = "TEMP the look-up failed; the log of OrgMilter has the reason";
        assertThat(ask("clients 192.0.2.1")).isEqualTo(text.length() + ":" + text + ",");
        assertThat(counted).containsExactly("clients temp");
        assertThat(logged()).containsExactly("ERROR map look-up failed");
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    @DisplayName("that runs out of memory is answered by nothing, and closes the connection")
    void error() {
        open(
                () -> {
                    throw new StackOverflowError();
                },
                new ConnectionMemory(() -> OptionalLong.of(Long.MAX_VALUE), limit -> {}));
        assertThat(ask("clients 192.0.2.1")).isEmpty();
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    @DisplayName("has an answer of 1,000 octets at most, and no half of a character at its end")
    void longValue() {
        String answer = ask("accepted-domains long.example");
        String text = "OK " + "o".repeat(997);
        assertThat(answer).isEqualTo("1000:" + text + ",");
    }

    @ParameterizedTest(name = "comes in pieces of {0} octets")
    @ValueSource(ints = {1, 2, 3, 7, 1000})
    void pieces(int size) {
        byte[] two = (new String(netstring("clients 198.51.100.1"), StandardCharsets.ISO_8859_1)
                        + new String(netstring("relay-domains fabrikam.com"), StandardCharsets.ISO_8859_1))
                .getBytes(StandardCharsets.ISO_8859_1);
        StringBuilder answers = new StringBuilder();
        for (int at = 0; at < two.length; at += size) {
            channel.writeInbound(Unpooled.copiedBuffer(two, at, Math.min(size, two.length - at)));
            answers.append(answers());
        }
        assertThat(answers).hasToString("5:OK OK,11:OK fabrikam,");
    }

    @ParameterizedTest(name = "is refused as {0}")
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n",
                ":x y,",
                "-1:x,",
                "+3:x y,",
                " 3:x y,",
                "03:x y,",
                "00:,",
                "0:,",
                "3:x y;",
                "3:x yz",
                "3:xyz,",
                "2: x,",
                "12345678:x",
                "\n",
                "\u00ff\u0000"
            })
    void malformed(String octets) {
        channel.writeInbound(Unpooled.copiedBuffer(octets + ",,,,", StandardCharsets.ISO_8859_1));
        assertThat(answers()).isEmpty();
        assertThat(channel.isOpen()).isFalse();
        assertThat(logged()).hasSize(1).first().asString().startsWith("WARN map look-ups: connection closed: ");
        assertThat(counted).isEmpty();
    }

    @Test
    @DisplayName("behind one that is malformed is not answered")
    void nothingBehindMalformed() {
        assertThat(write("5:OK OK;20:clients 198.51.100.1,".getBytes(StandardCharsets.US_ASCII)))
                .isEmpty();
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    @DisplayName("that is longer than frame-size closes the connection before it has come")
    void tooLong() {
        assertThat(write("70000:clients ".getBytes(StandardCharsets.US_ASCII))).isEmpty();
        assertThat(channel.isOpen()).isFalse();
        assertThat(counted).containsExactly("limit frame-size");
        assertThat(logged()).containsExactly("WARN map look-ups: limit=frame-size action=close");
    }

    @Test
    @DisplayName("that does not end in time closes the connection")
    void slow() {
        write("20:clients 198".getBytes(StandardCharsets.US_ASCII));
        channel.advanceTimeBy(31, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        assertThat(channel.isOpen()).isFalse();
        assertThat(counted).containsExactly("limit frame-timeout");
    }

    @Test
    @DisplayName("is answered while the process stops, too")
    void draining() {
        channel.pipeline().fireUserEventTriggered(Server.DRAINING);
        assertThat(ask("clients 198.51.100.1")).isEqualTo("5:OK OK,");
    }

    @Test
    @DisplayName("finds no memory for its connection where there is none")
    void memory() {
        open(
                () -> {
                    throw new AssertionError("not asked");
                },
                new ConnectionMemory(() -> OptionalLong.of(1), limit -> counted.add("limit " + limit.key())));
        assertThat(channel.isOpen()).isFalse();
        assertThat(counted).containsExactly("limit memory");
    }

    @Test
    @DisplayName("has a map and a key")
    void requests() throws Exception {
        assertThat(MapRequest.parse("clients a b".getBytes(StandardCharsets.US_ASCII)))
                .isEqualTo(new MapRequest("clients", "a b"));
        assertThatThrownBy(() -> MapRequest.parse(new byte[0]))
                .isInstanceOf(MalformedRequestException.class)
                .hasMessage("a request without a map and a key");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "accepted-domains contoso.com",
                "relay-domains x.example",
                "local-domains localhost",
                "clients 192.0.2.1"
            })
    @DisplayName("is answered TEMP while there is no policy yet")
    void notReady(String request) throws Exception {
        Configuration loaded = Configuration.load(Files.writeString(folder.resolve("unready.conf"), CONFIGURATION));
        Configuration unready = loaded.with(Policy.unready(loaded.policy().options(), "0"));
        open(() -> unready, new ConnectionMemory(() -> OptionalLong.of(Long.MAX_VALUE), limit -> {}));
        assertThat(ask(request)).contains("TEMP the directory has not been read yet");
    }
}
