#!/bin/bash
#
# Compares OrgMilter with a minimal filter on libmilter, and both with what the machine can do at all: a stub that skips frames by
# their length and answers with a constant. All in one run, the candidates interleaved, medians: machines differ, and are noisy, so
# the ratios are what counts. Nothing else should run meanwhile.
#
#   integration-tests/bench.sh [--rounds N] [--seconds N] [--connections "1 16 64 256"] [--messages "10 1"]
#
# Needs gcc and libmilter-dev, and installs them as root on Debian; builds the distribution.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(dirname "$here")
rounds=3 seconds=5 connections="1 16 64 256" messages="10 1"
while [ $# -gt 0 ]; do
    case $1 in
        --rounds) rounds=$2 ;;
        --seconds) seconds=$2 ;;
        --connections) connections=$2 ;;
        --messages) messages=$2 ;;
        *) echo "bench.sh: unknown option $1" >&2; exit 2 ;;
    esac
    shift 2
done

work=$(mktemp -d)
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; rm -rf "$work"' EXIT

if ! command -v gcc >/dev/null || [ ! -e /usr/include/libmilter/mfapi.h ]; then
    apt-get install -y -q gcc libc6-dev libmilter-dev >/dev/null
fi
gcc -O2 -Wall -o "$work/drive" "$here/bench/drive.c"
gcc -O2 -Wall -o "$work/stub" "$here/bench/stub.c" -lpthread
gcc -O2 -Wall -o "$work/filter" "$here/bench/filter.c" -lmilter -lpthread
mvn -B -q -f "$top/pom.xml" -DskipTests package

cat >"$work/orgmilter.conf" <<'CONF'
listen = [ "inet:10043@127.0.0.1" ]
organizations { contoso {
  accepted-domains = [ "contoso.com" ]
  connectors { headquarters { certificate-names = [ "mail.contoso.com" ] } }
} }
CONF
"$work/stub" 10041 &
pids+=($!)
"$work/filter" inet:10042@127.0.0.1 &
pids+=($!)
root=()
[ "$(id -u)" != 0 ] || root=(--allow-root)
"$top/target/orgmilter/bin/orgmilter" serve "${root[@]}" --config "$work/orgmilter.conf" >"$work/log" 2>&1 &
pids+=($!)
for _ in $(seq 100); do
    grep -q "orgmilter listening on" "$work/log" && break
    sleep 0.1
done
grep -q "orgmilter listening on" "$work/log" || { cat "$work/log" >&2; exit 1; }

names=(stub libmilter OrgMilter)
# The JVM compiles what it runs often.
"$work/drive" 10043@127.0.0.1 16 10 10 1 "${pids[2]}" >/dev/null

median() { sort -g | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
of() { cut -d' ' -f"$2" "$work/$1" | median; }

echo "| connections | messages a session | who | messages/s | to libmilter | to the stub | p50 us | p99 us | p99.9 us | max us | CPU s per 1,000 |"
echo "|---|---|---|---|---|---|---|---|---|---|---|"
for per_session in $messages; do
    for n in $connections; do
        rm -f "$work"/run.*
        for _ in $(seq "$rounds"); do
            for i in 0 1 2; do
                "$work/drive" "1004$((i + 1))@127.0.0.1" "$n" "$per_session" "$seconds" 1 "${pids[$i]}" >>"$work/run.$i"
            done
        done
        for i in 0 1 2; do
            rate=$(of "run.$i" 1)
            echo "| $n | $per_session | ${names[$i]} | $rate |" \
                "$(awk "BEGIN { printf \"%.2f\", $rate / $(of run.1 1) }") | $(awk "BEGIN { printf \"%.2f\", $rate / $(of run.0 1) }") |" \
                "$(of "run.$i" 3) | $(of "run.$i" 4) | $(of "run.$i" 5) | $(of "run.$i" 6) | $(of "run.$i" 7) |"
        done
    done
done
