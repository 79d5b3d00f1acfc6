package io.github.orgmilter.milter;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.identification.PresentedCertificate;
import io.github.orgmilter.identity.AddressRanges;
import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.identity.Fingerprint;
import io.github.orgmilter.identity.IpAddress;
import io.github.orgmilter.identity.login.LoginPatterns;
import io.github.orgmilter.milter.header.HeaderAccess;
import io.github.orgmilter.milter.header.PolicyHeaderRules;
import io.github.orgmilter.net.Endpoints;
import io.github.orgmilter.net.Limits;
import io.github.orgmilter.organization.AcceptedDomain;
import io.github.orgmilter.organization.Connector;
import io.github.orgmilter.organization.Mode;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.organization.Pin;
import io.github.orgmilter.organization.SenderProtection;
import io.github.orgmilter.policy.Policy;
import io.github.orgmilter.policy.options.PolicyOptions;
import io.github.orgmilter.policy.options.UnidentifiedMail;
import io.github.orgmilter.verdict.Replies;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A milter session of which policy delegation tells")
@ExtendWith(FakeMta.Release.class)
class DelegatedSessionTest {

    private static final Fingerprint PINNED = new Fingerprint("a".repeat(64));
    private static final Optional<PresentedCertificate> CERTIFICATE =
            Optional.of(new PresentedCertificate(Optional.of(PINNED), Optional.empty()));
    // As FakeMta connects: port 0x3039 of the client.
    private static final Endpoints CONNECTION = Endpoints.of(
                    IpAddress.parse("192.0.2.7"), 12345, IpAddress.parse("192.0.2.25"), 25)
            .get();
    private static final String UNTOLD =
            "y451 4.7.0 The client certificate cannot be checked right now, try again later";

    private final LiveSessions sessions = new LiveSessions();
    private final FakeMta mta =
            new FakeMta(DelegatedSessionTest::policy, Integer.MAX_VALUE, new CountsNothing(), Optional.of(sessions));

    private static Policy policy() {
        Connector pinned = new Connector(
                "pinned",
                List.of(),
                Set.of(),
                List.of(new Pin(Pin.Kind.CERTIFICATE, PINNED, List.of())),
                AddressRanges.NONE,
                false,
                true,
                false,
                List.of(),
                true,
                Mode.ENFORCE);
        Organization contoso = new Organization(
                "contoso",
                List.of(new AcceptedDomain(new DomainName("contoso.com"), false)),
                List.of(pinned),
                SenderProtection.RELAY,
                Mode.ENFORCE);
        PolicyOptions options = new PolicyOptions(
                UnidentifiedMail.ACCEPT_INBOUND,
                LoginPatterns.ALL,
                List.of(),
                Set.of(),
                Replies.DEFAULT,
                true,
                Mode.ENFORCE);
        return new Policy(List.of(contoso), options, "1");
    }

    private void connect() {
        mta.negotiate();
        connect("192.0.2.7");
    }

    private void connect(String client) {
        mta.macros('C', "v", "Postfix 3.7.11", "{daemon_addr}", "192.0.2.25", "{daemon_port}", "25");
        assertThat(mta.connect('4', client).takeAnswers()).containsExactly("c");
    }

    private void mail() {
        mta.macros('M', "{tls_version}", "TLSv1.3", "{mail_addr}", "a@contoso.com")
                .mail("<a@contoso.com>");
        assertThat(mta.takeAnswers()).isEmpty();
    }

    private String rcpt() {
        mta.macros('R', "{rcpt_addr}", "b@example.net");
        return mta.rcpt("<b@example.net>");
    }

    @Test
    @DisplayName("answers CONNECT, so that Postfix does not keep it back until after its question")
    void answersConnect() {
        assertThat(mta.negotiate(6, FakeMta.ALL_ACTIONS, FakeMta.ALL_STEPS).getInt(8))
                .isEqualTo(0x6370);
    }

    @Test
    @DisplayName("relays for the pinned certificate, each recipient by what was told for it")
    void relays() {
        connect();
        mail();
        assertThat(rcpt()).isEqualTo(UNTOLD);
        sessions.report(CONNECTION, CERTIFICATE);
        assertThat(rcpt()).isEqualTo("c");
        assertThat(rcpt()).as("nothing was told for this one").isEqualTo(UNTOLD);
        sessions.report(CONNECTION, Optional.of(PresentedCertificate.NONE));
        assertThat(rcpt()).startsWith("y550 5.7.1 ");
    }

    @ParameterizedTest(name = "header fields needed at the negotiation: {0}")
    @ValueSource(booleans = {true, false})
    @DisplayName("reports whether it sees header fields")
    void seesHeaders(boolean needed) {
        FakeMta its = new FakeMta(
                DelegatedSessionTest::policy,
                Limits.DEFAULT,
                Policies.ROOM,
                Integer.MAX_VALUE,
                new CountsNothing(),
                Optional.of(sessions),
                new PolicyHeaderRules(
                        DelegatedSessionTest::policy, () -> needed ? HeaderAccess.READ : HeaderAccess.NONE));
        its.negotiate();
        its.macros('C', "v", "Postfix 3.7.11", "{daemon_addr}", "192.0.2.25", "{daemon_port}", "25");
        its.connect('4', "192.0.2.7");
        assertThat(sessions.report(CONNECTION, CERTIFICATE).map(LiveSessions.Found::seesHeaders))
                .hasValue(needed);
    }

    @Test
    @DisplayName("is found from CONNECT to its end, and not before or after")
    void found() {
        assertThat(sessions.report(CONNECTION, CERTIFICATE)).isEmpty();
        connect();
        assertThat(sessions.report(CONNECTION, CERTIFICATE)).isPresent();
        mta.channel.finishAndReleaseAll();
        assertThat(sessions.size()).isZero();
    }

    @Test
    @DisplayName("leaves nothing to another client on the same milter connection")
    void nextClient() {
        connect();
        sessions.report(CONNECTION, CERTIFICATE);
        connect("192.0.2.8");
        mail();
        assertThat(rcpt()).isEqualTo(UNTOLD);
        assertThat(sessions.report(CONNECTION, CERTIFICATE)).isEmpty();
        assertThat(sessions.size()).isEqualTo(1);
    }

    @Test
    @DisplayName("is not found where the MTA does not know the client's port, as for mail of its own users")
    void noPort() {
        mta.negotiate();
        mta.macros('C', "v", "Postfix 3.7.11", "{daemon_addr}", "192.0.2.25");
        mta.connect('4', "192.0.2.7").takeAnswers();
        assertThat(sessions.size()).isZero();
        mail();
        assertThat(rcpt()).isEqualTo(UNTOLD);
    }

    @Test
    @DisplayName("is deferred where the MTA does not say what it is: it may be a Postfix under another name")
    void unknownMta() {
        mta.negotiate();
        mta.macros('C', "v", "Acme Mail", "{daemon_addr}", "192.0.2.25", "{daemon_port}", "25");
        mta.connect('4', "192.0.2.7").takeAnswers();
        mail();
        assertThat(rcpt()).isEqualTo(UNTOLD);
    }

    @Test
    @DisplayName("of Sendmail, which has no such thing, is decided at once")
    void sendmail() {
        mta.negotiate();
        mta.macros('C', "v", "8.18.1", "{daemon_addr}", "192.0.2.25", "{daemon_port}", "25");
        mta.connect('4', "192.0.2.7").takeAnswers();
        assertThat(sessions.size()).isZero();
        mail();
        assertThat(rcpt()).startsWith("y550 5.7.1 ");
    }
}
