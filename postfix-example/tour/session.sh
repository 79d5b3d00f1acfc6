# shellcheck shell=bash disable=SC2034,SC2154 # run.sh and verdicts.sh use these names, and give others
# One SMTP session: state who sends what (by, at, from, to), `send` it for real,
# and print the dialogue, the verdict of the milter, and whether that was right.
#
#   to ADDRESS accept CAUSE [CONNECTOR]   the milter accepts this recipient
#   to ADDRESS reject CAUSE               the milter refuses it
#   to ADDRESS granted CAUSE [CONNECTOR]  the policy query grants it, the milter accepts it
#   to ADDRESS denied CAUSE               the policy query refuses it, the milter is not asked
#   to ADDRESS mta-refuses | mta-accepts  the MTA answers, the milter is not asked
#   to ADDRESS deferred                   4xx: nothing can decide

# The clients' addresses, and what each shows. The container's loopback has them.
declare -Ar address_of=(
    [contoso]=198.51.100.7
    [fabrikam]=203.0.113.25
    [stranger]=192.0.2.66
    [impostor]=192.0.2.99
    [employee]=192.0.2.10
    [adatum]=198.51.100.40
    [forger]=192.0.2.77
)
declare -Ar helo_of=(
    [contoso]=mail.contoso.com
    [fabrikam]=mail.fabrikam.com
    [stranger]=mx.stranger.example
    [impostor]=mail.contoso.com
    [employee]=laptop.contoso.com
    [adatum]=mail.adatum.com
    [forger]=mail.adatum.com
)
declare -Ar description_of=(
    [contoso]="certificate mail.contoso.com, signed by the CA"
    [fabrikam]="no certificate"
    [stranger]="no certificate"
    [impostor]="certificate mail.contoso.com, self-signed"
    [employee]="logs in as alice@contoso.com"
    [adatum]="self-signed certificate, alternative name mail.adatum.com"
    [forger]="self-signed certificate, alternative name mail.adatum.com, another key"
)
readonly employee_login=alice@contoso.com employee_password=correct-horse

# What the reply must contain. Sendmail puts the address behind the enhanced
# code, so the wording is not pinned to its place.
declare -Ar reply_of=(
    [accept]='^250 '
    [granted]='^250 '
    [mta-accepts]='^250 '
    [mta-refuses]='^5[0-9][0-9] '
    [deferred]='^4[0-9][0-9] '
    [not-identified]='^550 5\.7\.1 .*Relay access denied: .* is not a known customer mail server'
    [domain-not-accepted]='^550 5\.7\.1 .*Relay access denied: .* is not an accepted domain'
    [null-sender]='^550 5\.7\.1 .*Relay access denied: the null sender requires a certificate'
    [protected-sender]='^550 5\.7\.1 .*Access denied: .* may only be used by its own organization'
)

passed=0
failed=0
sessions=0
must_be_delivered=()
must_not_be_asked=()

# Colours on a terminal only, never in a log.
if [[ -t 1 && -z ${NO_COLOR:-} && ${TERM:-dumb} != dumb ]]; then
    bold=$'\e[1m' dim=$'\e[2m' green=$'\e[32m' red=$'\e[31m' blue=$'\e[36m' plain=$'\e[0m'
else
    bold='' dim='' green='' red='' blue='' plain=''
fi

chapter() {
    printf '\n%s%s%s\n' "$bold" "$1" "$plain"
    printf '%s\n' "${1//?/-}"
}

session() {
    title=$1 who='' port=25 sender='' recipients=() expected=()
    sessions=$((sessions + 1))
}
by() {
    who=$1
    if [[ $who == employee ]]; then port=587; fi
}
at() { [[ $1 != submission ]] || port=587; }
from() { sender=$1; }
to() {
    recipients+=("$1")
    expected+=("${*:2}")
    case $2 in
        accept | granted | mta-accepts) must_be_delivered+=("<$sender> -> <$1>") ;;
    esac
    case $2 in
        mta-* | denied) must_not_be_asked+=("$1") ;;
    esac
}

# Sends the session and leaves its transcript in $run/dialogue.
send_with_swaks() {
    local options=(--server "127.0.0.1:$port" --local-interface "${address_of[$who]}"
        --helo "${helo_of[$who]}" --timeout 30
        --from "${sender:-<>}" --to "$(IFS=,; echo "${recipients[*]}")"
        --h-Subject "tour, session $sessions")
    case $who in
        contoso | adatum) options+=(--tls --tls-cert "$certificates_inside/mail.$who.com.pem"
            --tls-key "$certificates_inside/mail.$who.com.key") ;;
        impostor | forger) options+=(--tls --tls-cert "$certificates_inside/$who.pem"
            --tls-key "$certificates_inside/$who.key") ;;
        employee) options+=(--tls --auth PLAIN --auth-user "$employee_login"
            --auth-password "$employee_password") ;;
        *) if [[ $port == 587 ]]; then options+=(--tls); fi ;;
    esac
    # swaks fails when a recipient is refused; what was answered is judged below.
    docker exec "$container" swaks "${options[@]}" >"$run/dialogue" 2>&1 || true
    { echo "=== session $sessions: $title"; cat "$run/dialogue"; } >>"$logs/dialogues.log"
}

