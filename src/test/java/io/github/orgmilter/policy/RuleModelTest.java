package io.github.orgmilter.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import io.github.orgmilter.authors.AuthorDecision;
import io.github.orgmilter.header.FromDomains;
import io.github.orgmilter.identification.Client;
import io.github.orgmilter.identification.Identification;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.policy.RuleModel.Outcome;
import io.github.orgmilter.policy.options.PolicyOptions;
import io.github.orgmilter.verdict.Cause.Accepting;
import io.github.orgmilter.verdict.Cause.Refusing;
import io.github.orgmilter.verdict.Condition;
import io.github.orgmilter.verdict.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * {@link Policy} against {@link RuleModel} on random services and mail from a universe so small that everything collides.
 *
 * <p>{@code -Dorgmilter.model.decisions=N} for a longer run, {@code -Dorgmilter.model.seed=N} for another one.
 */
@Tag("slow")
class RuleModelTest {

    private static final int DECISIONS = Integer.getInteger("orgmilter.model.decisions", 200_000);
    private static final long SEED = Long.getLong("orgmilter.model.seed", 20260101);
    private static final int DECISIONS_EACH = 100;
    private static final List<String> BRANCHES = List.of(
            "own server",
            "own server, if the header has its fields",
            "null",
            "uncertain",
            "exact",
            "below",
            "everybody",
            "local",
            "level 0",
            "level 1",
            "level 2",
            "level 3",
            "relayed",
            "in doubt",
            "relay header-mismatch",
            "relay stale-directory",
            "relay no-policy-data",
            "relay disputed-domain",
            "protection protected-sender",
            "protection no-policy-data",
            "protection disputed-domain",
            "restriction partner-restriction",
            "restriction tls-required",
            "restriction no-policy-data",
            "restriction disputed-domain",
            "identification unidentified-inbound",
            "identification tls-required",
            "identification no-policy-data",
            "identification disputed-domain");

    private final RandomService random = new RandomService(SEED);
    private final Map<String, Integer> outcomes = new TreeMap<>();
    private final Map<String, Integer> branches = new TreeMap<>();
    private int provisional;
    private int settled;

    @Test
    void thePolicyAndTheModelOfTheRulesAgree() {
        int decided = 0;
        while (decided < DECISIONS) {
            List<Organization> organizations = random.organizations();
            PolicyOptions options = random.options(organizations);
            Policy policy = new Policy(organizations, options, "0");
            RuleModel model = new RuleModel(organizations, options);
            for (int i = 0; i < DECISIONS_EACH; i++, decided++) {
                compare(organizations, options, policy, model);
                compareAuthors(organizations, options, policy, model);
            }
            model.reached().forEach(branch -> branches.merge(branch, 1, Integer::sum));
        }
        // Random cases that never reach a branch prove nothing about it.
        List<String> everything = new ArrayList<>();
        for (Accepting cause : Accepting.values()) {
            everything.add("accept " + cause.key());
        }
        for (Refusing cause : Refusing.values()) {
            if (cause.isTemporary()) {
                everything.add("tempfail " + cause.key());
            } else {
                everything.add("reject " + cause.key());
                everything.add("audit " + cause.key());
            }
        }
        everything.remove("tempfail " + Refusing.INTERNAL.key());
        // Of a whole message.
        everything.remove("reject " + Refusing.HEADER_LIMIT.key());
        everything.remove("audit " + Refusing.HEADER_LIMIT.key());
        everything.remove(
                "audit " + Refusing.HEADER_MISMATCH.key()); // the whole service's audit, which is not compared
        everything.add("accept nothing");
        everything.add("accept ");
        assertThat(provisional).isGreaterThan(DECISIONS / 100);
        assertThat(outcomes.keySet()).containsExactlyInAnyOrderElementsOf(everything);
        assertThat(settled).isGreaterThan(DECISIONS / 100);
        assertThat(branches.keySet()).containsExactlyInAnyOrderElementsOf(BRANCHES);
        assertThat(branches)
                .allSatisfy((branch, services) -> assertThat(services).isGreaterThan(DECISIONS / 20_000));
        assertThat(outcomes).allSatisfy((outcome, count) -> assertThat(count).isGreaterThan(DECISIONS / 10_000));
    }

    private void compare(List<Organization> organizations, PolicyOptions options, Policy policy, RuleModel model) {
        Client client = random.client();
        Envelope envelope = random.envelope();
        Address recipient = random.address();

        Outcome expected = model.decide(client, envelope, recipient);
        Verdict verdict = policy.decide(policy.identify(client), envelope, recipient);
        Outcome actual = outcome(verdict);
        outcomes.merge(actual.action() + " " + actual.cause(), 1, Integer::sum);
        if (verdict instanceof Verdict.Provisional) {
            provisional++;
        }
        if (random.chance(50)) {
            assertThat(policy.explain(client, envelope, recipient).verdict()).isEqualTo(verdict);
        }
        if (!actual.equals(expected)) {
            fail(report(organizations, options, client, envelope, recipient, expected, actual));
        }
    }

