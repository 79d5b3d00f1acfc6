package io.github.orgmilter.it.directory;

import static io.github.orgmilter.it.directory.PanelDatabase.DOMAIN;
import static org.assertj.core.api.Assertions.assertThat;

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

/** The views and triggers for panels in PostgreSQL, on tables as the panels make them: as in {@link PanelsIT}. */
@ParameterizedClass(name = "{0}", allowZeroInvocations = true)
@MethodSource("due")
final class PostgresPanelsIT {

    @TempDir
    static Path folder;

    private static PostgresContainer postgres;
    private static Path password;

    PostgresPanelsIT(SqlKind kind) {
        assertThat(kind).isEqualTo(SqlKind.POSTGRESQL);
    }

    /** On the day of this database. */
    static List<SqlKind> due() {
        return SqlKind.due().stream().filter(SqlKind.POSTGRESQL::equals).toList();
    }

    @BeforeParameterizedClassInvocation
    static void start() throws IOException {
        MtaContainer.removeLeftovers();
        postgres = PostgresContainer.primary();
        postgres.startWithSchema();
        password = Files.writeString(folder.resolve("password"), DatabaseContainer.PASSWORD);
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        postgres.stop();
    }

    private static PanelDatabase panel(String name) throws Exception {
        return new PanelDatabase(postgres, password, name);
    }

    @Test
    void postfixadmin() throws Exception {
        try (PanelDatabase panel = panel("postfixadmin-postgresql")) {
            panel.goThroughDomains("true", "false", true);
            panel.does("INSERT INTO domain (domain) VALUES ('contoso.com'), ('contoso.net');")
                    .does(
                            "INSERT INTO alias_domain (alias_domain, target_domain) VALUES ('contoso.net', 'contoso.com');")
                    // Takes the alias domain with it, but not its own row.
                    .does("DELETE FROM domain WHERE domain = 'contoso.com';")
                    .has("contoso.net", DOMAIN + "contoso.net")
                    .does("UPDATE domain SET created = NULL;")
                    .does("TRUNCATE domain CASCADE;")
                    .has("contoso.net");
        }
    }

    @Test
    void iredmail() throws Exception {
        try (PanelDatabase panel = panel("iredmail-postgresql")) {
            panel.goThroughDomains("1", "0", false);
            // The panel's own role needs no right on the tables of OrgMilter.
            panel.does("CREATE ROLE vmailadmin; GRANT ALL ON domain, alias_domain TO vmailadmin; SET ROLE vmailadmin;"
                            + " INSERT INTO domain (domain) VALUES ('last.example');"
                            + " UPDATE domain SET domain = 'first.example' WHERE domain = 'last.example'; RESET ROLE;")
                    .has("first.example", DOMAIN + "first.example");
        }
    }

    @Test
    void modoboa() throws Exception {
        try (PanelDatabase panel = panel("modoboa-postgresql")) {
            panel.does("INSERT INTO admin_domain (name) VALUES ('contoso.com'), ('fabrikam.com');")
                    .does(
                            "INSERT INTO admin_domain (name, enabled, type) VALUES ('relayed.example', false, 'relaydomain');")
                    .connector("contoso.com")
                    .has("contoso.com", DOMAIN + "contoso.com", "office|addresses|198.51.100.7")
                    .has("relayed.example")
                    .does("UPDATE admin_domain SET enabled = true WHERE type = 'relaydomain';")
                    .has("relayed.example", DOMAIN + "relayed.example")
                    .doesUnnoticed("UPDATE admin_domain SET quota = 7, last_modification = now();")
                    .does("INSERT INTO admin_domainalias (name, target_id)"
                            + " SELECT 'contoso.net', id FROM admin_domain WHERE name = 'contoso.com';")
                    .has("contoso.com", DOMAIN + "contoso.com", DOMAIN + "contoso.net", "office|addresses|198.51.100.7")
                    .does(
                            "UPDATE admin_domainalias SET target_id = (SELECT id FROM admin_domain WHERE name = 'fabrikam.com');")
                    .has("fabrikam.com", DOMAIN + "fabrikam.com", DOMAIN + "contoso.net")
                    .does("INSERT INTO orgmilter_member VALUES ('fabrikam.com', 'contoso.com');")
                    .has("fabrikam.com")
                    .has(
                            "contoso.com",
                            DOMAIN + "contoso.com",
                            DOMAIN + "contoso.net",
                            DOMAIN + "fabrikam.com",
                            "office|addresses|198.51.100.7")
                    .does("UPDATE admin_domainalias SET enabled = false;")
                    .does("UPDATE admin_domain SET name = 'northwind.example' WHERE name = 'fabrikam.com';")
                    .has("northwind.example", DOMAIN + "northwind.example")
                    .does("UPDATE admin_domainalias SET enabled = true;")
                    .has("northwind.example", DOMAIN + "northwind.example", DOMAIN + "contoso.net")
                    .does(
                            "BEGIN; DELETE FROM admin_domain WHERE name = 'northwind.example'; DELETE FROM admin_domainalias; COMMIT;")
                    .has("northwind.example")
                    .does("TRUNCATE admin_domain CASCADE;")
                    .has("contoso.com", "office|addresses|198.51.100.7");
        }
    }
}
