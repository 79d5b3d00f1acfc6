#!/bin/bash
#
# The tour: a real Postfix or Sendmail, OrgMilter in front of it, real SMTP sessions with
# real certificates. Shows what is accepted and what is refused, and why.
#
#   postfix-example/run.sh [--stay] [--console PORT] [--suite bookworm|trixie] [--mta postfix|sendmail] [--orgmilter FILE]
#   postfix-example/run.sh --directory postgresql [--suite bookworm|trixie] [--orgmilter FILE]
#
#   --stay            afterwards leave all of it running for your own tries; Ctrl-C ends it
#   --console PORT    let OrgMilter show what it decides at http://127.0.0.1:PORT/
#   --suite SUITE     the Debian under the MTA: bookworm (Postfix 3.7, Sendmail 8.17; the
#                     default) or trixie (Postfix 3.10, Sendmail 8.18)
#   --mta MTA         the mail server, postfix (the default) or sendmail
#   --orgmilter FILE  run this command instead of building the one in this tree
#   --directory STORE another tour: three nodes, each a Postfix with an OrgMilter, and their
#                     customers in one database, postgresql; it takes a port of 127.0.0.1
#
# Needs JDK 17, Maven, openssl and Docker, or root on a Debian machine: then it
# installs and starts what Docker needs. The MTA runs in a container without any
# network, so nothing can leave it, and no port on this machine is taken but that of --console.
# Ends with 0 if every answer was the expected one.

set -euo pipefail
unset CDPATH

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
top=$(dirname "$here")

say() { echo "$*" >&2; }
fail() {
    say "run.sh: $*"
    exit 1
}

stay=no suite=bookworm mta=postfix orgmilter= directory= console=
while [[ $# -gt 0 ]]; do
    case $1 in
        --stay) stay=yes ;;
        --suite | --mta | --orgmilter | --directory | --console)
            [[ $# -ge 2 ]] || fail "$1 needs a value; see --help"
            case $1 in
                --suite) suite=$2 ;;
                --mta) mta=$2 ;;
                --orgmilter) orgmilter=$2 ;;
                --directory) directory=$2 ;;
                --console) console=$2 ;;
            esac
            shift
            ;;
        --help | -h)
            sed -n '3,/^$/s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
            exit 0
            ;;
        *) fail "unknown option $1; see --help" ;;
    esac
    shift
done
[[ $mta == postfix || $mta == sendmail ]] || fail "no such MTA: $mta"
[[ $suite == bookworm || $suite == trixie ]] || fail "--suite is bookworm or trixie, not $suite"
[[ -z $directory || $directory == postgresql ]] || fail "--directory is postgresql, not $directory"
[[ -z $directory || $mta$stay$console == postfixno ]] || fail "--directory goes with Postfix, and without --stay and --console"
[[ -z $console || $console =~ ^[1-9][0-9]{0,4}$ ]] || fail "--console wants a port, not $console"

# shellcheck source-path=SCRIPTDIR source=tour/session.sh
source "$here/tour/session.sh"
# shellcheck source-path=SCRIPTDIR source=tour/verdicts.sh
source "$here/tour/verdicts.sh"
# shellcheck source-path=SCRIPTDIR source=tour/postfix.sh
source "$here/tour/$mta.sh"
# shellcheck source-path=SCRIPTDIR source=tour/sessions.sh
source "$here/tour/sessions.sh"
# shellcheck source-path=SCRIPTDIR source=tour/stay.sh
source "$here/tour/stay.sh"
# shellcheck source-path=SCRIPTDIR source=tour/directory.sh
source "$here/tour/directory.sh"

# ---- What this run owns, and how it gives it back --------------------------

label=io.github.orgmilter.tour
container=orgmilter-tour-$$
run=
milter=
configuration=orgmilter.conf
gate_now="the gate that lets every client ask OrgMilter"

# Its start time distinguishes a process from a later one with the same number.
start_time() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d ' ' -f 20; }
me="$(hostname) $$ $(start_time $$)"

is_gone() { # is_gone "HOST PID START-TIME"
    local host pid started
    read -r host pid started <<<"$1"
    [[ $host == "$(hostname)" && $(start_time "$pid") != "$started" ]]
}

