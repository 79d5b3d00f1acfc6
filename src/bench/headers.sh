# shellcheck shell=bash disable=SC2154 # run.sh sets them
# What required header fields cost: a service none of whose connectors requires any, beside one that has such a connector. A filter
# negotiates for a whole session, before it knows the client, so that there the MTA sends the fields of everybody's messages.

headers_connections="16 64"
headers_names=("none is required" "of others" "of this client")
headers_file() { echo "$work/headers-$1-$2"; } # headers_file NAME CONNECTIONS

# What the driver presents, so that it is the client of the name: in $client, with the address to call and the process.
headers_client() {
    client=(-p "$headers_with" 10051@127.0.0.1)
    case $1 in
        none*) client=(-p "$headers_without" 10050@127.0.0.1) ;;
        *client) client=(-c shared.cloud.example -f alice@fabrikam.com -H X-Customer:fabrikam "${client[@]}") ;;
    esac
}

measure_headers() {
    local n name client headers_with headers_without
    own_network
    write_configuration "$work/without.conf" inet:10050@127.0.0.1
    start_orgmilter "$work/without.conf"
    headers_without=$pid
    write_configuration "$work/with.conf" inet:10051@127.0.0.1
    cat >>"$work/with.conf" <<'CONF'
organizations { fabrikam {
  accepted-domains = [ "fabrikam.com" ]
  connectors { cloud {
    certificate-names = [ "shared.cloud.example" ]
    required-headers { X-Customer = [ "fabrikam" ] }
  } }
} }
CONF
    start_orgmilter "$work/with.conf"
    headers_with=$pid
    for name in "${headers_names[@]}"; do
        headers_client "$name"
        drive -w 0 -t "$warm_up" "${client[@]}" 64 >/dev/null
    done
    for n in $headers_connections; do
        say "headers: $n connections"
        for _ in $(seq "$rounds"); do
            for name in "${headers_names[@]}"; do
                : >"$logs/orgmilter"
                headers_client "$name"
                drive -w 1 -t "$seconds" "${client[@]}" "$n" >>"$(headers_file "$name" "$n")"
            done
        done
    done
    echo
    echo "| connections | header fields | messages/s | to none | wait p50 µs | p99 µs | p99.9 µs | CPU s per 1,000 | not accepted | broken |"
    echo "|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|"
    for n in $headers_connections; do
        for name in "${headers_names[@]}"; do headers_row "$name" "$n"; done
    done
}

headers_row() { # headers_row NAME CONNECTIONS
    local file
    file=$(headers_file "$@")
    echo "| $2 | $1 | $(median_of "$file" 1) | $(ratio_of "$file" "$(headers_file "${headers_names[0]}" "$2")" 1) | $(median_of "$file" 3) |" \
        "$(median_of "$file" 4) | $(median_of "$file" 5) | $(median_of "$file" 7) |" \
        "$(($(sum_of "$file" 8) + $(sum_of "$file" 9))) | $(sum_of "$file" 10) |"
}
