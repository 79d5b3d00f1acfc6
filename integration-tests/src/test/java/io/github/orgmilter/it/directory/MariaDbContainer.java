package io.github.orgmilter.it.directory;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** MariaDB. */
public final class MariaDbContainer extends DatabaseContainer {

    private static final String BACKUP = "/tmp/backup.sql";
    private static final String REPLICATOR = "replicator";

    /** Whose changes it has, if not only its own; {@link #primary} for one that others can follow. */
    private final Optional<MariaDbContainer> primary;

    public MariaDbContainer() throws IOException {
        this("", Optional.empty());
    }

    private MariaDbContainer(String options, Optional<MariaDbContainer> primary) throws IOException {
        super("mariadb");
        this.primary = primary;
        startBy("""
                if [ ! -d "$DATA"/mysql ]; then
                    mariadb-install-db --no-defaults --auth-root-authentication-method=normal --skip-test-db --datadir="$DATA"
                fi
                exec mariadbd --no-defaults --datadir="$DATA" --port=%d --bind-address="$LISTEN" --skip-name-resolve \\
                    --socket=/tmp/mariadb.sock --pid-file=/tmp/mariadb.pid --innodb-flush-log-at-trx-commit=2 \\
                    --innodb-log-file-size=16M --ssl-cert=/it/server.pem --ssl-key=/it/server.pem --max-allowed-packet=16M %s
                """.formatted(port(), options));
    }

    /** One that a replica can follow. */
    static MariaDbContainer primary() throws IOException {
        return new MariaDbContainer("--server-id=1 --log-bin=binlog --binlog-format=ROW", Optional.empty());
    }

    /** A copy of one that was made by {@link #primary}. It follows over no restart by itself. */
    @Override
    public MariaDbContainer replica() throws IOException {
        return new MariaDbContainer(
                "--server-id=2 --log-bin=binlog --log-slave-updates --binlog-format=ROW --read-only --skip-slave-start",
                Optional.of(this));
    }

    @Override
    protected void prepare() throws IOException {
        if (primary.isEmpty()) {
            sql("CREATE DATABASE " + DATABASE + "; DROP USER IF EXISTS ''@localhost;");
        }
    }

    @Override
    public void startAsReplica() throws IOException {
        start();
        primary.get()
                .sql("CREATE USER " + REPLICATOR + "@'%' IDENTIFIED BY '" + REPLICATOR
                        + "'; GRANT REPLICATION SLAVE ON *.* TO " + REPLICATOR + "@'%';");
        sql("CHANGE MASTER TO master_host = '127.0.0.1', master_port = "
                + primary.get().port() + ", master_user = '" + REPLICATOR + "', master_password = '" + REPLICATOR
                + "', master_use_gtid = slave_pos; START SLAVE;");
        String position = "SELECT @@gtid_current_pos;";
        await("what the primary has")
                .atMost(PATIENCE)
                .until(() -> sql(position).equals(primary.get().sql(position)));
    }

    @Override
    public void stopFollowing() throws IOException {
        sql("STOP SLAVE;");
    }

    @Override
    public void goOnFollowing() throws IOException {
        sql("START SLAVE;");
    }

    @Override
    public void promote() throws IOException {
        sql("STOP SLAVE; RESET SLAVE ALL; SET GLOBAL read_only = 0;");
    }

    @Override
    public String directory(Path password) {
        return directory(url(), password);
    }

    /** {@inheritDoc} The first server that works is taken. */
    @Override
    public String directory(FragileStore replica, Path password) {
        String first = "//127.0.0.1:" + ((MariaDbContainer) replica).port() + ",";
        return directory(url().replace("//", first), password);
    }

    private String directory(String url, Path password) {
        return Directories.sql(url, password) + "poll-interval = 1s\n"
                + (isOnOwnNetwork() ? "allow-unverified = true\n" : "");
    }

    @Override
    protected void addWriter(String user, String password) throws IOException {
        sql("CREATE USER IF NOT EXISTS " + user + "@'%' IDENTIFIED BY '" + password
                + "'; GRANT SELECT, INSERT, UPDATE, DELETE ON " + DATABASE + ".orgmilter_setting TO " + user + "@'%';");
    }

    @Override
    public void disconnect() throws IOException {
        sql("KILL USER " + USER + ";");
    }

    @Override
    public void lock() throws IOException {
        shell("(" + client()
                + " -e 'LOCK TABLES orgmilter_setting WRITE, orgmilter_version WRITE, orgmilter_change WRITE;"
                + " SELECT SLEEP(3600)' >/tmp/locker 2>&1) &");
    }

    @Override
    public void unlock() throws IOException {
        String locker = sql("SELECT id FROM information_schema.processlist WHERE info = 'SELECT SLEEP(3600)';");
        sql("KILL " + locker + ";");
    }

    @Override
    public void backUp() throws IOException {
        shell("mariadb-dump --no-defaults -S /tmp/mariadb.sock -u root --single-transaction --routines " + DATABASE
                + " >" + BACKUP);
    }

    @Override
    public void restore() throws IOException {
        sql("DROP DATABASE " + DATABASE + "; CREATE DATABASE " + DATABASE + ";");
        shell(client() + " <" + BACKUP);
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

    @Override
    public String toString() {
        return "MariaDB";
    }
}