# Reads the transcript. replies[i] is the answer to RCPT number i, `answer` the
# answer to the message; a refusal before RCPT is every recipient's answer.
# dialogue is what is worth printing: "> command", "< reply", "= i" for the place
# of the verdict on recipient i.
# swaks marks what it sends with "->" or "~>" (in TLS), what it gets with "<".
read_dialogue() {
    local line text rcpt=-1 command='' early='' i
    replies=() answer='' dialogue=()
    while IFS= read -r line; do
        text=${line:4}
        case $line in
            ' -> '* | ' ~> '*)
                command=$text
                if [[ $text == 'RCPT TO:'* ]]; then rcpt=$((rcpt + 1)); fi
                case $text in
                    'MAIL FROM:'* | 'RCPT TO:'* | DATA) dialogue+=("> $text") ;;
                esac
                continue
                ;;
            '<'*) ;;
            *) continue ;;
        esac
        case $command in
            'RCPT TO:'*)
                dialogue+=("< $text")
                # The last line of a reply has a space behind its code.
                if [[ $text =~ ^[0-9]{3}\  ]]; then
                    replies[rcpt]=$text
                    dialogue+=("= $rcpt")
                fi
                ;;
            .) answer=$text && dialogue+=("< $text") ;;
            *)
                if [[ $text == [45]* && -z $early && $rcpt == -1 ]]; then
                    early=$text
                    if [[ $command != 'MAIL FROM:'* ]]; then dialogue+=("> ${command:-(connection)}"); fi
                    dialogue+=("< $text")
                fi
                ;;
        esac
    done <"$run/dialogue"
    for i in "${!recipients[@]}"; do
        replies[i]=${replies[i]:-$early}
    done
}

# Long lines are folded at spaces, with the label in front of the first only.
labelled() { # labelled LABEL COLOUR TEXT [INDENT]
    local line label=$1 indent=${4:-0}
    while IFS= read -r line; do
        line=${line% }
        if [[ $1 == milter || $1 == policy ]]; then line=$(highlighted "$line"); fi
        printf '     %-8s %s%*s%s%s\n' "$label" "$2" "$indent" '' "$line" "${2:+$plain}"
        label=
    done < <(fold -s -w $((94 - indent)) <<<"$3")
}

send() {
    local i line wrong=() verdicts=() policies=() outcome
    log_before=$(stat -c %s "$logs/milter.log")
    send_with_swaks
    read_dialogue

    for i in "${!recipients[@]}"; do
        case ${expected[i]} in
            accept* | granted* | reject*) line=$(wait_for_verdict_on "${recipients[i]}") ;;
            *) line=$(verdict_on "${recipients[i]}") || line= ;;
        esac
        verdicts[i]=$line
        policies[i]=$(policy_on "${recipients[i]}") || true
        while IFS= read -r outcome; do
            wrong+=("<${recipients[i]}>: $outcome")
        done < <(differences "${replies[i]:-}" "$line" "${policies[i]}" "${expected[i]}")
    done
    # A message with an accepted recipient must have been taken, to the end.
    if [[ " ${expected[*]}" =~ accept|granted && $answer != 250\ * ]]; then
        wrong+=("the message was not taken: '${answer:-no answer}'")
    fi

    printf '\n%s%2d. %s%s\n' "$bold" "$sessions" "$title" "$plain"
    labelled client '' "${address_of[$who]}, ${description_of[$who]}"
    for line in "${dialogue[@]}"; do
        case $line in
            '> '*) labelled '' '' "${line:2}" ;;
            '< '*) labelled '' "$blue" "${line:2}" 4 ;;
            '= '*)
                i=${line:2}
                # The reply at its end has just been printed.
                line=${policies[i]:-} && line=${line% reply=\"*}
                if [[ -n $line ]]; then labelled policy '' "$line" 4; fi
                line=${verdicts[i]:-} && line=${line% reply=\"*}
                if [[ -n $line ]]; then labelled milter '' "$line" 4; fi
                ;;
        esac
    done
    if [[ -z $(IFS=; echo "${verdicts[*]}${policies[*]}") ]]; then
        case ${expected[0]} in
            deferred) labelled milter "$dim" 'is down' 4 ;;
            *) labelled milter "$dim" "was not asked: $mta_name answered by itself" 4 ;;
        esac
    fi
    judge "$(what_should_be)" "${wrong[@]}"
}

what_should_be() {
    local all=" ${expected[*]} "
    case $all in
        *' accept '*' reject '* | *' accept '*' denied '*) echo "one recipient accepted, the other refused" ;;
        *accept* | *granted*) echo "accepted" ;;
        *deferred*) echo "deferred" ;;
        *) echo "refused" ;;
    esac
}

# judge WHAT [WRONG...]: one PASS or FAIL.
judge() {
    if [[ $# == 1 ]]; then
        passed=$((passed + 1))
        printf '     %sPASS%s     %s\n' "$green" "$plain" "$1"
    else
        failed=$((failed + 1))
        printf '     %sFAIL%s     should be: %s\n' "$red" "$plain" "$1"
        printf '              %s\n' "${@:2}"
    fi
}

# Everything that reached the sink, against everything that should have.
delivered() {
    chapter "What really arrived behind $mta_name"
    printf '\n'
    local arrived expected_lines line wrong=()
    if ! mta_wait_until_delivered; then
        wrong+=("mail is still in the queue: $(mta_queue)")
    fi
    arrived=$(mta_delivered | sort)
    expected_lines=$(printf '%s\n' "${must_be_delivered[@]}" | sort)
    while IFS= read -r line; do labelled '' '' "$line"; done <<<"$arrived"
    while IFS= read -r line; do
        case $line in
            '<'*) wrong+=("not delivered: ${line#?}") ;;
            '>'*) wrong+=("should never have been delivered: ${line#?}") ;;
        esac
    done < <(diff <(echo "$expected_lines") <(echo "$arrived"))
    # What the MTA answered by itself, the milter must never have heard of.
    local address
    log_before=0
    for address in "${must_not_be_asked[@]}"; do
        if verdict_on "$address" >/dev/null; then wrong+=("the milter was asked about <$address>"); fi
    done
    printf '\n'
    judge "the ${#must_be_delivered[@]} accepted recipients, each once, and no others" "${wrong[@]}"
}
