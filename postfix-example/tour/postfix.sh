# shellcheck shell=bash disable=SC2034,SC2154 # run.sh uses these names, and gives others
# All that the tour needs to know about Postfix. Another MTA is another file
# like this one, with the same functions.

mta_name=Postfix
mta_context=$here
mta_image=orgmilter-postfix

# Where the certificates and the milter's socket are in the container.
certificates_inside=/etc/postfix/tls
socket_directory_inside=/var/spool/postfix/orgmilter

# What a stranger meets under the gate that master.cf ships with: Postfix refuses
# relaying to clients that are neither known nor show a verified certificate.
strangers_meet=mta-refuses
gate_shipped="tight: known addresses, verified certificates and logins come as far as OrgMilter"

mta_environment=(
    -e MILTER=unix:orgmilter/orgmilter.sock
    -e MAPS=unix:orgmilter/map.sock
    -e "LOGIN=$employee_login:$employee_password"
)

mta_version() { echo "Postfix $(docker exec "$container" postconf -h mail_version)"; }

# Every service greets on loopback; bash is enough to look.
mta_answers() {
    docker exec "$container" bash -c '
        for port in 25 587 2525; do
            exec 3<>/dev/tcp/127.0.0.1/$port && read -r -t 5 line <&3 && [[ $line == 220* ]] || exit 1
            exec 3>&-
        done' 2>/dev/null
}

# The wide gate of master.cf.
mta_widen_gate() {
    change_smtpd 'postconf -P smtp/inet/smtpd_relay_restrictions=check_client_access,static:OK,reject'
}

# change_smtpd COMMAND. An idle smtpd could still take one more session as it was:
# wait until those are gone.
change_smtpd() {
    docker exec "$container" bash -c '
        old=$(grep -lx smtpd /proc/[0-9]*/comm)
        '"$1"'
        postfix reload
        for _ in {1..100}; do
            grep -qsx smtpd $old /dev/null || exit 0
            sleep 0.1
        done
        exit 1' >>"$logs/mta-setup.log" 2>&1
}

# The policy gate of master.cf. A Unix socket is all that a container
# without a network reaches.
mta_ask_policy() {
    change_smtpd "
        postconf -P 'smtp/inet/smtpd_relay_restrictions=permit_sasl_authenticated,check_policy_service,{unix:orgmilter/policy.sock,timeout=5s},reject_unauth_destination'"
}

# As if the milter had been forgotten in master.cf.
mta_forget_milter() { change_smtpd "postconf -P smtp/inet/smtpd_milters="; }
mta_remember_milter() {
    change_smtpd "
        postconf -P 'smtp/inet/smtpd_milters={unix:orgmilter/orgmilter.sock,connect_timeout=5s,command_timeout=5s,content_timeout=5s,default_action=tempfail}'"
}

# What is waiting, one line of JSON a message.
mta_queue() { docker exec "$container" postqueue -j; }

# Postfix tries at once, and the sink never refuses.
mta_wait_until_delivered() {
    for _ in {1..100}; do
        [[ -n $(mta_queue) ]] || return 0
        sleep 0.2
    done
    return 1
}

# One line, "<sender> -> <recipient>", for each recipient of each message in the sink.
mta_delivered() {
    docker exec "$container" bash -c 'cat /var/spool/sink/message.* 2>/dev/null' | awk '
        /^X-Mail-Args: / { sender = $2 }
        /^X-Rcpt-Args: / { print sender " -> " $2 }
        '
}
