package io.github.orgmilter.it.directory;

import java.io.IOException;

/** MariaDB. */
public final class MariaDbContainer extends DatabaseContainer {

    public MariaDbContainer() throws IOException {
        super("mariadb");
        startBy("""
                if [ ! -d /tmp/data/mysql ]; then
                    mariadb-install-db --no-defaults --auth-root-authentication-method=normal --skip-test-db --datadir=/tmp/data
                fi
                exec mariadbd --no-defaults --datadir=/tmp/data --port=%d --bind-address=127.0.0.1 --skip-name-resolve \\
                    --socket=/tmp/mariadb.sock --pid-file=/tmp/mariadb.pid --innodb-flush-log-at-trx-commit=2 \\
                    --ssl-cert=/it/server.pem --ssl-key=/it/server.pem --max-allowed-packet=16M
                """.formatted(port()));
    }

    @Override
    protected void prepare() throws IOException {
        sql("CREATE DATABASE " + DATABASE + "; DROP USER IF EXISTS ''@localhost;");
    }

    @Override
    public String url(String host) {
        return "jdbc:mariadb://" + host + ":" + port() + "/" + DATABASE;
    }

    @Override
    protected String client() {
        return "mariadb --no-defaults -N -B -S /tmp/mariadb.sock -u root $(mariadb --no-defaults -N -B -S /tmp/mariadb.sock -u root"
                + " -e \"SHOW DATABASES LIKE '" + DATABASE + "'\")";
    }

    @Override
    public void setPassword(String password) throws IOException {
        sql("CREATE USER IF NOT EXISTS " + USER + "@'%'; ALTER USER " + USER + "@'%' IDENTIFIED BY '" + password
                + "'; GRANT orgmilter_reader TO " + USER + "@'%'; SET DEFAULT ROLE orgmilter_reader FOR " + USER
                + "@'%';");
    }
}
