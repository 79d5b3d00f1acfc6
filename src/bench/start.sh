# shellcheck shell=bash disable=SC2154 # run.sh sets them
# Starts with the configuration that the distribution brings, one after another.

starts=11

measure_start() {
    local root=() began line times=$work/start-times memory=$work/start-memory
    [ "$(id -u)" != 0 ] || root=(--allow-root)
    sed 's/inet:10033/inet:10043/' "$top/conf/orgmilter.conf" >"$work/example.conf"
    mkfifo "$work/output"
    for i in $(seq 0 "$starts"); do
        began=$EPOCHREALTIME
        "$orgmilter" serve "${root[@]}" --config "$work/example.conf" >"$work/output" 2>&1 &
        pid=$!
        pids+=("$pid")
        while read -r line; do
            [[ $line == *"orgmilter listening on"* ]] && break
        done <"$work/output"
        ended=$EPOCHREALTIME
        sleep 1
        # The first one is to have the files in memory.
        if [ "$i" -gt 0 ]; then
            calculate %.3f "$ended - $began" >>"$times"
            echo >>"$times"
            resident "$pid" >>"$memory"
            echo >>"$memory"
        fi
        stop_all
    done
    echo
    echo "| $starts starts with the example configuration | median | least | most |"
    echo "|---|--:|--:|--:|"
    start_row "to listening, s" "$times"
    start_row "resident a second later, MiB" "$memory"
    goal "start to listening, median" "<=" 0.3 "$(median <"$times")" s
    goal "resident after the start" "<=" 150 "$(median <"$memory")" MiB
}

start_row() { echo "| $1 | $(median <"$2") | $(sort -g "$2" | sed -n 1p) | $(sort -g "$2" | sed -n \$p) |"; }
