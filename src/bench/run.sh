#!/bin/bash
#
# Measures OrgMilter beside what does the same work without deciding anything, all in one run on the machine at hand.
#
#   src/bench/run.sh [OPTION...] [PART...]        (default: every part but console and directory, about half an hour)
#
#   frames    milter sessions of a driver of its own, against a stub (what the machine can do at all), a minimal filter on
#             libmilter, and such filters on jmilter, python3-milter and Sendmail::PMilter
#   headers   milter sessions where a connector requires header fields, beside such where none does
#   postfix   a real Postfix under smtp-source: without a milter, with OrgMilter, with the filter on libmilter
#   scale     a service of 100,000 organizations: loading, memory, a reload under load; 10,000 idle connections
#   start     start to listening, and what is resident then
#   console   milter sessions with nobody at the console, and with --readers pages that listen to verdicts and others that are loaded
#   directory a million customers in PostgreSQL: first load, start from the snapshot, memory, changes under load (a quarter of an hour)
#
#   --write              writes docs/benchmarks.md anew; wants every part of the default, or directory alone for its section
#   --rounds N           of the frames, interleaved (3)      --seconds N          of one measurement of them (3)
#   --connections LIST   ("1 16 64 256 1024")                --messages LIST      of a session ("10 1")
#   --pairs N            of runs of Postfix (10)             --mails N            of one such run (5000)
#   --organizations N    of the large service (100000)       --warm-up N          seconds for each JVM (20)
#   --customers N        of the directory (1000000)      --readers N          of the console (20)
#
# Builds the distribution and the filters. Needs JDK 17, Maven, gcc, and what integration-tests/engine.sh needs for the container that
# Postfix runs in; on Debian it installs as root what is missing. Nothing else should run meanwhile.
set -euo pipefail
unset CDPATH

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
top=$(cd -- "$here/../.." && pwd)

say() { echo "bench: $*" >&2; }
fail() { say "$*"; exit 1; }

write=no rounds=3 seconds=3 connections="1 16 64 256 1024" messages="10 1" pairs=10 mails=5000
organizations=100000 customers=1000000 warm_up=20 readers=20 parts=()
while [ $# -gt 0 ]; do
    case $1 in
        frames | headers | postfix | scale | start | console | directory) parts+=("$1") ;;
        --write) write=yes ;;
        --rounds | --seconds | --connections | --messages | --pairs | --mails | --organizations | --customers | --warm-up | \
            --readers)
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
[ ${#parts[@]} -gt 0 ] || parts=(frames headers postfix scale start)
[ "$write" = no ] || [ "${parts[*]}" = directory ] || [ "${parts[*]}" = "frames headers postfix scale start" ] ||
    fail "--write wants every part of the default, in their order, or directory alone"

# shellcheck source-path=SCRIPTDIR source=common.sh
source "$here/common.sh"
# shellcheck source-path=SCRIPTDIR source=frames.sh
source "$here/frames.sh"
# shellcheck source-path=SCRIPTDIR source=headers.sh
source "$here/headers.sh"
# shellcheck source-path=SCRIPTDIR source=postfix.sh
source "$here/postfix.sh"
# shellcheck source-path=SCRIPTDIR source=scale.sh
source "$here/scale.sh"
# shellcheck source-path=SCRIPTDIR source=start.sh
source "$here/start.sh"
# shellcheck source-path=SCRIPTDIR source=console.sh
source "$here/console.sh"
# shellcheck source-path=SCRIPTDIR source=directory.sh
source "$here/directory.sh"
# shellcheck source-path=SCRIPTDIR source=page.sh
source "$here/page.sh"

ulimit -n "$(ulimit -Hn)"
began=$SECONDS
build
for part in "${parts[@]}"; do
    say "$part"
    "measure_$part" >"$work/$part.md"
    stop_all
    cat "$work/$part.md"
done
[ ! -e "$work/goals.md" ] || goals
say "took $(((SECONDS - began) / 60)) minutes"
if [ "$write" = yes ]; then
    if [ "${parts[*]}" = directory ]; then replace_directory_section; else write_page; fi >"$work/page"
    cp "$work/page" "$top/docs/benchmarks.md"
fi
