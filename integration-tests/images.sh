#!/bin/bash
#
# Makes the images that the integration tests build on, several at once, where they are not made yet:
# the tests then find every layer there. Needs an engine and base images (engine.sh).
#
#   integration-tests/images.sh [SUITE...]        (default: bookworm trixie)
set -euo pipefail

unset CDPATH
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
top=$(dirname "$here")
suites=("$@")
[[ ${#suites[@]} -gt 0 ]] || suites=(bookworm trixie)

logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT

say() { echo "images: $*" >&2; }

build() { # build IMAGE SUITE FOLDER
    local began=$SECONDS log=$logs/$1-$2
    if docker build --force-rm --build-arg "SUITE=$2" -t "orgmilter-it/$1:$2" "$3" >"$log" 2>&1; then
        if [[ $((SECONDS - began)) -gt 5 ]]; then say "$1 on $2: $((SECONDS - began)) s"; fi
    else
        tail -n 20 "$log" >&2
        say "cannot build the image of $1 on $2"
        return 1
    fi
}

builds=()
for suite in "${suites[@]}"; do
    build postfix "$suite" "$top/postfix-example" &
    builds+=($!)
    build sendmail "$suite" "$top/postfix-example/sendmail" &
    builds+=($!)
done
build debian bookworm "$here/src/test/resources/package" &
builds+=($!)
for image in postgresql mariadb openldap netfilter chromium; do
    build "$image" bookworm "$here/src/test/resources/$image" &
    builds+=($!)
done

status=0
for one in "${builds[@]}"; do wait "$one" || status=1; done
exit "$status"
