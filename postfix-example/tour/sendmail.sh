# shellcheck shell=bash disable=SC2034,SC2154 # run.sh uses these names, and gives others
# All that the tour needs to know about Sendmail; the same functions as postfix.sh, but
# for those of the policy gate: only Postfix asks such questions.

mta_name=Sendmail
mta_context=$here/sendmail
mta_image=orgmilter-sendmail

# Where the certificates and the milter's socket are in the container.
certificates_inside=/etc/mail/tls
socket_directory_inside=/run/orgmilter

# What a stranger meets under the gate of maps.mc: Sendmail refuses relaying to
# clients that OrgMilter does not know by address and that show no certificate that it verified.
strangers_meet=mta-refuses
gate_shipped="tight: known addresses and verified certificates come as far as OrgMilter"

mta_environment=(
    -e MILTER="local:$socket_directory_inside/orgmilter.sock"
    -e MAPS="local:$socket_directory_inside/map.sock"
    -e "LOGIN=$employee_login:$employee_password"
)

mta_version() {
    echo "Sendmail $(docker exec "$container" sendmail -d0.1 -bt </dev/null | sed -n 's/^Version //p')"
}

# Every service greets on loopback; bash is enough to look.
mta_answers() {
    docker exec "$container" bash -c '
        for port in 25 587 2525; do
            exec 3<>/dev/tcp/127.0.0.1/$port && read -r -t 5 line <&3 && [[ $line == 220* ]] || exit 1
            exec 3>&-
        done' 2>/dev/null
}

# The other .mc. At SIGHUP the daemon starts itself anew, with the same process id:
# wait until it has logged that, and answers.
mta_widen_gate() {
    local starts
    starts=$(sendmail_starts)
    docker exec "$container" bash -c '
        cd /etc/mail && m4 wide.mc >sendmail.cf && kill -HUP 1' >>"$logs/mta-setup.log" 2>&1 || return 1
    for _ in {1..100}; do
        if (($(sendmail_starts) > starts)) && mta_answers; then return 0; fi
        sleep 0.1
    done
    return 1
}
sendmail_starts() { docker logs "$container" 2>&1 | grep -c ': starting daemon ' || true; }

# What is waiting: the control files of both queues.
mta_queue() {
    docker exec "$container" find /var/spool/mqueue /var/spool/mqueue-client -name '[qQhT]f*'
}

# Sendmail tries at once, and the sink never refuses.
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
