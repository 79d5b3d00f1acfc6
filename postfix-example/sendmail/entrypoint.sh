#!/bin/bash
#
# Starts Sendmail in the foreground, with a sink beside it that swallows all mail.
# maps.mc, tight.mc and wide.mc work as they are; these variables change them:
#
#   MILTER      where OrgMilter listens      inet:10033@127.0.0.1, local:/path/to.sock
#   MAPS        where OrgMilter answers look-ups inet:10035@127.0.0.1, local:/path/to.sock
#   GATE        maps (default), tight or wide: which .mc
#   SMTP        port, or address:port        25
#   FAMILY      inet, or inet6 for both      inet
#   SUBMISSION  port, or address:port        587
#   SINK        port of the sink on 127.0.0.1   2525; `none' starts none
#   SINK_PORT   as SINK, but starts none: it is there already
#   TLS_CERT    our certificate and key, one file   /etc/mail/tls/mx1.example.net.pem
#   TLS_CA      CAs for client certificates         /etc/mail/tls/ca.pem
#   ACCESS      another access map for GATE=tight   /etc/mail/access
#   LOGIN       user@domain:password                none
#
# Any argument is a line of m4, put behind everything else, so that it wins:
#   'define(`confLOG_LEVEL'\'', `14'\'')dnl'
# /etc/mail/virtusertable and mailertable, if they are there, are made into maps.
# The sink writes each message to a file of its own in /var/spool/sink. The log goes
# to standard output.

set -euo pipefail
umask 022
cd /etc/mail

fail() { echo "entrypoint.sh: $*" >&2; exit 1; }

# replace WHAT WITH: in the .mc files, and it must be there.
replace() {
    local file text
    grep -qF -- "$1" orgmilter.m4 sink.m4 || fail "there is no '$1' to replace"
    for file in orgmilter.m4 sink.m4; do
        text=$(<"$file")
        printf '%s\n' "${text//"$1"/"$2"}" >"$file"
    done
}

# port_option ADDRESS:PORT: as DAEMON_OPTIONS writes it.
port_option() {
    case $1 in
        *:*) echo "Addr=${1%:*}, Port=${1##*:}" ;;
        *) echo "Port=$1" ;;
    esac
}

gate=${GATE:-maps}
[[ $gate == maps || $gate == tight || $gate == wide ]] || fail "GATE is '$gate', must be maps, tight or wide"

if [[ -n ${MILTER:-} ]]; then replace 'S=inet:10033@127.0.0.1' "S=$MILTER"; fi
if [[ -n ${MAPS:-} ]]; then sed -i "s|inet:10035@127.0.0.1|$MAPS|" maps.mc; fi
if [[ -n ${FAMILY:-} ]]; then replace 'Name=MTA, Family=inet,' "Name=MTA, Family=$FAMILY,"; fi
if [[ -n ${SMTP:-} ]]; then replace 'Port=25,' "$(port_option "$SMTP"),"; fi
if [[ -n ${SUBMISSION:-} ]]; then replace 'Port=587' "$(port_option "$SUBMISSION")"; fi
if [[ -n ${TLS_CERT:-} ]]; then replace /etc/mail/tls/mx1.example.net.pem "$TLS_CERT"; fi
if [[ -n ${TLS_CA:-} ]]; then replace /etc/mail/tls/ca.pem "$TLS_CA"; fi
if [[ -n ${ACCESS:-} ]]; then cat "$ACCESS" >access; fi

sink=${SINK_PORT:-${SINK:-2525}}
if [[ $sink != none && $sink != 2525 ]]; then replace ' 2525' " $sink"; fi

if [[ $# -gt 0 ]]; then printf '%s\n' "$@" >>local.m4; fi

if [[ -n ${LOGIN:-} ]]; then
    account=${LOGIN%%:*}
    printf '%s' "${LOGIN#*:}" | saslpasswd2 -p -c -u "${account#*@}" "${account%%@*}"
    # Sendmail looks logins up as root, and refuses a file that a group can read.
    chown root:root /etc/sasldb2
    chmod 0600 /etc/sasldb2
fi

# The log first: what Sendmail logs before that is lost.
syslog.pl &
for _ in {1..100}; do [[ ! -S /dev/log ]] || break; sleep 0.05; done

if [[ $sink != none && -z ${SINK_PORT:-} ]]; then
    install -d /var/spool/sink
    sink.pl "$sink" /var/spool/sink &
fi

install -d -m 0755 cas /run/sendmail
install -d -o smmta -g smmta -m 2755 /run/sendmail/mta
install -d -o smmsp -g smmsp -m 2775 /run/sendmail/msp
makemap hash access.db <access
for table in virtusertable mailertable; do
    if [[ -f $table ]]; then makemap hash "$table.db" <"$table"; fi
done
m4 "$gate.mc" >sendmail.cf
m4 submit.mc >submit.cf
newaliases >/dev/null

# -q1m: whatever could not be delivered is tried again each minute.
exec /usr/sbin/sendmail-mta -Am -L sendmail-mta -bD -q1m
