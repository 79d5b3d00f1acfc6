package io.github.orgmilter.it.doctor;

import static io.github.orgmilter.it.doctor.Clients.BY_ADDRESS;
import static io.github.orgmilter.it.doctor.Clients.BY_ANOTHER_CUSTOMER;
import static io.github.orgmilter.it.doctor.Clients.BY_CONTOSO;
import static io.github.orgmilter.it.doctor.Clients.BY_PUBLIC_CA;
import static io.github.orgmilter.it.doctor.Clients.BY_RENEWED;
import static io.github.orgmilter.it.doctor.Clients.BY_STRANGER;
import static io.github.orgmilter.it.doctor.Clients.CERTIFICATES;
import static io.github.orgmilter.it.doctor.Clients.CONTOSO;
import static io.github.orgmilter.it.doctor.Clients.IMPOSTOR;
import static io.github.orgmilter.it.doctor.Clients.INBOUND;
import static io.github.orgmilter.it.doctor.Clients.PINNED;
import static io.github.orgmilter.it.doctor.Clients.PINNED_AND_VERIFIED;
import static io.github.orgmilter.it.doctor.Clients.STRANGER;
import static io.github.orgmilter.it.doctor.Wiring.OURS;
import static io.github.orgmilter.it.doctor.Wiring.THEIRS;

import io.github.orgmilter.it.doctor.Wiring.Trait;
import java.time.Duration;
import java.util.List;

/** What can be wired wrongly between Postfix and OrgMilter. */
final class PostfixScenes {

    private static final String WIDE = "smtpd_relay_restrictions = check_client_access static:OK, reject";
    private static final String ADATUM_BY_LOGIN = "adatum: connectors.people.logins = [ \"alice@mx1.example.net\" ]";

    private final Machines at;
    private final String ours;
    private final String tight;

    PostfixScenes(Machines at) {
        this.at = at;
        ours = at.asked();
        tight = "smtpd_relay_restrictions = " + at.tight();
    }

    List<Scene> all() {
        return List.of(
                withoutOrgMilter(),
                pastOrgMilter(),
                asked(),
                clients(),
                authorities(),
                otherAuthorities(),
                gates(),
                domains(),
                unknownDomains(),
                programs(),
                pins(),
                answers(),
                audit(),
                exemptGateway(),
                gatewayOfAConnector());
    }

    // spotless:off
    private Scene withoutOrgMilter() {
        return Scene.of("services without OrgMilter", at, "contoso: sender-protection = all", at.tight(),
            Wiring.opens("static:OK without the milter", "wrong open-service", BY_STRANGER, WIDE),
            Wiring.opens("a restriction class that permits", "wrong open-service", BY_STRANGER,
                    "smtpd_restriction_classes = friends", "friends = permit", "smtpd_relay_restrictions = friends, reject_unauth_destination"),
            Wiring.opens("a table of senders", "wrong open-service", SmtpAttempt.relaying(SmtpAttempt.at("192.0.2.77"), CONTOSO),
                    "smtpd_relay_restrictions = check_sender_access inline:{contoso.com=OK}, reject_unauth_destination"),
            Wiring.opens("mynetworks of everybody", "wrong open-service", BY_STRANGER,
                    "mynetworks = 0.0.0.0/0", "smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination"),
            Wiring.opens("every domain in main.cf, and none on the service", "wrong open-service", BY_STRANGER,
                    "relay_domains =", "smtpd_relay_restrictions = reject_unauth_destination").alone("relay_domains=static:all"),
            Wiring.opens("QMQP for everybody", "wrong open-service", OtherAttempts.byQmqp(STRANGER),
                    "qmqpd_authorized_clients = 0.0.0.0/0").by("qmqpd").byHand("qmqpd_authorized_clients="),
            Wiring.opens("a way round for inbound mail", "doubtful inbound-bypass", SmtpAttempt.to("fabrikam.com", SmtpAttempt.at("192.0.2.77"), CONTOSO),
                    "smtpd_relay_restrictions = reject_unauth_destination"));
    }

