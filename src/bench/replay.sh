#!/bin/bash
#
# Measures how fast `orgmilter replay` decides a log again, beside `grep -c` on the same file, in turn and in one run.
#
#   src/bench/replay.sh [LINES [ROUNDS]]        (default: 2000000 lines, 3 rounds)
#
# Takes the distribution that `mvn package` has built, or the one at ORGMILTER_HOME, and one core: replay has one thread, and the
# serial collector.
set -euo pipefail
unset CDPATH

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
top=$(cd -- "$here/../.." && pwd)
lines=${1:-2000000} rounds=${2:-3}
orgmilter=${ORGMILTER_HOME:-$top/target/orgmilter}/bin/orgmilter
[ -x "$orgmilter" ] || { echo "bench: there is no $orgmilter; run mvn package" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A hundred customers, each with a server known by its certificate and one known by its address.
awk 'BEGIN {
    print "listen = [ \"inet:10033@127.0.0.1\" ]\ntrusted-logins = []\norganizations {"
    for (i = 0; i < 100; i++)
        printf "c%d { accepted-domains = [ \"c%d.example\" ], connectors { mail { certificate-names = [ \"mail.c%d.example\" ] }, branch { addresses = [ \"192.0.2.%d\" ] } } }\n", i, i, i, i
    print "}"
}' >"$work/orgmilter.conf"

# Mail by certificate, by address, from strangers to customers, and refused; with other text of a mail server between.
awk -v lines="$lines" 'BEGIN {
    for (n = 0; n < lines; n++) {
        i = n % 100
        time = "2026-11-28T12:00:00.000+00:00 INFO  "
        if (n % 4 == 0)
            printf "%sB058B19620F: session=s%x verdict=accept cause=sender-domain connector=c%d/mail outcome=accepted client=198.51.100.%d cert=mail.c%d.example issuer=\"A CA\" tls=yes helo=mail.c%d.example from=<user%d@c%d.example> to=<anna%d@outside.example> recipients=1/1 config=45352f69\n", time, n, i, i, i, i, n % 7, i, n % 11
        else if (n % 4 == 1)
            printf "%sB058B19620F: session=s%x verdict=accept cause=sender-domain connector=c%d/branch outcome=accepted client=192.0.2.%d helo=branch from=<user%d@c%d.example> to=<anna%d@outside.example> recipients=1/1 config=45352f69\n", time, n, i, i, n % 7, i, n % 11
        else if (n % 4 == 2)
            printf "%sB058B19620F: session=s%x verdict=accept cause=inbound organization=c%d outcome=accepted client=203.0.113.%d tls=yes helo=mx from=<a%d@stranger.example> to=<user%d@c%d.example> recipients=1/1 config=45352f69\n", time, n, i, n % 250, n % 13, n % 7, i
        else
            printf "%sNOQUEUE: session=s%x verdict=reject cause=not-identified client=203.0.113.%d helo=mx from=<a@c%d.example> to=<b@outside.example> config=45352f69 reply=\"550 5.7.1 Relay access denied: 203.0.113.%d is not a known customer mail server\"\n", time, n, n % 250, i, n % 250
    }
}' >"$work/log"
echo "$lines lines, $(du -m "$work/log" | cut -f1) MiB"

seconds() { # of a command on one core: all of them, and those of the processor, which others on the machine do not lengthen
    local TIMEFORMAT='%R %U %S'
    { time { taskset -c 0 "$@" >"$work/out" || [ $? -le 1 ]; } 2>&3; } 3>&2 2>"$work/time"
    awk '{ printf "%.2f %.2f", $1, $2 + $3 }' "$work/time"
}

for round in $(seq "$rounds"); do
    read -r grep grep_cpu < <(seconds grep -c 'verdict=reject' "$work/log"; echo)
    read -r replay replay_cpu < <(seconds "$orgmilter" replay --config "$work/orgmilter.conf" "$work/log"; echo)
    [ "$round" != 1 ] || sed -n 1,2p "$work/out"
    awk -v r="$round" -v g="$grep" -v gc="$grep_cpu" -v t="$replay" -v tc="$replay_cpu" -v n="$lines" 'BEGIN {
        printf "round %d: replay %.2f s, %.2f of the processor: %.0f lines a second (%.0f by the processor); grep -c %.2f s, %.2f; ratio %.0f\n",
            r, t, tc, n / t, n / tc, g, gc, tc / gc }'
done
