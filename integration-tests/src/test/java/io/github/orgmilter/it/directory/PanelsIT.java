package io.github.orgmilter.it.directory;

import static io.github.orgmilter.it.directory.PanelDatabase.DOMAIN;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.directory.Store;
import io.github.orgmilter.it.mta.MtaContainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** The views and triggers for panels in MariaDB, on tables as the panels make them: each insert, update and delete of a domain is seen. */
@ParameterizedClass(name = "{0}", allowZeroInvocations = true)
@MethodSource("due")
final class PanelsIT {

    @TempDir
    static Path folder;

    private static MariaDbContainer mariadb;
    private static Path password;

    PanelsIT(SqlKind kind) {
        assertThat(kind).isEqualTo(SqlKind.MARIADB);
    }

    /** On the day of this database. */
    static List<SqlKind> due() {
        return SqlKind.due().stream().filter(SqlKind.MARIADB::equals).toList();
    }

    @BeforeParameterizedClassInvocation
    static void start() throws IOException {
        MtaContainer.removeLeftovers();
        mariadb = new MariaDbContainer();
        mariadb.startWithSchema();
        password = Files.writeString(folder.resolve("password"), DatabaseContainer.PASSWORD);
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        mariadb.stop();
    }

    private static PanelDatabase panel(String name) throws Exception {
        return new PanelDatabase(mariadb, password, name);
    }

    @Test
    void postfixadmin() throws Exception {
        try (PanelDatabase panel = panel("postfixadmin")) {
            panel.goThroughDomains("1", "0", true);
        }
    }

    @Test
    void mailcow() throws Exception {
        try (PanelDatabase panel = panel("mailcow")) {
            panel.goThroughDomains("1", "0", false);
        }
    }

    @Test
    void iredmail() throws Exception {
        try (PanelDatabase panel = panel("iredmail")) {
            panel.goThroughDomains("1", "0", false);
        }
    }

    @Test
    void ispconfig() throws Exception {
        try (PanelDatabase panel = panel("ispconfig")) {
            panel.connector("contoso")
                    .does(
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
        try (PanelDatabase panel = panel("froxlor")) {
            panel.connector("contoso")
                    .does(
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
