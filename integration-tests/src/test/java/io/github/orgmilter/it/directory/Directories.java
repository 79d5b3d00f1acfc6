package io.github.orgmilter.it.directory;

import java.nio.file.Path;

/** What {@code directory { }} has for the stores of the tests. */
final class Directories {

    private Directories() {}

    /** A database with the tables of {@code orgmilter schema}; short timeouts, but longer than an honest answer takes here. */
    static String sql(String url, Path password) {
        return """
                url = "%s", user = "%s", password-file = "%s"
                queries {
                  settings    = "SELECT organization, connector, setting, value, since FROM orgmilter_setting ORDER BY organization"
                  settings-of = "SELECT organization, connector, setting, value, since FROM orgmilter_setting WHERE organization = ?"
                  version     = "SELECT version FROM orgmilter_version"
                  changes     = "SELECT DISTINCT organization FROM orgmilter_change WHERE version > ?"
                }
                connect-timeout = 3s, statement-timeout = 3s
                """.formatted(url, DatabaseContainer.USER, password);
    }

    /** The URL of a primary with its standby. */
    static String both(PostgresContainer primary, PostgresContainer standby) {
        return primary.url().replace("/" + DatabaseContainer.DATABASE, "") + ",127.0.0.1:" + standby.port() + "/"
                + DatabaseContainer.DATABASE;
    }
}
