package io.github.orgmilter.it.directory;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;

/** PostgreSQL, as a primary or a standby. */
public final class PostgresContainer extends DatabaseContainer {

    private static final String RUN = """
            install -m 600 /it/server.pem /tmp/server.pem
            exec /usr/local/pgsql/postgres -D "$DATA" -p %d -k /tmp -c listen_addresses="$LISTEN" -c fsync=off \\
                -c ssl=on -c ssl_cert_file=/tmp/server.pem -c ssl_key_file=/tmp/server.pem -c max_connections=50
            """;

    private static final String BACKUP = "/tmp/backup.sql";

    private final boolean standby;
    private String following = "";

    private PostgresContainer(boolean standby, String data) throws IOException {
        super("postgresql");
        this.standby = standby;
        startBy("if [ ! -e \"$DATA\"/PG_VERSION ]; then\n" + data + "fi\n" + RUN.formatted(port()));
        // It ends its connections: at SIGTERM it would wait until they end.
        withCreateContainerCmdModifier(command -> command.withStopSignal("SIGINT"));
    }

    public static PostgresContainer primary() throws IOException {
        return new PostgresContainer(false, """
                /usr/local/pgsql/initdb -D "$DATA" -U postgres --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync
                printf '%s\\n' 'local all all trust' 'host replication postgres samenet trust' \\
                    'host all all all scram-sha-256' >"$DATA"/pg_hba.conf
                """);
    }

    /** A copy of a running primary that follows it. */
    public static PostgresContainer standbyOf(PostgresContainer primary) throws IOException {
        return new PostgresContainer(
                true,
                "/usr/local/pgsql/pg_basebackup -D \"$DATA\" -h " + primary.host() + " -U postgres -R -c fast -p "
                        + primary.port() + "\n");
    }

    @Override
    protected void prepare() throws IOException {
        if (!standby) {
            script("CREATE DATABASE " + DATABASE + ";", "psql -qAt -h /tmp -p " + port() + " -U postgres");
        }
    }

    /** Its replica is a standby. */
    @Override
    public PostgresContainer replica() throws IOException {
        return standbyOf(this);
    }

    @Override
    public void startAsReplica() {
        start();
    }

    /** {@inheritDoc} Over a restart too, unlike {@code pg_wal_replay_pause}. */
    @Override
    public void stopFollowing() throws IOException {
        following = sql("SHOW primary_conninfo;");
        follow("");
        await("the end of the stream")
                .atMost(PATIENCE)
                .until(() -> sql("SELECT pid FROM pg_stat_wal_receiver;").isEmpty());
    }

    @Override
    public void goOnFollowing() throws IOException {
        follow(following);
    }

    private void follow(String primary) throws IOException {
        sql("ALTER SYSTEM SET primary_conninfo = '" + primary.replace("'", "''") + "';");
        sql("SELECT pg_reload_conf();");
    }

    @Override
    public void promote() throws IOException {
        sql("SELECT pg_promote(true);");
    }

    @Override
    public String directory(Path password) {
        return directory(url(), url(), password);
    }

    @Override
    public String directory(FragileStore replica, Path password) {
        String both = Directories.both(this, (PostgresContainer) replica);
        return directory(both + "?targetServerType=preferSecondary", both + "?targetServerType=primary", password);
    }

    /** Reads one server, and listens to the other. */
    String directory(String read, String announcing, Path password) {
        return Directories.sql(read, password) + "poll-interval = 1s\nnotify-url = \"" + announcing + "\"\n"
                + (isOnOwnNetwork() ? "allow-unverified = true\n" : "");
    }

    @Override
    protected void addWriter(String user, String password) throws IOException {
        sql("DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '" + user + "') THEN CREATE ROLE " + user
                + " LOGIN PASSWORD '" + password + "'; END IF; END $$;"
                + " GRANT SELECT, INSERT, UPDATE, DELETE ON orgmilter_setting TO " + user + ";");
    }

    @Override
    public void disconnect() throws IOException {
        sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '" + USER + "';");
    }

    @Override
    public void lock() throws IOException {
        shell("(echo 'BEGIN; LOCK TABLE orgmilter_setting, orgmilter_version, orgmilter_change;'"
                + " 'SELECT 42;'; sleep 3600) | psql " + administrator() + " -d " + DATABASE + " >/tmp/locker 2>&1 &");
    }

    @Override
    public void unlock() throws IOException {
        sql("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE mode = 'AccessExclusiveLock';");
    }

    @Override
    public void backUp() throws IOException {
        shell("/usr/local/pgsql/pg_dump -h /tmp -U postgres -p " + port() + " " + DATABASE + " >" + BACKUP);
    }

    @Override
    public void restore() throws IOException {
        String psql = "psql -v ON_ERROR_STOP=1 " + administrator() + " -d ";
        shell(psql + "postgres -c 'DROP DATABASE " + DATABASE + " WITH (FORCE)' -c 'CREATE DATABASE " + DATABASE
                + "' && " + psql + DATABASE + " -f " + BACKUP);
    }

    private String administrator() {
        return "-qAt -h /tmp -U postgres -p " + port();
    }

    @Override
    public String url(String host) {
        return "jdbc:postgresql://" + host + ":" + port() + "/" + DATABASE;
    }

    @Override
    protected String client() {
        return "psql -qAt -v ON_ERROR_STOP=1 -h /tmp -p " + port() + " -U postgres $(psql -qAt -h /tmp -p " + port()
                + " -U postgres -c \"SELECT datname FROM pg_database WHERE datname = '" + DATABASE + "'\")";
    }

    @Override
    public void setPassword(String password) throws IOException {
        sql("ALTER ROLE " + USER + " PASSWORD '" + password + "';");
    }

    @Override
    public String toString() {
        return "PostgreSQL";
    }
}
