package io.github.orgmilter.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.orgmilter.document.Problem;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.rows.RowLimits;
import io.github.orgmilter.rows.RowRules;
import io.github.orgmilter.rows.Rows;
import io.github.orgmilter.rows.RowsReader;
import io.github.orgmilter.rows.Setting;
import io.github.orgmilter.settings.Throttle;
import io.github.orgmilter.suffix.PublicSuffixes;
import io.github.orgmilter.suffix.ReservedDomains;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a node holds of a directory after changes and whole loads. */
final class HoldingsTest extends HoldingsScene {

    @Test
    void aWholeLoadTellsWhatIsDifferent() throws StoreException {
        Update first = load(1, customers(0, 3));
        assertThat(first.put()).extracting(Organization::name).containsExactly("customer0", "customer1", "customer2");
        Update same = load(2, customers(0, 3));
        assertThat(same.isEmpty()).isTrue();
        assertThat(same.changed()).isEmpty();
        assertThat(same.unannounced()).isEmpty();
        assertThat(holdings.version()).hasValue(2);
        List<Setting> rows = customers(1, 4);
        rows.addAll(0, Rows.settings("customer1", "|sender-protection|all")); // before its other rows
        Update other = load(3, rows);
        assertThat(other.put()).extracting(Organization::name).containsExactly("customer1", "customer3");
        assertThat(other.removed()).containsExactly("customer0");
        assertThat(other.unannounced()).containsExactlyInAnyOrder("customer0", "customer1", "customer3");
        assertThat(holdings.size()).isEqualTo(3);
    }

    @Test
    void anOrganizationWhoseRowsDoNotComeTogetherFailsTheLoad() throws StoreException {
        load(1, customers(0, 3));
        List<Setting> rows = new ArrayList<>(customers(0, 2));
        rows.addAll(Rows.settings("customer0", "|sender-protection|all"));
        assertThatThrownBy(() -> load(2, rows))
                .isInstanceOf(StoreException.class)
                .hasMessage(
                        "directory: organization customer0: its rows do not come together; let directory.queries.settings"
                                + " sort by organization, with a binary collation");
        assertThat(holdings.version()).hasValue(1);
        assertThat(holdings.size()).isEqualTo(3);
        assertThat(load(3, customers(0, 3)).isEmpty()).isTrue();
    }

    @Test
    void namesDifferByCase() throws StoreException {
        List<Setting> rows = new ArrayList<>(Rows.settings("Contoso", "|accepted-domains|contoso.com"));
        rows.addAll(Rows.settings("contoso", "|accepted-domains|contoso.net"));
        load(1, rows);
        assertThat(policy).containsOnlyKeys("Contoso", "contoso");
    }

    @Test
    void aLoadThatFailedLeavesNothingBehind() throws StoreException {
        load(1, customers(0, 3));
        WholeLoad failed = holdings.begin(Throttle.none());
        customers(5, 9).forEach(failed::accept);
        assertThat(load(2, customers(0, 3)).isEmpty()).isTrue();
    }

    @Test
    void anEmptyFirstLoadIsNotTaken() {
        assertThatThrownBy(() -> load(1, List.of()))
                .isInstanceOf(StoreException.class)
                .hasMessageStartingWith("the directory has no organizations; ");
        assertThat(holdings.version()).isEmpty();
    }

    @Test
    void otherRulesReadEverythingAnew() throws StoreException {
        List<Setting> rows = Rows.settings(
                "contoso", "|accepted-domains|contoso.com", "office|addresses|10.0.0.0/8", "office|require-tls|true");
        load(1, rows);
        assertThat(policy).containsEntry("contoso", "contoso.com RELAY ?");
        assertThat(holdings.withProblems()).isOne();
        follow(
                policy,
                holdings.reread(
                        new RowRules(
                                Set.of(),
                                true,
                                PublicSuffixes.builtIn(),
                                ReservedDomains.NONE,
                                RowRules.STANDARD.resultHeader(),
                                RowLimits.STANDARD),
                        Throttle.none(),
                        now));
        assertThat(policy).containsEntry("contoso", "contoso.com RELAY office([] [10.0.0.0/8] tls)");
        assertThat(holdings.withProblems()).isZero();
    }

    @Test
    void moreRowsThanAreHeldAddNothingAndRemoveWhatIsGone() throws StoreException {
        Holdings small = new Holdings(
                new RowsReader(new RowRules(
                        Set.of(),
                        false,
                        PublicSuffixes.builtIn(),
                        ReservedDomains.NONE,
                        RowRules.STANDARD.resultHeader(),
                        new RowLimits(5, 100))),
                MOST);
        List<Setting> rows = new ArrayList<>(Rows.settings(
                "contoso",
                "|accepted-domains|contoso.com",
                "office|addresses|192.0.2.1",
                "office|addresses|192.0.2.2"));
        follow(policy, load(small, 1, rows, now));
        rows.remove(2);
        for (int i = 0; i < 1_000; i++) {
            rows.addAll(0, Rows.settings("contoso", "office|addresses|198.51.100." + i % 256, "|colour|" + i));
        }
        follow(policy, load(small, 2, rows, now));
        assertThat(policy).containsEntry("contoso", "contoso.com RELAY office([] [192.0.2.1]) ?");
        assertThat(small.problems())
                .extracting(Problem::toString)
                .containsExactly(
                        "directory: organization contoso: more than 5 rows: of them only those count that counted"
                                + " before; remove rows, or divide them among several organizations");
        assertThat(load(small, 3, rows, now).changed()).isEmpty();
        follow(policy, small.apply(new Store.Changes(4, Map.of("contoso", rows.subList(500, 900))), now));
        assertThat(policy).as("nothing is left of what counted").isEmpty();
        follow(policy, small.apply(new Store.Changes(5, Map.of("contoso", customer(1))), now));
        assertThat(policy).containsKey("contoso");
    }
}
