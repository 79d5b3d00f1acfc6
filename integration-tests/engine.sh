#!/bin/bash
#
# Makes a container engine and the Debian base images available.
#
#   integration-tests/engine.sh [--env] [SUITE...]        (default: bookworm trixie)
#
# Where Docker works and the images exist it does nothing. Where they do not:
#   - no engine: installs Debian's docker.io and starts it (root only);
#   - no image:  pulls debian:SUITE-slim, or, where no registry answers, makes it
#                with debootstrap from the machine's own Debian mirror.
# It stops nothing and changes nothing that is already there. Messages go to standard
# error. With --env, standard output is shell code to eval: the environment that
# Testcontainers needs on this machine (often none).
set -euo pipefail

print_environment=no
if [ "${1:-}" = --env ]; then
    print_environment=yes
    shift
fi
suites=("$@")
[ ${#suites[@]} -gt 0 ] || suites=(bookworm trixie)

# Marks the images made here, so that a later run knows that no registry was within reach.
made_here=io.github.orgmilter.base-image
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
daemon_log=/var/log/orgmilter-dockerd.log

say() { echo "engine: $*" >&2; }
fail() { say "$*"; exit 1; }

for suite in "${suites[@]}"; do
    [[ $suite =~ ^[a-z]+$ ]] || fail "'$suite' is not the name of a Debian suite"
done

is_root() { [ "$(id -u)" = 0 ]; }
engine_answers() { docker info >/dev/null 2>&1; }
image_exists() { docker image inspect "$1" >/dev/null 2>&1; }

# Two callers may start at once (the example and the tests): one prepares, the other waits.
# A lock in the caller's own name, so that root and others never meet over one file.
take_lock() {
    exec 9>"${TMPDIR:-/tmp}/orgmilter-engine.$(id -u).lock"
    flock -n 9 && return
    say "waiting for another run of this script"
    flock -w 900 9 || fail "another run of this script has not finished in 15 minutes"
}

install_packages() {
    is_root || fail "$* missing: install with 'apt-get install $*', or run this script as root"
    command -v apt-get >/dev/null || fail "$* missing, and this machine has no apt-get to install it"
    say "installing $*"
    apt-get -qq update >&2
    DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "$@" >&2 9>&-
}

start_dockerd() {
    say "starting dockerd, its log is $daemon_log"
    # Without 9>&- the daemon would keep the lock for its whole life.
    setsid nohup dockerd >>"$daemon_log" 2>&1 </dev/null 9>&- &
}

start_engine() {
    local starts=0
    if [ -d /run/systemd/system ]; then
        say "starting docker.service"
        systemctl start docker >&2
        starts=3
    fi
    for _ in $(seq 120); do
        engine_answers && return
        # Looked for each time: one that runs at first may be ending.
        if [ "$starts" -lt 3 ] && ! pgrep -x dockerd >/dev/null; then
            start_dockerd
            starts=$((starts + 1))
        fi
        sleep 0.5
    done
    fail "the Docker engine does not answer within 60 seconds; see $daemon_log"
}

ensure_engine() {
    if command -v docker >/dev/null; then
        engine_answers && return
        [ -z "${DOCKER_HOST:-}" ] || fail "no Docker engine answers at DOCKER_HOST=$DOCKER_HOST"
    fi
    is_root || fail "no Docker engine that $(id -un) may use; start Docker, join the group 'docker', or run this script as root"
    if ! command -v dockerd >/dev/null || ! command -v docker >/dev/null; then
        install_packages docker.io
    fi
    start_engine
    say "Docker engine $(docker version --format '{{.Server.Version}}') runs"
}

# The archive from which apt itself takes the suite $1, else $2.
# Asking apt reads .list and .sources files alike.
archive() {
    local uri release
    # shellcheck disable=SC2016 # apt-get expands them
    while read -r uri release; do
        if [[ $release == "$1" && $uri =~ ^(https?|file): ]]; then
            echo "${uri%/}"
            return
        fi
    done < <(apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Created-By: Packages' 2>/dev/null)
    echo "$2"
}

# Once, before several images are made at the same time.
prepare_debootstrap() {
    is_root || fail "no registry has debian:$1-slim within reach; only root can make it with debootstrap"
    command -v debootstrap >/dev/null || install_packages debootstrap
    [ -e "$keyring" ] || install_packages debian-archive-keyring
}

debootstrap_image() (
    suite=$1 image=debian:$1-slim began=$SECONDS
    # On another distribution no suite of that name is there, and the defaults are taken.
    # shellcheck disable=SC1091 # a file of the machine
    host_suite=$(. /etc/os-release && [ "$ID" = debian ] && echo "${VERSION_CODENAME:-none}") || host_suite=none
    mirror=$(archive "$host_suite" http://deb.debian.org/debian)
    security=$(archive "$host_suite-security" http://deb.debian.org/debian-security)

    script=/usr/share/debootstrap/scripts/$suite
    # An older debootstrap does not know a newer suite's name; all of Debian's are alike.
    [ -e "$script" ] || script=/usr/share/debootstrap/scripts/sid
    options=(--variant=minbase "--keyring=$keyring")
    [[ $mirror$security != *https:* ]] || options+=(--include=ca-certificates)

    root=$(mktemp -d "${TMPDIR:-/var/tmp}/orgmilter-$suite.XXXXXX")
    trap 'rm -rf "$root"' EXIT
    chmod 755 "$root"

    # debootstrap downloads with wget, which does not read apt's proxy.
    proxy=$(apt-config dump --format '%v%n' Acquire::http::Proxy | head -n 1)
    if [ -z "${http_proxy:-}" ] && [ -n "$proxy" ] && [ "$proxy" != DIRECT ]; then
        export http_proxy=$proxy
    fi
    say "making $image with debootstrap (about a minute)"
    if ! debootstrap "${options[@]}" "$suite" "$root" "$mirror" "$script" >"$root.log" 2>&1; then
        tail -n 5 "$root.log" >&2
        fail "no registry has $image within reach and debootstrap could not make it; its log is $root.log"
    fi
    rm -f "$root.log"

    echo "deb $mirror $suite main" >"$root/etc/apt/sources.list"
    echo "deb $security $suite-security main" >>"$root/etc/apt/sources.list"
    # What this machine needs to reach its mirror, builds on the image need too.
    apt-config dump | grep -E '^Acquire::(Check-|https?::(Proxy|CaInfo|Verify))' \
        >"$root/etc/apt/apt.conf.d/90machine" || true
    if [[ $mirror$security == *https:* ]]; then
        cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
    fi
    # As in Debian's own image: installing a package starts no service.
    printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
    chmod 755 "$root/usr/sbin/policy-rc.d"
    rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/* "$root"/etc/resolv.conf
    tar -C "$root" --one-file-system -c . \
        | docker import --change 'CMD ["bash"]' --change "LABEL $made_here=debootstrap" - "$image" >/dev/null
    say "made $image in $((SECONDS - began)) s"
)

# Whether the image is there now, or no registry within reach has it.
pull_image() {
    local image=debian:$1-slim began=$SECONDS
    image_exists "$image" && return
    [ "$registry" != absent ] || return 1
    say "pulling $image"
    if timeout 300 docker pull -q "$image" >/dev/null 2>&1; then
        say "pulled $image in $((SECONDS - began)) s"
        return
    fi
    registry=absent
    say "no registry answers with $image"
    return 1
}

ensure_images() {
    local suite one status=0 made=()
    for suite in "${suites[@]}"; do
        if ! pull_image "$suite"; then
            prepare_debootstrap "$suite"
            debootstrap_image "$suite" &
            made+=($!)
        fi
    done
    for one in "${made[@]}"; do wait "$one" || status=1; done
    [ "$status" = 0 ] || exit 1 # it has reported why
}

testcontainers_environment() {
    local suite label
    for suite in "${suites[@]}"; do
        label=$(docker image inspect --format "{{index .Config.Labels \"$made_here\"}}" "debian:$suite-slim")
        if [ "$label" = debootstrap ]; then
            # Its cleaning helper is an image from the registry that is not there.
            echo 'export TESTCONTAINERS_RYUK_DISABLED=true'
            # In a container that runs its own engine, Testcontainers would look for a
            # gateway with another image; the engine is right here.
            if [ -e /.dockerenv ] && pgrep -x dockerd >/dev/null; then
                echo 'export TESTCONTAINERS_HOST_OVERRIDE=127.0.0.1'
            fi
            return
        fi
    done
}

take_lock
ensure_engine
registry=unknown
ensure_images
[ "$print_environment" = no ] || testcontainers_environment
