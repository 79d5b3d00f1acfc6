package io.github.orgmilter.it.doctor;

import static io.github.orgmilter.it.doctor.Clients.BY_CONTOSO;
import static io.github.orgmilter.it.doctor.Clients.BY_PUBLIC_CA;
import static io.github.orgmilter.it.doctor.Clients.BY_RENEWED;
import static io.github.orgmilter.it.doctor.Clients.CERTIFICATES;
import static io.github.orgmilter.it.doctor.Clients.CONTOSO;
import static io.github.orgmilter.it.doctor.Clients.IMPOSTOR;
import static io.github.orgmilter.it.doctor.Clients.STRANGER;
import static io.github.orgmilter.it.doctor.SendmailGates.maps;
import static io.github.orgmilter.it.doctor.SendmailGates.tightBut;
import static io.github.orgmilter.it.doctor.SendmailGates.tightWith;
import static io.github.orgmilter.it.doctor.SendmailGates.tightWithout;
import static io.github.orgmilter.it.doctor.SendmailWiring.OURS;
import static io.github.orgmilter.it.doctor.SendmailWiring.STOPPED;
import static io.github.orgmilter.it.doctor.SendmailWiring.THEIRS;

import java.util.List;

/** What can be wired wrongly between Sendmail and OrgMilter. */
final class SendmailWirings {

    private static final SmtpAttempt BY_STRANGER = SmtpAttempt.relaying(SmtpAttempt.nobody(), STRANGER);
    private static final SmtpAttempt BY_ADDRESS =
            SmtpAttempt.relaying(SmtpAttempt.nobody(), CONTOSO).from("127.0.1.1");
    private static final SmtpAttempt BY_ANOTHER_CUSTOMER =
            SmtpAttempt.relaying(SmtpAttempt.nobody(), CONTOSO).from("127.0.2.1");

    private final Machines at;

    SendmailWirings(Machines at) {
        this.at = at;
    }

    private static SmtpAttempt inbound(String domain) {
        return SmtpAttempt.to(domain, SmtpAttempt.nobody(), STRANGER);
    }

    private SendmailWiring.Change besideA(SendmailWiring.Change gate, String options) {
        return sendmail -> {
            gate.to(sendmail);
            SendmailGates.daemon(sendmail, "other", at.bridge(), options);
        };
    }

