# shellcheck shell=bash disable=SC2154 # run.sh sets them
# Milter sessions while the console is open, against the same without: pages that listen to verdicts, and one of each other page a
# second. Both in turn, against one process that has had both for three times --warm-up: what runs twice a second is compiled late.
#
# Readers have machines of their own: here they run when nobody else wants to (SCHED_IDLE), and are as few processes as can be.

console_port=10048
console_connections="16 64"
console_file() { echo "$work/console-$1-$2"; } # console_file WHICH CONNECTIONS

open_console() {
    local i streams=()
    served_pids=("${pids[@]}")
    for i in $(seq "$readers"); do
        streams+=(-o "$work/stream-$i" "http://127.0.0.1:$console_port/verdicts/events")
    done
    start chrt --idle 0 curl -sS -i --no-buffer --parallel --parallel-immediate --parallel-max "$readers" "${streams[@]}"
    # shellcheck disable=SC2016 # the shell that is started expands it
    start chrt --idle 0 bash -c 'while curl -sS -f "$@" >/dev/null; do sleep 1; done' bash "http://127.0.0.1:$console_port"/{,organizations,organization?name=contoso,verdicts,configuration}
    for i in $(seq "$readers"); do
        for _ in $(seq 200); do
            [ -s "$work/stream-$i" ] && break
            sleep 0.1
        done
        head -n 1 "$work/stream-$i" | grep -q ' 200 ' || fail "reader $i: $(head -c 300 "$work/stream-$i")"
    done
}

close_console() {
    local pid
    for pid in "${pids[@]:${#served_pids[@]}}"; do
        kill "$pid" 2>/dev/null || fail "a reader of the console ended early"
        wait "$pid" 2>/dev/null || true
    done
    pids=("${served_pids[@]}")
    grep -q '^event: verdicts' "$work/stream-1" || fail "the console showed no verdicts"
    rm -f "$work"/stream-*
    sleep 2 # until the service has seen that they are gone: it takes no more than 20
}

measure_console() {
    local n which served
    install_package curl || fail "curl cannot be installed"
    own_network
    write_configuration "$work/console.conf" inet:10049@127.0.0.1
    echo "admin-listen = \"inet:$console_port@127.0.0.1\"" >>"$work/console.conf"
    start_orgmilter "$work/console.conf"
    served=$pid
    warm_up 10049@127.0.0.1
    open_console
    for _ in 1 2 3; do warm_up 10049@127.0.0.1; done
    close_console
    for n in $console_connections; do
        say "console: $n connections"
        for _ in $(seq "$rounds"); do
            for which in without with; do
                : >"$logs/orgmilter"
                [ "$which" = without ] || open_console
                drive -m 10 -w 1 -t "$seconds" -p "$served" 10049@127.0.0.1 "$n" >>"$(console_file "$which" "$n")"
                [ "$which" = without ] || close_console
            done
        done
    done
    echo
    echo "| connections | console | messages/s | wait p50 µs | p99 µs | p99.9 µs | not accepted | broken |"
    echo "|--:|---|--:|--:|--:|--:|--:|--:|"
    for n in $console_connections; do
        for which in without with; do console_row "$which" "$n"; done
    done
    for n in $console_connections; do
        goal "p99 wait with $readers readers of the console to without, $n connections" "<=" 1.1 \
            "$(ratio_of "$(console_file with "$n")" "$(console_file without "$n")" 4)"
    done
}

console_row() { # console_row WHICH CONNECTIONS
    local file
    file=$(console_file "$@")
    echo "| $2 | $1 | $(median_of "$file" 1) | $(median_of "$file" 3) | $(median_of "$file" 4) | $(median_of "$file" 5) |" \
        "$(($(sum_of "$file" 8) + $(sum_of "$file" 9))) | $(sum_of "$file" 10) |"
}
