# shellcheck shell=bash disable=SC2154 # run.sh sets them
# Customers in a database: PostgreSQL in a container with our own tables, read for the first time, restored from the snapshot, and
# changed while mail is decided.

database= # the container
database_port=10067
directory_goals= # where the goals of this part are collected
changes_a_minute=1000
busy="**More was running than the machine has cores for: CPU times count, and times and waits are not of this program alone.**"
directory_options="-Xms4g -Xmx6g -XX:+UseParallelGC -XX:NewSize=800m" # what starts fastest
steady_options="-Xms4g -Xmx6g -XX:+UseShenandoahGC" # what no client notices

# What the driver sends to pass for any of the customers.
customer=(-o "$customers" -c "mail.customer-%d.example" -f "alice@customer-%d.example" -d bob@outside.example)

start_database() {
    "$top/integration-tests/engine.sh" bookworm || exit 1 # it has reported why
    docker build -q --force-rm --build-arg SUITE=bookworm -t orgmilter-postgresql:bookworm \
        "$top/integration-tests/src/test/resources/postgresql" >/dev/null
    database=$(docker run -d --label io.github.orgmilter.bench --network host --shm-size 1g --entrypoint /bin/bash \
        orgmilter-postgresql:bookworm -c "/usr/local/pgsql/initdb -D /tmp/data -U postgres --auth=trust --encoding=UTF8 \
            --locale=C.UTF-8 --no-sync >/dev/null && exec /usr/local/pgsql/postgres -D /tmp/data -k /tmp \
            -c listen_addresses=127.0.0.1 -c port=$database_port -c fsync=off -c max_wal_size=8GB -c shared_buffers=1GB \
            -c maintenance_work_mem=512MB -c work_mem=64MB")
    for _ in $(seq 600); do
        in_database pg_isready -q && break
        sleep 0.1
    done
    sql postgres 'CREATE DATABASE mail'
    "$orgmilter" schema postgresql | in_database psql -q -v ON_ERROR_STOP=1 mail
    database_version=$(sql mail 'SHOW server_version')
}

in_database() { docker exec -i -e PGHOST=/tmp -e PGPORT=$database_port -e PGUSER=postgres "$database" "$@"; }
sql() { in_database psql -qAt -v ON_ERROR_STOP=1 "$1" <<<"$2"; } # sql DATABASE STATEMENTS

stop_database() {
    [ -z "$database" ] || docker rm -f -v "$database" >/dev/null
    database=
}

# The triggers and indexes of our tables are for changes: without them the rows come in at once.
fill_database() {
    sql mail "
        ALTER TABLE orgmilter_setting DISABLE TRIGGER USER;
        CREATE TEMPORARY TABLE kept AS SELECT indexdef FROM pg_indexes
            WHERE indexname IN ('orgmilter_organization', 'orgmilter_domain');
        DROP INDEX orgmilter_organization, orgmilter_domain;
        INSERT INTO orgmilter_setting (organization, connector, setting, value)
            SELECT 'customer-' || n, row.* FROM generate_series(0, $customers - 1) AS n, LATERAL (VALUES
                ('', 'accepted-domains', format('customer-%s.example subdomains', n)),
                ('', 'accepted-domains', format('customer-%s.test', n)),
                ('', 'accepted-domains', format('www-%s.test', n)),
                ('certificate', 'certificate-names', format('mail.customer-%s.example', n)),
                ('addresses', 'addresses', format('10.%s.%s.%s/28', n / 4096 % 256, n / 16 % 256, n % 16 * 16)),
                ('addresses', 'addresses', format('2001:db8:%s:%s::/64', to_hex(n / 65536), to_hex(n % 65536)))) AS row;
        SELECT indexdef FROM kept \\gexec
        ALTER TABLE orgmilter_setting ENABLE TRIGGER USER;
        VACUUM ANALYZE orgmilter_setting;"
}

write_directory_configuration() {
    cat >"$work/directory.conf" <<CONF
listen = [ "inet:10043@127.0.0.1" ]
directory {
  url = "jdbc:postgresql://127.0.0.1:$database_port/mail"
  notify-url = "jdbc:postgresql://127.0.0.1:$database_port/mail"
  user = orgmilter
  queries {
    settings    = "SELECT organization, connector, setting, value, since FROM orgmilter_setting ORDER BY organization"
    settings-of = "SELECT organization, connector, setting, value, since FROM orgmilter_setting WHERE organization = ?"
    version     = "SELECT version FROM orgmilter_version"
    changes     = "SELECT DISTINCT organization FROM orgmilter_change WHERE version > ?"
  }
  snapshot = "$work/directory.snapshot"
}
CONF
}

# Waits for a line of the log, for as many seconds, and prints it.
await_line() { # await_line SECONDS PATTERN
    timeout "$1" grep -a -m 1 "$2" < <(tail -n +1 -f "$logs/orgmilter") || fail "no line \"$2\" in the log within $1 s"
}

await_file() { # await_file SECONDS FILE
    timeout "$1" bash -c 'until [ -e "$0" ]; do sleep 0.1; done' "$2" || fail "no $2 within $1 s"
}