    private Scene pastOrgMilter() {
        return Scene.of("some relay without OrgMilter", at, "", at.tight(),
            Wiring.opens("mynetworks of Docker", "doubtful trusted-networks", SmtpAttempt.relaying(SmtpAttempt.at("172.30.0.1"), STRANGER),
                    "mynetworks = 127.0.0.0/8 172.30.0.0/16", "smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination"),
            Wiring.opens("a table of clients", "doubtful listed-clients", SmtpAttempt.relaying(SmtpAttempt.at("203.0.113.9"), STRANGER),
                    "smtpd_relay_restrictions = check_client_access cidr:/it/listed.cidr, reject_unauth_destination"),
            Wiring.opens("QMQP for some", "doubtful listed-clients", OtherAttempts.byQmqp(STRANGER),
                    "qmqpd_authorized_clients = 127.0.0.2").by("qmqpd").byHand("postconf -c DIRECTORY -MX SERVICE"),
            Wiring.opens("certificates without the milter", "wrong trusted-certificates",
                    SmtpAttempt.relaying(SmtpAttempt.with(CERTIFICATES.verified("any.example")), STRANGER),
                    "smtpd_relay_restrictions = permit_tls_all_clientcerts, reject_unauth_destination"),
            Wiring.opens("logins without the milter", "wrong unfiltered-logins", SmtpAttempt.relaying(SmtpAttempt.login(), CONTOSO),
                    "smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination"),
            Wiring.opens("no service with the milter", "wrong milter-missing", BY_ANOTHER_CUSTOMER, tight).alone());
    }

    private Scene asked() {
        return Scene.of("how OrgMilter is asked", at, "", at.tight(),
            Wiring.opens("default_action=accept", "wrong default-action", BY_STRANGER, at.askedAt("127.0.0.1", ", default_action=accept"), WIDE).as(Trait.DOWN),
            Wiring.opens("milter_default_action", "wrong default-action", BY_STRANGER, at.askedAt("127.0.0.1", ""), "milter_default_action = accept", WIDE).as(Trait.DOWN),
            Wiring.changes("default_action=reject", "doubtful default-action", INBOUND, "55.*", "451 4\\.7\\.1 .*",
                    at.askedAt("127.0.0.1", ", default_action=reject"), tight).as(Trait.DOWN),
            Wiring.opens("no_milters", "wrong milter-disabled", BY_STRANGER, ours, "receive_override_options = no_milters", WIDE),
            Wiring.opens("smtpd_milter_maps", "wrong milter-disabled", BY_STRANGER, ours, "smtpd_milter_maps = static:DISABLE", WIDE),
            Wiring.opens("smtpd_milter_maps for some", "doubtful milter-disabled", SmtpAttempt.relaying(SmtpAttempt.at("203.0.113.9"), STRANGER),
                    ours, "smtpd_milter_maps = cidr:/it/unfiltered.cidr", WIDE).byHand("smtpd_milter_maps="),
            Wiring.opens("macros that every client has", "wrong forged-macros", BY_STRANGER, ours,
                    "milter_macro_defaults = auth_type=PLAIN auth_authen=admin@mx1.example.net", WIDE),
            Wiring.stops("another name for Postfix", "wrong mail-name", BY_CONTOSO, OURS, ours, "milter_macro_v = Mailer 3", tight));
    }

    private Scene clients() {
        SmtpAttempt smuggled = SmtpAttempt.relaying(SmtpAttempt.at("198.51.100.7"), "ceo@contoso.com").smuggled();
        return Scene.of("clients and restrictions", at, "", at.tight(),
            Wiring.opens("XCLIENT for everybody", "wrong xclient", BY_ADDRESS, ours, "smtpd_authorized_xclient_hosts = 0.0.0.0/0", WIDE),
            Wiring.opens("bare newlines", "wrong smuggling", smuggled, ours, "smtpd_forbid_bare_newline = no", tight),
            Wiring.opens("bare newlines from some", "doubtful smuggling", smuggled, ours, "smtpd_forbid_bare_newline = normalize",
                    "smtpd_forbid_bare_newline_exclusions = 127.0.0.0/8 198.51.100.0/24", tight),
            Wiring.changes("the wide gate", "doubtful wide-gate", BY_STRANGER, OURS, THEIRS, ours, WIDE)
                    .byHand(("smtpd_relay_restrictions=" + at.tight()).replaceAll(",? +", ",")),
            Wiring.changes("a query that permits without an answer", "doubtful policy-default-action", BY_STRANGER, OURS, "451 4\\.3\\.5 .*", ours,
                    "smtpd_policy_service_default_action = OK", "smtpd_relay_restrictions = check_policy_service inet:127.0.0.9:1, " + at.tight()),
            Wiring.stops("nothing that refuses", "wrong incomplete-restrictions", OtherAttempts.impatient(INBOUND, Duration.ofSeconds(20)), "ended|421 .*",
                    ours, "smtpd_relay_restrictions = permit"),
            Wiring.stops("mail back from a filter", "wrong reinjection", SmtpAttempt.relaying(SmtpAttempt.nobody(), STRANGER), OURS, ours,
                    "content_filter = smtp:$sink", "mynetworks = 127.0.0.0/8", "smtpd_relay_restrictions = permit_mynetworks, reject").as(Trait.LOOPBACK),
            Wiring.stops("an absolute path in the chroot", "wrong socket", INBOUND, "451 4\\.7\\.1 .*",
                    "smtpd_milters = unix:/var/spool/postfix/orgmilter/orgmilter.sock", tight)
                    .byHand("smtpd_milters=unix:orgmilter/orgmilter.sock").as(Trait.CHROOT),
            Wiring.stops("a socket of another user", "wrong socket", INBOUND, "451 4\\.7\\.1 .*",
                    "smtpd_milters = unix:orgmilter/private.sock", tight)
                    .byHand("smtpd_milters=unix:orgmilter/orgmilter.sock"));
    }

