# shellcheck shell=bash disable=SC2034,SC2154 # run.sh and the other files give names that are not assigned here, and use some
# The tour of customers in a database: three nodes that know nothing of each other, each a Postfix with an
# OrgMilter, on one PostgreSQL. A customer is a few rows; where he is one, he is one on every node.

directory_nodes=(1 2 3)
directory_milters=()
database_image=orgmilter-postgresql
database_context=$top/integration-tests/src/test/resources/postgresql

# ---- The parts -------------------------------------------------------------

build_database_image() {
    step "Building the image with PostgreSQL on Debian $suite"
    docker build -q --force-rm --build-arg "SUITE=$suite" -t "$database_image:$suite" "$database_context" \
        >"$logs/database-image.log" 2>&1 || fail_with database-image.log "the image could not be built"
}

# The first command of the container; it keeps its data over a restart, and its port. Clients need the password.
database_start='
    if [[ ! -e /tmp/data/PG_VERSION ]]; then
        /usr/local/pgsql/initdb -D /tmp/data -U postgres --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync
        printf "%s\n" "local all all trust" "host all all all scram-sha-256" >/tmp/data/pg_hba.conf
    fi
    exec /usr/local/pgsql/postgres -D /tmp/data -k /tmp -c "listen_addresses=*"'

start_database() {
    local port
    for port in $(shuf -i 20000-29999 -n 20); do
        if docker run -d --name "$database" --label "$label=$me" -p "127.0.0.1:$port:5432" --entrypoint bash \
            "$database_image:$suite" -c "$database_start" >>"$logs/database-setup.log" 2>&1; then
            database_port=$port
            break
        fi
        docker rm -f "$database" >/dev/null 2>&1 || true # the port is taken
    done
    [[ -n ${database_port:-} ]] || fail_with database-setup.log "the database could not be started"
    wait_for_database
    docker exec "$database" psql -q -h /tmp -U postgres -c 'CREATE DATABASE mail'
    "$orgmilter" schema postgresql | docker exec -i "$database" psql -q -v ON_ERROR_STOP=1 -h /tmp -U postgres mail \
        >>"$logs/database-setup.log" 2>&1 || fail_with database-setup.log "the tables could not be made"
    (umask 077 && openssl rand -hex 16 >"$run/directory.password")
    sql_quietly "ALTER ROLE orgmilter PASSWORD '$(<"$run/directory.password")'"
}

wait_for_database() {
    for _ in {1..150}; do
        if docker exec "$database" psql -q -h /tmp -U postgres -c 'SELECT 1' >/dev/null 2>&1; then return; fi
        sleep 0.2
    done
    docker logs "$database" >"$logs/database.log" 2>&1
    fail_with database.log "the database does not answer"
}

# By standard input: a password is no argument of a process.
sql_quietly() { docker exec -i "$database" psql -q -v ON_ERROR_STOP=1 -h /tmp -U postgres mail <<<"$1"; }

sql() {
    local line
    while IFS= read -r line; do labelled SQL "$blue" "$line"; done <<<"$1"
    sql_quietly "$1" || fail "the database did not take this"
}

configure_node() { # configure_node NUMBER
    local node=$run/node$1
    mkdir -p "$node/socket"
    chmod 0755 "$node/socket"
    cat >"$node/orgmilter.conf" <<END
listen = [ { socket = "unix:$node/socket/orgmilter.sock", mode = "0666" } ]
map-listen = [ { socket = "unix:$node/socket/map.sock", mode = "0666" } ]
admin-listen = "unix:$node/admin.sock"
local-domains = [ "mx1.example.net" ]
directory {
  url = "jdbc:postgresql://127.0.0.1:$database_port/mail"
  user = "orgmilter", password-file = "$run/directory.password"
  queries {
    settings    = "SELECT organization, connector, setting, value, since FROM orgmilter_setting ORDER BY organization"
    settings-of = "SELECT organization, connector, setting, value, since FROM orgmilter_setting WHERE organization = ?"
    version     = "SELECT version FROM orgmilter_version"
    changes     = "SELECT DISTINCT organization FROM orgmilter_change WHERE version > ?"
  }
  notify-url = "jdbc:postgresql://127.0.0.1:$database_port/mail"
  snapshot = "$node/directory.snapshot"
}
END
}