# A start listens after a minute without the snapshot, as on a machine that does much else: the time is until both are there.
start_restored() { # start_restored CONFIGURATION
    local began=$EPOCHREALTIME
    start_timed "$1"
    await_line 600 "directory: started from" >/dev/null
    started_in=$(calculate %.1f "$EPOCHREALTIME - $began")
}

measure_directory() {
    local starts=3 times=$work/directory-starts processor=$work/directory-processor memory first snapshot began
    directory_goals=$work/directory-goals.md
    goals_file=$directory_goals
    began=$SECONDS
    start_database
    fill_database
    say "filled in $((SECONDS - began)) s"
    write_directory_configuration
    echo
    echo "Machine: load $(cut -d' ' -f1-3 /proc/loadavg) when the measuring began; PostgreSQL $database_version on it, in a container."
    [ "$(cut -d. -f1 /proc/loadavg)" -lt "$(nproc)" ] || printf '\n%s\n' "$busy"
    echo
    echo "| $customers organizations, with 3 domains, 2 ranges and a certificate pattern each | |"
    echo "|---|--:|"
    JAVA_OPTS=$directory_options start_timed "$work/directory.conf"
    first=$(await_line 600 "directory: read whole in .* the first state" | sed 's/.*read whole in \([0-9]*\) ms.*/\1/')
    await_file 600 "$work/directory.snapshot" # written behind that
    snapshot=$(stat -c '%.3W %.3Y %s' "$work/directory.snapshot")
    echo "| first load from PostgreSQL, s | $(calculate %.1f "$first / 1000") |"
    echo "$snapshot" | awk '{ printf "| writing the snapshot behind that, with rests, s | %.1f |\n| snapshot, MiB | %.0f |\n", $2 - $1, $3 / 1048576 }'
    for _ in $(seq $starts); do
        stop_all
        JAVA_OPTS=$directory_options start_restored "$work/directory.conf"
        processor_time=$(calculate %.1f "$(cpu_ticks "$pid") / $(getconf CLK_TCK)")
        echo "$started_in" >>"$times"
        echo "$processor_time" >>"$processor"
    done
    echo "| start from the snapshot to listening, median of $starts, $directory_options, s | $(median <"$times") |"
    echo "| CPU until then, all threads, median, s | $(median <"$processor") |"
    goal "start from the snapshot to listening" "<=" 20 "$(median <"$times")" s
    stop_all
    JAVA_OPTS=$steady_options start_restored "$work/directory.conf"
    echo "| the same, $steady_options, s | $started_in |"
    began=$EPOCHREALTIME
    measure_one_change 0 "while everything is compared"
    is_compared && say "the comparison ended before the changes did; it needs more customers to be shown"
    await_comparison
    echo "| comparison of the snapshot with the store, behind the start, s | $(calculate %.1f "$EPOCHREALTIME - $began") |"
    memory=$(jcmd "$pid" GC.class_histogram | awk '/^Total/ { printf "%.0f", $3 / 1048576 }') # collects fully
    echo "| heap after a full collection, index and rows, MiB | $memory |"
    echo "| resident, MiB | $(resident "$pid") |"
    measure_one_change 20 "afterwards"
    measure_changes
    stop_all
    stop_database
    goals_file=$work/goals.md
    echo
    echo "| | goal | measured | reached |"
    echo "|---|--:|--:|---|"
    cat "$directory_goals"
}

# Everything is read once behind a start, in a transaction of its own beside the changes.
is_compared() {
    [ "$(sql mail "SELECT count(*) FROM pg_stat_activity WHERE usename = 'orgmilter' AND xact_start < now() - interval '1 second'")" = 0 ]
}

await_comparison() {
    local quiet=0
    for _ in $(seq 3600); do
        if is_compared; then
            quiet=$((quiet + 1))
        else
            quiet=0
        fi
        [ $quiet -lt 4 ] || return 0
        sleep 0.5
    done
    fail "the comparison with the store has not ended within half an hour"
}

