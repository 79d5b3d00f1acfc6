package io.github.orgmilter.it.directory;

import java.io.IOException;
import java.util.Map;

/** PostgreSQL, as a primary or a standby. */
public final class PostgresContainer extends DatabaseContainer {

    private static final String RUN = """
            install -m 600 /it/server.pem /tmp/server.pem
            exec /usr/local/pgsql/postgres -D /tmp/data -p %d -k /tmp -c listen_addresses=127.0.0.1 -c fsync=off \\
                -c ssl=on -c ssl_cert_file=/tmp/server.pem -c ssl_key_file=/tmp/server.pem -c max_connections=50
            """;

    /** Of the user postgres, as Debian's packages number the first user of a fresh system. */
    private static final int UID = 100;

    private final boolean standby;

    private PostgresContainer(boolean standby, String data) throws IOException {
        super("postgresql");
        this.standby = standby;
        startBy("if [ ! -e /tmp/data/PG_VERSION ]; then\n" + data + "fi\n" + RUN.formatted(port()));
    }

    public static PostgresContainer primary() throws IOException {
        return new PostgresContainer(false, """
                /usr/local/pgsql/initdb -D /tmp/data -U postgres --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync
                printf '%s\\n' 'local all all trust' 'host replication postgres 127.0.0.1/32 trust' \\
                    'host all all all scram-sha-256' >/tmp/data/pg_hba.conf
                """);
    }

    /** A copy of a running primary that follows it. */
    public static PostgresContainer standbyOf(PostgresContainer primary) throws IOException {
        return new PostgresContainer(
                true,
                "/usr/local/pgsql/pg_basebackup -D /tmp/data -h 127.0.0.1 -U postgres -R -c fast -p " + primary.port()
                        + "\n");
    }

    @Override
    protected void prepare() throws IOException {
        if (!standby) {
            script("CREATE DATABASE " + DATABASE + ";", "psql -qAt -h /tmp -p " + port() + " -U postgres");
        }
    }

    /**
     * Before it is started: its data lie on a disk of their own, with little room, which is empty again after {@link #kill}.
     */
    void onSmallDisk() {
        withTmpFs(Map.of("/tmp/data", "rw,size=256m,mode=0700,uid=" + UID));
    }

    /** From now on nothing more can be written. */
    void fillDisk() throws IOException {
        shell("! head -c 1G /dev/zero >/tmp/data/filler 2>/dev/null");
    }

    void freeDisk() throws IOException {
        shell("rm /tmp/data/filler");
    }

    /** Makes a standby the primary. */
    public void promote() throws IOException {
        sql("SELECT pg_promote(true);");
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
}