# Unix socket names end at 107 characters, and another user may own target/.
choose_folders() {
    local base=$top/target/postfix-example
    if ! mkdir -p "$base" 2>/dev/null || [[ ! -w $base || ${#base} -gt 60 ]]; then
        base=/tmp/orgmilter-tour-$(id -u)
        mkdir -p "$base"
        [[ -O $base ]] || fail "$base belongs to another user"
    fi
    state=$base
    run=$(mktemp -d "$state/run.XXXXXX")
    echo "$me" >"$run/owner"
    logs=$run/logs
    mkdir "$logs"
}

# Ends process $1 and what it started (its process group is its own).
end_process() {
    kill -TERM "$1" 2>/dev/null || return 0
    for _ in {1..100}; do
        kill -0 "$1" 2>/dev/null || return 0
        sleep 0.1
    done
    kill -KILL -- "-$1" 2>/dev/null || true
}

clean_up() {
    local status=$?
    trap - EXIT
    trap '' INT TERM HUP
    if [[ -n $follower ]]; then kill "$follower" 2>/dev/null || true; fi
    local id
    for id in $(docker ps -aq --filter "label=$label=$me" 2>/dev/null); do
        docker logs "$id" >"$logs/$(docker inspect --format '{{slice .Name 1}}' "$id").log" 2>&1 || true
        docker rm -f "$id" >/dev/null 2>&1 || true
    done
    if [[ -n $milter ]]; then end_process "$milter"; fi
    clean_up_directory
    if [[ -n $run ]]; then
        rm -rf "$state/last-logs"
        mv "$logs" "$state/last-logs"
        rm -rf "$run"
        if [[ $status == 1 ]]; then say "The logs of this run are in $state/last-logs"; fi
    fi
    exit "$status"
}

# Of runs that were killed so hard that they could not do it themselves.
remove_leftovers() {
    local id owner folder pid
    while read -r id; do
        owner=$(docker inspect --format "{{index .Config.Labels \"$label\"}}" "$id" 2>/dev/null) || continue
        if is_gone "$owner"; then docker rm -f "$id" >/dev/null; fi
    done < <(docker ps -aq --filter "label=$label")
    for folder in "$state"/run.*; do
        if [[ -e $folder/owner ]] && is_gone "$(<"$folder/owner")"; then
            for pid in $(cat "$folder"/*.pid 2>/dev/null); do
                # The number may be another process's by now: that one does not name our folder.
                if tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -qF "$folder"; then end_process "$pid"; fi
            done
            rm -rf "$folder"
        fi
    done
}

# ---- What it needs ---------------------------------------------------------

# What is done now; and, if it took a while, how long the last step took.
step_began=$SECONDS
step() {
    end_step
    printf '%s%s ...%s\n' "$dim" "$*" "$plain"
}
end_step() {
    if [[ $((SECONDS - step_began)) -gt 5 ]]; then printf '%s    took %s s%s\n' "$dim" "$((SECONDS - step_began))" "$plain"; fi
    step_began=$SECONDS
}

fail_with() { # fail_with LOG REASON: prints the end of the log
    tail -n 30 "$logs/$1" >&2
    fail "$2"
}

is_stale() { # is_stale DISTRIBUTION STAMP
    local built=$1/bin/orgmilter
    [[ -x $built ]] || return 0
    # Maven need not touch what did not change: our own stamp may be the newer one.
    if [[ $2 -nt $built ]]; then built=$2; fi
    [[ -n $(find "$top/pom.xml" "$top/src/main" "$top/conf" -newer "$built" -print -quit 2>/dev/null) ]]
}

# What `mvn package` has made, if it is there; else only what runs, without checks, tests and packages.
build_orgmilter() {
    if [[ -n $orgmilter ]]; then
        command -v "$orgmilter" >/dev/null || fail "command not found: $orgmilter"
        return
    fi
    command -v java >/dev/null || fail "Java is missing: apt-get install openjdk-17-jdk-headless"
    local whole=$top/target/orgmilter quick=$top/target/quick/orgmilter
    if ! is_stale "$whole" /dev/null; then
        orgmilter=$whole/bin/orgmilter
        return
    fi
    orgmilter=$quick/bin/orgmilter
    exec 8>"$state/build.lock"
    flock 8
    if is_stale "$quick" "$state/built"; then
        command -v mvn >/dev/null || fail "Maven is missing: apt-get install maven"
        step "Building OrgMilter (mvn -Pquick package); the first time Maven fetches its plugins and the libraries"
        touch "$state/building"
        (cd "$top" && mvn -q -B -Pquick package 8>&-) >"$logs/build.log" 2>&1 \
            || fail_with build.log "the build failed"
        [[ -x $orgmilter ]] || fail "the build left no $orgmilter"
        mv "$state/building" "$state/built"
    fi
    exec 8>&-
}

build_image() {
    step "Building the image with $mta_name on Debian $suite"
    docker build -q --force-rm --build-arg "SUITE=$suite" -t "$mta_image:$suite" "$mta_context" \
        >"$logs/image.log" 2>&1 || fail_with image.log "the image could not be built"
}

start_milter() {
    local before=0
    if [[ -e $logs/milter.log ]]; then before=$(stat -c %s "$logs/milter.log"); fi
    # A process group of its own: Ctrl-C is for this script, which then ends it.
    setsid "$orgmilter" serve --allow-root --config "$run/$configuration" >>"$logs/milter.log" 2>&1 &
    milter=$!
    echo "$milter" >"$run/milter.pid"
    for _ in {1..300}; do
        if tail -c "+$((before + 1))" "$logs/milter.log" | grep -q 'orgmilter listening on'; then return; fi
        kill -0 "$milter" 2>/dev/null || break
        sleep 0.1
    done
    fail_with milter.log "OrgMilter does not listen"
}

stop_milter() {
    end_process "$milter"
    wait "$milter" 2>/dev/null || say "OrgMilter ended with status $?"
    milter=
}

serve_with() { # serve_with FILE: another configuration, with other sockets
    stop_milter
    configuration=$1
    start_milter
}

start_mta_with() { # start_mta_with FOLDER: where OrgMilter's sockets are
    # NET_ADMIN gives the container's loopback the clients' addresses, and no
    # more than that: it has no other interface. label=disable lets it reach the
    # milter's socket where SELinux is on.
    docker run -d --name "$container" --label "$label=$me" --hostname mx1.example.net \
        --network none --cap-add NET_ADMIN --security-opt label=disable \
        -v "$run/certificates:$certificates_inside:ro" -v "$1:$socket_directory_inside" \
        "${mta_environment[@]}" "$mta_image:$suite" >/dev/null
    docker exec "$container" test -S "$socket_directory_inside/orgmilter.sock" \
        || fail "the Docker engine does not see this machine's files (is it in a virtual machine or elsewhere?)"
    local address
    for address in "${address_of[@]}"; do
        docker exec "$container" ip address add "$address/32" dev lo
    done
    for _ in {1..100}; do
        if mta_answers; then return; fi
        sleep 0.2
    done
    docker logs "$container" >"$logs/mta.log" 2>&1
    fail_with mta.log "$mta_name does not answer"
}

# What each tour needs on this machine.
prepare_host() {
    command -v openssl >/dev/null || fail "openssl is missing: apt-get install openssl"
    choose_folders
    step "Looking for a container engine and debian:$suite-slim"
    "$top/integration-tests/engine.sh" "$suite" || exit 1 # it has reported why
    remove_leftovers
    build_orgmilter
    build_image

    step "Making certificates"
    "$here/make-certificates.sh" "$run/certificates"
}

prepare() {
    prepare_host
    mkdir -m 0755 "$run/socket"
    # The example's configuration, except that a container without a network
    # reaches the milter and its maps by Unix sockets.
    sed -e "s|^listen = .*|listen = [ { socket = \"unix:$run/socket/orgmilter.sock\", mode = \"0666\" } ]|" \
        -e "s|^map-listen = .*|map-listen = [ { socket = \"unix:$run/socket/map.sock\", mode = \"0666\" } ]|" \
        "$here/orgmilter.conf" >"$run/orgmilter.conf"
    sed "s|^policy-listen = .*|policy-listen = [ { socket = \"unix:$run/socket/policy.sock\", mode = \"0666\" } ]|" \
        "$here/orgmilter-policy.conf" >"$run/orgmilter-policy.conf"
    # The other file includes it.
    if [[ -n $console ]]; then echo "admin-listen = \"inet:$console@127.0.0.1\"" >>"$run/orgmilter.conf"; fi

    step "Starting OrgMilter and $mta_name"
    start_milter
    start_mta_with "$run/socket"
    end_step
}

# ---- The tour --------------------------------------------------------------

follower=
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP

gate_tour() {
    prepare

    printf '\n%sOrgMilter in front of %s, on Debian %s%s\n' "$bold" "$(mta_version)" "$suite" "$plain"
    cat <<END

  contoso     sends from ${address_of[contoso]}, recognised by its certificate mail.contoso.com
  fabrikam    sends from ${address_of[fabrikam]}, recognised by its address
  the gate    $gate_shipped
END

    relaying
    mta_widen_gate || fail_with mta-setup.log "$mta_name did not take the other gate"
    relaying_with_the_milter_alone
    while_the_milter_is_down
    if declare -F mta_ask_policy >/dev/null; then
        relaying_with_policy_queries
        gate_now="the policy gate"
    fi
    delivered
}

started=$SECONDS
if [[ -n $directory ]]; then directory_tour; else gate_tour; fi

printf '\n%s passed, %s failed' "$passed" "$failed"
printf ' %s(%s seconds)%s\n' "$dim" "$((SECONDS - started))" "$plain"

if [[ $stay == yes ]]; then stay; fi
[[ $failed == 0 ]]
