# shellcheck shell=bash disable=SC2154 # run.sh sets them
# The milter protocol alone: our driver on one side, the candidates in turn on the other.

declare -A frames_address frames_pid
frames_names=()

# candidate NAME ADDRESS PID
candidate() {
    frames_names+=("$1")
    frames_address[$1]=$2
    frames_pid[$1]=$3
}

start_candidates() {
    local classpath
    start "$work/stub" 10041
    candidate stub 10041@127.0.0.1 "$pid"
    start "$work/filter" inet:10042@127.0.0.1
    candidate libmilter 10042@127.0.0.1 "$pid"
    start "$work/stub" "$work/stub.sock"
    candidate "stub, Unix socket" "$work/stub.sock" "$pid"
    start "$work/filter" "unix:$work/filter.sock"
    candidate "libmilter, Unix socket" "$work/filter.sock" "$pid"
    write_configuration "$work/orgmilter.conf" inet:10043@127.0.0.1 "unix:$work/orgmilter.sock"
    JAVA_OPTS="-Xlog:gc:file=$logs/gc" start_orgmilter "$work/orgmilter.conf"
    candidate OrgMilter 10043@127.0.0.1 "$pid"
    candidate "OrgMilter, Unix socket" "$work/orgmilter.sock" "$pid"
    # The same without a line for each recipient.
    sed '/SessionLog/s/INFO/WARN/' "$top/target/orgmilter/conf/logback.xml" >"$work/logback.xml"
    write_configuration "$work/quiet.conf" inet:10047@127.0.0.1
    ORGMILTER_LOGBACK=$work/logback.xml start_orgmilter "$work/quiet.conf"
    candidate "OrgMilter, log at WARN" 10047@127.0.0.1 "$pid"
    # Without a logging library, whose default would be to print everything.
    classpath=$(printf '%s:' "$work" "$top"/target/orgmilter/lib/{jmilter,netty}-*.jar)
    start java -cp "$classpath" JmilterFilter 127.0.0.1:10044
    candidate jmilter 10044@127.0.0.1 "$pid"
    wait_for_port 10044
    if install_package python3-milter; then
        start /usr/bin/python3 "$here/filter.py" inet:10045@127.0.0.1
        candidate python3-milter 10045@127.0.0.1 "$pid"
        wait_for_port 10045
    else
        say "python3-milter cannot be installed, and is left out"
    fi
    if install_package libsendmail-pmilter-perl; then
        start /usr/bin/perl "$here/filter.pl" inet:10046@127.0.0.1
        candidate Sendmail::PMilter 10046@127.0.0.1 "$pid"
        wait_for_port 10046
    else
        say "libsendmail-pmilter-perl cannot be installed, and is left out"
    fi
}

# What is measured how: everything that is judged everywhere, the others where they can show something.
measured() { # measured NAME CONNECTIONS MESSAGES
    case $1 in
        stub | libmilter | OrgMilter | *WARN) true ;;
        *"Unix socket") [ "$2" = 64 ] ;;
        jmilter) [ "$3" = 10 ] && [ "$2" -le 256 ] ;;
        *) [ "$3" = 10 ] && [ "$2" -le 64 ] ;; # a thread, or a process, for each connection
    esac
}

frames_file() { echo "$work/frames-$1-$2-$3"; } # frames_file NAME CONNECTIONS MESSAGES
frames_rate() { median_of "$(frames_file "$@")" 1; }

frames_row() { # frames_row NAME CONNECTIONS MESSAGES
    local file name=$1 rate libmilter stub
    file=$(frames_file "$@")
    rate=$(frames_rate "$@")
    libmilter=$(frames_rate libmilter "$2" "$3")
    stub=$(frames_rate stub "$2" "$3")
    [ "$name" != OrgMilter ] || name="**OrgMilter**"
    echo "| $2 | $name | $rate | $(calculate %.2f "$rate / $libmilter") | $(calculate %.2f "$rate / $stub") |" \
        "$(median_of "$file" 2) | $(median_of "$file" 3) | $(median_of "$file" 4) | $(median_of "$file" 5) |" \
        "$(median_of "$file" 6) | $(median_of "$file" 7) | $(($(sum_of "$file" 8) + $(sum_of "$file" 9))) | $(sum_of "$file" 10) |"
}

