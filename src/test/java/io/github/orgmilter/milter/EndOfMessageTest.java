package io.github.orgmilter.milter;

import static io.github.orgmilter.milter.FakeMta.CONTINUE;
import static io.github.orgmilter.milter.FakeMta.TEMPFAIL;
import static io.github.orgmilter.milter.Policies.NOT_IDENTIFIED;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.policy.Policy;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A milter session")
@ExtendWith(FakeMta.Release.class)
final class EndOfMessageTest {

    private final Policy policy = Policies.twoOrganizations();

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "@a,@b:user@example.net",
                "<user\\,name@example.net>",
                "<a,>,<user@example.net>",
                "@a.example,@b.example:<user@example.net>"
            })
    @DisplayName("refuses a message of which Sendmail may have kept a refused recipient")
    void refusedRecipientThatSendmailKeeps(String recipient) {
        FakeMta mta = new FakeMta(policy).negotiate();
        mta.macros('C', "v", "8.18.1").connect('4', "192.0.2.7").mail("<a@example.org>");
        assertThat(mta.rcpt("<b@contoso.com>")).isEqualTo(CONTINUE);
        assertThat(mta.rcpt(recipient)).isEqualTo(NOT_IDENTIFIED);
        assertThat(mta.rcpt("<\"c,d\"@contoso.com>"))
                .as("accepted, so nothing to keep")
                .isEqualTo(CONTINUE);
        assertThat(mta.endOfBody()).isEqualTo(NOT_IDENTIFIED);
        mta.mail("<a@example.org>");
        assertThat(mta.rcpt("<\"c,d\"@contoso.com>")).isEqualTo(CONTINUE);
        assertThat(mta.rcpt("<user@example.net>")).isEqualTo(NOT_IDENTIFIED);
        assertThat(mta.endOfBody()).as("the next message").isEqualTo(CONTINUE);
    }

    @Test
    @DisplayName(
            "defers a message of which one recipient was deferred, though Sendmail may have kept a refused one, too")
    void deferredAndRefused() {
        FakeMta mta = new FakeMta(policy).negotiate();
        mta.macros('C', "v", "8.18.1").connect('4', "192.0.2.7").mail("<a@example.org>");
        assertThat(mta.rcpt("<b@contoso.com>")).isEqualTo(CONTINUE);
        assertThat(mta.rcpt("<\"c,d\"@example.net>")).isEqualTo(NOT_IDENTIFIED);
        mta.send('R', "<c@example.net>".getBytes(StandardCharsets.US_ASCII)); // no NUL
        assertThat(mta.takeAnswers()).containsExactly(TEMPFAIL);
        assertThat(mta.rcpt("<\"c,d\"@example.net>")).isEqualTo(NOT_IDENTIFIED);
        assertThat(mta.endOfBody()).isEqualTo(TEMPFAIL);
    }

    @Test
    @DisplayName("lets the accepted recipients of Postfix have their message, which keeps none that was refused")
    void refusedRecipientOfPostfix() {
        FakeMta mta = FakeMta.postfix(policy, "192.0.2.7").mail("<a@example.org>");
        assertThat(mta.rcpt("<b@contoso.com>")).isEqualTo(CONTINUE);
        assertThat(mta.rcpt("<user\\,name@example.net>")).isEqualTo(NOT_IDENTIFIED);
        assertThat(mta.endOfBody()).isEqualTo(CONTINUE);
    }

    @Test
    @DisplayName("refuses at its end a message none of whose recipients was accepted")
    void nobodyAccepted() {
        FakeMta mta = FakeMta.postfix(policy, "192.0.2.7").mail("<a@example.org>");
        assertThat(mta.rcpt("<b@example.net>")).isEqualTo(NOT_IDENTIFIED);
        assertThat(mta.endOfBody()).isEqualTo(TEMPFAIL);
    }

    @Test
    @DisplayName("refuses at its end a message of which a recipient could not be decided")
    void undecidedRecipient() {
        FakeMta mta = FakeMta.postfix(policy, "192.0.2.7").mail("<a@example.org>");
        assertThat(mta.rcpt("<b@contoso.com>")).isEqualTo(CONTINUE);
        mta.send('R', "<c@example.net>".getBytes(StandardCharsets.US_ASCII)); // no NUL
        assertThat(mta.takeAnswers()).containsExactly(TEMPFAIL);
        assertThat(mta.endOfBody()).isEqualTo(TEMPFAIL);
    }
}
