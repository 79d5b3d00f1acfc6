package io.github.orgmilter.it.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.directory.Store;
import io.github.orgmilter.directory.Store.Changes;
import io.github.orgmilter.it.mta.MtaContainer;
import io.github.orgmilter.rows.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The views and triggers for panels, on tables as the panels make them: each insert, update and delete of a domain is seen. */
class PanelsIT {

    private static final String DOMAIN = "accepted-domains|";

    @TempDir
    static Path folder;

    private static MariaDbContainer mariadb;
    private static Path password;

    @BeforeAll
    static void start() throws IOException {
        MtaContainer.removeLeftovers();
        mariadb = new MariaDbContainer();
        mariadb.startWithSchema();
        password = Files.writeString(folder.resolve("password"), DatabaseContainer.PASSWORD);
    }

    @AfterAll
    static void stop() {
        mariadb.stop();
    }

    /** A panel's database, what a node has of it, and what a change brought. */
    private static final class Panel implements AutoCloseable {

        private final String name;
        private final Store store;
        private final Map<String, List<String>> organizations = new TreeMap<>();
        private long version;

        Panel(String name) throws Exception {
            this.name = name;
            mariadb.sql("CREATE DATABASE " + name + ";");
            sql(Schema.own("mariadb"));
            sql(Files.readString(Path.of("src/test/resources/panels", name + ".sql")));
            sql(Schema.own(name));
            Stores stores = Stores.of(mariadb, password)
                    .at(mariadb.url().replace("/" + DatabaseContainer.DATABASE, "/" + name))
                    .asking(Stores.queries("orgmilter_directory"));
            store = stores.open();
            version = store.load(this::add).orElseThrow();
        }

        private void sql(String statements) throws IOException {
            mariadb.sql("USE " + name + ";\n" + statements);
        }

        private void add(Setting row) {
            organizations
                    .computeIfAbsent(row.organization(), it -> new java.util.ArrayList<>())
                    .add((row.connector().isEmpty() ? "" : row.connector() + "|") + row.setting() + "|" + row.value());
        }

        /** Runs statements, and reads what changed; the whole is then the same. */
        Panel does(String statements) throws Exception {
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
            organizations.forEach(
                    (organization, rows) -> incremental.put(organization, List.copyOf(new TreeSet<>(rows))));
            organizations.clear();
            store.load(this::add);
            Map<String, List<String>> whole = new TreeMap<>();
            organizations.forEach((organization, rows) -> whole.put(organization, List.copyOf(new TreeSet<>(rows))));
            assertThat(incremental).as(statements).isEqualTo(whole);
            return this;
        }

        /** Runs statements that concern no organization. */
        Panel doesUnnoticed(String statements) throws Exception {
            sql(statements);
            assertThat(store.version()).as(statements).hasValue(version);
            return this;
        }

        Panel has(String organization, String... rows) {
            assertThat(organizations.getOrDefault(organization, List.of())).containsExactlyInAnyOrder(rows);
            return this;
        }

        @Override
        public void close() {
            store.close();
        }
    }

    private static void connector(Panel panel, String organization) throws Exception {
        panel.does("INSERT INTO orgmilter_setting (organization, connector, setting, value) VALUES ('" + organization
                + "', 'office', 'addresses', '198.51.100.7');");
    }

    // PostfixAdmin's tables, and those that were made of them.
    private static Panel domains(String name) throws Exception {
        Panel panel = new Panel(name);
        panel.does("INSERT INTO domain (domain) VALUES ('Contoso.com'), ('fabrikam.com'), ('inactive.example');")
                .does("UPDATE domain SET active = 0 WHERE domain = 'inactive.example';")
                .has("contoso.com", DOMAIN + "contoso.com")
                .has("inactive.example")
                .has("ALL")
                .doesUnnoticed("UPDATE domain SET mailboxes = 7, description = 'new';");
        connector(panel, "contoso.com");
        panel.does("INSERT INTO alias_domain (alias_domain, target_domain) VALUES ('contoso.net', 'contoso.com');")
                .has("contoso.com", DOMAIN + "contoso.com", DOMAIN + "contoso.net", "office|addresses|198.51.100.7")
                .does("UPDATE domain SET backupmx = 1 WHERE domain = 'fabrikam.com'; UPDATE domain SET active = 1;")
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
                .does("DELETE FROM orgmilter_member;")
                .has("fabrikam.com", DOMAIN + "fabrikam.com")
                .does("DELETE FROM alias_domain;")
                .does("DELETE FROM domain WHERE domain <> 'ALL';")
                .has("contoso.com", "office|addresses|198.51.100.7")
                .has("fabrikam.com");
        return panel;
    }

    @Test
    void postfixadmin() throws Exception {
        domains("postfixadmin").close();
    }

    @Test
    void mailcow() throws Exception {
        domains("mailcow").close();
    }

    @Test
    void iredmail() throws Exception {
        domains("iredmail").close();
    }