start_node_milter() { # start_node_milter NUMBER
    local log=$logs/milter-$1.log before=0
    if [[ -e $log ]]; then before=$(stat -c %s "$log"); fi
    setsid "$orgmilter" serve --allow-root --config "$run/node$1/orgmilter.conf" >>"$log" 2>&1 &
    directory_milters[$1]=$!
    echo $! >"$run/node$1.pid"
    for _ in {1..600}; do
        if tail -c "+$((before + 1))" "$log" | grep -q 'orgmilter listening on'; then return; fi
        kill -0 "${directory_milters[$1]}" 2>/dev/null || break
        sleep 0.1
    done
    fail_with "milter-$1.log" "OrgMilter does not listen on node $1"
}

stop_node_milter() { # stop_node_milter NUMBER
    end_process "${directory_milters[$1]}"
    wait "${directory_milters[$1]}" 2>/dev/null || true
    unset "directory_milters[$1]"
}

start_node() { # start_node NUMBER
    configure_node "$1"
    start_node_milter "$1"
    at_node "$1" start_mta_with "$run/node$1/socket"
}

# at_node NUMBER COMMAND...: with that node's Postfix for the one of the tour.
at_node() {
    local container=$container-$1
    "${@:2}"
}

ask_node() { # ask_node NUMBER COMMAND...: of orgmilter, about the running service
    "$orgmilter" "${@:2}" --config "$run/node$1/orgmilter.conf"
}

clean_up_directory() {
    local n
    for n in "${!directory_milters[@]}"; do end_process "${directory_milters[n]}"; done
}

prepare_directory() {
    prepare_host
    build_database_image
    step "Starting PostgreSQL with the tables of 'orgmilter schema postgresql', and one customer, contoso"
    start_database
    sql_quietly "INSERT INTO orgmilter_setting (organization, connector, setting, value) VALUES
        ('contoso', '',            'accepted-domains',  'contoso.com'),
        ('contoso', 'mail-server', 'certificate-names', 'mail.contoso.com')"
    step "Starting three nodes, each a Postfix with an OrgMilter"
    local n
    for n in "${directory_nodes[@]}"; do start_node "$n"; done
    end_step
}

# ---- What is asked ---------------------------------------------------------

# send_at NODE: the session of `by`, `from` and one `to`, at that node. Its answers are in replies[0] and `answer`.
send_at() {
    at_node "$1" send_with_swaks
    read_dialogue
}

title_of_session() { printf '\n%s%2d. %s%s\n' "$bold" "$sessions" "$title" "$plain"; }

# everywhere WHO SENDER DOMAIN EXPECTED TITLE: one message at each node, to a recipient of its own.
everywhere() {
    local n recipient wrong=()
    session "$5"
    title_of_session
    labelled client '' "${address_of[$1]}, ${description_of[$1]}, as $2"
    for n in "${directory_nodes[@]}"; do
        recipient=s$sessions-n$n@$3
        by "$1" && from "$2" && recipients=("$recipient")
        send_at "$n"
        labelled "node $n" "$blue" "${replies[0]:-no answer}"
        [[ ${replies[0]:-} =~ ${reply_of[$4]} ]] || wrong+=("node $n: '${replies[0]:-no answer}', not ${reply_of[$4]}")
        if [[ ${replies[0]:-} == 250\ * ]]; then arrives+=("$n <$2> -> <$recipient>"); fi
    done
    judge "$4 on every node" "${wrong[@]}"
}

# live_everywhere WHO SENDER DOMAIN STATEMENT TITLE: what is committed, and until each node accepts that message.
live_everywhere() {
    local n began recipient try committed
    session "$5"
    title_of_session
    sql "$4"
    committed=$(milliseconds)
    labelled client '' "${address_of[$1]}, ${description_of[$1]}, as $2"
    for n in "${directory_nodes[@]}"; do
        for try in {1..30}; do
            recipient=w$(milliseconds)-n$n@$3
            by "$1" && from "$2" && recipients=("$recipient")
            began=$(milliseconds)
            send_at "$n"
            if [[ ${replies[0]:-} == 250\ * ]]; then
                arrives+=("$n <$2> -> <$recipient>")
                labelled "node $n" "$blue" "${replies[0]}    in a session that began $((began - committed)) ms after COMMIT, try $try"
                continue 2
            fi
            sleep 0.1
        done
        judge "live on every node" "node $n: still '${replies[0]:-no answer}'"
        return
    done
    judge "live on every node"
}

milliseconds() { date +%s%3N; }

show_status() { # show_status NODE
    local line
    labelled "\$" '' "orgmilter directory status    # node $1"
    while IFS= read -r line; do labelled '' "$dim" "$line"; done < <(ask_node "$1" directory status)
}

