# shellcheck shell=bash disable=SC2034,SC2154 # run.sh sets them, and page.sh uses what this sets
# A real Postfix under smtp-source, with services that differ in their milter only.

container=
postfix_names=(none OrgMilter libmilter "OrgMilter, Unix socket" "libmilter, Unix socket" "the stub, Unix socket")
declare -A postfix_pid postfix_port=(
    [none]=10061 [OrgMilter]=10062 [libmilter]=10063 ["OrgMilter, Unix socket"]=10064 ["libmilter, Unix socket"]=10065 ["the stub, Unix socket"]=10066)

start_postfix() {
    "$top/integration-tests/engine.sh" bookworm || exit 1 # it has reported why
    docker build -q --force-rm --build-arg SUITE=bookworm -t orgmilter-postfix:bookworm "$top/postfix-example" >/dev/null
    # On the host's network, where it listens on and talks to loopback only.
    container=$(docker run -d --label io.github.orgmilter.bench --network host --tmpfs /queue:exec,mode=755 \
        -v "$here/in-postfix.sh:/bench:ro" -v "$work/sockets:/sockets" --entrypoint /bin/bash orgmilter-postfix:bookworm /bench serve \
        10061: 10062:inet:127.0.0.1:10043 10063:inet:127.0.0.1:10042 \
        10064:unix:/sockets/orgmilter.sock 10065:unix:/sockets/filter.sock 10066:unix:/sockets/stub.sock)
    for name in "${postfix_names[@]}"; do wait_for_port "${postfix_port[$name]}"; done
    postfix_version=$(docker exec "$container" postconf -h mail_version)
}

stop_postfix() {
    [ -z "$container" ] || docker rm -f "$container" >/dev/null
    container=
}

cpu_ticks() { # cpu_ticks [PID]
    [ -n "${1-}" ] || { echo 0; return; }
    sed 's/.*) //' "/proc/$1/stat" | awk '{ print $12 + $13 }'
}

# Prints: messages/s, and CPU seconds per 1,000 messages of the milter and of the machine.
run_postfix() { # run_postfix NAME
    local before after result seconds busy
    : >"$logs/orgmilter"
    before=$(cpu_ticks "${postfix_pid[$1]-}")
    result=$(docker exec "$container" /bin/bash /bench send "${postfix_port[$1]}" "$mails") || fail "smtp-source failed"
    after=$(cpu_ticks "${postfix_pid[$1]-}")
    read -r seconds busy <<<"$result"
    echo "$(calculate %.1f "$mails / $seconds") $(calculate %.4f "($after - $before) / $(getconf CLK_TCK) / $mails * 1000")" \
        "$(calculate %.4f "$busy / $(getconf CLK_TCK) / $mails * 1000")"
}

# The mean of the ratios of two files' rates, run by run, and the 95 % interval of 10,000 resamples of them.
ratio_interval() { # ratio_interval FILE FILE
    paste -d' ' "$1" "$2" | awk '
        { ratio[NR] = $1 / $4; sum += ratio[NR] }
        END {
            srand(1)
            for (i = 0; i < 10000; i++) {
                s = 0
                for (j = 0; j < NR; j++) s += ratio[1 + int(rand() * NR)]
                printf "%.4f\n", s / NR | "sort -g >" FILE
            }
        }' FILE="$work/resampled"
    echo "$(paste -d' ' "$1" "$2" | awk '{ sum += $1 / $4 } END { printf "%.3f", sum / NR }')" \
        "$(sed -n 250p "$work/resampled") $(sed -n 9750p "$work/resampled")"
}

postfix_row() { # postfix_row NAME
    local file=$work/postfix-$1 ratio="" name="with $1"
    [ "$1" != none ] || name="without a milter"
    [[ $1 != OrgMilter* ]] || name="**$name**"
    if [ "$1" != none ]; then
        read -r mean low high < <(ratio_interval "$file" "$work/postfix-none")
        ratio="$mean ($low to $high)"
    fi
    echo "| $name | $(median_of "$file" 1) | $(cut -d' ' -f1 "$file" | sort -g | sed -n 1p) to $(cut -d' ' -f1 "$file" | sort -g | sed -n \$p) |" \
        "$ratio | $([ "$1" = none ] || median_of "$file" 2) | $(median_of "$file" 3) |"
}

measure_postfix() {
    local name round suffix mean low high
    mkdir -m 755 "$work/sockets"
    start "$work/filter" inet:10042@127.0.0.1
    postfix_pid[libmilter]=$pid
    start bash -c 'umask 0 && exec "$@"' bash "$work/filter" "unix:$work/sockets/filter.sock"
    postfix_pid["libmilter, Unix socket"]=$pid
    start bash -c 'umask 0 && exec "$@"' bash "$work/stub" "$work/sockets/stub.sock"
    postfix_pid["the stub, Unix socket"]=$pid
    write_configuration "$work/orgmilter.conf" inet:10043@127.0.0.1 "unix:$work/sockets/orgmilter.sock"
    start_orgmilter "$work/orgmilter.conf"
    postfix_pid[OrgMilter]=$pid
    postfix_pid["OrgMilter, Unix socket"]=$pid
    start_postfix
    warm_up 10043@127.0.0.1
    for name in "${postfix_names[@]}"; do run_postfix "$name" >/dev/null; done
    for round in $(seq "$pairs"); do
        say "postfix: $round of $pairs"
        for name in "${postfix_names[@]}"; do run_postfix "$name" >>"$work/postfix-$name"; done
    done
    stop_postfix
    echo
    echo "| Postfix | messages/s | least to most | to without (95 %) | the milter's CPU s per 1,000 | the machine's |"
    echo "|---|--:|--:|--:|--:|--:|"
    for name in "${postfix_names[@]}"; do postfix_row "$name"; done
    read -r mean low high < <(ratio_interval "$work/postfix-OrgMilter, Unix socket" "$work/postfix-the stub, Unix socket")
    goal "Postfix's messages/s with OrgMilter to with the stub, Unix socket, $pairs pairs" ">=" 0.95 "$mean ($low to $high)"
    goal "CPU a message to the stub's, behind Postfix, Unix socket" "<=" 1.5 \
        "$(ratio_of "$work/postfix-OrgMilter, Unix socket" "$work/postfix-the stub, Unix socket" 2)"
    for suffix in "" ", Unix socket"; do
        goal "CPU a message to libmilter's, behind Postfix${suffix:-, TCP}" "<=" 1.1 \
            "$(ratio_of "$work/postfix-OrgMilter$suffix" "$work/postfix-libmilter$suffix" 2)"
    done
}
