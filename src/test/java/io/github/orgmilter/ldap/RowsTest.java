package io.github.orgmilter.ldap;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.organization.AcceptedDomain;
import io.github.orgmilter.rows.Setting;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Rows by organization")
final class RowsTest {

    private static Setting row(String organization, String connector, String setting, String value) {
        return new Setting(organization, connector, setting, value, AcceptedDomain.UNDATED);
    }

    private static void add(Rows rows, Setting row) {
        rows.add(new Owner(row.organization(), row.connector()), List.of(row));
    }

    @Test
    void comeTogether() {
        Rows rows = new Rows();
        Setting first = row("contoso", "", "accepted-domains", "bücher.example");
        Setting other = row("fabrikam", "", "accepted-domains", "fabrikam.com");
        Setting second = row("contoso", "office", "addresses", "a\0\n\ud83d\ude00");
        List.of(first, other, second).forEach(it -> add(rows, it));
        List<Setting> handed = new ArrayList<>();
        rows.handTo(handed::add);
        assertThat(handed).containsExactlyInAnyOrder(first, second, other);
        assertThat(handed.indexOf(second)).isEqualTo(handed.indexOf(first) + 1);
        rows.handTo(it -> assertThat(it).as("handed on already").isNull());
    }

    @Test
    void ofAConnectorAloneAreNone() {
        Rows rows = new Rows();
        add(rows, row("contoso", "office", "addresses", "192.0.2.1"));
        assertThat(rows.of("contoso")).isEmpty();
    }

    @Test
    void ofAnOrganizationThatHasTooManyAreOneThatCannotBe() {
        Rows rows = new Rows();
        String value = "x".repeat(4000);
        for (int i = 0; i < 5000; i++) {
            add(rows, row("contoso", "", "accepted-domains", value));
        }
        add(rows, row("fabrikam", "", "accepted-domains", "fabrikam.com"));
        assertThat(rows.of("contoso"))
                .singleElement()
                .satisfies(it -> assertThat(it.setting()).contains("\0"));
        assertThat(rows.of("fabrikam")).hasSize(1);
    }
}
