package io.github.orgmilter.config;

import io.github.orgmilter.directory.StoreSettings.Ldap;
import io.github.orgmilter.document.Key;
import io.github.orgmilter.document.Keys;
import io.github.orgmilter.document.Located;
import io.github.orgmilter.document.Node;
import io.github.orgmilter.document.Section;
import io.github.orgmilter.document.Values;
import io.github.orgmilter.ldap.LdapSchema;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code directory.ldap}: what an LDAP server is asked. */
final class DirectoryLdapReader {

    static final Keys KEYS = Keys.nullable();

    private static final Key<Optional<String>> BASE = KEYS.optional("base", Node::text);
    private static final Key<LdapSchema> SCHEMA =
            KEYS.key("schema", node -> node.choice(LdapSchema.class), LdapSchema.ORGMILTER);
    private static final Key<Optional<String>> FILTER = KEYS.optional("filter", Node::text);
    private static final Key<Boolean> START_TLS = KEYS.key("start-tls", Node::flag, false);
    private static final Key<Optional<Node>> CA_FILE = KEYS.optional("ca-file", Optional::of);
    private static final Key<Optional<String>> ORGANIZATION = KEYS.optional("organization-attribute", Node::text);
    private static final Key<Optional<String>> CONNECTOR = KEYS.optional("connector-attribute", Node::text);
    private static final Key<Optional<Map<String, List<String>>>> ATTRIBUTES =
            KEYS.optional("attributes", DirectoryLdapReader::attributes);

    /** What a database is asked of it. */
    static final Ldap NONE = LdapSchema.ORGMILTER.below("", false, Optional.empty());

    private DirectoryLdapReader() {}

    static Optional<Ldap> read(Node node) {
        return node.section(KEYS).map(DirectoryLdapReader::read);
    }

    private static Ldap read(Section section) {
        if (!BASE.isIn(section)) {
            section.missing("an LDAP directory without a base", "add base = \"ou=mail,dc=example,dc=net\"");
        }
        LdapSchema schema = SCHEMA.in(section);
        return new Ldap(
                BASE.in(section).orElse(""),
                FILTER.in(section).orElse(schema.filter()),
                START_TLS.in(section),
                CA_FILE.node(section).flatMap(Values::path),
                ORGANIZATION.in(section).orElse(schema.organization()),
                CONNECTOR.in(section).or(schema::connector),
                ATTRIBUTES.in(section).orElseGet(schema::settings));
    }

    private static Optional<Map<String, List<String>>> attributes(Node node) {
        Map<String, List<String>> attributes = new LinkedHashMap<>();
        node.members()
                .forEach(attribute -> attributes.put(
                        attribute.name(),
                        Values.all(attribute.node().elementsAtLeastOne(), text -> text).stream()
                                .map(Located::value)
                                .toList()));
        return Optional.of(attributes);
    }
}
