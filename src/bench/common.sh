# shellcheck shell=bash disable=SC2154 # run.sh sets them
# What the parts of run.sh share: the build, the processes, and arithmetic.

orgmilter=$top/target/orgmilter/bin/orgmilter
work=$(mktemp -d)
# The log is a file in memory: what a disk does is not measured.
logs=$(mktemp -d -p "$([ -w /dev/shm ] && echo /dev/shm || echo "$work")")
pids=() # of what runs
goals_file=$work/goals.md
network=() # what to run a command by, so that it is in the network of own_network

clean_up() {
    stop_all
    stop_postfix
    stop_database
    rm -rf "$work" "$logs"
}
trap clean_up EXIT

stop_all() {
    local pid
    for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
    for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
    pids=()
    network=()
}

has_package() { dpkg-query -W -f '${db:Status-Abbrev}' "$1" 2>/dev/null | grep -q ^ii; }
package_version() { dpkg-query -W -f '${Version}' "$1"; }

# Whether a package is there, or could be installed.
install_package() {
    has_package "$1" && return
    [ "$(id -u)" = 0 ] || { say "$1 is missing: apt-get install $1"; return 1; }
    say "installing $1"
    DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "$1" >/dev/null 2>&1 && return
    apt-get -qq update >/dev/null 2>&1
    DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "$1" >/dev/null 2>&1
}

build() {
    local package
    for package in gcc libc6-dev libmilter-dev; do
        install_package "$package" || fail "$package cannot be installed"
    done
    for program in drive stub filter; do
        gcc -O2 -Wall -Wextra -o "$work/$program" "$here/$program.c" -lmilter -lpthread
    done
    mvn -B -q -f "$top/pom.xml" -DskipTests package
    # As the package does when it is installed.
    "$top/target/orgmilter/bin/orgmilter-archive" >/dev/null
    javac -d "$work" -cp "$top/target/orgmilter/lib/*" "$here/JmilterFilter.java"
}

# A network with nothing but loopback, where root may make one: a firewall's table of connections is full after some hundred
# thousand of them, and drops the rest; and those that have ended wait for a minute and keep their ports.
own_network() {
    [ "$(id -u)" = 0 ] && unshare --net true 2>/dev/null || { say "no network of its own: not root"; return; }
    install_package iproute2 || fail "iproute2 cannot be installed"
    network=()
    start unshare --net sleep infinity
    while [ "$(readlink "/proc/$pid/ns/net")" = "$(readlink /proc/self/ns/net)" ]; do sleep 0.1; done
    network=(nsenter "--net=/proc/$pid/ns/net")
    "${network[@]}" ip link set lo up
    "${network[@]}" sh -c 'cd /proc/sys/net/ipv4 && echo 1024 65535 >ip_local_port_range && echo 1000 >tcp_max_tw_buckets'
}

# start COMMAND...: leaves the process's number in $pid. $log is its output, /dev/null unless given.
start() {
    "${network[@]}" "$@" >>"${log:-/dev/null}" 2>&1 &
    pid=$!
    pids+=("$pid")
}

# start_orgmilter CONFIGURATION: as installed, with the log in a file; its number in $pid.
start_orgmilter() {
    local root=()
    [ "$(id -u)" != 0 ] || root=(--allow-root)
    : >"$logs/orgmilter"
    # Under nohup it would ignore what has it reload.
    log=$logs/orgmilter start env --default-signal=HUP "$orgmilter" serve "${root[@]}" --config "$1"
    for _ in $(seq 1200); do
        grep -q "orgmilter listening on" "$logs/orgmilter" && return
        kill -0 "$pid" 2>/dev/null || break
        sleep 0.1
    done
    tail -n 30 "$logs/orgmilter" >&2
    fail "OrgMilter does not listen"
}

# Writes a configuration whose rules accept what the driver and Postfix send.
write_configuration() { # write_configuration FILE LISTEN...
    local file=$1 listen
    shift
    listen=$(printf '{ socket = "%s" }, ' "$@")
    listen=${listen//.sock\" \}/.sock\", mode = \"0666\" \}} # Postfix is another user
    cat >"$file" <<CONF
listen = [ ${listen%, } ]
organizations { contoso {
  accepted-domains = [ "contoso.com" ]
  connectors {
    certificate { certificate-names = [ "mail.contoso.com" ] }
    address { addresses = [ "127.0.0.0/8" ] }
  }
} }
CONF
}

# The driver, to its end.
drive() { "${network[@]}" "$work/drive" "$@"; }

wait_for_port() {
    for _ in $(seq 100); do
        "${network[@]}" bash -c ": <>/dev/tcp/127.0.0.1/$1" 2>/dev/null && return
        sleep 0.1
    done
    fail "nothing listens on port $1"
}

# The JVM compiles what it runs often: for as long as --warm-up, with sessions of both kinds.
warm_up() { # warm_up ADDRESS [OPTION...]
    local address=$1
    shift
    drive -m 10 -w 0 -t "$((warm_up * 2 / 3))" "$@" "$address" 64 >/dev/null
    : >"$logs/orgmilter"
    drive -m 1 -w 0 -t "$(((warm_up + 2) / 3))" "$@" "$address" 64 >/dev/null
    : >"$logs/orgmilter"
}

# ---- Arithmetic ----

calculate() { awk "BEGIN { printf(\"$1\", ($2)) }"; } # calculate FORMAT EXPRESSION
median() { sort -g | awk '{ v[NR] = $1 } END { if (NR) print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2; else print 0 }'; }
median_of() { cut -d' ' -f"$2" "$1" | median; } # median_of FILE FIELD
# The median of the ratios of two files, round by round, and the least and most: 0.76 (0.74 to 0.78).
ratio_of() { # ratio_of FILE FILE FIELD
    paste -d' ' <(cut -d' ' -f"$3" "$1") <(cut -d' ' -f"$3" "$2") | awk '{ print $1 / $2 }' | sort -g | awk '
        { v[NR] = $1 }
        END { printf "%.2f (%.2f to %.2f)", NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2, v[1], v[NR] }'
}
sum_of() { awk -v field="$2" '{ sum += $field } END { print sum + 0 }' "$1"; }

resident() { awk '/^VmRSS/ { printf "%.0f", $2 / 1024 }' "/proc/$1/status"; } # in MiB

# Goals are collected for a table of their own, in $goals_file: goal WHAT OPERATOR LIMIT VALUE UNIT. The value may have an interval
# behind it, as that of ratio_of.
goal() {
    local reached=no
    [ "$(calculate %d "(${4%% *}) $2 ($3)")" = 0 ] || reached=yes
    echo "| $1 | $2 $3${5:+ $5} | $4${5:+ $5} | $reached |" >>"$goals_file"
}

goals() {
    echo
    echo "| | goal | measured | reached |"
    echo "|---|--:|--:|---|"
    cat "$work/goals.md"
}