    private Scene authorities() {
        return Scene.of("CAs that count too much", at, "", at.tight(),
            Wiring.opens("a customer's CA", "wrong authorities", SmtpAttempt.relaying(SmtpAttempt.with(IMPOSTOR), CONTOSO),
                    ours, tight, "smtpd_tls_CAfile = /it/fabrikam.pem").byHand("smtpd_tls_CAfile=/it/ca.pem"),
            Wiring.opens("a bundle of CAs", "doubtful authorities", BY_PUBLIC_CA,
                    ours, tight, "smtpd_tls_CAfile = /it/bundle.pem").byHand("smtpd_tls_CAfile=/it/ca.pem"),
            Wiring.opens("a folder of CAs", "doubtful authorities", BY_PUBLIC_CA,
                    ours, tight, "smtpd_tls_CApath = /it/cas").prepared("openssl rehash /it/cas"),
            Wiring.opens("every CA of the system", "doubtful authorities", BY_PUBLIC_CA,
                    ours, tight, "tls_append_default_CA = yes").prepared("cp /it/cas/7.pem /etc/ssl/certs && openssl rehash /etc/ssl/certs"));
    }

    private Scene otherAuthorities() {
        return Scene.of("CAs that do not count", at, "", at.tight(),
            Wiring.stops("CAs that have expired", "wrong authorities", BY_RENEWED, THEIRS,
                    ours, tight, "smtpd_tls_CAfile = /it/expired.pem").byHand("smtpd_tls_CAfile=/it/renewed.pem"),
            Wiring.stops("one CA that has expired", "doubtful authorities", BY_RENEWED, THEIRS,
                    ours, tight, "smtpd_tls_CAfile = /it/one-expired.pem").byHand("smtpd_tls_CAfile=/it/both.pem"),
            Wiring.stops("no CA", "wrong authorities", BY_CONTOSO, THEIRS,
                    ours, tight, "smtpd_tls_CAfile =").byHand("smtpd_tls_CAfile=/it/ca.pem"),
            Wiring.stops("a file of CAs that is not there", "wrong authorities", BY_CONTOSO, "454 4\\.7\\.0 TLS not available.*",
                    ours, tight, "smtpd_tls_CAfile = /it/none.pem").byHand("smtpd_tls_CAfile=/it/ca.pem"),
            Wiring.stops("a file without certificates", "wrong authorities", BY_CONTOSO, "454 4\\.7\\.0 TLS not available.*",
                    ours, tight, "smtpd_tls_CAfile = /it/settings").byHand("smtpd_tls_CAfile=/it/ca.pem"),
            Wiring.stops("no certificate is asked for", "wrong ask-certificate", BY_CONTOSO, THEIRS,
                    ours, tight, "smtpd_tls_ask_ccert = no").alone(),
            Wiring.stops("one service does not ask for it", "doubtful ask-certificate", BY_CONTOSO, THEIRS,
                    ours, tight, "smtpd_tls_ask_ccert = no"),
            Wiring.stops("no TLS", "wrong ask-certificate", BY_CONTOSO, "502 5\\.5\\.1 .*",
                    ours, tight, "smtpd_tls_security_level = none").alone());
    }

