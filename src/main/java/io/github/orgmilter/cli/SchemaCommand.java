package io.github.orgmilter.cli;

import io.github.orgmilter.cli.option.Failures;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints what a database or LDAP server needs to hold customers. */
@Command(
        name = "schema",
        description = "Prints the tables for customers in a database, or the schema for an LDAP server.",
        mixinStandardHelpOptions = true)
final class SchemaCommand implements Callable<Integer> {

    /** A file in the folder {@code schema} of the program. */
    enum Store {
        POSTGRESQL("sql"),
        MARIADB("sql"),
        LDAP("ldif"),
        POSTFIXADMIN("sql"),
        MAILCOW("sql"),
        IREDMAIL("sql"),
        ISPCONFIG("sql"),
        FROXLOR("sql"),
        POSTFIXADMIN_POSTGRESQL("sql"),
        IREDMAIL_POSTGRESQL("sql"),
        MODOBOA_POSTGRESQL("sql");

        private final String extension;

        Store(String extension) {
            this.extension = extension;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        private String resource() {
            return "/schema/" + this + "." + extension;
        }
    }

    @Parameters(
            paramLabel = "STORE",
            description =
                    "The store: postgresql, mariadb or ldap; or the views for a panel's own tables: in MariaDB or MySQL"
                            + " postfixadmin, mailcow, iredmail, ispconfig or froxlor; in PostgreSQL postfixadmin-postgresql,"
                            + " iredmail-postgresql or modoboa-postgresql")
    private Store store = Store.POSTGRESQL;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        try (InputStream in = SchemaCommand.class.getResourceAsStream(store.resource())) {
            if (in == null) {
                Failures.print(
                        spec.commandLine(),
                        Stream.of("no schema " + store + " in this build; install the whole package"));
                return Failures.FAILED;
            }
            PrintWriter out = spec.commandLine().getOut();
            out.print(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            out.flush();
            return 0;
        }
    }
}
