package io.github.orgmilter.rows;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.document.Problem;
import io.github.orgmilter.header.FieldName;
import io.github.orgmilter.suffix.PublicSuffixes;
import io.github.orgmilter.suffix.ReservedDomains;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What counts of an organization where a row is bad: the states of the store one after another, and what counts in the last. */
class LastGoodTest {

    private static final String DOMAIN = "|accepted-domains|contoso.com";
    private static final String A = "office|addresses|192.0.2.1";
    private static final String B = "office|addresses|192.0.2.2";
    private static final String C = "office|addresses|192.0.2.3";
    private static final String BAD = "office|addresses|192.0.2.300";
    private static final String WORSE = "office|addresses|mail.contoso.com";

    private static final String FROM = "partner/p|sender-domains|f.example";
    private static final String AT = "partner/p|addresses|192.0.2.1";
    private static final String BAD_AT = "partner/p|addresses|192.0.2.300";

    private static Arguments states(String name, String expected, List<?>... states) {
        return Arguments.of(name, expected, List.of(states));
    }

    // spotless:off
    static Stream<Arguments> tables() {
        return Stream.of(
                states("a new connector with a bad row is disabled", "contoso.com RELAY ?",
                        List.of(DOMAIN, A, BAD)),
                states("a value edited into a bad one still counts", "contoso.com RELAY office([] [192.0.2.1]) ?",
                        List.of(DOMAIN, A), List.of(DOMAIN, BAD)),
                states("and if it is edited into another bad one", "contoso.com RELAY office([] [192.0.2.1]) ?",
                        List.of(DOMAIN, A), List.of(DOMAIN, BAD), List.of(DOMAIN, WORSE)),
                states("not if the row is removed", "contoso.com RELAY",
                        List.of(DOMAIN, A), List.of(DOMAIN, BAD), List.of(DOMAIN)),
                states("nor if it is edited into a good one", "contoso.com RELAY office([] [192.0.2.2])",
                        List.of(DOMAIN, A), List.of(DOMAIN, BAD), List.of(DOMAIN, B)),
                states("a bad row added leaves the others", "contoso.com RELAY office([] [192.0.2.1]) ?",
                        List.of(DOMAIN, A), List.of(DOMAIN, A, BAD)),
                states("a bad row that was there before keeps no row that is removed", "contoso.com RELAY ?",
                        List.of(DOMAIN, A), List.of(DOMAIN, A, BAD), List.of(DOMAIN, BAD)),
                states("nor one of two", "contoso.com RELAY office([] [192.0.2.2]) ?",
                        List.of(DOMAIN, A, B), List.of(DOMAIN, A, B, BAD), List.of(DOMAIN, B, BAD)),
                states("a good row beside a bad one counts", "contoso.com RELAY office([] [192.0.2.1, 192.0.2.3]) ?",
                        List.of(DOMAIN, A), List.of(DOMAIN, A, BAD), List.of(DOMAIN, A, BAD, C)),
                states("where more rows are gone than bad ones came, all are gone", "contoso.com RELAY ?",
                        List.of(DOMAIN, A, B), List.of(DOMAIN, BAD)),
                states("a restriction edited into a bad one still counts", "contoso.com RELAY office([] [192.0.2.1] tls) ?",
                        List.of(DOMAIN, A, "office|require-tls|true"), List.of(DOMAIN, A, "office|require-tls|tru")),
                states("a restriction added with a bad value widens nothing", "contoso.com RELAY office([] [192.0.2.1]) ?",
                        List.of(DOMAIN, A), List.of(DOMAIN, A, "office|require-tls|tru")),
                states("one under a new name disables the connector", "contoso.com RELAY ?",
                        List.of(DOMAIN, A, "office|require-tls|true"), List.of(DOMAIN, A, "office|require-tsl|true")),
                states("sender-domains without a last good value disable the connector", "contoso.com RELAY ?",
                        List.of(DOMAIN, A, "office|sender-domains|com")),
                states("sender-domains keep their last good value", "contoso.com RELAY office([] [192.0.2.1] from [contoso.com]) ?",
                        List.of(DOMAIN, A, "office|sender-domains|contoso.com"), List.of(DOMAIN, A, "office|sender-domains|com")),
                states("sender-domains whose good value is removed disable the connector", "contoso.com RELAY ?",
                        List.of(DOMAIN, A, "office|sender-domains|contoso.com"),
                        List.of(DOMAIN, A, "office|sender-domains|contoso.com", "office|sender-domains|com"),
                        List.of(DOMAIN, A, "office|sender-domains|com")),
                states("a connector that needs both never makes do with one", "contoso.com RELAY ?",
                        List.of(DOMAIN, A, "office|certificate-names|mail.contoso.com"),
                        List.of(DOMAIN, A, "office|certificate-names|mail.contoso.com", "office|certificate-names|a..b"),
                        List.of(DOMAIN, A, "office|certificate-names|a..b")),
                states("a disabled connector comes back once its rows are good", "contoso.com RELAY office([] [192.0.2.1])",
                        List.of(DOMAIN, A, BAD), List.of(DOMAIN, A)),
                states("a connector without an identity is disabled", "contoso.com RELAY ?",
                        List.of(DOMAIN, A, "office|require-tls|true"), List.of(DOMAIN, "office|require-tls|true")),
                states("enabled = false always applies", "contoso.com RELAY office([] [192.0.2.1] off) ?",
                        List.of(DOMAIN, A, "office|enabled|true"), List.of(DOMAIN, A, "office|enabled|true", "office|enabled|false")),
                states("of two values for a key the last good one counts", "contoso.com ALL",
                        List.of(DOMAIN, "|sender-protection|all"), List.of(DOMAIN, "|sender-protection|all", "|sender-protection|off")),
                states("of two new values none does", "contoso.com RELAY",
                        List.of(DOMAIN, "|sender-protection|all", "|sender-protection|off")),
                states("header-from without a last good value is all", "contoso.com RELAY from ALL",
                        List.of(DOMAIN, "|header-from|rely")),
                states("and keeps its last good one", "contoso.com RELAY from RELAY",
                        List.of(DOMAIN, "|header-from|relay"), List.of(DOMAIN, "|header-from|rely")),
                states("and of two new values it is all", "contoso.com RELAY from ALL",
                        List.of(DOMAIN, "|header-from|off", "|header-from|relay")),
                states("required-headers are of several names, each with several values", "contoso.com RELAY office([] [192.0.2.1] with [X-A, X-B])",
                        List.of(DOMAIN, A, "office|required-headers.X-A|1", "office|required-headers.X-A|2", "office|required-headers.X-B|3")),
                states("bad ones without a last good value disable the connector", "contoso.com RELAY ?",
                        List.of(DOMAIN, A, "office|required-headers.Subject|1")),
                states("with a bad value, too", "contoso.com RELAY ?",
                        List.of(DOMAIN, A, "office|required-headers.X-A|")),
                states("and beside a good one", "contoso.com RELAY ?",
                        List.of(DOMAIN, A, "office|required-headers.X-A|1", "office|required-headers.X-B|")),
                states("and without a name", "contoso.com RELAY ?",
                        List.of(DOMAIN, A, "office|required-headers|1")),
                states("edited into a bad one, they still count", "contoso.com RELAY office([] [192.0.2.1] with [X-A]) ?",
                        List.of(DOMAIN, A, "office|required-headers.X-A|1"), List.of(DOMAIN, A, "office|required-headers.X-A|")),
                states("renamed into a bad one, too", "contoso.com RELAY office([] [192.0.2.1] with [X-A]) ?",
                        List.of(DOMAIN, A, "office|required-headers.X-A|1"), List.of(DOMAIN, A, "office|required-headers.A|1")),
                states("one that is not required twice", "contoso.com RELAY ?",
                        List.of(DOMAIN, A, "office|required-headers.X-A|1", "office|required-headers.x-a|1")),
                states("a bad domain is left out", "contoso.com RELAY",
                        List.of(DOMAIN, "|accepted-domains|com")),
                states("a domain edited into a bad one still counts", "contoso.com contoso.net RELAY",
                        List.of(DOMAIN, "|accepted-domains|contoso.net"), List.of(DOMAIN, "|accepted-domains|contoso..net")),
                states("an organization with bad domains only has none", "RELAY office([] [192.0.2.1])",
                        List.of("|accepted-domains|com", A)),
                states("a domain with and without subdomains has none", "contoso.com RELAY",
                        List.of(DOMAIN, "|accepted-domains|contoso.com subdomains")),
                states("unless it had them before", "contoso.com and below RELAY",
                        List.of("|accepted-domains|contoso.com subdomains"), List.of(DOMAIN, "|accepted-domains|contoso.com subdomains")),
                states("a value that is bad takes its default", "contoso.com RELAY",
                        List.of(DOMAIN, "|sender-protection|strict")),
                states("or its last good one", "contoso.com OFF",
                        List.of(DOMAIN, "|sender-protection|off"), List.of(DOMAIN, "|sender-protection|strict")),
                states("a key without rows takes its default", "contoso.com RELAY",
                        List.of(DOMAIN, "|sender-protection|off"), List.of(DOMAIN)),
                states("a nested row does not keep what is removed", "contoso.com RELAY ?",
                        List.of(DOMAIN, A), List.of(DOMAIN, A, "office|addresses.x|y"), List.of(DOMAIN, "office|addresses.x|y")),
                states("issuers whose certificate names are removed disable the connector", "contoso.com RELAY ?",
                        List.of(DOMAIN, A, "office|certificate-names|mail.contoso.com", "office|issuers|CA"),
                        List.of(DOMAIN, A, "office|issuers|CA")),
                states("a partner", "contoso.com RELAY partner p(f.example at [192.0.2.1])",
                        List.of(DOMAIN, FROM, AT)),
                states("a new partner with a bad row is closed", "contoso.com RELAY partner p(f.example at [::]) ?",
                        List.of(DOMAIN, FROM, AT, BAD_AT)),
                states("and stays so, whatever else changes", "contoso.com contoso.net RELAY partner p(f.example at [::]) ?",
                        List.of(DOMAIN, FROM, AT, BAD_AT), List.of(DOMAIN, FROM, AT, BAD_AT, "|accepted-domains|contoso.net")),
                states("until its rows are good", "contoso.com RELAY partner p(f.example at [192.0.2.1])",
                        List.of(DOMAIN, FROM, AT, BAD_AT), List.of(DOMAIN, FROM, AT)),
                states("a partner's value edited into a bad one still counts", "contoso.com RELAY partner p(f.example at [192.0.2.1]) ?",
                        List.of(DOMAIN, FROM, AT), List.of(DOMAIN, FROM, BAD_AT)),
                states("a bad row added leaves the others of a partner", "contoso.com RELAY partner p(f.example at [192.0.2.1]) ?",
                        List.of(DOMAIN, FROM, AT), List.of(DOMAIN, FROM, AT, BAD_AT)),
                states("a partner whose good row is removed is closed", "contoso.com RELAY partner p(f.example at [::]) ?",
                        List.of(DOMAIN, FROM, AT), List.of(DOMAIN, FROM, AT, BAD_AT), List.of(DOMAIN, FROM, BAD_AT)),
                states("senders that cannot be read are everybody", "contoso.com RELAY partner p(* at [::]) ?",
                        List.of(DOMAIN, "partner/p|sender-domains|f..example", AT)),
                states("beside those that can", "contoso.com RELAY partner p(f.example, * at [::]) ?",
                        List.of(DOMAIN, FROM, "partner/p|sender-domains|f..example", AT)),
                states("and stay so", "contoso.com contoso.net RELAY partner p(f.example, * at [::]) ?",
                        List.of(DOMAIN, FROM, "partner/p|sender-domains|f..example", AT),
                        List.of(DOMAIN, FROM, "partner/p|sender-domains|f..example", AT, "|accepted-domains|contoso.net")),
                states("until they are good, though another row is not", "contoso.com RELAY partner p(f.example at [::]) ?",
                        List.of(DOMAIN, FROM, "partner/p|sender-domains|f..example", AT, BAD_AT), List.of(DOMAIN, FROM, AT, BAD_AT)),
                states("senders edited into bad ones still count", "contoso.com RELAY partner p(f.example at [192.0.2.1]) ?",
                        List.of(DOMAIN, FROM, AT), List.of(DOMAIN, "partner/p|sender-domains|f..example", AT)),
                states("senders that are removed, with a bad one left, are everybody", "contoso.com RELAY partner p(* at [::]) ?",
                        List.of(DOMAIN, FROM, AT),
                        List.of(DOMAIN, FROM, AT, "partner/p|sender-domains|f..example"),
                        List.of(DOMAIN, AT, "partner/p|sender-domains|f..example")),
                states("a partner's restriction edited into a bad one still counts", "contoso.com RELAY partner p(f.example at [192.0.2.1] tls) ?",
                        List.of(DOMAIN, FROM, AT, "partner/p|require-tls|true"), List.of(DOMAIN, FROM, AT, "partner/p|require-tls|tru")),
                states("one under an unknown name closes the partner", "contoso.com RELAY partner p(f.example at [::]) ?",
                        List.of(DOMAIN, FROM, AT, "partner/p|require-tsl|true")),
                states("even if it was edited into that", "contoso.com RELAY partner p(f.example at [::]) ?",
                        List.of(DOMAIN, FROM, AT, "partner/p|require-tls|true"), List.of(DOMAIN, FROM, AT, "partner/p|require-tsl|true")),
                states("but added to a partner it widens nothing", "contoso.com RELAY partner p(f.example at [192.0.2.1]) ?",
                        List.of(DOMAIN, FROM, AT), List.of(DOMAIN, FROM, AT, "partner/p|require-tsl|true")),
                states("two values where one is wanted close a new partner", "contoso.com RELAY partner p(f.example at [::]) ?",
                        List.of(DOMAIN, FROM, AT, "partner/p|require-tls|true", "partner/p|require-tls|false")),
                states("a partner that requires nothing is closed", "contoso.com RELAY partner p(f.example at [::]) ?",
                        List.of(DOMAIN, FROM)),
                states("as when its last kind is removed", "contoso.com RELAY partner p(f.example at [::]) ?",
                        List.of(DOMAIN, FROM, AT), List.of(DOMAIN, FROM)),
                states("and if all that it requires is false", "contoso.com RELAY partner p(f.example at [::]) ?",
                        List.of(DOMAIN, FROM, "partner/p|require-tls|false")),
                states("a partner without senders restricts nobody", "contoso.com RELAY",
                        List.of(DOMAIN, AT)),
                states("as when they are removed", "contoso.com RELAY partner q(* tls)",
                        List.of(DOMAIN, FROM, AT, "partner/q|sender-domains|*", "partner/q|require-tls|true"),
                        List.of(DOMAIN, AT, "partner/q|sender-domains|*", "partner/q|require-tls|true")),
                states("a partner that is removed is gone, whatever else is bad", "contoso.com RELAY ?",
                        List.of(DOMAIN, FROM, AT), List.of(DOMAIN, BAD)),
                states("a key that only connectors have closes it", "contoso.com RELAY partner p(f.example at [::]) ?",
                        List.of(DOMAIN, FROM, AT, "partner/p|enabled|false")),
                states("a name that no log line could have restricts all the same", "contoso.com RELAY partner a/b c(f.example tls)",
                        List.of(DOMAIN, "partner/a/b c|sender-domains|f.example", "partner/a/b c|require-tls|true")),
                states("with a bad row, too", "contoso.com RELAY partner (f.example at [::]) ?",
                        List.of(DOMAIN, "partner/|sender-domains|f.example", "partner/|require-tls|tru")),
                states("the grammar of senders is that of domains", "contoso.com RELAY partner p(g.example, f.example and below, * tls)",
                        List.of(DOMAIN, "partner/p|sender-domains|f.example subdomains", "partner/p|sender-domains|G.example.",
                                "partner/p|sender-domains|*", "partner/p|require-tls|yes")));
    }
    // spotless:on

