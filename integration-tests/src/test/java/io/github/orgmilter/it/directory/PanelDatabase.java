package io.github.orgmilter.it.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.directory.Store;
import io.github.orgmilter.directory.Store.Changes;
import io.github.orgmilter.rows.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** A panel's database, with its tables as the panel makes them, what a node has of it, and what a change brought. */
final class PanelDatabase implements AutoCloseable {

    static final String DOMAIN = "accepted-domains|";

    private final DatabaseContainer server;
    private final String name;
    private final Connection administrator;
    private final Store store;
    private final Map<String, List<String>> organizations = new TreeMap<>();
    private long version;

    /** @param panel as {@code orgmilter schema} names it */
    PanelDatabase(DatabaseContainer server, Path password, String panel) throws Exception {
        this.server = server;
        name = panel.replace('-', '_');
        server.sql("CREATE DATABASE " + name + ";");
        script(Schema.own(server instanceof PostgresContainer ? "postgresql" : "mariadb"));
        script(Files.readString(Path.of("src/test/resources/panels", panel + ".sql")));
        script(Schema.own(panel));
        administrator = server.administrator(name);
        Stores stores = Stores.of(server, password)
                .at(server.url().replace("/" + DatabaseContainer.DATABASE, "/" + name))
                .asking(Stores.queries("orgmilter_directory"));
        store = stores.open();
        version = store.load(this::add).orElseThrow();
    }

    private void script(String statements) throws IOException {
        server.sqlIn(name, statements);
    }

    private void sql(String statements) throws SQLException {
        try (Statement statement = administrator.createStatement()) {
            for (String one : statements.split(";")) {
                statement.execute(one);
            }
        }
    }

    private void add(Setting row) {
        organizations
                .computeIfAbsent(row.organization(), it -> new ArrayList<>())
                .add((row.connector().isEmpty() ? "" : row.connector() + "|") + row.setting() + "|" + row.value());
    }

    /** Runs statements, and reads what changed; the whole is then the same. */
    PanelDatabase does(String statements) throws Exception {
        sql(statements);
        Optional<Changes> changes = store.changesSince(version);
        assertThat(changes.isEmpty() || changes.get().version() > version)
                .as("seen: " + statements)
                .isTrue();
        if (changes.isEmpty()) {
            organizations.clear();
            version = store.load(this::add).orElseThrow();
        } else {
            changes.get().organizations().forEach((organization, rows) -> {
                organizations.remove(organization);
                rows.forEach(this::add);
            });
            version = changes.get().version();
        }
        Map<String, List<String>> incremental = new TreeMap<>();
        organizations.forEach((organization, rows) -> incremental.put(organization, List.copyOf(new TreeSet<>(rows))));
        organizations.clear();
        store.load(this::add);
        Map<String, List<String>> whole = new TreeMap<>();
        organizations.forEach((organization, rows) -> whole.put(organization, List.copyOf(new TreeSet<>(rows))));
        assertThat(incremental).as(statements).isEqualTo(whole);
        return this;
    }

    /** Runs statements that concern no organization. */
    PanelDatabase doesUnnoticed(String statements) throws Exception {
        sql(statements);
        assertThat(store.version()).as(statements).hasValue(version);
        return this;
    }

    PanelDatabase has(String organization, String... rows) {
        assertThat(organizations.getOrDefault(organization, List.of())).containsExactlyInAnyOrder(rows);
        return this;
    }

    /** An organization has an office. */
    PanelDatabase connector(String organization) throws Exception {
        return does("INSERT INTO orgmilter_setting (organization, connector, setting, value) VALUES ('" + organization
                + "', 'office', 'addresses', '198.51.100.7');");
    }

    /**
     * Goes through what happens to PostfixAdmin's tables, and to those that were made of them.
     *
     * @param yes the value of a column that is true
     * @param aliasesAreDomains whether an alias domain has a row in the table of the domains as well
     */
    void goThroughDomains(String yes, String no, boolean aliasesAreDomains) throws Exception {
        does("INSERT INTO domain (domain) VALUES ('Contoso.com'), ('fabrikam.com'), ('inactive.example');")
                .does("UPDATE domain SET active = " + no + " WHERE domain = 'inactive.example';")
                .has("contoso.com", DOMAIN + "contoso.com")
                .has("inactive.example")
                .has("ALL")
                .doesUnnoticed("UPDATE domain SET mailboxes = 7, description = 'new';")
                .does("DELETE FROM domain WHERE domain = 'Contoso.com';")
                .has("contoso.com")
                .does("INSERT INTO domain (domain) VALUES ('contoso.com');")
                .connector("contoso.com");
        if (aliasesAreDomains) {
            does("INSERT INTO domain (domain) VALUES ('contoso.net');").has("contoso.net", DOMAIN + "contoso.net");
        }
        does("INSERT INTO alias_domain (alias_domain, target_domain) VALUES ('contoso.net', 'contoso.com');")
                .has("contoso.com", DOMAIN + "contoso.com", DOMAIN + "contoso.net", "office|addresses|198.51.100.7")
                .has("contoso.net")
                .does("UPDATE domain SET active = " + no + " WHERE domain = 'contoso.com';")
                .has("contoso.com", "office|addresses|198.51.100.7")
                .has("contoso.net")
                .does("UPDATE domain SET backupmx = " + yes
                        + " WHERE domain = 'fabrikam.com'; UPDATE domain SET active = " + yes + ";")
                .has("fabrikam.com", DOMAIN + "fabrikam.com")
                .has("inactive.example", DOMAIN + "inactive.example")
                .does("INSERT INTO orgmilter_member VALUES ('fabrikam.com', 'contoso.com');")
                .has("fabrikam.com")
                .has(
                        "contoso.com",
                        DOMAIN + "contoso.com",
                        DOMAIN + "contoso.net",
                        DOMAIN + "fabrikam.com",
                        "office|addresses|198.51.100.7")
                .does("UPDATE alias_domain SET target_domain = 'inactive.example';")
                .has("inactive.example", DOMAIN + "inactive.example", DOMAIN + "contoso.net")
                .does("UPDATE orgmilter_member SET domain = 'inactive.example';")
                .has("fabrikam.com", DOMAIN + "fabrikam.com")
                .has("inactive.example")
                .does("DELETE FROM orgmilter_member;")
                .has("inactive.example", DOMAIN + "inactive.example", DOMAIN + "contoso.net")
                .does("UPDATE alias_domain SET active = " + no + ";")
                .has("inactive.example", DOMAIN + "inactive.example")
                .does("UPDATE alias_domain SET active = " + yes + ";")
                .does("DELETE FROM alias_domain;")
                .has("contoso.net", aliasesAreDomains ? new String[] {DOMAIN + "contoso.net"} : new String[0])
                .does("DELETE FROM domain WHERE domain <> 'ALL';")
                .has("contoso.com", "office|addresses|198.51.100.7")
                .has("fabrikam.com");
    }

    @Override
    public void close() throws SQLException {
        store.close();
        administrator.close();
    }
}
