# shellcheck shell=bash disable=SC2154 # run.sh sets them
# A very large service: loading it, its memory, a reload under load; and many idle connections.

# As start_orgmilter, and the seconds until it listens in $started_in.
start_timed() {
    local began=$EPOCHREALTIME
    start_orgmilter "$1"
    started_in=$(calculate %.1f "$EPOCHREALTIME - $began")
}

# The largest heap in use when a collection began, of a log of the collector's, in MiB.
peak_heap() { { grep -o '[0-9]*M->' "$1" || echo –; } | tr -d 'M>-' | sort -g | tail -n 1; }

# The serial collector leaves dead objects of a twentieth of the old generation where they are, but for each fourth full collection.
heap_after_full_collection() { # of process $1
    for _ in 1 2 3 4; do jcmd "$1" GC.run >/dev/null; done
    grep 'Pause Full' "$logs/gc" | tail -n 1 | grep -o -- '->[0-9]*' | tr -d '>-'
}

# As docs/sizing.md has it for a service of this size: what loads it fastest, and what no client notices during a reload.
loading_options="-Xms2g -Xmx2g -XX:NewSize=400m -XX:MaxTenuringThreshold=1"
file_options="-Xmx4g" # one HOCON file takes more than anything else
reload_options="-Xmx4g -XX:+UseShenandoahGC"

# What the driver sends to pass for any of its customers.
service=(-o "$organizations" -c "mail.domain-1.customer-%d.example" -f "alice@domain-3.customer-%d.example" -d bob@outside.example)

# Each octet of the log is looked at once: it grows by megabytes a second.
wait_for_reload() {
    local line
    line=$(timeout 300 grep -a -m 1 -o "reloaded config=\|reload failed" < <(tail -n +1 -f "$logs/orgmilter"))
    [ "$line" = "reloaded config=" ] || fail "OrgMilter has not reloaded"
}

measure_scale() {
    write_folder single 1
    { echo 'listen = [ "inet:10043@127.0.0.1" ]'
      echo 'organizations {'
      awk -v organizations="$organizations" -f "$here/large-service.awk"
      echo '}'; } >"$work/file.conf"
    echo
    echo "| $organizations organizations, with 10 domains, 10 address ranges and 2 certificate patterns each | start to listening, s | peak heap, MiB |" \
        "heap after full collection, MiB | resident, MiB |"
    echo "|---|--:|--:|--:|--:|"
    measure_loading file "in one file, $file_options" "$file_options"
    stop_all
    measure_loading single "in a file for each, and text files, $loading_options" "$loading_options"
    stop_all
    rm -r "$work/single.d" # half a million files at once are more than some file systems have room for
    write_folder folder 100
    measure_loading folder "in a file for every hundred, and text files, $loading_options" "$loading_options"
    goal "loading the large service from organizations-dir and text files" "<=" 5 "$started_in" s
    stop_all
    measure_index
    own_network
    JAVA_OPTS=$reload_options start_timed "$work/folder.conf"
    measure_reloads "$pid"
    stop_all
    own_network
    measure_idle
}

# write_folder NAME EACH: a file of organizations-dir for so many, and the configuration that names their folder
write_folder() {
    mkdir "$work/$1.d"
    awk -v organizations="$organizations" -v folder="$work/$1.d" -v each="$2" -f "$here/large-service.awk"
    printf '%s\n' 'listen = [ "inet:10043@127.0.0.1" ]' "organizations-dir = \"$work/$1.d\"" >"$work/$1.conf"
}

measure_loading() { # measure_loading CONFIGURATION WORDS JAVA_OPTS
    local peak heap
    JAVA_OPTS="$3 -Xlog:gc:file=$logs/gc" start_timed "$work/$1.conf"
    peak=$(peak_heap "$logs/gc")
    heap=$(heap_after_full_collection "$pid")
    echo "| $2 | $started_in | $peak | $heap | $(resident "$pid") |"
}

# The index alone, as Footprint weighs it.
measure_index() {
    local heap
    heap=$("$top/src/jmh/run.sh" --footprint | sed -n 's/.*files, .* organizations: heap \([0-9]*\) MiB.*/\1/p')
    [ -n "$heap" ] || fail "the index could not be weighed"
    echo
    echo "The index alone: $heap MiB."
    goal "heap for the index, after a full collection" "<=" 300 "$heap" MiB
}