    // spotless:off
    List<SendmailWiring> all() {
        SendmailWiring.Change tight = SendmailGates::tight;
        SendmailWiring.Change wide = SendmailGates::wide;
        SendmailWiring.Change map = maps(at.maps());
        String external = "pwcheck_method: auxprop\nauxprop_plugin: sasldb\nmech_list: EXTERNAL PLAIN LOGIN\n";
        return List.of(
            SendmailWiring.opens("no F=", "wrong default-action", BY_STRANGER,
                    sendmail -> sendmail.edit("orgmilter.m4", text -> text.replace("F=T, T=", "T="))).becomes(wide).whileDown(),
            SendmailWiring.changes("F=R", "doubtful default-action", inbound("contoso.com"), "55.*", "451 4\\..*", sendmail -> {
                        tight.to(sendmail);
                        sendmail.edit("orgmilter.m4", text -> text.replace("F=T, T=", "F=R, T="));
                    }).whileDown(),
            SendmailWiring.opens("no milter", "wrong milter-missing", BY_ANOTHER_CUSTOMER, tightBut("undefine(`confINPUT_MAIL_FILTERS')dnl")),
            SendmailWiring.opens("a daemon without the milter, behind the wide gate", "wrong open-service", BY_STRANGER,
                    besideA(wide, ", InputMailFilters=")).becomes(besideA(wide, "")).at("other"),
            SendmailWiring.opens("a daemon without the milter", "wrong milter-disabled", BY_ANOTHER_CUSTOMER,
                    besideA(tight, ", InputMailFilters=")).becomes(besideA(tight, "")).at("other"),
            SendmailWiring.opens("logins without the milter", "wrong unfiltered-logins", SmtpAttempt.relaying(SmtpAttempt.login(), CONTOSO),
                    besideA(tight, ", M=a, InputMailFilters=")).becomes(besideA(tight, ", M=a")).at("other"),
            SendmailWiring.changes("the wide gate", "doubtful wide-gate", BY_STRANGER, OURS, THEIRS, besideA(wide, "")).becomes(besideA(tight, "")).at("other"),
            SendmailWiring.changes("EXTERNAL is trusted", "doubtful sasl-external",
                    SmtpAttempt.relaying(SmtpAttempt.external(CERTIFICATES.verified("any.example")), STRANGER), OURS, "50[34] .*", sendmail -> {
                        tightBut("define(`confAUTH_MECHANISMS', `EXTERNAL PLAIN LOGIN')dnl", "TRUST_AUTH_MECH(`EXTERNAL PLAIN LOGIN')dnl").to(sendmail);
                        sendmail.file("sasl/Sendmail.conf.2", external);
                    }),
            SendmailWiring.changes("class R", "doubtful listed-clients", BY_STRANGER.from("127.0.0.77"), OURS, THEIRS, tightBut("RELAY_DOMAIN(`host.partner.example')dnl")),
            SendmailWiring.changes("the machine's own addresses", "doubtful trusted-networks", BY_STRANGER.from(at.bridge()), OURS, THEIRS,
                    tightBut("define(`confDONT_PROBE_INTERFACES', `False')dnl")),
            SendmailWiring.opens("lenient ends of messages", "wrong smuggling", SmtpAttempt.relaying(SmtpAttempt.nobody(), "ceo@contoso.com").from("127.0.1.1").smuggled(),
                    tightWith("Srv_Features: O G U")),
            SendmailWiring.stops("a domain that the access map lacks", "wrong domain-refused", inbound("fabrikam.com"), THEIRS, tightWithout("To:fabrikam.com")),
            SendmailWiring.stops("an access map that does not answer", "wrong domain-refused", inbound("fabrikam.com"), "451 4\\..*", maps(at.policy())).becomes(map),
            SendmailWiring.changes("subdomains", "doubtful subdomains", inbound("sub.contoso.com"), OURS, THEIRS, sendmail -> {
                        tight.to(sendmail);
                        sendmail.edit("tight.mc", text -> text.replace("FEATURE(`relay_hosts_only')dnl", ""));
                    }),
            SendmailWiring.stops("a name of the machine that OrgMilter does not know", "doubtful domain-unknown", inbound("old.example.net"), OURS, sendmail -> {
                        tight.to(sendmail);
                        sendmail.file("local-host-names", "old.example.net\n");
                    }).mendedBy("local-domains = [ \"mx1.example.net\", \"old.example.net\" ]"),
            SendmailWiring.stops("a domain that OrgMilter does not know", "wrong domain-unknown", inbound("tailspin.example"), OURS, tightWith("To:tailspin.example RELAY"))
                    .mendedBy("local-domains = [ \"mx1.example.net\", \"tailspin.example\" ]"),
            SendmailWiring.stops("a client that the access map lacks", "wrong gate-refuses", BY_ADDRESS, THEIRS, tightWithout("Connect:127.0.1.1")),
            SendmailWiring.stops("V in the options of TLS", "wrong ask-certificate", BY_CONTOSO, THEIRS, maps(at.maps(), "define(`confTLS_SRV_OPTIONS', `V')dnl")).becomes(map),
            SendmailWiring.opens("a customer's CA", "wrong authorities", SmtpAttempt.relaying(SmtpAttempt.with(IMPOSTOR), CONTOSO),
                    maps(at.maps(), "define(`confCACERT', `/it/fabrikam.pem')dnl")).becomes(map),
            SendmailWiring.stops("a file of CAs that is not there", "wrong authorities", BY_CONTOSO, STOPPED,
                    maps(at.maps(), "define(`confCACERT', `/it/none.pem')dnl")).becomes(map),
            SendmailWiring.stops("CAs that have expired", "wrong authorities", BY_RENEWED, THEIRS,
                    maps(at.maps(), "define(`confCACERT', `/it/expired.pem')dnl")).becomes(maps(at.maps(), "define(`confCACERT', `/it/renewed.pem')dnl")),
            SendmailWiring.stops("one CA that has expired", "doubtful authorities", BY_RENEWED, THEIRS,
                    maps(at.maps(), "define(`confCACERT', `/it/one-expired.pem')dnl")).becomes(maps(at.maps(), "define(`confCACERT', `/it/both.pem')dnl")),
            SendmailWiring.opens("a bundle of CAs", "doubtful authorities", BY_PUBLIC_CA, maps(at.maps(), "define(`confCACERT', `/it/bundle.pem')dnl")).becomes(map),
            SendmailWiring.opens("a folder of CAs", "doubtful authorities", BY_PUBLIC_CA, maps(at.maps(), "define(`confCACERT_PATH', `/it/cas')dnl"))
                    .prepared("openssl rehash /it/cas").becomes(map),
            SendmailWiring.opens("audit behind the wide gate", "wrong audit", BY_STRANGER, wide).with("mode = audit").mendedBy("mode = enforce"),
            SendmailWiring.opens("audit behind the tight gate", "doubtful audit", BY_ANOTHER_CUSTOMER, tight).with("mode = audit").mendedBy("mode = enforce"),
            SendmailWiring.stops("a socket that is not there", "wrong socket", inbound("contoso.com"), "451 4\\..*", tight).asking("local:/it/orgmilter.sock"),
            SendmailWiring.stops("nothing answers", "wrong answers", inbound("contoso.com"), "451 4\\..*", tight).asking("inet:" + at.milter() + "@127.0.0.9"));
    }
    // spotless:on
}
