# shellcheck shell=bash disable=SC2154 # run.sh and session.sh give the names that are not assigned here
# What OrgMilter logged about a recipient, and how it differs from what was expected.

# The log may quote: compare without.
unquoted() { echo "${1//[\"\\]/}"; }

# The milter's verdict on recipient $1 among the lines logged since this session began.
verdict_on() { logged_on "$1" -v; }

# What a policy query about recipient $1 was answered; "no opinion" is not logged.
policy_on() { logged_on "$1" -e; }

logged_on() { # logged_on RECIPIENT -e|-v: with or without policy=
    local line wanted found=
    wanted=" to=<$(unquoted "$1")>"
    while IFS= read -r line; do
        if [[ "$(unquoted "$line") " == *"$wanted "* ]]; then found=$line; fi
    done < <(tail -c "+$((log_before + 1))" "$logs/milter.log" | grep -F ' verdict=' | grep "$2" ' policy=')
    # Without what the logging library puts in front.
    [[ $found =~ [^\ ]+:\ session=.* ]] && echo "${BASH_REMATCH[0]}"
}

# The milter logs a moment before or after it answers: wait for the line.
wait_for_verdict_on() {
    local line
    for _ in {1..50}; do
        if line=$(verdict_on "$1"); then
            echo "$line"
            return
        fi
        sleep 0.1
    done
}

field() { # field KEY LINE
    local word
    for word in $2; do
        if [[ $word == "$1="* ]]; then echo "${word#*=}"; fi
    done
}

# Compares reply $1, verdict line $2 and policy line $3 with what was expected; prints what differs.
differences() {
    local reply=$1 line=$2 policy=$3 verdict cause connector pattern
    read -r verdict cause connector <<<"$4"
    case $verdict in
        reject | denied) pattern=${reply_of[$cause]} ;;
        *) pattern=${reply_of[$verdict]} ;;
    esac
    [[ $reply =~ $pattern ]] || echo "the reply is '${reply:-none}', not $pattern"
    case $verdict in
        accept | granted) verdict_differs "the milter" "$line" accept ;;
        reject) verdict_differs "the milter" "$line" reject ;;
        *) [[ -z $line ]] || echo "the milter should not have been asked" ;;
    esac
    case $verdict in
        granted) verdict_differs "the policy query" "$policy" accept ok ;;
        denied) verdict_differs "the policy query" "$policy" reject reject ;;
        *) [[ -z $policy ]] || echo "no policy query should have been answered" ;;
    esac
}

# verdict_differs WHOSE LINE VERDICT [ACTION], with the cause and connector of `differences`.
verdict_differs() {
    [[ $(field verdict "$2") == "$3" ]] || echo "$1: the verdict should be $3"
    [[ $(field policy "$2") == "${4:-}" ]] || echo "$1: the answer to Postfix should be ${4:-}"
    [[ $(field cause "$2") == "$cause" ]] || echo "$1: the cause should be $cause"
    [[ -z $connector || $(field connector "$2") == "$connector" ]] || echo "$1: the connector should be $connector"
    [[ $(field client "$2") == "${address_of[$who]}" ]] || echo "$1: the client should be ${address_of[$who]}"
}

# What the eye looks for in a verdict line.
highlighted() {
    local line=$1
    line=${line/verdict=accept/${green}verdict=accept$plain}
    line=${line/verdict=reject/${red}verdict=reject$plain}
    [[ ! $line =~ cause=[a-z-]+ ]] || line=${line/${BASH_REMATCH[0]}/$bold${BASH_REMATCH[0]}$plain}
    echo "$line"
}
