#!/bin/bash
#
# Measures OrgMilter beside what does the same work without deciding anything, all in one run on the machine at hand.
#
#   integration-tests/bench.sh [OPTION...] [PART...]        (default: every part)
#
#   frames    milter sessions of a driver of its own, against a stub (what the machine can do at all), a minimal filter on
#             libmilter, and such filters on jmilter, python3-milter and Sendmail::PMilter
#
#   --rounds N           of the frames, interleaved (3)      --seconds N          of one measurement of them (3)
#   --connections LIST   ("1 16 64 256 1024")                --messages LIST      of a session ("10 1")
#   --warm-up N          seconds for each JVM (20)
#
# Builds the distribution and the filters. Needs JDK 17, Maven and gcc; on Debian it installs as root what is missing. Nothing else should run meanwhile.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(dirname "$here")

say() { echo "bench: $*" >&2; }
fail() { say "$*"; exit 1; }

rounds=3 seconds=3 connections="1 16 64 256 1024" messages="10 1" warm_up=20 parts=()
while [ $# -gt 0 ]; do
    case $1 in
        frames) parts+=("$1") ;;
        --rounds | --seconds | --connections | --messages | --warm-up)
            [ $# -ge 2 ] || fail "$1 needs a value"
            option=${1#--}
            printf -v "${option//-/_}" %s "$2"
            shift
            ;;
        --help | -h) sed -n '3,/^set/s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 0 ;;
        *) fail "unknown option $1" ;;
    esac
    shift
done
[ ${#parts[@]} -gt 0 ] || parts=(frames)

# shellcheck source-path=SCRIPTDIR source=bench/common.sh
source "$here/bench/common.sh"
# shellcheck source-path=SCRIPTDIR source=bench/frames.sh
source "$here/bench/frames.sh"

ulimit -n "$(ulimit -Hn)"
began=$SECONDS
build
for part in "${parts[@]}"; do
    say "$part"
    "measure_$part" >"$work/$part.md"
    stop_all
    cat "$work/$part.md"
done
goals
say "took $(((SECONDS - began) / 60)) minutes"