    /** At RCPT, neither the way nor the connector of a recipient is known that only the header lets through. */
    static Outcome outcome(Verdict verdict) {
        Verdict known = verdict instanceof Verdict.Provisional its ? its.passing() : verdict;
        boolean relay =
                verdict instanceof Verdict.Provisional its && its.conditions().contains(Condition.RELAY);
        if (relay && known instanceof Verdict.Accept) {
            return new Outcome("accept", "", Optional.empty(), Optional.empty(), true);
        }
        return new Outcome(
                known instanceof Verdict.Audit ? "audit" : known.action(),
                known.cause().key(),
                known.party().organization(),
                known.party().connector(),
                relay);
    }

    private void compareAuthors(
            List<Organization> organizations, PolicyOptions options, Policy policy, RuleModel model) {
        Client client = random.client();
        Envelope envelope = random.envelope();
        Identification identification = policy.identify(client);
        AuthorDecision decision = new AuthorDecision(policy, envelope);
        HeaderConditions conditions = new HeaderConditions(policy, envelope);
        Map<Address, Outcome> accepted = new LinkedHashMap<>();
        Map<Address, Verdict.Provisional> undecided = new LinkedHashMap<>();
        Address last = random.address();
        for (int i = 0; i < 2; i++) {
            last = random.address();
            Verdict verdict = policy.decide(identification, envelope, last);
            if (verdict.reply().isEmpty()) {
                accepted.put(last, model.decide(client, envelope, last));
                decision.accept(last, verdict);
                if (verdict instanceof Verdict.Provisional its) {
                    conditions.accept(last, its);
                    if (its.passing() instanceof Verdict.Accept) { // what audit softens at RCPT stays as it is
                        undecided.put(last, its);
                    }
                }
            }
        }
        if (accepted.isEmpty()) {
            return;
        }
        FromDomains authors = random.authors();
        Map<String, String> fields = random.fields();
        Identification byHeader = identification.with(PolicyFixture.fields(
                policy.requiredFields(),
                fields.entrySet().stream()
                        .map(field -> field.getKey() + ": " + field.getValue())
                        .toArray(String[]::new)));
        Outcome nothing = new Outcome("accept", "nothing", Optional.empty(), Optional.empty());
        Outcome expectedOfHeader =
                model.decideHeader(client, envelope, accepted, fields).orElse(nothing);
        Outcome actualOfHeader = conditions
                .decide(byHeader)
                .filter(verdict -> verdict.reply().isPresent())
                .map(RuleModelTest::outcome)
                .orElse(nothing);
        if (!conditions.isEmpty()) {
            outcomes.merge(actualOfHeader.action() + " " + actualOfHeader.cause(), 1, Integer::sum);
        }
        if (!actualOfHeader.equals(expectedOfHeader)) {
            fail("fields " + fields + " of " + accepted + "\n"
                    + report(organizations, options, client, envelope, last, expectedOfHeader, actualOfHeader));
        }
        if (conditions.decide(byHeader).isEmpty()) {
            for (Map.Entry<Address, Verdict.Provisional> each : undecided.entrySet()) {
                Outcome expectedOfOne = model.settled(client, envelope, each.getKey(), fields);
                Outcome actualOfOne = outcome(conditions.settled(each.getValue(), byHeader));
                settled++;
                if (!actualOfOne.equals(expectedOfOne)) {
                    fail("fields " + fields + " that refuse nothing\n"
                            + report(
                                    organizations,
                                    options,
                                    client,
                                    envelope,
                                    each.getKey(),
                                    expectedOfOne,
                                    actualOfOne));
                }
            }
        }
        Outcome expected =
                model.decideAuthors(client, accepted, authors, fields).orElse(nothing);
        Outcome actual = decision.decide(authors, byHeader)
                .map(verdict -> new Outcome(
                        verdict instanceof Verdict.Audit ? "audit" : verdict.action(),
                        verdict.cause().key(),
                        verdict.party().organization(),
                        verdict.party().connector()))
                .orElse(nothing);
        if (actual.cause().equals(Refusing.PROTECTED_HEADER_FROM.key())) {
            outcomes.merge(actual.action() + " " + actual.cause(), 1, Integer::sum);
        }
        if (!actual.equals(expected)) {
            fail("authors " + authors + "\n"
                    + report(organizations, options, client, envelope, last, expected, actual));
        }
    }

    private static String report(
            List<Organization> organizations,
            PolicyOptions options,
            Client client,
            Envelope envelope,
            Address recipient,
            Outcome expected,
            Outcome actual) {
        StringBuilder report = new StringBuilder("the policy and the model disagree (seed " + SEED + ")\n");
        for (Organization organization : organizations) {
            report.append("organization ")
                    .append(organization.name())
                    .append(' ')
                    .append(organization.senderProtection());
            report.append(' ').append(organization.mode());
            report.append(' ').append(organization.standing());
            organization
                    .acceptedDomains()
                    .forEach(domain -> report.append("\n  ")
                            .append(domain)
                            .append(" since ")
                            .append(domain.since()));
            report.append('\n');
            organization
                    .connectors()
                    .forEach(connector -> report.append("  ").append(connector).append('\n'));
            organization
                    .partners()
                    .all()
                    .forEach(partner -> report.append("  ").append(partner).append('\n'));
        }
        return report.append("options   ")
                .append(options)
                .append("\nclient    ")
                .append(client)
                .append("\nenvelope  ")
                .append(envelope)
                .append("\nrecipient ")
                .append(recipient)
                .append("\nmodel     ")
                .append(expected)
                .append("\npolicy    ")
                .append(actual)
                .toString();
    }
}
