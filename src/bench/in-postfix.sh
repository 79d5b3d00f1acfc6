#!/bin/bash
#
# What runs in Postfix's container.
#
#   in-postfix.sh serve PORT:MILTER...    Postfix with its queue in /queue and a service on each port, with that milter or none;
#                                         all mail is taken and thrown away
#   in-postfix.sh send PORT MAILS         sends so much, prints the seconds and the clock ticks that the machine was busy in them,
#                                         and waits for an empty queue
set -euo pipefail

serve() {
    cp -a /var/spool/postfix/. /queue
    postconf -MX smtp/inet submission/inet
    cat >/etc/postfix/main.cf <<CF
compatibility_level = 3.6
queue_directory = /queue
myhostname = mx1.example.net
mydestination =
inet_interfaces = loopback-only
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_peername_lookup = no
default_transport = discard:
in_flow_delay = 0
milter_default_action = tempfail
CF
    local service milter
    for service in "$@"; do
        milter=${service#*:}
        echo "127.0.0.1:${service%%:*} inet n - n - - smtpd${milter:+ -o smtpd_milters=$milter}" >>/etc/postfix/master.cf
    done
    exec postfix start-fg
}

busy() { awk '/^cpu / { print $2 + $3 + $4 + $7 + $8 }' /proc/stat; }

send() {
    local began=$EPOCHREALTIME busy_before ended busy_after
    busy_before=$(busy)
    smtp-source -s 16 -m "$2" -l 4096 -f alice@contoso.com -t bob@example.org "127.0.0.1:$1"
    ended=$EPOCHREALTIME
    busy_after=$(busy)
    echo "$(((${ended/./} - ${began/./}) / 1000))e-3 $((busy_after - busy_before))"
    while [ -n "$(find /queue/{incoming,active,maildrop,deferred} -type f -print -quit)" ]; do sleep 0.1; done
}

"$@"
