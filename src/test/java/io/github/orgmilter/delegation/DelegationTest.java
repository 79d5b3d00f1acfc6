package io.github.orgmilter.delegation;

import static io.github.orgmilter.delegation.FakePostfix.configuration;
import static io.github.orgmilter.delegation.PolicyQuery.MD5;
import static io.github.orgmilter.delegation.PolicyQuery.OTHER;
import static io.github.orgmilter.delegation.PolicyQuery.PINNED;
import static io.github.orgmilter.delegation.PolicyQuery.PINNED_KEY;
import static io.github.orgmilter.delegation.PolicyQuery.pinned;
import static io.github.orgmilter.delegation.PolicyQuery.request;
import static io.github.orgmilter.delegation.PolicyQuery.tls;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.orgmilter.config.Configuration;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

@DisplayName("Policy delegation")
final class DelegationTest {

    @RegisterExtension
    private final FakePostfix postfix = new FakePostfix();

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
        assertThat(postfix.ask(request(attributes))).isEqualTo("action=" + action + "\n\n");
        assertThat(postfix.isOpen()).isTrue();
    }

    @Test
    @DisplayName("does not grant what the header may still refuse, without a session that sees it")
    void headerFrom() {
        String[] relayed = {"client_address=198.51.100.3", "sender=x@fabrikam.com"};
        postfix.open(configuration("true", "enforce", "header-from = relay"));
        assertThat(postfix.ask(request(relayed))).isEqualTo("action=451 4.3.0 Temporary failure, try again later\n\n");
        assertThat(postfix.ask(
                        request("client_address=198.51.100.3", "sender=x@fabrikam.com", "recipient=b@contoso.com")))
                .isEqualTo("action=DUNNO\n\n");
        assertThat(postfix.ask(request("client_address=192.0.2.200")))
                .as("exempt")
                .isEqualTo("action=DUNNO\n\n");
    }

    @Test
    @DisplayName("refuses what a partner restricts, unless the milter may know better where the sender is")
    void partners() {
        postfix.open(configuration("true", "enforce", """
                partners {
                  tailspin { sender-domains = [ "tailspin.example" ], certificate-fingerprints = [ "%s" ] }
                  all { sender-domains = [ "*" ], issuers = [ "Good CA" ] }
                }
                """.formatted(OTHER)));
        String[] to = {"recipient=b@contoso.com", "sender=a@tailspin.example"};
        String refused =
                "action=550 5.7.1 Access denied: mail from tailspin.example must come from its registered servers\n\n";
        assertThat(postfix.ask(request(to))).isEqualTo(refused);
        assertThat(postfix.ask(request(tls(to)))).isEqualTo(refused);
        assertThat(postfix.ask(request(tls(to[0], to[1], "ccert_fingerprint=" + OTHER))))
                .isEqualTo("action=DUNNO\n\n");
        assertThat(postfix.ask(request(tls(to[0], to[1], "ccert_fingerprint=" + MD5))))
                .isEqualTo("action=451 4.7.0 The client certificate cannot be checked right now, try again later\n\n");
        assertThat(postfix.ask(request(pinned(to)))).as("contoso's own server").isEqualTo("action=DUNNO\n\n");
        assertThat(postfix.ask(request(to[0], "sender=a@example.org"))).startsWith("action=550 5.7.1 ");
        assertThat(postfix.ask(request(tls(to[0], "sender=a@example.org", "ccert_issuer=Good CA"))))
                .isEqualTo("action=DUNNO\n\n");
        assertThat(postfix.ask(request(to[0], "sender=root")))
                .as("perhaps the MTA's own")
                .isEqualTo("action=DUNNO\n\n");
        assertThat(postfix.ask(request(to[0], "sender="))).isEqualTo("action=DUNNO\n\n");
        assertThat(postfix.ask(request(to[0], "sender=a%tailspin.example@x"))).isEqualTo("action=DUNNO\n\n");
        assertThat(postfix.counted()).contains("partner-restriction", "no-policy-data");
    }

    @Test
    @DisplayName("grants nothing unless it is to")
    void grantsNothing() {
        postfix.open(configuration("false", "enforce"));
        assertThat(postfix.ask(request(pinned()))).isEqualTo("action=DUNNO\n\n");
        assertThat(postfix.ask(request())).startsWith("action=550 5.7.1 ");
    }

    @Test
    @DisplayName("refuses nothing in audit, and grants to those who are identified only")
    void audit() {
        postfix.open(configuration("true", "audit"));
        assertThat(postfix.ask(request())).isEqualTo("action=DUNNO\n\n");
        assertThat(postfix.ask(request(pinned()))).isEqualTo("action=OK\n\n");
    }

    @Test
    @DisplayName("answers 451 when it cannot decide, whatever Postfix would say next")
    void failure() {
        Configuration[] configuration = new Configuration[1];
        postfix.open(() -> {
            if (configuration[0] == null) {
                configuration[0] = configuration("true", "enforce");
                throw new IllegalStateException("of the test");
            }
            return configuration[0];
        });
        assertThat(postfix.ask(request(pinned()))).isEqualTo("action=451 4.3.0 Temporary failure, try again later\n\n");
        assertThat(postfix.ask(request(pinned()))).isEqualTo("action=OK\n\n");
        assertThat(postfix.counted()).containsExactly("defer", "ok");
    }

    @ParameterizedTest(name = "answers 451 if the query lacks {0}")
    @ValueSource(strings = {"sender", "recipient"})
    void incomplete(String attribute) {
        String query = request(pinned()).replaceFirst("(?m)^" + attribute + "=.*\n", "");
        assertThat(postfix.ask(query)).isEqualTo("action=451 4.3.0 Temporary failure, try again later\n\n");
        assertThat(postfix.ask(query.replace("protocol_state=RCPT", "protocol_state=DATA")))
                .isEqualTo("action=DUNNO\n\n");
        assertThat(postfix.counted()).containsExactly("defer");
    }

    @Test
    @DisplayName("counts every answer, and the verdict of every refusal")
    void counts() {
        postfix.ask(request(pinned()));
        postfix.ask(request());
        postfix.ask(request("recipient=b@contoso.com"));
        postfix.ask(request(tls("ccert_fingerprint=" + MD5)));
        postfix.ask(request("protocol_state=DATA"));
        assertThat(postfix.counted())
                .containsExactly("ok", "reject", "not-identified", "dunno", "defer", "no-policy-data");
    }

    @Test
    @DisplayName("has a log line with the facts of the verdict, and the reply only where Postfix gets it")
    void log() {
        Logger logger = (Logger) LoggerFactory.getLogger(Delegation.class);
        ListAppender<ILoggingEvent> events = new ListAppender<>();
        events.start();
        logger.setLevel(Level.DEBUG);
        logger.addAppender(events);
        try {
            postfix.ask(request(tls("helo_name=x")));
            postfix.ask(request(tls("ccert_fingerprint=" + OTHER, "sender=x%y@contoso.com")));
            postfix.open(configuration("true", "audit"));
            postfix.ask(request());
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
}
