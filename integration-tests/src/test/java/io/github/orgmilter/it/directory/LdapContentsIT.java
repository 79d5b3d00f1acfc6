package io.github.orgmilter.it.directory;

import static io.github.orgmilter.it.directory.LdapBench.TIMEOUT;
import static io.github.orgmilter.it.directory.LdapEntries.COMPANIES;
import static io.github.orgmilter.it.directory.LdapEntries.CUSTOMERS;
import static io.github.orgmilter.it.directory.LdapEntries.DOMAINS;
import static io.github.orgmilter.it.directory.LdapEntries.TWO_CUSTOMERS;
import static io.github.orgmilter.it.directory.LdapEntries.change;
import static io.github.orgmilter.it.directory.LdapEntries.organization;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.unboundid.ldap.sdk.RDN;
import io.github.orgmilter.directory.StoreException;
import io.github.orgmilter.directory.StoreSettings.Ldap;
import io.github.orgmilter.ldap.LdapSchema;
import io.github.orgmilter.ldap.LdapStore;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("What a store on OpenLDAP holds")
@Timeout(300)
final class LdapContentsIT {

    @RegisterExtension
    static final LdapBench LDAP = new LdapBench();

    @Test
    void hasTheCustomersOfOurOwnSchema() throws Exception {
        LDAP.server().modify(TWO_CUSTOMERS);
        HeldRows held = new HeldRows();
        held.load(LDAP.customers());
        assertThat(held.organizations)
                .isEqualTo(Map.of(
                        "contoso",
                        Set.of(
                                "accepted-domains=contoso.com",
                                "accepted-domains=contoso.net subdomains",
                                "sender-protection=all",
                                "headquarters certificate-names=mail.contoso.com",
                                "office addresses=198.51.100.0/28",
                                "office mode=audit",
                                "office required-headers.X-OriginatorOrg=contoso.com"),
                        "fabrikam",
                        Set.of("accepted-domains=fabrikam.com")));
        assertThat(held.version).isPresent();
        assertThat(LDAP.customers().version()).isEqualTo(held.version);
    }

    @Test
    void hasMoreEntriesThanAPage() throws Exception {
        int count = 2500;
        LDAP.server()
                .modify(IntStream.range(0, count)
                        .mapToObj(i ->
                                organization("customer" + i, "orgmilterAcceptedDomains: customer" + i + ".example"))
                        .collect(Collectors.joining()));
        HeldRows held = new HeldRows();
        held.load(LDAP.customers());
        assertThat(held.organizations)
                .hasSize(count)
                .containsEntry("customer2499", Set.of("accepted-domains=customer2499.example"));
    }

    @Test
    void isNeverPartOfTheWhole() throws Exception {
        LDAP.server()
                .modify(IntStream.range(0, 600)
                        .mapToObj(i -> organization("customer" + i))
                        .collect(Collectors.joining()));
        Ldap ldap = LdapSchema.ORGMILTER.below(CUSTOMERS, false, Optional.empty());
        LdapStore store = LDAP.store(LDAP.settings(LDAP.server().plainUrl(), OpenLdapContainer.LIMITED, ldap, TIMEOUT));
        assertThatThrownBy(() -> store.load(row -> {}))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("cuts the answer off at its size limit; ")
                .hasMessageContaining("olcLimits");
    }

    @Test
    void followsNoReferral() throws Exception {
        LDAP.server()
                .modify(TWO_CUSTOMERS
                        + change(
                                "ou=elsewhere," + CUSTOMERS,
                                "changetype: add",
                                "objectClass: referral",
                                "objectClass: extensibleObject",
                                "ou: elsewhere",
                                "ref: ldap://127.0.0.2/ou=elsewhere"));
        LdapStore store = LDAP.customers();
        assertThatThrownBy(() -> store.load(row -> {}))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("refers to another server");
    }

    private static String mailDomain(String name, String... lines) {
        return change(
                "domainName=" + name + "," + DOMAINS,
                "changetype: add",
                "objectClass: mailDomain",
                String.join("\n", lines));
    }

