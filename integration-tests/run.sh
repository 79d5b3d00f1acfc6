#!/bin/bash
#
# Runs all tests: the unit tests, then the integration tests against real mail servers in
# containers. Makes what is missing on the way (see engine.sh).
#
#   integration-tests/run.sh [Maven options for the integration tests, such as -Dit.test=...]
#
# With -Pfaults, not all of the integration tests but the faults under load and the soak, which take
# half an hour and write FAULTS.md.
set -euo pipefail
unset CDPATH

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
top=$(dirname "$here")

say() { echo "run.sh: $*"; }
fail() { echo "run.sh: $*" >&2; exit 1; }

command -v javac >/dev/null || fail "a JDK, 17 or newer, is needed: apt-get install openjdk-17-jdk-headless"
command -v mvn >/dev/null || fail "Maven, 3.8 or newer, is needed: apt-get install maven"

say "container engine and base images"
environment=$("$here/engine.sh" --env bookworm trixie)
eval "$environment"

# Without the transfer progress and the line per plugin; the test runner's lines stay.
maven=(mvn -B -ntp
    -Dorg.slf4j.simpleLogger.log.org.apache.maven.cli.event.ExecutionEventLogger=warn
    -Dorg.slf4j.simpleLogger.log.org.apache.maven.plugins.antrun=warn
    -Dorg.slf4j.simpleLogger.log.org.apache.maven.plugins.dependency=warn)

say "the program and its unit tests"
"${maven[@]}" -f "$top/pom.xml" package

say "the integration tests"
cd "$here"
"${maven[@]}" verify "$@"
