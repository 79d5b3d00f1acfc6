package io.github.orgmilter.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.identification.Client;
import io.github.orgmilter.identification.Identification;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.policy.options.PolicyOptions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A policy after any changes, one by one, decides as one that is built anew from what they lead to, and as the model of the rules.
 *
 * <p>{@code -Dorgmilter.changes.sequences=100000} for a longer run, {@code -Dorgmilter.changes.seed=N} for another one.
 */
@Tag("slow")
class PolicyChangeTest {

    private static final int SEQUENCES = Integer.getInteger("orgmilter.changes.sequences", 500);
    private static final long SEED = Long.getLong("orgmilter.changes.seed", 20260101);
    private static final int LONGEST = 12;
    private static final int DECISIONS = 20;

    private final RandomService random = new RandomService(SEED);

    @Test
    void isWhatItWouldBeIfItWereBuiltAtOnce() {
        int identified = 0;
        for (int run = 0; run < SEQUENCES; run++) {
            Map<String, Organization> organizations = new LinkedHashMap<>();
            random.organizations().forEach(each -> organizations.put(each.name(), each));
            Policy before = new Policy(List.copyOf(organizations.values()), options(organizations), "0");
            List<String> then = decisions(before, SEED + run);
            Policy policy = before;
            for (int i = random.number(LONGEST); i >= 0; i--) {
                policy = changed(policy, organizations);
            }
            PolicyOptions options = policy.options();
            // Those of a directory in any order: it must not matter.
            List<Organization> any = new ArrayList<>(organizations.values());
            any.sort((one, other) ->
                    other.standing().ofDirectory() && one.standing().ofDirectory()
                            ? other.name().compareTo(one.name())
                            : 0);
            Policy fresh = new Policy(any, options, "1");
            assertThat(policy.organizations()).containsExactlyElementsOf(fresh.organizations());
            assertThat(policy.organizations().size()).isEqualTo(organizations.size());
            assertThat(policy.organizations().haveUnreadable())
                    .isEqualTo(fresh.organizations().haveUnreadable());
            List<String> decisions = decisions(policy, SEED - run);
            assertThat(decisions).as("sequence %s", run).isEqualTo(decisions(fresh, SEED - run));
            assertDecidesAs(new RuleModel(List.copyOf(organizations.values()), options), policy, SEED - run);
            assertThat(decisions(before, SEED + run))
                    .as("a change leaves the policy before it as it was")
                    .isEqualTo(then);
            identified += decisions.stream().anyMatch(line -> line.contains("/")) ? 1 : 0;
        }
        assertThat(identified).isGreaterThan(SEQUENCES / 3);
    }

    private PolicyOptions options(Map<String, Organization> organizations) {
        return random.options(organizations.values());
    }

    private Policy changed(Policy policy, Map<String, Organization> organizations) {
        Map<String, Organization> put = new LinkedHashMap<>();
        List<String> removed = new ArrayList<>();
        for (int i = random.number(3); i > 0; i--) {
            removed.add(random.name());
        }
        removed.forEach(organizations::remove);
        for (int i = random.number(3); i >= 0; i--) {
            String name = random.name();
            Map<String, Organization> others = new LinkedHashMap<>(organizations);
            others.remove(name);
            if (removed.contains(name) || put.containsKey(name)) {
                continue;
            }
            random.organization(name, !random.chance(3), others.values()).ifPresent(each -> {
                Organization old = organizations.get(name);
                if (old != null
                        && old.standing().ofDirectory()
                        && !each.standing().ofDirectory()) {
                    organizations.remove(name); // of a file now, behind the others of files
                }
                put.put(name, each);
                organizations.put(name, each);
            });
        }
        return policy.with(put.values(), removed, optionsFor(policy, organizations.values()), "1");
    }

    // The local domains of a service rarely change, and never to one that a file's organization has.
    private PolicyOptions optionsFor(Policy policy, Collection<Organization> organizations) {
        boolean clash = organizations.stream()
                .filter(each -> !each.standing().ofDirectory())
                .flatMap(each -> each.acceptedDomains().stream())
                .anyMatch(accepted -> policy.options().localDomains().contains(accepted.domain()));
        return clash || random.chance(20) ? random.options(organizations) : policy.options();
    }

    private static void assertDecidesAs(RuleModel model, Policy policy, long seed) {
        RandomService mail = new RandomService(seed);
        for (int i = 0; i < DECISIONS; i++) {
            Client client = mail.client();
            Envelope envelope = mail.envelope();
            Address recipient = mail.address();
            assertThat(RuleModelTest.outcome(policy.decide(policy.identify(client), envelope, recipient)))
                    .as("seed %s, mail %s", seed, i)
                    .isEqualTo(model.decide(client, envelope, recipient));
        }
    }

    private static List<String> decisions(Policy policy, long seed) {
        RandomService mail = new RandomService(seed);
        List<String> decisions = new ArrayList<>();
        for (int i = 0; i < DECISIONS; i++) {
            Client client = mail.client();
            Envelope envelope = mail.envelope();
            Address recipient = mail.address();
            Identification identification = policy.identify(client);
            String names = identification.matches().stream()
                    .map(match -> match.name().toString())
                    .collect(Collectors.joining(", "));
            decisions.add(names + ": " + policy.decide(identification, envelope, recipient));
            if (i == 0) {
                decisions.add(policy.explain(client, envelope, recipient).toString());
            }
        }
        return decisions;
    }
}
