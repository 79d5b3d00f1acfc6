# shellcheck shell=bash disable=SC2154 # the MTA's own file says what strangers_meet
# The tour: who sends what, and the expected outcome. session.sh defines the words.
# No address is used twice, so that the sink's messages can be told apart at the end.

relaying() {
    chapter "Who may send to the outside"

    session "Contoso's server, known by its certificate, sends to the outside"
    by contoso
    from alice@contoso.com
    to anna@outside.example accept sender-domain contoso/mail-server
    send

    session "Fabrikam's server, known by its address, sends to the outside"
    by fabrikam
    from bob@fabrikam.com
    to berta@outside.example accept sender-domain fabrikam/head-office
    send

    session "Contoso's server forwards a stranger's mail: its certificate's domain is accepted"
    by contoso
    from news@stranger.example
    to clara@outside.example accept certificate-domain contoso/mail-server
    send

    session "A bounce, with the null sender, from the server with the certificate"
    by contoso
    from ''
    to dora@outside.example accept certificate-domain contoso/mail-server
    send

    session "A bounce from the server with the address: no domain is accepted"
    by fabrikam
    from ''
    to emma@outside.example reject null-sender
    send

    chapter "Who may not"

    session "Contoso's server is identified, but sends as fabrikam.com"
    by contoso
    from bob@fabrikam.com
    to frida@outside.example reject protected-sender
    send

    session "Fabrikam's server sends as contoso.com: allowed to contoso, not to the outside"
    by fabrikam
    from alice@contoso.com
    to carl@contoso.com accept inbound
    to greta@outside.example reject domain-not-accepted
    send

    session "A stranger sends mail to contoso"
    by stranger
    from news@stranger.example
    to alice@contoso.com accept inbound
    send

    session "A stranger sends to the outside as contoso.com"
    by stranger
    from alice@contoso.com
    to hanna@outside.example "$strangers_meet" not-identified
    send

    session "An impostor presents a self-signed certificate with contoso's name"
    by impostor
    from alice@contoso.com
    to ida@outside.example "$strangers_meet" not-identified
    send

    session "A stranger hides the destination inside an address of contoso's"
    by stranger
    from news@stranger.example
    to julia%outside.example@contoso.com "$strangers_meet" not-identified
    to outside.example!klara@contoso.com "$strangers_meet" not-identified
    to '"lena@outside.example"@contoso.com' "$strangers_meet" not-identified
    to @contoso.com:mona@outside.example "$strangers_meet" not-identified
    send

    chapter "People with a password, on the submission port, without OrgMilter"

    session "An employee of contoso logs in and sends to the outside"
    by employee
    from alice@contoso.com
    to nora@outside.example mta-accepts
    send

    session "A stranger without a password tries the same port"
    by stranger
    at submission
    from alice@contoso.com
    to olga@outside.example mta-refuses
    send
}

# Only the sessions whose answer the other gate leaves to the milter, and one
# that shows that it still lets the right ones through.
relaying_with_the_milter_alone() {
    chapter "The other gate: $mta_name lets every client ask, OrgMilter alone decides"

    session "Fabrikam's server sends to the outside"
    by fabrikam
    from bob@fabrikam.com
    to paula@outside.example accept sender-domain fabrikam/head-office
    send

    session "A stranger sends one message to fabrikam and to the outside"
    by stranger
    from alice@contoso.com
    to bob@fabrikam.com accept inbound
    to rosa@outside.example reject not-identified
    send

    session "An impostor presents a self-signed certificate with contoso's name"
    by impostor
    from alice@contoso.com
    to sara@outside.example reject not-identified
    send

    session "A stranger hides the destination inside an address of contoso's"
    by stranger
    from news@stranger.example
    to tina%outside.example@contoso.com reject not-identified
    to outside.example!ulla@contoso.com reject not-identified
    to '"vera@outside.example"@contoso.com' reject not-identified
    to @contoso.com:wilma@outside.example reject not-identified
    send
}

# Only with an MTA that can: Postfix.
relaying_with_policy_queries() {
    chapter "The third gate: $mta_name asks OrgMilter who may relay, and is closed without it"
    serve_with orgmilter-policy.conf
    mta_ask_policy || fail_with mta-setup.log "$mta_name did not take the policy gate"

    session "Adatum's server, whose certificate is pinned, sends to the outside"
    by adatum
    from carol@adatum.com
    to agnes@outside.example granted sender-domain adatum/mail-server
    send

    session "It forwards a stranger's mail: its certificate's alternative name is accepted"
    by adatum
    from news@stranger.example
    to bella@outside.example granted certificate-domain adatum/mail-server
    send

    session "A forger presents a certificate with the same name and another key"
    by forger
    from carol@adatum.com
    to celia@outside.example denied not-identified
    send

    session "Contoso's server, known by the name of a certificate that Postfix verified"
    by contoso
    from alice@contoso.com
    to delia@outside.example granted sender-domain contoso/mail-server
    send

    session "Fabrikam's server, known by its address"
    by fabrikam
    from bob@fabrikam.com
    to edith@outside.example granted sender-domain fabrikam/head-office
    send

    session "A stranger sends one message to adatum and to the outside"
    by stranger
    from alice@contoso.com
    to carol@adatum.com accept inbound
    to fanny@outside.example denied not-identified
    send

    chapter "OrgMilter is stopped, and then the milter is removed from master.cf as well"
    stop_milter

    session "Adatum's server sends to the outside, and is told to try later"
    by adatum
    from carol@adatum.com
    to gerda@outside.example deferred
    send

    mta_forget_milter || fail_with mta-setup.log "$mta_name did not forget the milter"
    session "Without the milter: the policy gate alone keeps adatum's server waiting"
    by adatum
    from carol@adatum.com
    to heidi@outside.example deferred
    send

    session "And a stranger, to whom the wide gate would be open now"
    by stranger
    from news@stranger.example
    to irene@outside.example deferred
    to carol@adatum.com deferred
    send

    start_milter
    mta_remember_milter || fail_with mta-setup.log "$mta_name did not take the milter back"
    session "All is back, and adatum's server tries again"
    by adatum
    from carol@adatum.com
    to josie@outside.example granted sender-domain adatum/mail-server
    send
}

while_the_milter_is_down() {
    chapter "The milter is stopped: nothing passes, nothing is lost"
    stop_milter

    session "Contoso's server sends to the outside, and is told to try later"
    by contoso
    from alice@contoso.com
    to xenia@outside.example deferred
    send

    session "So is a stranger, though the gate is as wide open as $mta_name can make it"
    by stranger
    from alice@contoso.com
    to yvonne@outside.example deferred
    send

    start_milter
    session "The milter is back, and contoso's server tries again"
    by contoso
    from alice@contoso.com
    to zoe@outside.example accept sender-domain contoso/mail-server
    send
}