    @Test
    void ispconfig() throws Exception {
        try (Panel panel = new Panel("ispconfig")) {
            connector(panel, "contoso");
            panel.does(
                            "INSERT INTO mail_domain (sys_groupid, server_id, domain, active) VALUES (2, 1, 'contoso.com', 'y'),"
                                    + " (2, 2, 'contoso.com', 'y'), (1, 1, 'provider.example', 'y'), (3, 1, 'inactive.example', 'n');")
                    .has("contoso", DOMAIN + "contoso.com", "office|addresses|198.51.100.7")
                    .has("admin", DOMAIN + "provider.example")
                    .has("fabrikam")
                    .does("INSERT INTO mail_relay_domain (sys_groupid, domain) VALUES (3, 'relayed.example');")
                    .has("fabrikam", DOMAIN + "relayed.example")
                    .does("UPDATE mail_domain SET active = 'y' WHERE domain = 'inactive.example';")
                    .does("UPDATE mail_domain SET sys_groupid = 3 WHERE domain = 'provider.example';")
                    .has("admin")
                    .has(
                            "fabrikam",
                            DOMAIN + "relayed.example",
                            DOMAIN + "inactive.example",
                            DOMAIN + "provider.example")
                    .doesUnnoticed("UPDATE mail_domain SET dkim = 'y'; UPDATE client SET company_name = 'new';")
                    .does("DELETE FROM mail_relay_domain;")
                    .does(
                            "DELETE FROM mail_domain WHERE server_id = 2; DELETE FROM mail_domain WHERE domain = 'contoso.com';")
                    .has("contoso", "office|addresses|198.51.100.7")
                    .does("UPDATE client SET username = 'northwind' WHERE client_id = 2;")
                    .has("northwind", DOMAIN + "inactive.example", DOMAIN + "provider.example")
                    .does("DELETE FROM client WHERE client_id = 2; DELETE FROM sys_group WHERE groupid = 3;")
                    .does("DELETE FROM mail_domain;")
                    .has("northwind");
        }
    }

    @Test
    void froxlor() throws Exception {
        try (Panel panel = new Panel("froxlor")) {
            connector(panel, "contoso");
            panel.does(
                            "INSERT INTO panel_domains (domain, customerid, isemaildomain, add_date) VALUES ('contoso.com', 1, 1, 1000),"
                                    + " ('fabrikam.com', 2, 1, 0);")
                    .doesUnnoticed("INSERT INTO panel_domains (domain, customerid) VALUES ('web.example', 1);")
                    .has("contoso", DOMAIN + "contoso.com", "office|addresses|198.51.100.7")
                    .does("UPDATE panel_domains SET isemaildomain = 1 WHERE domain = 'web.example';")
                    .has("contoso", DOMAIN + "contoso.com", DOMAIN + "web.example", "office|addresses|198.51.100.7")
                    .does("UPDATE panel_domains SET customerid = 2 WHERE domain = 'web.example';")
                    .has("fabrikam", DOMAIN + "fabrikam.com", DOMAIN + "web.example")
                    .does("UPDATE panel_customers SET deactivated = 1 WHERE loginname = 'fabrikam';")
                    .has("fabrikam")
                    .doesUnnoticed(
                            "UPDATE panel_customers SET company = 'new'; UPDATE panel_domains SET bindserial = '1';")
                    .does("DELETE FROM panel_domains WHERE domain = 'contoso.com';")
                    .has("contoso", "office|addresses|198.51.100.7")
                    .does("UPDATE panel_customers SET deactivated = 0;")
                    .does("UPDATE panel_customers SET loginname = 'northwind' WHERE customerid = 2;")
                    .has("northwind", DOMAIN + "fabrikam.com", DOMAIN + "web.example")
                    .does("DELETE FROM panel_customers WHERE customerid = 2; DELETE FROM panel_domains;")
                    .has("northwind");
        }
    }

    @Test
    void aCascadeIsFoundByAWholeLoadOnly() throws Exception {
        mariadb.sql("""
                CREATE DATABASE cascading; USE cascading;
                """ + Schema.own("mariadb") + """
                CREATE TABLE customer (name VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PRIMARY KEY);
                INSERT INTO customer VALUES ('contoso');
                ALTER TABLE orgmilter_setting ADD FOREIGN KEY (organization) REFERENCES customer (name) ON DELETE CASCADE;
                INSERT INTO orgmilter_setting (organization, setting, value) VALUES ('contoso', 'accepted-domains', 'contoso.com');
                """);
        try (Store store = Stores.of(mariadb, password)
                .at(mariadb.url().replace("/" + DatabaseContainer.DATABASE, "/cascading"))
                .open()) {
            long version = store.version().orElseThrow();
            assertThat(Stores.load(store)).hasSize(1);
            mariadb.sql("DELETE FROM cascading.customer;");
            assertThat(store.version()).hasValue(version);
            assertThat(Stores.load(store)).isEmpty();
        }
    }
}