# At 30 % of the full load, the wait in the half minute before a reload and while it lasts.
measure_reloads() { # measure_reloads PID
    local full rate driver i not_accepted=0 began
    drive "${service[@]}" -w 0 -t "$warm_up" 10043@127.0.0.1 64 >/dev/null
    : >"$logs/orgmilter"
    full=$(drive "${service[@]}" -w 1 -t 10 10043@127.0.0.1 64 | cut -d' ' -f1)
    rate=$(calculate %.0f "$full * 0.3")
    echo
    echo "Reloads at $rate messages/s, 30 % of the full load of $full, 64 connections, with $reload_options:"
    echo
    echo "| | lasts s | messages/s | wait p50 µs | p99 µs | p99.9 µs | max µs | p99 to before | not accepted | broken |"
    echo "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
    for i in 1 2 3; do
        : >"$logs/orgmilter"
        "${network[@]}" "$work/drive" "${service[@]}" -r "$rate" -w 3 -t 600 -p "$1" 10043@127.0.0.1 64 >"$work/reload-$i" &
        driver=$!
        pids+=("$driver")
        sleep 13
        : >"$logs/orgmilter"
        kill -USR1 "$driver"
        echo "# $i" >>"$work/folder.conf"
        began=$EPOCHREALTIME
        kill -HUP "$1"
        wait_for_reload
        kill -USR1 "$driver"
        echo "$began $EPOCHREALTIME" >"$work/reload-time-$i"
        sleep 3
        kill -TERM "$driver"
        wait "$driver"
        reload_row "before $i" "$(sed -n 1p "$work/reload-$i")" 10
        reload_row "reload $i" "$(sed -n 2p "$work/reload-$i")" "$(awk '{ printf "%.1f", $2 - $1 }' "$work/reload-time-$i")" \
            "$(sed -n 1p "$work/reload-$i" | cut -d' ' -f4)"
        paste -d' ' <(sed -n 2p "$work/reload-$i") <(sed -n 1p "$work/reload-$i") | awk '{ print $4 / $14 }' >>"$work/reload-ratios"
        not_accepted=$((not_accepted + $(awk '{ sum += $8 + $9 + $10 } END { print sum }' "$work/reload-$i")))
    done
    goal "p99 wait during a reload to before" "<=" 3 "$(calculate %.2f "$(median <"$work/reload-ratios")")"
    goal "messages refused or deferred, or sessions broken, by reloads" "<=" 0 "$not_accepted"
}

reload_row() { # reload_row WORDS REPORT SECONDS [P99 BEFORE]
    local r
    read -ra r <<<"$2"
    echo "| $1 | $3 | ${r[0]} | ${r[2]} | ${r[3]} | ${r[4]} | ${r[5]} | ${4:+$(calculate %.2f "${r[3]} / ${4:-1}")} |" \
        "$((r[7] + r[8])) | ${r[9]} |"
}

measure_idle() {
    local before after n=10000
    [ "$(ulimit -n)" -gt $((n + 100)) ] || n=$(($(ulimit -n) - 200))
    write_configuration "$work/orgmilter.conf" inet:10043@127.0.0.1
    # The driver's first connection, which learns what was negotiated, may count still.
    echo "limits.connections = $((n + 10))" >>"$work/orgmilter.conf"
    start_orgmilter "$work/orgmilter.conf"
    sleep 2
    before=$(resident "$pid")
    "${network[@]}" "$work/drive" -i -t 600 10043@127.0.0.1 "$n" >"$work/idle" &
    pids+=($!)
    for _ in $(seq 600); do
        [ ! -s "$work/idle" ] || break
        sleep 0.1
    done
    [ -s "$work/idle" ] || fail "$n connections do not open"
    sleep 2
    after=$(resident "$pid")
    echo
    echo "$n idle connections, negotiated: resident with $after MiB, without $before MiB."
    goal "$n idle connections, above the idle footprint" "<=" 100 "$((after - before))" MiB
}