    private Scene gates() {
        return Scene.of("gates that refuse", at, ADATUM_BY_LOGIN, at.tight(),
            Wiring.stops("addresses", "wrong gate-refuses", BY_ADDRESS, THEIRS, ours,
                    "smtpd_relay_restrictions = permit_auth_destination, permit_tls_all_clientcerts, permit_sasl_authenticated, reject_unauth_destination").alone(),
            Wiring.stops("certificates", "wrong gate-refuses", BY_CONTOSO, THEIRS, ours,
                    "smtpd_relay_restrictions = permit_auth_destination, permit_sasl_authenticated, " + at.clients() + ", reject_unauth_destination").alone(),
            Wiring.stops("logins", "wrong gate-refuses", SmtpAttempt.relaying(SmtpAttempt.login(), "a@adatum.example"), THEIRS, ours,
                    "smtpd_relay_restrictions = permit_auth_destination, permit_tls_all_clientcerts, " + at.clients() + ", reject_unauth_destination").alone()
                    .byHand(("smtpd_relay_restrictions=" + at.tight()).replaceAll(",? +", ",")),
            Wiring.stops("addresses on one service alone", "doubtful gate-refuses", BY_ADDRESS, THEIRS, ours,
                    "smtpd_relay_restrictions = permit_auth_destination, permit_tls_all_clientcerts, permit_sasl_authenticated, reject_unauth_destination"),
            Wiring.stops("certificates on one service alone", "doubtful gate-refuses", BY_CONTOSO, THEIRS, ours,
                    "smtpd_relay_restrictions = permit_auth_destination, permit_sasl_authenticated, " + at.clients() + ", reject_unauth_destination"),
            Wiring.stops("an export of yesterday", "wrong stale-export", BY_ADDRESS, THEIRS, ours,
                    "smtpd_relay_restrictions = permit_auth_destination, permit_tls_all_clientcerts, permit_sasl_authenticated,"
                    + " check_client_access cidr:/it/orgmilter.cidr, reject_unauth_destination").alone()
                    .byHand("cp /it/today.cidr /it/orgmilter.cidr"));
    }

    private Scene domains() {
        return Scene.of("domains that Postfix does not take, or too many of", at, "", at.tight(),
            Wiring.stops("a domain that Postfix does not take", "wrong domain-refused",
                    SmtpAttempt.to("fabrikam.com", SmtpAttempt.at("192.0.2.77"), STRANGER), THEIRS, ours, tight).alone("relay_domains=contoso.com adatum.example"),
            Wiring.stops("a domain on the service alone", "doubtful ignored-setting",
                    SmtpAttempt.to("fabrikam.com", SmtpAttempt.at("192.0.2.77"), STRANGER), THEIRS, ours, tight, "relay_domains = fabrikam.com")
                    .alone("relay_domains=contoso.com adatum.example"),
            Wiring.stops("a table that cannot be read", "doubtful domain-refused",
                    SmtpAttempt.to("fabrikam.com", SmtpAttempt.at("192.0.2.77"), STRANGER), "451 4\\.3\\.0 .*", ours, tight)
                    .alone("relay_domains=contoso.com adatum.example texthash:/it/later").byHand("echo fabrikam.com OK >/it/later"),
            Wiring.changes("parents of relay_domains", "doubtful subdomains",
                    SmtpAttempt.to("sub.contoso.com", SmtpAttempt.at("192.0.2.77"), STRANGER), OURS, THEIRS, ours, tight)
                    .alone("parent_domain_matches_subdomains=relay_domains"));
    }

    private Scene unknownDomains() {
        return Scene.of("domains that OrgMilter does not know", at, "", at.tight(),
            Wiring.stops("a domain of mailboxes", "wrong domain-unknown",
                    SmtpAttempt.to("tailspin.example", SmtpAttempt.at("192.0.2.77"), STRANGER), OURS, ours, tight)
                    .prepared("postconf -e virtual_mailbox_domains=tailspin.example 'virtual_transport=relay:$sink' && postfix reload"),
            Wiring.stops("another name of the machine", "doubtful domain-unknown",
                    SmtpAttempt.to("old.example.net", SmtpAttempt.at("192.0.2.77"), STRANGER), OURS, ours, tight)
                    .prepared("postconf -e 'mydestination=mx1.example.net, old.example.net, localhost' && postfix reload"))
            .mendedBy("local-domains = [ \"mx1.example.net\", \"old.example.net\", \"tailspin.example\" ]");
    }

    private Scene programs() {
        return Scene.of("other programs of Postfix", at, "", at.tight(),
            Wiring.stops("the machine's own mail", "wrong own-mail", OtherAttempts.byCommand("root@mx1.example.net"), "milter-reject", ours, tight)
                    .alone("non_smtpd_milters=inet:127.0.0.1:" + at.milter()),
            Wiring.opens("settings on postscreen", "doubtful postscreen", BY_ANOTHER_CUSTOMER, ours, tight)
                    .by("postscreen").alone("postscreen_access_list=static:permit", tight.replace(" = ", "="))
                    .beside("smtpd pass - - n - - smtpd", "dnsblog unix - - n - 0 dnsblog", "tlsproxy unix - - n - 0 tlsproxy")
                    .byHand("postconf -c DIRECTORY -PX SERVICE/smtpd_milters SERVICE/smtpd_relay_restrictions SERVICE/smtpd_sasl_auth_enable"));
    }

