# shellcheck shell=bash disable=SC2154 # run.sh gives the names that are not assigned here
# What --stay prints, until Ctrl-C.

stay() {
    local swaks="docker exec $container swaks --server 127.0.0.1"
    cat <<END

${bold}All of it is still running, for your own tries${plain}, under $gate_now.
In another terminal, as contoso's server:

  $swaks --local-interface ${address_of[contoso]} \\
    --tls --tls-cert $certificates_inside/mail.contoso.com.pem --tls-key $certificates_inside/mail.contoso.com.key \\
    --from alice@contoso.com --to anna@outside.example

as fabrikam's server, and as a stranger:

  $swaks --local-interface ${address_of[fabrikam]} --from bob@fabrikam.com --to anna@outside.example
  $swaks --local-interface ${address_of[stranger]} --from alice@contoso.com --to anna@outside.example

END
    if [[ $configuration == orgmilter-policy.conf ]]; then
        cat <<END
and as adatum's, whose certificate is pinned:

  $swaks --local-interface ${address_of[adatum]} \\
    --tls --tls-cert $certificates_inside/mail.adatum.com.pem --tls-key $certificates_inside/mail.adatum.com.key \\
    --from carol@adatum.com --to anna@outside.example

END
    fi
    if [[ -n $console ]]; then echo "The console:           http://127.0.0.1:$console/"; fi
    cat <<END
What arrived:          docker exec $container bash -c 'cat /var/spool/sink/*'
$mta_name's log:         docker logs -f $container
OrgMilter's log:       tail -f $logs/milter.log
Its configuration:     $run/$configuration

Ctrl-C here stops and removes everything. The verdicts, as they come:

END
    # Ctrl-C is the proper end now.
    trap 'exit $((failed > 0))' INT
    tail --pid=$$ -n 0 -f "$logs/milter.log" | grep --line-buffered ' verdict=' &
    follower=$!
    wait "$follower"
}