status_has() { # status_has WHAT PATTERN TITLE: on every node
    local n wrong=()
    for n in "${directory_nodes[@]}"; do
        ask_node "$n" directory status | grep -q "$1" || wrong+=("node $n: no '$1'")
    done
    judge "$2" "${wrong[@]}"
}

arrived_everywhere() {
    chapter "What really arrived behind the three Postfixes"
    printf '\n'
    local n line wrong=() arrived=()
    for n in "${directory_nodes[@]}"; do
        at_node "$n" mta_wait_until_delivered || wrong+=("node $n: mail is still in the queue")
        while IFS= read -r line; do arrived+=("$n $line"); done < <(at_node "$n" mta_delivered)
    done
    while IFS= read -r line; do
        case $line in
            '<'*) wrong+=("not delivered: node ${line#??}") ;;
            '>'*) wrong+=("should never have been delivered: node ${line#??}") ;;
        esac
    done < <(diff <(printf '%s\n' "${arrives[@]}" | sort) <(printf '%s\n' "${arrived[@]}" | sort))
    judge "the ${#arrives[@]} messages that were accepted, each once, and no others" "${wrong[@]}"
}

# ---- The tour --------------------------------------------------------------

directory_tour() {
    local n
    database=$container-database
    arrives=()
    prepare_directory
    printf '\n%sThree nodes with %s, on one PostgreSQL%s\n' "$bold" "$(at_node 1 mta_version)" "$plain"

    chapter "A customer is a few rows"
    everywhere contoso alice@contoso.com outside.example accept "Contoso is a customer already"
    everywhere fabrikam bob@fabrikam.com outside.example mta-refuses "Fabrikam is not a customer yet"
    live_everywhere fabrikam bob@fabrikam.com outside.example \
        "INSERT INTO orgmilter_setting (organization, connector, setting, value) VALUES
    ('fabrikam', '',            'accepted-domains', 'fabrikam.com'),
    ('fabrikam', 'head-office', 'addresses',        '${address_of[fabrikam]}')" \
        "Fabrikam becomes one"
    everywhere stranger news@stranger.example fabrikam.com accept "A stranger sends mail to Fabrikam"
    everywhere stranger bob@fabrikam.com outside.example mta-refuses "A stranger sends as Fabrikam to the outside"
    everywhere fabrikam bob@fabrikam.net outside.example domain-not-accepted "Fabrikam sends as another domain of its own"
    live_everywhere fabrikam bob@fabrikam.net outside.example \
        "INSERT INTO orgmilter_setting (organization, setting, value) VALUES
    ('fabrikam', 'accepted-domains', 'fabrikam.net')" \
        "Fabrikam registers that"
    everywhere contoso bob@fabrikam.com outside.example protected-sender "Contoso's server sends as Fabrikam"

    chapter "What a node knows of its directory"
    printf '\n'
    show_status 1
    status_has "organizations: 2" "two organizations, on every node"

    chapter "The database is killed"
    printf '\n'
    labelled "\$" '' "docker kill $database"
    docker kill "$database" >/dev/null
    for _ in {1..300}; do
        if ! ask_node 1 directory status | grep -q 'store: can be read'; then break; fi
        sleep 0.1
    done
    show_status 1
    everywhere fabrikam bob@fabrikam.com outside.example accept "Fabrikam relays as before"
    everywhere contoso alice@contoso.com outside.example accept "So does Contoso"
    everywhere stranger alice@contoso.com outside.example mta-refuses "A stranger is refused as before"
    printf '\n'
    step "Restarting OrgMilter on node 2, while there is no database: it starts from its snapshot"
    stop_node_milter 2
    start_node_milter 2
    end_step
    everywhere fabrikam bob@fabrikam.com outside.example accept "Fabrikam relays, on the node that was restarted too"

    chapter "The database is back, and a customer leaves"
    docker start "$database" >/dev/null
    wait_for_database
    printf '\n'
    sql "DELETE FROM orgmilter_setting WHERE organization = 'fabrikam'"
    for n in "${directory_nodes[@]}"; do
        for _ in {1..600}; do
            if ask_node "$n" directory status | grep -q 'organizations: 1$'; then break; fi
            sleep 0.1
        done
    done
    status_has "organizations: 1" "one organization, on every node, without a hand laid on it"
    everywhere fabrikam bob@fabrikam.com outside.example mta-refuses "Fabrikam's server is a stranger's again"
    everywhere contoso alice@contoso.com outside.example accept "Contoso relays as before"

    arrived_everywhere
}
