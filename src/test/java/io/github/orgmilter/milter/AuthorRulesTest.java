package io.github.orgmilter.milter;

import static io.github.orgmilter.milter.FakeMta.CONTINUE;
import static io.github.orgmilter.milter.FakeMta.TEMPFAIL;
import static io.github.orgmilter.policy.PolicyFixture.connector;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.identity.Mta;
import io.github.orgmilter.milter.header.HeaderAccess;
import io.github.orgmilter.milter.header.PolicyHeaderRules;
import io.github.orgmilter.net.Limits;
import io.github.orgmilter.organization.HeaderFrom;
import io.github.orgmilter.policy.Policy;
import io.github.orgmilter.policy.PolicyFixture;
import io.github.orgmilter.verdict.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayName("A session with header-from")
@ExtendWith(FakeMta.Release.class)
final class AuthorRulesTest {

    private static final String REFUSED =
            "y550 5.7.1 Access denied: the From address may only be used by its own organization's servers";

    private final List<String> counted = new ArrayList<>();
    private Policy policy = policy(HeaderFrom.RELAY);
    private boolean mayCome;
    private final FakeMta mta = new FakeMta(
            () -> policy,
            Limits.DEFAULT,
            Policies.ROOM,
            Integer.MAX_VALUE,
            new CountsNothing() {
                @Override
                public void headerDecided(Verdict verdict, Optional<Mta> mta, String revision) {
                    counted.add(PolicyFixture.describe(verdict));
                }

                @Override
                public void headerMissed() {
                    counted.add("missed");
                }
            },
            Optional.empty(),
            new PolicyHeaderRules(() -> policy, () -> mayCome ? HeaderAccess.READ : HeaderAccess.NONE));

    private static Policy policy(HeaderFrom ofContoso) {
        return PolicyFixture.service()
                .organization("contoso", List.of("contoso.com"), connector("hq", "address 192.0.2.1"))
                .headerFrom(ofContoso)
                .organization("fabrikam", List.of("fabrikam.com"), connector("hq", "address 192.0.2.2"))
                .policy();
    }

    private void begin() {
        mta.negotiate().postfixConnect("192.0.2.2");
    }

    private String rcpt(String recipient) {
        return mta.rcpt("<" + recipient + ">");
    }

    private String header(String from) {
        mta.send('L', ("From\0" + from + "\0").getBytes(StandardCharsets.UTF_8));
        assertThat(mta.takeAnswers()).isEmpty();
        mta.send('N', new byte[0]);
        return mta.takeAnswers().get(0);
    }

    private String end() {
        return mta.send('E', new byte[0]).takeAnswers().get(0);
    }

    @Test
    @DisplayName("refuses the whole message at the end of its header, and each message by itself")
    void decides() {
        begin();
        mta.mail("<a@fabrikam.com>");
        assertThat(rcpt("b@example.net")).isEqualTo(CONTINUE);
        assertThat(rcpt("b@contoso.com")).isEqualTo(CONTINUE);
        assertThat(header("ceo@contoso.com")).isEqualTo(REFUSED);
        assertThat(end()).as("an MTA that goes on").isEqualTo(REFUSED);
        mta.mail("<a@fabrikam.com>");
        assertThat(rcpt("b@example.net")).isEqualTo(CONTINUE);
        assertThat(header("a@fabrikam.com")).isEqualTo(CONTINUE);
        assertThat(end()).isEqualTo(CONTINUE);
        mta.mail("<a@fabrikam.com>");
        assertThat(rcpt("b@contoso.com")).isEqualTo(CONTINUE);
        assertThat(header("ceo@contoso.com")).isEqualTo(CONTINUE);
        assertThat(end()).isEqualTo(CONTINUE);
        assertThat(counted).containsExactly("reject protected-header-from fabrikam/hq");
    }

    @Test
    @DisplayName("decides by the policy that was current at MAIL")
    void reloads() {
        begin();
        mta.mail("<a@fabrikam.com>");
        assertThat(rcpt("b@example.net")).isEqualTo(CONTINUE);
        policy = policy(HeaderFrom.OFF);
        assertThat(header("ceo@contoso.com")).isEqualTo(REFUSED);
        mta.mail("<a@fabrikam.com>");
        assertThat(rcpt("b@example.net")).isEqualTo(CONTINUE);
        assertThat(header("ceo@contoso.com")).isEqualTo(CONTINUE);
    }

    @Test
    @DisplayName("defers what it cannot decide where it began without header fields, and nothing else")
    void missed() {
        policy = policy(HeaderFrom.OFF);
        begin();
        policy = policy(HeaderFrom.RELAY);
        mta.mail("<a@fabrikam.com>");
        assertThat(rcpt("b@example.net")).isEqualTo(TEMPFAIL);
        assertThat(rcpt("b@contoso.com")).isEqualTo(CONTINUE);
        policy = policy(HeaderFrom.ALL);
        mta.mail("<a@fabrikam.com>");
        assertThat(rcpt("b@contoso.com")).isEqualTo(TEMPFAIL);
        assertThat(counted).containsExactly("missed", "missed");
    }

    @Test
    @DisplayName("has header fields in time where rows of a directory may ask for them")
    void mayCome() {
        policy = policy(HeaderFrom.OFF);
        mayCome = true;
        begin();
        policy = policy(HeaderFrom.RELAY);
        mta.mail("<a@fabrikam.com>");
        assertThat(rcpt("b@example.net")).isEqualTo(CONTINUE);
        assertThat(header("ceo@contoso.com")).isEqualTo(REFUSED);
    }

    @Test
    @DisplayName("refuses at its end a message whose header did not end")
    void endless() {
        begin();
        mta.mail("<a@fabrikam.com>");
        assertThat(rcpt("b@example.net")).isEqualTo(CONTINUE);
        assertThat(end()).isEqualTo(TEMPFAIL);
    }
}
