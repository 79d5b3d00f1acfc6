package io.github.orgmilter.delegation;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.orgmilter.config.Configuration;
import io.github.orgmilter.config.ConfigurationException;
import io.github.orgmilter.milter.LiveSessions;
import io.github.orgmilter.net.ConnectionMemory;
import io.github.orgmilter.net.Limit;
import io.github.orgmilter.net.Limits;
import io.github.orgmilter.net.Server;
import io.github.orgmilter.verdict.Verdict;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
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

@DisplayName("Policy delegation")
class DelegationTest {

    private static final String PINNED = "AA:".repeat(31) + "AA";
    private static final String PINNED_KEY = "BB:".repeat(31) + "BB";
    private static final String OTHER = "CC:".repeat(31) + "CC";
    private static final String MD5 = "DD:".repeat(15) + "DD";

    private static final String CONFIGURATION = """
            policy-listen = [ "inet:0@127.0.0.1" ]
            policy-grants-relay = %s
            mode = %s
            trusted-logins = [ "alice" ]
            exempt-clients = [ "192.0.2.200" ]
            local-domains = [ "mx1.example.net" ]
            organizations {
              contoso {
                accepted-domains = [ "contoso.com" ]
                connectors {
                  pinned { certificate-fingerprints = [ "%s" ], public-key-fingerprints = [ "%s" ] }
                  named { certificate-names = [ "mail.contoso.com" ] }
                }
              }
              fabrikam {
                accepted-domains = [ "fabrikam.com" ]
                connectors {
                  branch { addresses = [ "198.51.100.0/28" ] }
                  devices { logins = [ "*@fabrikam.com" ] }
                }
              }
            }
            """;

    private final List<String> counted = new ArrayList<>();
    private final DelegationObserver observer = new DelegationObserver() {
        @Override
        public void answered(String action) {
            counted.add(action);
        }

        @Override
        public void refused(Verdict verdict, String revision) {
            counted.add(verdict.cause().key());
        }

        @Override
        public void limited(Limit limit) {
            counted.add("limit " + limit.key());
        }
    };

    @TempDir
    private Path folder;

    private EmbeddedChannel channel = new EmbeddedChannel();

