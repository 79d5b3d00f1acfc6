# shellcheck shell=bash disable=SC2154 # run.sh sets them
# The whole of docs/benchmarks.md, from what the parts have left.

write_page() {
    local commit
    commit=$(git -C "$top" rev-parse --short HEAD 2>/dev/null || echo unknown)
    cat <<PAGE
# What OrgMilter takes

Written by \`src/bench/run.sh --write\` on $(date -u +%F), at commit $commit. Everything was measured in one run on one
machine, the candidates in turn. Machines differ: the ratios are what counts, and your own run is what counts for you.

| | |
|---|---|
| machine | $(nproc) cores, $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(awk '/^MemTotal/ { printf "%.0f GiB", $2 / 1048576 }' /proc/meminfo) |
| system | $(sed -n 's/^PRETTY_NAME="\(.*\)"/\1/p' /etc/os-release), Linux $(uname -r | cut -d- -f1) |
| Java | $(java -version 2>&1 | sed -n 2p) |
| libmilter | $(package_version libmilter-dev) |
| jmilter | $(basename "$top"/target/orgmilter/lib/jmilter-*.jar .jar | cut -d- -f2) |
| python3-milter | $(package_version python3-milter 2>/dev/null || echo "not installed"), $(/usr/bin/python3 --version 2>/dev/null || echo "no Python") |
| Sendmail::PMilter | $(package_version libsendmail-pmilter-perl 2>/dev/null || echo "not installed") |
| Postfix | $postfix_version, in a container on the host's network |

## Goals

OrgMilter as installed, with its log. A ratio is the median of those of the interleaved rounds, with the least and the most of them behind
it; that of Postfix's rates is their mean with its 95 % interval.

| | goal | measured | reached |
|---|--:|--:|---|
$(cat "$work/goals.md")

## The milter protocol alone

A driver in C (\`src/bench/drive.c\`) plays the MTA, in a closed loop with an epoll loop for each core on the same machine: on two cores
it takes its share of them, as an MTA does. It sends what Postfix sends: no step that was not asked for, the macros that were asked
for, frames without an answer together with the next one that has one, ABORT between messages. A message is MAIL, one RCPT and, as
it is accepted, the end of the body; the wait is the MTA's, from MAIL sent to the last answer. The driver runs in the class SCHED_BATCH, so
that an answer does not wake it in the place of whoever is writing the next one: who is interrupted for each message is measured by
that (without the class, OrgMilter had 0.8 to 0.9 of this, and the stub, which leaves the driver no time to sleep, all of it). Medians of $rounds interleaved rounds of
$seconds s, each after one of warm-up; the JVMs ran $warm_up s before.

OrgMilter decides and writes its log, a line a recipient, to a file in memory; "log at WARN" is the same without these lines. The
others decide and log nothing:

- the stub (\`src/bench/stub.c\`) skips frames by their length and answers with a constant, from an epoll loop for each core: the most
  that this machine does for any milter that asks for what OrgMilter asks for;
- the filter on libmilter (\`src/bench/filter.c\`) has callbacks for connect, HELO, MAIL and RCPT, reads the same macros, and skips
  headers and body;
- those on jmilter, python3-milter and Sendmail::PMilter are the same as far as each library goes.

"Not accepted" and "broken" count messages that were refused or deferred, and sessions that the milter closed, over all rounds.
$(cat "$work/frames.md")

## Required header fields

One service of which no connector requires a field, and one of which a connector does, under the same driver, ten messages a session of
eight fields: "of others" is a client that the other connectors know, whose messages' fields come nevertheless; "of this client" is the
one whose connector requires a ninth, and whose recipients are decided at the end of the header. Medians of $rounds interleaved rounds of
$seconds s; behind a ratio, the least and the most of the rounds.
$(cat "$work/headers.md")

## Behind Postfix

\`smtp-source\` with 16 sessions at a time sends $mails messages of 4 KiB, each in a session of its own, to a Postfix whose queue is in
memory and which throws everything away. Its services differ in their milter only. $pairs rounds after one that does not
count; the interval is that of 10,000 resamples of the ratios of the rounds.

Over TCP, Postfix (which leaves Nagle's algorithm on) sends the macros of DATA when it hands the message to cleanup(8), and the end
of the message in a further segment, which waits until the first is acknowledged: 40 ms with a milter that does not answer DATA and
whose system delays acknowledgements. OrgMilter has such octets acknowledged at once; the libmilter filter pays. Over a Unix socket
nothing waits. The stub is the least that any milter costs Postfix which decides at RCPT and at the end of the message.
$(cat "$work/postfix.md")

## A very large service

"Peak" is the most that was in use when a collection began. At a given rate the driver sends
at even intervals, whatever the milter does, and a wait runs from when the message was due. What is set off by a reload is
what came between the signal and the line in the log that reports its end; "before" are the ten seconds until then.
$(cat "$work/scale.md")

$(directory_section)

## Start

From the command to the line "orgmilter listening on"; the files were in memory.
$(cat "$work/start.md")
PAGE
}

# The section about the directory that the page has: another run has written it.
directory_section() { awk '/^## / { inside = $0 == "## Customers in a database" } inside' "$top/docs/benchmarks.md"; }

# The page with this run's section in the place of the one that it has, or before the last one.
replace_directory_section() {
    {
        cat <<PAGE
## Customers in a database

Written by \`src/bench/run.sh --write directory\` on $(date -u +%F), at commit $(git -C "$top" rev-parse --short HEAD 2>/dev/null || echo unknown), with the
packaged program and our own tables. A change is live once the log tells of it. The wait is that of the section before; rounds
with changes and without took turns.
$(cat "$work/directory.md")

PAGE
    } >"$work/section"
    awk -v section="$work/section" '
        function put() { while ((getline line <section) > 0) print line; done = 1 }
        /^## / {
            inside = $0 == "## Customers in a database"
            if (!done && (inside || $0 == "## Start")) put()
        }
        !inside' "$top/docs/benchmarks.md"
}
