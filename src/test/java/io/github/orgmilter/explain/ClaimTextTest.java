package io.github.orgmilter.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.orgmilter.domains.ClaimProblem;
import io.github.orgmilter.identity.login.LoginPattern;
import io.github.orgmilter.organization.AcceptedDomain;
import io.github.orgmilter.organization.ConnectorName;
import io.github.orgmilter.policy.PolicyFixture;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A claim in words")
final class ClaimTextTest {

    private static final AcceptedDomain DOMAIN = PolicyFixture.accepted("a.example");
    private static final ConnectorName CONNECTOR = new ConnectorName("thief", "hq");

    // spotless:off
    static Stream<Arguments> problems() {
        String domains = "directory: organization thief, accepted-domains: a.example ";
        String connector = "directory: organization thief, connector hq, ";
        return Stream.of(
                arguments(new ClaimProblem.Disputed("thief", DOMAIN, List.of("a", "b")), domains + "is in dispute with organizations a, b, "),
                arguments(new ClaimProblem.LostToFile("thief", DOMAIN, "a"), domains + "belongs to organization a of the files; "),
                arguments(new ClaimProblem.LostToOlder("thief", DOMAIN, List.of("a")), domains + "was claimed before by organization a; "),
                arguments(new ClaimProblem.LostToLocalDomain("thief", DOMAIN), domains + "is a local domain; "),
                arguments(new ClaimProblem.ForeignCertificateName(CONNECTOR, PolicyFixture.pattern("*.a.example"), List.of("a")),
                        connector + "certificate-names: *.a.example belongs to organization a, so it matches nothing; "),
                arguments(new ClaimProblem.ForeignLogin(CONNECTOR, LoginPattern.exact("joe@a.example"), List.of("a")),
                        connector + "logins: joe@a.example belongs to organization a, so it matches nothing; "),
                arguments(new ClaimProblem.ForeignSenderDomain(CONNECTOR, DOMAIN, List.of()),
                        connector + "sender-domains: a.example belongs to nobody; "),
                arguments(new ClaimProblem.ForeignSenderDomain(CONNECTOR, DOMAIN, List.of("a")),
                        connector + "sender-domains: a.example belongs to organization a, so nothing is sent as it; "));
    }
    // spotless:on

    @ParameterizedTest(name = "{1}...", quoteTextArguments = false)
    @MethodSource("problems")
    void says(ClaimProblem problem, String text) {
        assertThat(ClaimText.of(problem)).startsWith(text);
    }
}
