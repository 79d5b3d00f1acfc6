#!/bin/bash
#
# Runs all tests: the unit tests, then the integration tests against real mail servers in
# containers. Makes what is missing on the way (see engine.sh). Reports each step and how long it
# took.
#
#   integration-tests/run.sh [--full] [Maven options for the integration tests, such as -Dit.test=...]
#
# The big tables run whole against one version of each mail server; against the others run the rows
# in which these can differ, and a sample that changes with the day. The program's JVMs use the first
# compiler only. With --full, all rows run against all, with the JVMs as installed.
#
# With -Pfaults, not all of the integration tests but the faults under load, those of a directory and
# the soak, which take most of an hour and write docs/faults.md; with -Dit.test=DirectoryFaultsIT as
# well, those of a directory alone, in a quarter of an hour.
set -euo pipefail
unset CDPATH

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
top=$(dirname "$here")
suites=(bookworm trixie)

say() { echo "run.sh: $*"; }
fail() { echo "run.sh: $*" >&2; exit 1; }

begin() { # begin WHAT: one step at a time
    step=$1
    step_began=$SECONDS
    say "$step"
}
done_in() { say "$step: $((SECONDS - step_began)) s"; }

command -v javac >/dev/null || fail "a JDK, 17 or newer, is needed: apt-get install openjdk-17-jdk-headless"
command -v mvn >/dev/null || fail "Maven, 3.8 or newer, is needed: apt-get install maven"

options=()
for option in "$@"; do
    case $option in
        --full)
            options+=(-Dit.full=true -Dit.tier=4)
            ;;
        --help | -h)
            sed -n '3,/^set /{/^set /d;s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}"
            exit 0
            ;;
        *) options+=("$option") ;;
    esac
done

work=$(mktemp -d)
containers=
clean_up() {
    # With what it started: its process group is its own.
    if [[ -n $containers ]]; then kill -TERM -- "-$containers" 2>/dev/null || true; fi
    total "unit tests" "$work/unit"
    total "integration tests" "$work/integration"
    say "total: $SECONDS s"
    rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Without the transfer progress and the line per plugin; the test runner's lines stay.
maven=(mvn -B -ntp
    -Dorg.slf4j.simpleLogger.log.org.apache.maven.cli.event.ExecutionEventLogger=warn
    -Dorg.slf4j.simpleLogger.log.org.apache.maven.plugins.antrun=warn
    -Dorg.slf4j.simpleLogger.log.org.apache.maven.plugins.dependency=warn)

# The runner's own totals: the lines that name no class, one of each round of tests.
total() { # total WHAT OUTPUT
    local line
    grep -oE 'Tests run: [0-9]+, Failures: [0-9]+, Errors: [0-9]+, Skipped: [0-9]+$' "$2" 2>/dev/null |
        while read -r line; do say "$1: $line"; done || true
}

run_maven() { # run_maven NAME OPTIONS: its output goes to the terminal and into $work/NAME
    local name=$1
    shift
    "${maven[@]}" "$@" 2>&1 | tee "$work/$name"
}

# Engine, base images and images take a while where there are none, and mostly wait for others:
# so they are made beside the build.
say "beside the build: container engine, base images, and the images of the mail servers (images.sh)"
began=$SECONDS
set -m # a process group of its own
{
    "$here/engine.sh" --env "${suites[@]}" >"$work/environment" && "$here/images.sh" "${suites[@]}"
} </dev/null &
containers=$!
set +m

begin "the program and its unit tests (mvn verify)"
run_maven unit -f "$top/pom.xml" verify
done_in

# The tests start it more than a hundred times: as it is installed, with its archive of classes.
begin "the archive of the program's classes (orgmilter-archive)"
"$top/target/orgmilter/bin/orgmilter-archive" || say "no archive: each start of the program takes longer"
done_in

begin "waiting for the images"
wait "$containers" || { containers=; fail "the container engine or an image is missing: see above"; }
containers=
say "container engine and images: ready after $((SECONDS - began)) s"
eval "$(<"$work/environment")"

begin "the integration tests (mvn verify)"
cd "$here"
run_maven integration verify "${options[@]}"
done_in
