#!/bin/bash
#
# Runs the benchmarks of the rules, the frames and the loading (JMH).
#
#   src/jmh/run.sh [options of JMH, such as -l, -prof gc, or a pattern]
#   src/jmh/run.sh --footprint      the heap that very large services take, and the cost of a change
set -euo pipefail
unset CDPATH

cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.."
mvn -B -q -Pjmh test-compile dependency:build-classpath -DincludeScope=test -Dmdep.outputFile=target/jmh.classpath
classpath=target/test-classes:target/classes:$(cat target/jmh.classpath)
if [ "${1-}" = --footprint ]; then
    exec java -Xmx4g -cp "$classpath" io.github.orgmilter.policy.Footprint
fi
exec java -cp "$classpath" org.openjdk.jmh.Main "$@"
