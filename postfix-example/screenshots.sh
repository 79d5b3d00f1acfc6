#!/bin/bash
#
# Makes the pictures of the console in docs/images: runs the tour, sends some minutes of mail, and looks
# at the pages with Debian's Chromium in a container.
#
#   postfix-example/screenshots.sh [--minutes N] [--port PORT] [OPTION OF run.sh...]
#
#   --minutes N   of mail (12): a bar in a chart is a minute
#   --port PORT   of 127.0.0.1, for the console (9033)
#
# Needs what run.sh needs, and the image of integration-tests/images.sh.
set -euo pipefail
unset CDPATH

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
top=$(dirname "$here")

say() { echo "screenshots.sh: $*" >&2; }
fail() {
    say "$*"
    exit 1
}

minutes=12 port=9033 options=()
while [[ $# -gt 0 ]]; do
    case $1 in
        --minutes | --port)
            [[ $# -ge 2 ]] || fail "$1 needs a value; see --help"
            if [[ $1 == --port ]]; then port=$2; else minutes=$2; fi
            shift
            ;;
        --help | -h)
            sed -n '3,/^set /{/^set /d;s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}"
            exit 0
            ;;
        *) options+=("$1") ;;
    esac
    shift
done

image=orgmilter-it/chromium:bookworm
docker image inspect "$image" >/dev/null 2>&1 || fail "there is no image $image; run integration-tests/images.sh"

work=$(mktemp -d)
tour= browser=orgmilter-screenshots-$$
clean_up() {
    docker rm -f "$browser" >/dev/null 2>&1 || true
    if [[ -n $tour ]]; then
        kill -TERM "$tour" 2>/dev/null || true
        wait "$tour" 2>/dev/null || true
    fi
    rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

say "the tour"
"$here/run.sh" --stay --console "$port" "${options[@]}" </dev/null >"$work/tour" 2>&1 &
tour=$!
until grep -q 'All of it is still running' "$work/tour"; do
    [[ $SECONDS -lt 1800 ]] || fail "the tour does not run after half an hour; it said: $(tail -n 1 "$work/tour")"
    kill -0 "$tour" 2>/dev/null || {
        tail -n 20 "$work/tour" >&2
        fail "the tour has ended"
    }
    sleep 1
done
container=$(grep -om 1 'orgmilter-tour-[0-9]*' "$work/tour")

say "$minutes minutes of mail"
docker exec -i "$container" bash -s "$minutes" <<'INSIDE'
tls=/etc/postfix/tls
mail() { # mail TIMES CLIENT FROM TO [OPTION...]
    local i
    for ((i = 0; i < $1; i++)); do
        swaks --server 127.0.0.1 --timeout 30 --local-interface "$2" --from "$3" --to "$4" "${@:5}" >/dev/null 2>&1 || true
    done
}
certificate() { echo "--tls --tls-cert $tls/$1.pem --tls-key $tls/$1.key"; }
for ((minute = 0; minute < $1; minute++)); do
    end=$((SECONDS + 60))
    busy=$((minute % 4 + 1))
    mail $((3 * busy)) 198.51.100.7 alice@contoso.com anna@outside.example --helo mail.contoso.com $(certificate mail.contoso.com)
    mail $((2 * busy)) 203.0.113.25 bob@fabrikam.com anna@outside.example --helo mail.fabrikam.com
    mail "$busy" 198.51.100.40 carol@adatum.com anna@outside.example --helo mail.adatum.com $(certificate mail.adatum.com)
    mail $((4 * busy)) 192.0.2.66 anna@outside.example alice@contoso.com --helo mx.stranger.example
    mail 1 192.0.2.66 "offer$minute@bulk.example" victim@outside.example --helo mx.stranger.example
    mail 1 192.0.2.99 alice@contoso.com victim@outside.example --helo mail.contoso.com $(certificate impostor)
    mail 1 203.0.113.25 news@fabrikam-events.com anna@outside.example --helo mail.fabrikam.com
    [[ $((minute % 3)) != 0 ]] || mail 1 203.0.113.25 alice@contoso.com anna@outside.example --helo mail.fabrikam.com
    [[ $SECONDS -ge $end ]] || sleep $((end - SECONDS))
done
INSIDE

mkdir -m 0777 "$work/images"
chmod 0711 "$work"

# shot NAME SCHEME WIDTH HEIGHT PATH
shot() {
    local dark=()
    [[ $2 != dark ]] || dark=(--force-dark-mode)
    timeout 60 docker run --rm --name "$browser" --network host --security-opt label=disable -v "$work/images:/images" "$image" \
        chromium --headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage --hide-scrollbars "${dark[@]}" \
        --window-size="$3,$4" --screenshot="/images/console-$1-$2.png" \
        "http://127.0.0.1:$port$5" >"$work/chromium" 2>&1 || true
    if [[ ! -s $work/images/console-$1-$2.png ]]; then
        tail -n 20 "$work/chromium" >&2
        fail "no picture of $5"
    fi
}

number=$(curl -sS "http://127.0.0.1:$port/verdicts?cause=domain-not-accepted" | grep -o '/verdict?number=[0-9]*' | sed -n 1p)
[[ -n $number ]] || fail "no verdict to show"
question='client-address=203.0.113.25&from=alice%40contoso.com&to=anna%40outside.example'
for scheme in light dark; do
    shot overview "$scheme" 1100 1000 /
    shot organization "$scheme" 1100 1300 '/organization?name=fabrikam'
done
shot verdicts light 1100 800 /verdicts
shot verdict dark 1000 860 "$number"
shot explain light 1100 900 "/explain?$question"
shot phone dark 390 844 /

mkdir -p "$top/docs/images"
for picture in "$work"/images/*.png; do
    size=$(stat -c %s "$picture")
    [[ $size -le 150000 ]] || fail "${picture##*/} has $size octets; 150,000 are enough for a picture"
    cp "$picture" "$top/docs/images/"
done
say "made $(cd "$work/images" && ls -- *.png | tr '\n' ' ')"
