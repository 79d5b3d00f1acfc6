package io.github.orgmilter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

@DisplayName("orgmilter schema")
final class SchemaCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final CommandLine command =
            Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));

    @ParameterizedTest(name = "prints the one for {0}")
    @ValueSource(
            strings = {
                "postgresql",
                "mariadb",
                "postfixadmin",
                "mailcow",
                "iredmail",
                "ispconfig",
                "froxlor",
                "postfixadmin-postgresql",
                "iredmail-postgresql",
                "modoboa-postgresql"
            })
    void prints(String store) {
        assertThat(command.execute("schema", store)).isZero();
        assertThat(out.toString())
                .contains("orgmilter schema ", "SELECT version FROM orgmilter_version", "WHERE organization = ?")
                .endsWith(";\n");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    @DisplayName("lists the stores when there is no such one")
    void unknown() {
        assertThat(command.execute("schema", "oracle")).isEqualTo(2);
        assertThat(err.toString()).contains("postgresql", "mariadb", "ldap", "froxlor");
    }
}