    private Scene pins() {
        String gate = at.query() + ", " + at.tight();
        return Scene.of("pins and policy queries", at, """
            policy-listen = [ "inet:%d@127.0.0.1" ]
            policy-grants-relay = true
            adatum: connectors.pinned.certificate-fingerprints = [ "%s" ]
            adatum: connectors.pinned-and-verified.certificate-fingerprints = [ "%s" ]
            """.formatted(at.policy(), PINNED.fingerprint(), PINNED_AND_VERIFIED.fingerprint()), gate,
            Wiring.stops("pins without a query", "wrong pins", SmtpAttempt.relaying(SmtpAttempt.with(PINNED_AND_VERIFIED), "a@adatum.example"),
                    "451 4\\..*", ours, tight),
            Wiring.stops("pins by another digest", "wrong pins", SmtpAttempt.relaying(SmtpAttempt.with(PINNED), "a@adatum.example"), "451 4\\.7\\.0 .*",
                    ours, "smtpd_tls_fingerprint_digest = md5", "smtpd_relay_restrictions = " + gate),
            Wiring.stops("a query that comes too late", "doubtful pins", SmtpAttempt.relaying(SmtpAttempt.with(PINNED_AND_VERIFIED), "a@adatum.example"), "451 4\\..*",
                    ours, "smtpd_relay_restrictions = permit_tls_all_clientcerts, " + gate)
                    .byHand(("smtpd_relay_restrictions=" + gate).replaceAll(",? +", ",")),
            Wiring.opens("a query that permits without an answer, without the milter", "wrong policy-default-action", BY_STRANGER,
                    "smtpd_policy_service_default_action = OK", "smtpd_relay_restrictions = " + at.query() + ", reject_unauth_destination").as(Trait.DOWN));
    }

    private Scene answers() {
        String right = ours.replaceAll(" *([={}]) *", "$1").replaceAll(", *", ",");
        return Scene.of("what answers", at, "", at.tight(),
            Wiring.stops("nothing", "wrong answers", INBOUND, "451 4\\.7\\.1 .*", at.askedAt("127.0.0.9", ", default_action=tempfail"), tight).byHand(right),
            Wiring.stops("something else", "wrong answers", INBOUND, "451 4\\.7\\.1 .*", at.askedAt("127.0.0.10", ", default_action=tempfail"), tight).byHand(right),
            Wiring.stops("something slow", "doubtful answers", OtherAttempts.timed(INBOUND, Duration.ofSeconds(2)), "slowly relayed",
                    at.askedAt("127.0.0.11", ", default_action=tempfail"), tight).byHand(right),
            Wiring.opens("another OrgMilter", "wrong answers", BY_STRANGER, at.askedAt("127.0.0.12", ", default_action=tempfail"), WIDE).byHand(right))
            .beside(() -> new Impostors(at.milter()));
    }

    private Scene audit() {
        return Scene.of("audit", at, "mode = audit", at.tight(),
            Wiring.opens("audit behind the wide gate", "wrong audit", BY_STRANGER, ours, WIDE).alone(),
            Wiring.opens("audit behind the tight gate", "doubtful audit", BY_ANOTHER_CUSTOMER, ours, tight).alone())
            .mendedBy("mode = enforce");
    }

    /** Every client of a published port has the address of the gateway. */
    private Scene exemptGateway() {
        Machines bridge = at.onBridge();
        return Scene.of("a published port, and its gateway is exempt", bridge, "exempt-clients = [ \"" + at.bridge() + "\" ]", bridge.tight(),
            Wiring.opens("an exempt gateway", "wrong shared-address", SmtpAttempt.relaying(SmtpAttempt.nobody(), STRANGER), bridge.asked(), WIDE))
            .mendedBy("exempt-clients = [ ]");
    }

    private Scene gatewayOfAConnector() {
        Machines bridge = at.onBridge();
        String connector = "contoso: connectors.office.addresses = [ \"%s\" ]";
        return Scene.of("a published port, and its gateway is a connector's", bridge, connector.formatted(at.bridge()), bridge.tight(),
            Wiring.opens("mynetworks of the gateway", "wrong trusted-networks", SmtpAttempt.relaying(SmtpAttempt.nobody(), STRANGER),
                    "mynetworks = 127.0.0.0/8 " + at.bridge(), "smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination"),
            Wiring.opens("a connector of the gateway", "doubtful shared-address", SmtpAttempt.relaying(SmtpAttempt.nobody(), CONTOSO), bridge.asked(), WIDE))
            .mendedBy(connector.formatted("203.0.113.7"));
    }
    // spotless:on
}