    @ParameterizedTest(name = "{0}")
    @MethodSource("tables")
    void countsWhatIsGood(String name, String expected, List<List<String>> states) {
        RowsReader reader = new RowsReader(new RowRules(
                Set.of("header-from", "required-headers"),
                false,
                PublicSuffixes.builtIn(),
                ReservedDomains.NONE,
                RowRules.STANDARD.resultHeader(),
                RowLimits.STANDARD));
        Optional<Held> before = Optional.empty();
        OrganizationRows store = Rows.contoso();
        Optional<ReadOrganization> last = Optional.empty();
        for (List<String> state : states) {
            store = Rows.contoso(state.toArray(String[]::new));
            ReadOrganization read = reader.read(store, before);
            before = Optional.of(read.held(store));
            last = Optional.of(read);
        }
        ReadOrganization read = last.orElseThrow();
        assertThat(read.organization().map(Rows::text)).contains(expected);
        assertThat(read.problems().isEmpty()).isEqualTo(store.equals(read.effective()));
        // As after a start from the snapshot.
        assertThat(reader.read(store, before)).isEqualTo(read);
        assertThat(read.problems()).extracting(Problem::repair).doesNotContain("");
    }

    @Test
    void requiredHeadersThatMayNotBeSetDisableTheConnector() {
        RowsReader reader = new RowsReader(RowRules.STANDARD);
        ReadOrganization read =
                reader.read(Rows.contoso(DOMAIN, A, "office|required-headers.X-A|top-secret"), Optional.empty());
        assertThat(read.organization().map(Rows::text)).contains("contoso.com RELAY ?");
        assertThat(read.problems().toString())
                .contains("add required-headers to directory.settings")
                .doesNotContain("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"top-secret ", "töp-secret", "top-secret\ufffd", "top-secret\n"})
    void noProblemRepeatsTheValueOfARequiredHeader(String value) {
        RowsReader reader = new RowsReader(rules("X-OrgMilter-Result"));
        ReadOrganization read =
                reader.read(Rows.contoso(DOMAIN, A, "office|required-headers.X-A|" + value), Optional.empty());
        assertThat(read.problems()).isNotEmpty();
        assertThat(read.problems().toString()).contains("X-A").doesNotContain("secret");
    }

    @Test
    void theResultHeaderCannotBeRequired() {
        RowRules rules = rules("X-Verdict");
        OrganizationRows store = Rows.contoso(DOMAIN, A, "office|required-headers.x-verdict|top-secret");
        ReadOrganization good = new RowsReader(rules("X-OrgMilter-Result")).read(store, Optional.empty());
        assertThat(good.problems()).isEmpty();
        // What counted before the name was given to the result header does not stay.
        for (Optional<Held> before : List.of(Optional.<Held>empty(), Optional.of(good.held(store)))) {
            ReadOrganization read = new RowsReader(rules).read(store, before);
            assertThat(read.organization().map(Rows::text)).contains("contoso.com RELAY ?");
            assertThat(read.problems().toString())
                    .contains(
                            "X-Verdict is the result header, which is removed from each message", "result-header-name")
                    .doesNotContain("secret");
        }
    }

    private static RowRules rules(String resultHeader) {
        return new RowRules(
                Set.of("required-headers"),
                false,
                PublicSuffixes.builtIn(),
                ReservedDomains.NONE,
                new FieldName(resultHeader),
                RowLimits.STANDARD);
    }
}