    @BeforeEach
    void open() throws Exception {
        open(configuration("true", "enforce"));
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private Configuration configuration(String grants, String mode) throws IOException, ConfigurationException {
        return Configuration.load(Files.writeString(
                folder.resolve("orgmilter.conf"), String.format(CONFIGURATION, grants, mode, PINNED, PINNED_KEY)));
    }

    private void open(Configuration configuration) {
        open(() -> configuration);
    }

    private void open(Supplier<Configuration> configuration) {
        channel = connection(configuration, new ConnectionMemory(() -> OptionalLong.of(Long.MAX_VALUE), limit -> {}));
    }

    private EmbeddedChannel connection(Supplier<Configuration> configuration, ConnectionMemory memory) {
        return new EmbeddedChannel(new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel connection) {
                DelegationService.initialize(
                        connection,
                        new Delegation(configuration, new LiveSessions(), observer, Optional.empty()),
                        Limits.DEFAULT,
                        memory,
                        observer);
            }
        });
    }

    /** A request as Postfix 3.7 sends it, of a stranger over plain text; {@code attributes} replace some of it. */
    private static String request(String... attributes) {
        Map<String, String> all = new LinkedHashMap<>();
        Stream.of(
                        "request=smtpd_access_policy",
                        "protocol_state=RCPT",
                        "protocol_name=ESMTP",
                        "client_address=203.0.113.99",
                        "client_name=unknown",
                        "client_port=40000",
                        "reverse_client_name=unknown",
                        "server_address=192.0.2.25",
                        "server_port=25",
                        "helo_name=client.example",
                        "sender=a@contoso.com",
                        "recipient=b@example.net",
                        "recipient_count=0",
                        "queue_id=",
                        "instance=1.2.3.0",
                        "size=0",
                        "etrn_domain=",
                        "stress=",
                        "sasl_method=",
                        "sasl_username=",
                        "sasl_sender=",
                        "ccert_subject=",
                        "ccert_issuer=",
                        "ccert_fingerprint=",
                        "ccert_pubkey_fingerprint=",
                        "encryption_protocol=",
                        "encryption_cipher=",
                        "encryption_keysize=0",
                        "policy_context=")
                .forEach(line -> put(all, line));
        Stream.of(attributes).forEach(line -> put(all, line));
        return all.entrySet().stream()
                        .map(a -> a.getKey() + "=" + a.getValue() + "\n")
                        .collect(Collectors.joining()) + "\n";
    }

    private static void put(Map<String, String> all, String line) {
        all.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1));
    }

    private static String[] tls(String... attributes) {
        return Stream.concat(Stream.of("encryption_protocol=TLSv1.3"), Stream.of(attributes))
                .toArray(String[]::new);
    }

    private static String[] pinned(String... attributes) {
        return tls(Stream.concat(
                        Stream.of("ccert_fingerprint=" + PINNED, "ccert_pubkey_fingerprint=" + OTHER),
                        Stream.of(attributes))
                .toArray(String[]::new));
    }

    private String ask(String request) {
        channel.writeInbound(Unpooled.copiedBuffer(request, StandardCharsets.ISO_8859_1));
        return answers();
    }

    private String answers() {
        StringBuilder answers = new StringBuilder();
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            answers.append(part.toString(StandardCharsets.US_ASCII));
            part.release();
        }
        return answers.toString();
    }

    @Test
    @DisplayName("does not grant what the header may still refuse, without a session that sees it")
    void headerFrom() throws Exception {
        String[] relayed = {"client_address=198.51.100.3", "sender=x@fabrikam.com"};
        Configuration protecting = Configuration.load(Files.writeString(
                folder.resolve("protecting.conf"),
                String.format(CONFIGURATION, "true", "enforce", PINNED, PINNED_KEY)
                        .replace(
                                "accepted-domains = [ \"contoso.com\" ]",
                                "accepted-domains = [ \"contoso.com\" ], header-from = relay")));
        open(protecting);
        assertThat(ask(request(relayed))).isEqualTo("action=451 4.3.0 Temporary failure, try again later\n\n");
        assertThat(ask(request("client_address=198.51.100.3", "sender=x@fabrikam.com", "recipient=b@contoso.com")))
                .isEqualTo("action=DUNNO\n\n");
        assertThat(ask(request("client_address=192.0.2.200"))).as("exempt").isEqualTo("action=DUNNO\n\n");
    }

    @Test
    @DisplayName("refuses what a partner restricts, unless the milter may know better where the sender is")
    void partners() throws Exception {
        Configuration restricting = Configuration.load(Files.writeString(
                folder.resolve("restricting.conf"),
                String.format(CONFIGURATION, "true", "enforce", PINNED, PINNED_KEY)
                        .replace(
                                "accepted-domains = [ \"contoso.com\" ]",
                                "accepted-domains = [ \"contoso.com\" ], partners { tailspin { sender-domains = [ \"tailspin.example\" ],"
                                        + " certificate-fingerprints = [ \"" + OTHER
                                        + "\" ] }, all { sender-domains = [ \"*\" ], issuers = [ \"Good CA\" ] } }")));
        open(restricting);
        String[] to = {"recipient=b@contoso.com", "sender=a@tailspin.example"};
        String refused =
                "action=550 5.7.1 Access denied: mail from tailspin.example must come from its registered servers\n\n";
        assertThat(ask(request(to))).isEqualTo(refused);
        assertThat(ask(request(tls(to)))).isEqualTo(refused);
        assertThat(ask(request(tls(to[0], to[1], "ccert_fingerprint=" + OTHER))))
                .isEqualTo("action=DUNNO\n\n");
        assertThat(ask(request(tls(to[0], to[1], "ccert_fingerprint=" + MD5))))
                .isEqualTo("action=451 4.7.0 The client certificate cannot be checked right now, try again later\n\n");
        assertThat(ask(request(pinned(to)))).as("contoso's own server").isEqualTo("action=DUNNO\n\n");
        assertThat(ask(request(to[0], "sender=a@example.org"))).startsWith("action=550 5.7.1 ");
        assertThat(ask(request(tls(to[0], "sender=a@example.org", "ccert_issuer=Good CA"))))
                .isEqualTo("action=DUNNO\n\n");
        assertThat(ask(request(to[0], "sender=root")))
                .as("perhaps the MTA's own")
                .isEqualTo("action=DUNNO\n\n");
        assertThat(ask(request(to[0], "sender="))).isEqualTo("action=DUNNO\n\n");
        assertThat(ask(request(to[0], "sender=a%tailspin.example@x"))).isEqualTo("action=DUNNO\n\n");
        assertThat(counted).contains("partner-restriction", "no-policy-data");
    }

    static Stream<Arguments> questions() {
        String refused = "550 5.7.1 Relay access denied: 203.0.113.99 is not a known customer mail server";
        return Stream.of(
                Arguments.of("a pinned certificate", pinned(), "OK"),
                Arguments.of(
                        "a pinned key",
                        tls("ccert_fingerprint=" + OTHER, "ccert_pubkey_fingerprint=" + PINNED_KEY),
                        "OK"),
                Arguments.of(
                        "a pin in lower case",
                        tls("ccert_fingerprint=" + PINNED.toLowerCase(java.util.Locale.ROOT)),
                        "OK"),
                Arguments.of(
                        "another certificate",
                        tls("ccert_fingerprint=" + OTHER, "ccert_pubkey_fingerprint=" + OTHER),
                        refused),
                Arguments.of("a fingerprint without encryption", new String[] {"ccert_fingerprint=" + PINNED}, refused),
                Arguments.of(
                        "MD5 fingerprints, by which no pin can be told",
                        tls("ccert_fingerprint=" + MD5, "ccert_pubkey_fingerprint=" + MD5),
                        "451 4.7.0 The client certificate cannot be checked right now, try again later"),
                Arguments.of("a verified name", tls("ccert_subject=mail.contoso.com", "ccert_issuer=CA"), "OK"),
                Arguments.of("a name in xtext that is no host's", tls("ccert_subject=mail.contoso.com+00"), refused),
                Arguments.of("broken xtext", tls("ccert_subject=mail.contoso.com+0"), refused),
                Arguments.of("an address", new String[] {"client_address=198.51.100.3", "sender=x@fabrikam.com"}, "OK"),
                Arguments.of(
                        "an address and another's domain",
                        new String[] {"client_address=198.51.100.3"},
                        "550 5.7.1 Relay access denied: contoso.com is not an accepted domain for this mail server"),
                Arguments.of("inbound mail", new String[] {"sender=x@example.org", "recipient=b@contoso.com"}, "DUNNO"),
                Arguments.of("inbound mail from a pinned server", pinned("recipient=b@fabrikam.com"), "DUNNO"),
                Arguments.of("a local domain", new String[] {"recipient=root@mx1.example.net"}, "DUNNO"),
                Arguments.of(
                        "a login, which is Postfix's own matter",
                        new String[] {"sasl_method=PLAIN", "sasl_username=alice"},
                        "DUNNO"),
                Arguments.of(
                        "a login of a connector",
                        new String[] {"sasl_method=PLAIN", "sasl_username=a+b@fabrikam.com", "sender=x@fabrikam.com"},
                        "OK"),
                Arguments.of(
                        "a login of a connector with another's domain",
                        new String[] {"sasl_method=PLAIN", "sasl_username=a+b@fabrikam.com"},
                        "550 5.7.1 Relay access denied: contoso.com is not an accepted domain for this mail server"),
                Arguments.of("EXTERNAL, which is none", tls("sasl_method=EXTERNAL", "sasl_username=alice"), refused),
                Arguments.of(
                        "a login without a mechanism, which is none", new String[] {"sasl_username=alice"}, refused),
                Arguments.of(
                        "a soft hyphen in an accepted domain",
                        new String[] {"recipient=b@con\u00c2\u00adtoso.com"},
                        refused),
                Arguments.of("a null sender of a named server", tls("ccert_subject=mail.contoso.com", "sender="), "OK"),
                Arguments.of(
                        "an exempt client, which is identified by nobody",
                        new String[] {"client_address=192.0.2.200"},
                        "DUNNO"),
                Arguments.of(
                        "a percent sign from a pinned server", pinned("recipient=u%evil.example@example.net"), "DUNNO"),
                Arguments.of("a bang path from a pinned server", pinned("recipient=evil!u@example.net"), "DUNNO"),
                Arguments.of("two at signs from a pinned server", pinned("recipient=u@evil@example.net"), "DUNNO"),
                Arguments.of("a source route from a pinned server", pinned("recipient=@hop:u@example.net"), "DUNNO"),
                Arguments.of(
                        "a percent sign from a stranger",
                        new String[] {"recipient=u%evil.example@contoso.com"},
                        refused),
                Arguments.of("an unqualified recipient from a pinned server", pinned("recipient=root"), "DUNNO"),
                Arguments.of("an unqualified recipient from a stranger", new String[] {"recipient=root"}, "DUNNO"),
                Arguments.of("no recipient", pinned("recipient="), "DUNNO"),
                Arguments.of("a recipient that is no UTF-8", pinned("recipient=\u00ff@example.net"), "DUNNO"),
                Arguments.of(
                        "a sender that is no UTF-8",
                        pinned("sender=\u00ff@contoso.com"),
                        "550 5.1.7 Bad sender address syntax"),
                Arguments.of(
                        "an uncertain sender, of which the milter knows more",
                        pinned("sender=u%fabrikam.com@elsewhere.example"),
                        "DUNNO"),
                Arguments.of(
                        "a null sender and a pin without names",
                        pinned("sender="),
                        "550 5.7.1 Relay access denied: the null sender requires a certificate for an accepted domain"),
                Arguments.of(
                        "an unknown client",
                        new String[] {"client_address=unknown"},
                        refused.replace("203.0.113.99", "unknown")),
                Arguments.of("another state", new String[] {"protocol_state=DATA"}, "DUNNO"),
                Arguments.of("an attribute of a later Postfix", pinned("mail_version=3.99=x"), "OK"));
    }

    @ParameterizedTest(name = "answers {0} with {2}", quoteTextArguments = false)
    @MethodSource("questions")
    void answers(String what, String[] attributes, String action) {
        assertThat(ask(request(attributes))).isEqualTo("action=" + action + "\n\n");
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    @DisplayName("grants nothing unless it is to")
    void grantsNothing() throws Exception {
        open(configuration("false", "enforce"));
        assertThat(ask(request(pinned()))).isEqualTo("action=DUNNO\n\n");
        assertThat(ask(request())).startsWith("action=550 5.7.1 ");
    }

    @Test
    @DisplayName("refuses nothing in audit, and grants to those who are identified only")
    void audit() throws Exception {
        open(configuration("true", "audit"));
        assertThat(ask(request())).isEqualTo("action=DUNNO\n\n");
        assertThat(ask(request(pinned()))).isEqualTo("action=OK\n\n");
    }

    @Test
    @DisplayName("has a log line with the facts of the verdict, and the reply only where Postfix gets it")
    void log() throws Exception {
        Logger logger = (Logger) LoggerFactory.getLogger(Delegation.class);
        ListAppender<ILoggingEvent> events = new ListAppender<>();
        events.start();
        logger.setLevel(Level.DEBUG);
        logger.addAppender(events);
        try {
            ask(request(tls("helo_name=x")));
            ask(request(tls("ccert_fingerprint=" + OTHER, "sender=x%y@contoso.com")));
            open(configuration("true", "audit"));
            ask(request());
        } finally {
            logger.detachAppender(events);
            logger.setLevel(null);
        }
        assertThat(events.list.stream().map(ILoggingEvent::getFormattedMessage))
                .satisfiesExactly(
                        line -> assertThat(line)
                                .contains(
                                        "policy=reject verdict=reject cause=not-identified client=203.0.113.99 fingerprint=none"
                                                + " tls=yes")
                                .contains(" reply=\"550 5.7.1 Relay access denied: "),
                        line -> assertThat(line)
                                .contains("policy=dunno verdict=reject ", " fingerprint=", " tls=yes")
                                .doesNotContain("reply="),
                        line -> assertThat(line)
                                .contains("policy=dunno verdict=accept would=reject cause=not-identified")
                                .doesNotContain("reply="));
    }

    @Test
    @DisplayName("counts every answer, and the verdict of every refusal")
    void counts() {
        ask(request(pinned()));
        ask(request());
        ask(request("recipient=b@contoso.com"));
        ask(request(tls("ccert_fingerprint=" + MD5)));
        ask(request("protocol_state=DATA"));
        assertThat(counted).containsExactly("ok", "reject", "not-identified", "dunno", "defer", "no-policy-data");
    }

    @Test
    @DisplayName("answers several requests in their order, however they are chopped")
    void chopped() {
        String requests = request(pinned()) + request() + request("recipient=b@contoso.com") + request(pinned());
        String whole = ask(requests);
        assertThat(whole).matches("(?s)action=OK\n\naction=550 [^\n]*\n\naction=DUNNO\n\naction=OK\n\n");
        for (int size : new int[] {1, 2, 3, 7, 64, 1000}) {
            StringBuilder answers = new StringBuilder();
            for (int from = 0; from < requests.length(); from += size) {
                answers.append(ask(requests.substring(from, Math.min(requests.length(), from + size))));
            }
            assertThat(answers).as("pieces of %d octets", size).hasToString(whole);
        }
    }

    @Test
    @DisplayName("puts a recipient off when it cannot decide, whatever Postfix would say next")
    void failure() {
        Configuration[] configuration = new Configuration[1];
        open(() -> {
            if (configuration[0] == null) {
                try {
                    configuration[0] = configuration("true", "enforce");
                } catch (IOException | ConfigurationException e) {
                    throw new AssertionError(e);
                }
                throw new IllegalStateException("of the test");
            }
            return configuration[0];
        });
        assertThat(ask(request(pinned()))).isEqualTo("action=451 4.3.0 Temporary failure, try again later\n\n");
        assertThat(ask(request(pinned()))).isEqualTo("action=OK\n\n");
        assertThat(counted).containsExactly("defer", "ok");
    }

    @ParameterizedTest(name = "puts a recipient off if the query lacks {0}")
    @ValueSource(strings = {"sender", "recipient"})
    void incomplete(String attribute) {
        String query = request(pinned()).replaceFirst("(?m)^" + attribute + "=.*\n", "");
        assertThat(ask(query)).isEqualTo("action=451 4.3.0 Temporary failure, try again later\n\n");
        assertThat(ask(query.replace("protocol_state=RCPT", "protocol_state=DATA")))
                .isEqualTo("action=DUNNO\n\n");
        assertThat(counted).containsExactly("defer");
    }

    @ParameterizedTest(name = "closes the connection at {0}")
    @ValueSource(
            strings = {
                "\n\n",
                "\n\n\n\n",
                "GET / HTTP/1.1\r\n\n\n",
                "request=smtpd_access_policy\nno attribute\n\n",
                "request=smtpd_access_policy\n=value\n\n",
                "request=smtpd_access_policy\nsender=a\nsender=b\n\n",
                "request=junk\n\n",
                "protocol_state=RCPT\n\n",
                "\0\1\2\3\u00ff\u00fe\n\n",
            })
    void garbage(String octets) {
        assertThat(ask(octets)).isEmpty();
        assertThat(channel.isOpen()).isFalse();
        assertThat(counted).isEmpty();
    }

    @ParameterizedTest(name = "{0} octets at a time")
    @ValueSource(ints = {1, 1000, Integer.MAX_VALUE})
    @DisplayName("answers a request of the most octets, and none of one more, however they arrive")
    void longest(int chop) {
        String request = request(pinned());
        String most = request.replace(
                "policy_context=", "policy_context=" + "x".repeat(Limits.DEFAULT.frameSize() + 2 - request.length()));
        assertThat(ask(most, chop)).isEqualTo("action=OK\n\n");
        assertThat(ask(most.replace("policy_context=", "policy_context=x"), chop))
                .isEmpty();
        assertThat(channel.isOpen()).isFalse();
        assertThat(counted).containsExactly("ok", "limit frame-size");
    }

    private String ask(String request, int chop) {
        for (int at = 0; at < request.length() && channel.isOpen(); at += Math.min(chop, request.length())) {
            channel.writeInbound(Unpooled.copiedBuffer(
                    request.substring(at, Math.min(request.length(), at + Math.min(chop, request.length()))),
                    StandardCharsets.ISO_8859_1));
        }
        return answers();
    }

    @Test
    @DisplayName("keeps no more than it says of a request without end: a line, lines, or no line at all")
    void endless() {
        for (String piece : List.of("x".repeat(1000), "name=value\n", "\0", "a=" + "b".repeat(99) + "\n")) {
            open(() -> {
                throw new IllegalStateException("nothing is asked");
            });
            int sent = 0;
            while (channel.isOpen() && sent < 100 * Limits.DEFAULT.frameSize()) {
                channel.writeInbound(Unpooled.copiedBuffer(piece, StandardCharsets.ISO_8859_1));
                sent += piece.length();
            }
            assertThat(channel.isOpen()).isFalse();
            assertThat(sent)
                    .as("the most, its end, and the piece that was too much")
                    .isLessThanOrEqualTo(Limits.DEFAULT.frameSize() + 2 + piece.length());
            assertThat(counted).containsExactly("limit frame-size");
            counted.clear();
        }
    }

    @Test
    @DisplayName("are closed when they would hold more than is left for all connections")
    void memory() throws Exception {
        Configuration configuration = configuration("true", "enforce");
        ConnectionMemory memory = new ConnectionMemory(() -> OptionalLong.of(32 * 1024), observer::limited);
        List<EmbeddedChannel> all = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            all.add(connection(() -> configuration, memory));
        }
        assertThat(all).extracting(EmbeddedChannel::isOpen).containsExactly(true, true, true, true, false);
        all.get(2).close();
        all.get(3).close();
        all.get(0).writeInbound(Unpooled.copiedBuffer(request().repeat(20), StandardCharsets.US_ASCII));
        all.get(0).writeInbound(Unpooled.copiedBuffer("x".repeat(10_000), StandardCharsets.US_ASCII));
        all.get(1).writeInbound(Unpooled.copiedBuffer("x".repeat(10_000), StandardCharsets.US_ASCII));
        assertThat(all).extracting(EmbeddedChannel::isOpen).containsExactly(true, false, false, false, false);
        assertThat(counted).filteredOn("limit memory"::equals).hasSize(2);
        all.forEach(EmbeddedChannel::finishAndReleaseAll);
    }

    @Test
    @DisplayName("closes a connection whose request takes longer than it may, though octets keep coming")
    void slow() {
        String request = request(pinned());
        for (int second = 0; second < 29; second++) {
            assertThat(ask(request.substring(second, second + 1))).isEmpty();
            channel.advanceTimeBy(1, TimeUnit.SECONDS);
            channel.runScheduledPendingTasks();
            assertThat(channel.isOpen()).isTrue();
        }
        channel.advanceTimeBy(2, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        assertThat(channel.isOpen()).isFalse();
        assertThat(counted).containsExactly("limit frame-timeout");
    }

    @Test
    @DisplayName("closes a connection on which nothing was ever asked")
    void silent() {
        channel.advanceTimeBy(29, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        assertThat(channel.isOpen()).isTrue();
        channel.advanceTimeBy(2, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        assertThat(channel.isOpen()).isFalse();
        assertThat(counted).containsExactly("limit frame-timeout");
    }

    @Test
    @DisplayName("keeps a connection on which nothing is asked any more")
    void idle() {
        assertThat(ask(request(pinned()))).isEqualTo("action=OK\n\n");
        channel.advanceTimeBy(1, TimeUnit.HOURS);
        channel.runScheduledPendingTasks();
        assertThat(ask(request(pinned()))).isEqualTo("action=OK\n\n");
        channel.advanceTimeBy(25, TimeUnit.HOURS);
        channel.runScheduledPendingTasks();
        assertThat(channel.isOpen()).isFalse();
        assertThat(counted).endsWith("limit idle-timeout");
    }

    @Test
    @DisplayName("leaves questions about sessions of another process to that one, while it drains")
    void draining() {
        assertThat(ask(request(pinned()))).isEqualTo("action=OK\n\n");
        channel.pipeline().fireUserEventTriggered(Server.DRAINING);
        assertThat(channel.isOpen()).isTrue();
        assertThat(ask(request(pinned()))).isEmpty();
        assertThat(channel.isOpen()).isFalse();
        assertThat(counted).as("what nobody was told is not counted").containsExactly("ok");
    }
}
