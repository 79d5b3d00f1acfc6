#!/bin/bash
#
# Starts Postfix in the foreground, with a sink beside it that swallows all mail.
# main.cf and master.cf work as they are; these variables change them:
#
#   MILTER      where OrgMilter listens      inet:127.0.0.1:10033, unix:orgmilter/orgmilter.sock
#   MAPS        where OrgMilter answers look-ups inet:127.0.0.1:10035, unix:orgmilter/map.sock
#   GATE        tight (default), file, wide or policy: see master.cf
#   POLICY      where OrgMilter takes policy queries, with GATE=policy
#               inet:127.0.0.1:10034, unix:orgmilter/policy.sock
#   SMTP        port, or address:port        25
#   SUBMISSION  port, or address:port        587
#   SINK        address:port of the sink     127.0.0.1:2525; `none` starts none
#   TLS_CHAIN   our key and certificate      /etc/postfix/tls/mx1.example.net.pem
#   TLS_CA      CAs for client certificates  /etc/postfix/tls/ca.pem
#   LOGIN       user@domain:password         none
#
# Any argument goes to `postconf`: name=value into main.cf, and
# service/type/name=value into master.cf (no spaces there: commas do), last, so
# that it wins.
# The sink writes each message to a file of its own in /var/spool/sink.

set -euo pipefail

smtp=${SMTP:-25}
submission=${SUBMISSION:-587}
sink=${SINK:-127.0.0.1:2525}

# `postconf -P` names a service by its first column: rename services last.
if [[ -n ${MILTER:-} ]]; then
    postconf -P "smtp/inet/smtpd_milters={$MILTER,connect_timeout=5s,command_timeout=5s,content_timeout=5s,default_action=tempfail}"
fi

maps=socketmap:${MAPS:-inet:127.0.0.1:10035}
postconf -e "relay_domains=$maps:relay-domains"
behind=permit_tls_all_clientcerts,permit_sasl_authenticated,reject_unauth_destination

case ${GATE:-tight} in
    tight) postconf -P "smtp/inet/smtpd_relay_restrictions=permit_auth_destination,${behind%,*},check_client_access,$maps:clients,${behind##*,}" ;;
    file) postconf -P "smtp/inet/smtpd_relay_restrictions=check_client_access,cidr:/etc/postfix/orgmilter.cidr,$behind" ;;
    wide) postconf -P 'smtp/inet/smtpd_relay_restrictions=check_client_access,static:OK,reject' ;;
    policy)
        ask="check_policy_service,{${POLICY:-inet:127.0.0.1:10034},timeout=5s}"
        postconf -P "smtp/inet/smtpd_relay_restrictions=permit_sasl_authenticated,$ask,reject_unauth_destination"
        ;;
    *) echo "GATE is '$GATE', must be tight, file, wide or policy" >&2; exit 1 ;;
esac

if [[ -n ${TLS_CHAIN:-} ]]; then postconf -e "smtpd_tls_chain_files=$TLS_CHAIN"; fi
if [[ -n ${TLS_CA:-} ]]; then postconf -e "smtpd_tls_CAfile=$TLS_CA"; fi

if [[ -n ${LOGIN:-} ]]; then
    account=${LOGIN%%:*}
    printf '%s' "${LOGIN#*:}" | saslpasswd2 -p -c -u "${account#*@}" "${account%%@*}"
    chgrp postfix /etc/sasldb2
    chmod 0640 /etc/sasldb2
fi

if [[ $sink != none ]]; then
    host=${sink%:*}
    if [[ $sink != 127.0.0.1:2525 ]]; then postconf -e "sink=[$host]:${sink##*:}"; fi
    install -d -o postfix -m 0755 /var/spool/sink
    # Run from within the folder: smtp-sink changes to no other user's root.
    (cd /var/spool/sink && exec smtp-sink -u postfix -d 'message.' "$sink" 128) &
fi

for setting; do
    case ${setting%%=*} in
        */*) postconf -P "$setting" ;;
        *) postconf -e "$setting" ;;
    esac
done

if [[ $smtp != 25 ]]; then sed -i "s/^smtp  *inet /$smtp inet /" /etc/postfix/master.cf; fi
if [[ $submission != 587 ]]; then sed -i "s/^submission  *inet /$submission inet /" /etc/postfix/master.cf; fi

# After a crash a queue file may have no name yet. What finds it before the next start runs as postfix, and ends if it cannot log.
chmod o+w /dev/stdout || echo "only root can open the log: after a crash, Postfix may not start" >&2
exec postfix start-fg