    @Test
    void hasTheDomainsOfIRedMail() throws Exception {
        LDAP.server()
                .modify(mailDomain(
                                "contoso.com",
                                "accountStatus: active",
                                "enabledService: mail",
                                "domainAliasName: contoso.net",
                                "domainAliasName: contoso.org")
                        + mailDomain(
                                "fabrikam.com", "accountStatus: active", "enabledService: mail", "domainBackupMX: yes")
                        + mailDomain("litware.example", "accountStatus: disabled", "enabledService: mail"));
        LdapStore store = LDAP.store(LdapSchema.IREDMAIL, DOMAINS);
        HeldRows held = new HeldRows();
        held.load(store);
        Set<String> contoso =
                Set.of("accepted-domains=contoso.com", "accepted-domains=contoso.net", "accepted-domains=contoso.org");
        assertThat(held.organizations)
                .isEqualTo(Map.of("contoso.com", contoso, "fabrikam.com", Set.of("accepted-domains=fabrikam.com")));
        LDAP.server()
                .modify(change(
                                "domainName=contoso.com," + DOMAINS,
                                "changetype: modify",
                                "replace: accountStatus",
                                "accountStatus: disabled")
                        + change(
                                "domainName=litware.example," + DOMAINS,
                                "changetype: modify",
                                "replace: accountStatus",
                                "accountStatus: active"));
        assertThat(held.update(store)).containsExactly("contoso.com", "litware.example");
        assertThat(held.organizations).containsOnlyKeys("fabrikam.com", "litware.example");
    }

    @Test
    void hasAssociatedDomains() throws Exception {
        String contoso = "objectClass: organization\nobjectClass: domainRelatedObject\no: Contoso";
        LDAP.server()
                .modify(change(
                                "o=Contoso," + COMPANIES,
                                "changetype: add",
                                contoso,
                                "associatedDomain: contoso.com",
                                "associatedDomain: contoso.net")
                        // A second entry of the same organization.
                        + change(
                                "ou=branch," + COMPANIES,
                                "changetype: add",
                                "objectClass: organizationalUnit",
                                "ou: branch")
                        + change(
                                "o=Contoso,ou=branch," + COMPANIES,
                                "changetype: add",
                                contoso,
                                "associatedDomain: contoso.org"));
        LdapStore store = LDAP.store(LdapSchema.ASSOCIATED_DOMAIN, COMPANIES);
        HeldRows held = new HeldRows();
        held.load(store);
        assertThat(held.organizations)
                .isEqualTo(Map.of(
                        "Contoso",
                        Set.of(
                                "accepted-domains=contoso.com",
                                "accepted-domains=contoso.net",
                                "accepted-domains=contoso.org")));
        LDAP.server()
                .modify(change(
                        "o=Contoso," + COMPANIES,
                        "changetype: modify",
                        "delete: associatedDomain",
                        "associatedDomain: contoso.net"));
        assertThat(held.update(store)).containsExactly("Contoso");
        assertThat(held.organizations.get("Contoso"))
                .containsExactlyInAnyOrder("accepted-domains=contoso.com", "accepted-domains=contoso.org");
    }

    private static String base64(String name, String value) {
        return name + ":: " + Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "a*b",
                "(|(o=*))",
                "back\\slash",
                "com,ma",
                "pl+us",
                "quo\"te",
                "Bücher",
                "#hash",
                "semi;colon <less>",
                "partner/x"
            })
    void takesNamesAsTheyAre(String name) throws Exception {
        String dn = new RDN("o", name) + "," + CUSTOMERS;
        LDAP.server()
                .modify(change(
                                dn,
                                "changetype: add",
                                "objectClass: organization",
                                "objectClass: orgmilterOrganization",
                                "orgmilterAcceptedDomains: a.example")
                        + organization("other", "orgmilterAcceptedDomains: other.example"));
        LdapStore store = LDAP.customers();
        HeldRows held = new HeldRows();
        held.load(store);
        assertThat(held.organizations).containsOnlyKeys(name, "other");
        LDAP.server()
                .modify(change(
                        dn,
                        "changetype: modify",
                        "replace: orgmilterAcceptedDomains",
                        "orgmilterAcceptedDomains: b.example"));
        assertThat(held.update(store)).containsExactly(name);
        assertThat(held.organizations.get(name)).containsExactly("accepted-domains=b.example");
    }

    @Test
    void handsOnWhatIsNoSettingForItsReaderToRefuse() throws Exception {
        LDAP.server()
                .modify(organization(
                                "contoso",
                                "orgmilterAcceptedDomains: contoso.com",
                                base64("orgmilterSetting", "mode = au\0dit"),
                                base64("orgmilterSetting", "nonsense"),
                                base64("orgmilterDelegatedDomains", " \u0007bell\r\n"),
                                base64("orgmilterSenderProtection", "x".repeat(1024 * 1024)))
                        + organization("fabrikam", "orgmilterAcceptedDomains: fabrikam.com"));
        HeldRows held = new HeldRows();
        held.load(LDAP.customers());
        assertThat(held.organizations.get("contoso"))
                .containsExactlyInAnyOrder(
                        "accepted-domains=contoso.com",
                        "mode=au\0dit",
                        "nonsense=",
                        "delegated-domains= \u0007bell",
                        "sender-protection=\0more than 4096 characters");
        assertThat(held.organizations.get("fabrikam")).containsExactly("accepted-domains=fabrikam.com");
    }
}
