package io.github.orgmilter.it.directory;

import static io.github.orgmilter.it.directory.LdapEntries.CONTOSO;
import static io.github.orgmilter.it.directory.LdapEntries.CUSTOMERS;
import static io.github.orgmilter.it.directory.LdapEntries.change;
import static io.github.orgmilter.it.directory.LdapEntries.connector;
import static io.github.orgmilter.it.directory.LdapEntries.organization;

import java.util.List;
import java.util.Set;

/**
 * A change.
 *
 * @param ldif what is done to the two customers
 * @param changed the organizations that are announced
 */
record LdapChange(String name, String ldif, Set<String> changed) {
    @Override
    public String toString() {
        return name;
    }

    // spotless:off
    static final List<LdapChange> ALL = List.of(
            new LdapChange("a domain is added",
                    change(CONTOSO, "changetype: modify", "add: orgmilterAcceptedDomains", "orgmilterAcceptedDomains: contoso.org"), Set.of("contoso")),
            new LdapChange("a domain is removed",
                    change(CONTOSO, "changetype: modify", "delete: orgmilterAcceptedDomains", "orgmilterAcceptedDomains: contoso.com"), Set.of("contoso")),
            new LdapChange("a customer is added", organization("litware", "orgmilterAcceptedDomains: litware.example"), Set.of("litware")),
            new LdapChange("a customer is deleted", change("o=fabrikam," + CUSTOMERS, "changetype: delete"), Set.of("fabrikam")),
            new LdapChange("a customer is renamed, with its connectors",
                    change(CONTOSO, "changetype: modrdn", "newrdn: o=contoso-group", "deleteoldrdn: 1"), Set.of("contoso", "contoso-group")),
            new LdapChange("a connector is added", connector("fabrikam", "new", "orgmilterAddresses: 192.0.2.1"), Set.of("fabrikam")),
            new LdapChange("a connector is changed",
                    change("cn=office," + CONTOSO, "changetype: modify", "replace: orgmilterEnabled", "orgmilterEnabled: false"), Set.of("contoso")),
            new LdapChange("a connector is deleted", change("cn=office," + CONTOSO, "changetype: delete"), Set.of("contoso")),
            new LdapChange("a connector is renamed",
                    change("cn=office," + CONTOSO, "changetype: modrdn", "newrdn: cn=annex", "deleteoldrdn: 1"), Set.of("contoso")),
            new LdapChange("a connector is moved to another customer",
                    change("cn=office," + CONTOSO, "changetype: modrdn", "newrdn: cn=office", "deleteoldrdn: 1", "newsuperior: o=fabrikam," + CUSTOMERS),
                    Set.of("contoso", "fabrikam")),
            new LdapChange("a renamed customer's connector is deleted",
                    change(CONTOSO, "changetype: modrdn", "newrdn: o=new", "deleteoldrdn: 1") + change("cn=office,o=new," + CUSTOMERS, "changetype: delete"),
                    Set.of("contoso", "new")),
            new LdapChange("a customer is one no more, and its connectors go with it",
                    change(CONTOSO, "changetype: modify", "delete: objectClass", "objectClass: orgmilterOrganization", "-",
                            "delete: orgmilterAcceptedDomains", "-", "delete: orgmilterSenderProtection"), Set.of("contoso")),
            new LdapChange("only others are changed",
                    change("ou=people," + OpenLdapContainer.BASE, "changetype: modify", "replace: description", "description: changed"), Set.of()));
    // spotless:on
}
