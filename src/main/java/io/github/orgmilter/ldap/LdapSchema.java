package io.github.orgmilter.ldap;

import io.github.orgmilter.directory.StoreSettings.Ldap;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A way in which organizations are kept in an LDAP server: what a configuration need not spell out. */
public enum LdapSchema {

    /** Our own: {@code orgmilter schema ldap}. The entries right below an organization's are its connectors. */
    ORGMILTER("(|(objectClass=orgmilterOrganization)(objectClass=orgmilterConnector))", "o", Optional.of("cn")),

    /** iRedMail: each domain is an organization, and its alias domains are accepted too. */
    IREDMAIL("(&(objectClass=mailDomain)(accountStatus=active)(enabledService=mail))", "domainName", Optional.empty()),

    /** Entries with the domains of RFC 4524, such as those of companies. */
    ASSOCIATED_DOMAIN("(associatedDomain=*)", "o", Optional.empty());

    private static final List<String> ACCEPTED = List.of("accepted-domains");

    private final String filter;
    private final String organization;
    private final Optional<String> connector;

    LdapSchema(String filter, String organization, Optional<String> connector) {
        this.filter = filter;
        this.organization = organization;
        this.connector = connector;
    }

    /** Settings with the filter and the attributes of this schema. */
    public Ldap below(String base, boolean startTls, Optional<Path> trust) {
        return new Ldap(base, filter, startTls, trust, organization, connector, settings());
    }

    public String filter() {
        return filter;
    }

    /** The attribute that names the organization of an entry. */
    public String organization() {
        return organization;
    }

    /** The attribute that names a connector. */
    public Optional<String> connector() {
        return connector;
    }

    /** Attributes, and the settings whose values they hold. */
    public Map<String, List<String>> settings() {
        return switch (this) {
            case ORGMILTER -> ownAttributes();
            case IREDMAIL -> Map.of("domainName", ACCEPTED, "domainAliasName", ACCEPTED);
            case ASSOCIATED_DOMAIN -> Map.of("associatedDomain", ACCEPTED);
        };
    }

    // orgmilterAcceptedDomains holds accepted-domains, and so on; any other setting is in orgmilterSetting, with its
    // name.
    private static Map<String, List<String>> ownAttributes() {
        Map<String, List<String>> attributes = new LinkedHashMap<>();
        for (String setting : List.of(
                "accepted-domains",
                "delegated-domains",
                "sender-protection",
                "enabled",
                "certificate-names",
                "issuers",
                "certificate-fingerprints",
                "public-key-fingerprints",
                "addresses",
                "require-tls",
                "sender-domains",
                "logins")) {
            List<String> words = new ArrayList<>(List.of(setting.split("-")));
            words.replaceAll(word -> Character.toUpperCase(word.charAt(0)) + word.substring(1));
            attributes.put("orgmilter" + String.join("", words), List.of(setting));
        }
        attributes.put("orgmilterSetting", List.of(EntryReader.NAMED_IN_VALUE));
        return Map.copyOf(attributes);
    }
}
