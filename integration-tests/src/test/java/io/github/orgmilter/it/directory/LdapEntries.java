package io.github.orgmilter.it.directory;

/** Entries and changes of them, as records of LDIF that end with an empty line. */
final class LdapEntries {

    static final String CUSTOMERS = "ou=customers," + OpenLdapContainer.BASE;
    static final String DOMAINS = "o=domains," + OpenLdapContainer.BASE;
    static final String COMPANIES = "ou=companies," + OpenLdapContainer.BASE;
    static final String CONTOSO = "o=contoso," + CUSTOMERS;

    static final String TWO_CUSTOMERS = organization(
                    "contoso",
                    "orgmilterAcceptedDomains: contoso.com",
                    "orgmilterAcceptedDomains: contoso.net subdomains",
                    "orgmilterSenderProtection: all")
            + organization("fabrikam", "orgmilterAcceptedDomains: fabrikam.com")
            // Of the first customer, behind the second.
            + connector("contoso", "headquarters", "orgmilterCertificateNames: mail.contoso.com")
            + connector(
                    "contoso",
                    "office",
                    "orgmilterAddresses: 198.51.100.0/28",
                    "orgmilterSetting: mode = audit",
                    "orgmilterSetting: required-headers.X-OriginatorOrg=contoso.com");

    private LdapEntries() {}

    static String organization(String name, String... lines) {
        return """
                dn: o=%s,%s
                changetype: add
                objectClass: organization
                objectClass: orgmilterOrganization
                %s

                """.formatted(name, CUSTOMERS, String.join("\n", lines));
    }

    static String connector(String organization, String name, String... lines) {
        return """
                dn: cn=%s,o=%s,%s
                changetype: add
                objectClass: orgmilterConnector
                %s

                """.formatted(name, organization, CUSTOMERS, String.join("\n", lines));
    }

    static String change(String dn, String... lines) {
        return "dn: " + dn + "\n" + String.join("\n", lines) + "\n\n";
    }
}
