package io.github.orgmilter.rows;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.document.Hints;
import io.github.orgmilter.document.Problems;
import io.github.orgmilter.organization.AcceptedDomain;
import io.github.orgmilter.organization.Connector;
import io.github.orgmilter.organization.Mode;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.organization.SenderProtection;
import io.github.orgmilter.settings.CrossChecks;
import io.github.orgmilter.settings.OrganizationDraft;
import io.github.orgmilter.settings.OrganizationReader;
import io.github.orgmilter.settings.Throttle;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Organizations are read from any source of settings, here from rows, by the same readers and with the same words. */
class RowNodeTest {

    private final Problems problems = new Problems();

    private OrganizationDraft read(String... rows) {
        List<Setting> settings = Stream.of(rows)
                .map(row -> row.split("\\|", -1))
                .map(row -> new Setting(row[0], row[1], row[2], row[3], AcceptedDomain.UNDATED))
                .toList();
        return new OrganizationReader(problems, Throttle.none(), Hints.NONE)
                .read(RowNode.organization("contoso", settings, problems))
                .orElseThrow();
    }

    @Test
    void rowsMakeAnOrganization() {
        OrganizationDraft draft = read(
                "contoso||accepted-domains|contoso.com",
                "contoso|headquarters|certificate-names|mail.contoso.com",
                "contoso||accepted-domains|contoso.net",
                "contoso||sender-protection|all",
                "contoso|office|addresses|198.51.100.0/28",
                "contoso|office|require-tls|true",
                "contoso|office|mode|audit");
        new CrossChecks(List.of(draft), List.of(), true, problems, Throttle.none()).run();
        assertThat(problems.errors()).isEmpty();
        assertThat(problems.warnings()).isEmpty();
        Organization organization = draft.build();
        assertThat(organization.acceptedDomains())
                .extracting(Object::toString)
                .containsExactly("contoso.com", "contoso.net");
        assertThat(organization.senderProtection()).isEqualTo(SenderProtection.ALL);
        assertThat(organization.mode()).isEqualTo(Mode.ENFORCE);
        Connector office = organization.connectors().stream()
                .filter(connector -> connector.name().equals("office"))
                .findFirst()
                .orElseThrow();
        assertThat(office.addresses().ranges()).extracting(Object::toString).containsExactly("198.51.100.0/28");
        assertThat(office.requireTls()).isTrue();
        assertThat(office.mode()).isEqualTo(Mode.AUDIT);
    }

    @Test
    void itsProblemsAreAtTheRow() {
        read(
                "contoso||accepted-domains|contoso.com.",
                "contoso||sender-protection|some",
                "contoso||colour|red",
                "contoso|office|addresses|198.51.100.1/28",
                "contoso|office|addresses-file|/etc/passwd",
                "contoso|empty|require-tls|true");
        assertThat(problems.errors())
                .extracting(Object::toString)
                .contains(
                        "directory: organization contoso, sender-protection: \"some\" is not a possible value; write off, relay or all",
                        "directory: organization contoso, colour: unknown key; use accepted-domains, accepted-domains-file,"
                                + " sender-protection, header-from, delegated-domains, mode, connectors or partners",
                        "directory: organization contoso, connector office, addresses: non-null host address bits in"
                                + " \"198.51.100.1/28\"; perhaps you should use \"198.51.100.0/28\", or \"198.51.100.1\" alone",
                        "directory: organization contoso, connector office, addresses-file: only a configuration file may name a"
                                + " file; write the values themselves")
                .anyMatch(line ->
                        line.startsWith("directory: organization contoso, connector empty: a connector without"));
    }
}