# A domain that the driver does not use, so that it is accepted as before. From COMMIT, by the clock after it, to the line of the log that tells that the change decides.
measure_one_change() { # measure_one_change FIRST WHEN
    local waits=$work/directory-waits version committed line live i
    : >"$waits"
    for i in $(seq $(($1 + 1)) $(($1 + 20))); do
        version=$(($(sql mail 'SELECT version FROM orgmilter_version') + 1))
        committed=$(sql mail "UPDATE orgmilter_setting SET value = 'www-$i.changed.test'
                WHERE organization = 'customer-$i' AND value = 'www-$i.test';
            SELECT extract(epoch FROM clock_timestamp());")
        line=$(await_line 60 "directory: version $version:")
        live=$(date -d "${line%% *}" +%s.%N)
        calculate '%.3f\n' "$live - $committed" >>"$waits"
    done
    echo "| one change $2, commit to live, median of 20, s | $(median <"$waits") |"
    echo "| the longest of them, s | $(sort -g "$waits" | tail -n 1) |"
    goal "one change $2, from commit to live, the longest of 20" "<=" 0.5 "$(sort -g "$waits" | tail -n 1)" s
}

# At 30 % of the full load, in turn without changes, with changes of rows that OrgMilter does not read, which cost the database as much,
# and with changes of its customers: each its share of one long run of the driver.
measure_changes() {
    local full rate driver i length=20
    write_changes
    change customers "$((warm_up * 3))" >/dev/null & # so that what reads them is compiled as well
    pids+=("$!")
    drive "${customer[@]}" -w 0 -t "$((warm_up * 3))" 10043@127.0.0.1 64 >/dev/null
    : >"$logs/orgmilter"
    full=$(drive "${customer[@]}" -w 1 -t 10 10043@127.0.0.1 64 | cut -d' ' -f1)
    rate=$(calculate %.0f "$full * 0.3")
    echo
    echo "$changes_a_minute changes a minute, each a transaction, at $rate messages/s, 30 % of the full load of $full, 64 connections, with" \
        "$steady_options; $rounds rounds of $length s each. The database is on the same $(nproc) cores; other rows are such as OrgMilter" \
        "does not read:"
    echo
    echo "| | messages/s | wait p50 µs | p99 µs | p99.9 µs | max µs | p99 to other rows' | p99 to without | not accepted | broken |"
    echo "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
    "$work/drive" "${customer[@]}" -r "$rate" -w 3 -t 1800 -p "$pid" 10043@127.0.0.1 64 >"$work/directory-drive" &
    driver=$!
    pids+=("$driver")
    sleep 5
    for i in $(seq "$rounds"); do
        : >"$logs/orgmilter"
        kill -USR1 "$driver" # what was between is not counted
        sleep "$length"
        kill -USR1 "$driver"
        change others "$length" >>"$work/directory-others"
        kill -USR1 "$driver"
        change customers "$length" >>"$work/directory-changed"
        kill -USR1 "$driver"
        sleep 2
    done
    kill -TERM "$driver"
    wait "$driver" || true
    for i in $(seq "$rounds"); do
        change_row "without, $i" "$(report 3)"
        change_row "with $(sed -n "${i}p" "$work/directory-others") changes of other rows, $i" "$(report 2)"
        change_row "with $(sed -n "${i}p" "$work/directory-changed") changes, $i" "$(report 1)" "$(p99 2)" "$(p99 3)"
    done
    goal "p99 wait under $changes_a_minute changes a minute to as many of other rows, median" "<=" 1.5 \
        "$(calculate %.2f "$(median <"$work/directory-ratios")")"
    goal "p99 wait under $changes_a_minute changes a minute to without, median" "<=" 1.5 \
        "$(calculate %.2f "$(median <"$work/directory-ratios-without")")"
}

report() { sed -n "$((4 * i + 1 - $1))p" "$work/directory-drive"; } # the last but N of a round
p99() { report "$1" | cut -d' ' -f4; }

# What pgbench does: changes of the customers' rows, and of others that are stored and announced alike.
write_changes() {
    sql mail "
        CREATE TABLE other AS SELECT organization, value FROM orgmilter_setting WHERE value LIKE 'www-%';
        CREATE INDEX ON other (organization);
        CREATE TABLE other_change (version bigserial PRIMARY KEY, organization text, at timestamptz DEFAULT now());"
    in_database sh -c 'cat >/tmp/customers' <<'SQL'
\set n random(100, :customers - 1)
UPDATE orgmilter_setting SET value = 'www-:n.changed-' || txid_current() || '.test' WHERE organization = 'customer-:n' AND setting = 'accepted-domains' AND value LIKE 'www-%';
SQL
    in_database sh -c 'cat >/tmp/others' <<'SQL'
\set n random(100, :customers - 1)
BEGIN;
UPDATE other SET value = 'www-:n.changed-' || txid_current() || '.test' WHERE organization = 'customer-:n';
INSERT INTO other_change (organization) VALUES ('customer-:n');
NOTIFY other;
COMMIT;
SQL
}

change() { # change customers|others SECONDS: prints how many there were
    timeout "$(($2 + 100))" docker exec -e PGHOST=/tmp -e PGPORT=$database_port -e PGUSER=postgres "$database" \
        /usr/local/pgsql/pgbench -n -f "/tmp/$1" -D "customers=$customers" -R "$(calculate %.2f "$changes_a_minute / 60")" -T "$2" mail 2>&1 |
        sed -n 's/^number of transactions actually processed: \([0-9]*\).*/\1/p'
}

change_row() { # change_row WORDS REPORT [P99-WITH-OTHER-ROWS' P99-WITHOUT]
    local r ratio="" ratio_without=""
    read -ra r <<<"$2"
    if [ -n "${3-}" ]; then
        ratio=$(calculate %.2f "${r[3]} / $3")
        ratio_without=$(calculate %.2f "${r[3]} / $4")
        echo "$ratio" >>"$work/directory-ratios"
        echo "$ratio_without" >>"$work/directory-ratios-without"
    fi
    echo "| $1 | ${r[0]} | ${r[2]} | ${r[3]} | ${r[4]} | ${r[5]} | $ratio | $ratio_without | $((r[7] + r[8])) | ${r[9]} |"
}