measure_frames() {
    local n m name resident_at_start octets
    own_network
    start_candidates
    resident_at_start=$(resident "${frames_pid[OrgMilter]}")
    warm_up "${frames_address[OrgMilter]}"
    warm_up "${frames_address[OrgMilter, log at WARN]}"
    warm_up "${frames_address[jmilter]}"
    for m in $messages; do
        for n in $connections; do
            say "frames: $n connections, $m messages a session"
            for _ in $(seq "$rounds"); do
                for name in "${frames_names[@]}"; do
                    measured "$name" "$n" "$m" || continue
                    : >"$logs/orgmilter"
                    drive -m "$m" -w 1 -t "$seconds" -p "${frames_pid[$name]}" "${frames_address[$name]}" "$n" \
                        >>"$(frames_file "$name" "$n" "$m")"
                done
            done
        done
    done
    for m in $messages; do
        echo
        echo "### $m message$([ "$m" = 1 ] || echo s) a session"
        echo
        echo "| connections | who | messages/s | to libmilter | to the stub | sessions/s | wait p50 µs | p99 µs | p99.9 µs | max µs |" \
            "CPU s per 1,000 | not accepted | broken |"
        echo "|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
        for n in $connections; do
            for name in "${frames_names[@]}"; do
                if measured "$name" "$n" "$m"; then frames_row "$name" "$n" "$m"; fi
            done
        done
    done
    octets=$(octets_a_message 10)
    echo
    echo "OrgMilter was resident with $resident_at_start MiB when it had started, and with $(resident "${frames_pid[OrgMilter]}") MiB" \
        "after all of this. It allocated $octets octets a message with 10 messages a session, and $(octets_a_message 1) with one."
    frames_goals "$octets"
}

# Octets that are allocated for a message, by what was in use between collections of some seconds of full load.
octets_a_message() { # octets_a_message MESSAGES-A-SESSION
    local before messages
    before=$(wc -l <"$logs/gc")
    messages=$(drive -m "$1" -w 0 -t 10 "${frames_address[OrgMilter]}" 64 | cut -d' ' -f1)
    : >"$logs/orgmilter"
    tail -n +"$((before + 1))" "$logs/gc" | sed -n 's/.* \([0-9]*\)M->\([0-9]*\)M(.*/\1 \2/p' |
        awk -v messages="$messages" '
            NR > 1 { sum += $1 - left }
            { left = $2 }
            END { printf "%.0f", (NR > 1 ? sum * 1048576 * NR / (NR - 1) / (messages * 10) : 0) }'
}

has_measured() { [ -e "$(frames_file OrgMilter "$1" "$2")" ]; } # has_measured CONNECTIONS MESSAGES

frames_ratio() { ratio_of "$(frames_file "$1" "$3" "$4")" "$(frames_file "$2" "$3" "$4")" "$5"; } # frames_ratio NAME NAME CONNECTIONS MESSAGES FIELD

# As installed: with the log.
frames_goals() { # frames_goals OCTETS-A-MESSAGE
    local pair n
    for n in 1 16 64 256; do
        has_measured "$n" 10 || continue
        goal "messages/s to the stub, $(connections_of "$n"), 10 messages a session" ">=" 0.85 "$(frames_ratio OrgMilter stub "$n" 10 1)"
    done
    for n in 1 16 64 256; do
        has_measured "$n" 1 || continue
        goal "messages/s to the stub, $(connections_of "$n"), 1 message a session" ">=" 0.9 "$(frames_ratio OrgMilter stub "$n" 1 1)"
    done
    for pair in 1:1.3 16:2.5 64:3.2 256:5; do
        n=${pair%:*}
        has_measured "$n" 10 || continue
        goal "messages/s to libmilter, $(connections_of "$n"), 10 messages a session" ">=" "${pair#*:}" \
            "$(frames_ratio OrgMilter libmilter "$n" 10 1)"
    done
    for pair in 64:6 256:12; do
        n=${pair%:*}
        has_measured "$n" 10 || continue
        goal "p99 wait, libmilter's to OrgMilter's, $(connections_of "$n"), 10 messages a session" ">=" "${pair#*:}" \
            "$(frames_ratio libmilter OrgMilter "$n" 10 4)"
    done
    if has_measured 64 10; then
        goal "CPU a message to libmilter's, 64 connections, 10 messages a session" "<=" 1.1 "$(frames_ratio OrgMilter libmilter 64 10 7)"
    fi
    goal "octets allocated a message, 10 messages a session" "<=" 3000 "$1"
}

connections_of() { [ "$1" = 1 ] && echo "1 connection" || echo "$1 connections"; }
