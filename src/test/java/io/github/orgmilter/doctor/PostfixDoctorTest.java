package io.github.orgmilter.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.asking.Questions;
import io.github.orgmilter.config.Configuration;
import io.github.orgmilter.export.ExportedFile;
import io.github.orgmilter.export.Exports;
import io.github.orgmilter.identity.Mta;
import io.github.orgmilter.machine.Machine;
import io.github.orgmilter.machine.Output;
import io.github.orgmilter.machine.Recording;
import io.github.orgmilter.wiring.Finding;
import io.github.orgmilter.wiring.Report;
import io.github.orgmilter.wiring.Severity;
import io.github.orgmilter.wiring.Topic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("The doctor of Postfix")
final class PostfixDoctorTest {

    static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");
    static final String EXAMPLE = "postfix-example/orgmilter.conf";

    private static final String OURS = "{ inet:127.0.0.1:10033, default_action=tempfail }";
    private static final String TIGHT =
            "permit_auth_destination, permit_tls_all_clientcerts, permit_sasl_authenticated, check_client_access socketmap:inet:127.0.0.1:10035:clients, reject_unauth_destination";

    @TempDir
    private Path folder;

    /**
     * A wiring and what is found.
     *
     * @param ours lines in place of the example's orgmilter.conf; empty for that file; {@code +} before it for more lines
     * @param found severity and topic of each finding that is not right, sorted
     */
    private record Row(String name, String ours, List<String> changes, Set<String> found) {
        static Row of(String name, String ours, List<String> changes, String... found) {
            return new Row(name, ours, changes, new TreeSet<>(Set.of(found)));
        }

        static Row of(String name, List<String> changes, String... found) {
            return of(name, "", changes, found);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    // spotless:off
    static Stream<Row> rows() {
        return Stream.of(
            Row.of("the example", List.of()),
            Row.of("a second port with the gate and without the milter", List.of(
                    "+2525 inet n - n - - smtpd", "2525/inet/smtpd_relay_restrictions=check_client_access static:OK, reject"),
                    "wrong open-service"),
            Row.of("the same for this machine alone", List.of(
                    "+127.0.0.1:2525 inet n - n - - smtpd", "127.0.0.1:2525/inet/smtpd_relay_restrictions=check_client_access static:OK, reject")),
            Row.of("the same for all, whatever interfaces the service names", List.of(
                    "+2525 inet n - n - - smtpd", "2525/inet/inet_interfaces=127.0.0.1",
                    "2525/inet/smtpd_relay_restrictions=check_client_access static:OK, reject"),
                    "wrong open-service", "doubtful ignored-setting"),
            Row.of("the wide gate with the milter", List.of(
                    "smtp/inet/smtpd_relay_restrictions=check_client_access static:OK, reject"),
                    "doubtful wide-gate"),
            Row.of("the wide gate in main.cf, for a service without the milter", List.of(
                    "smtpd_relay_restrictions=check_client_access static:OK, reject", "+2525 inet n - n - - smtpd"),
                    "wrong open-service"),
            Row.of("an own restriction class that permits", List.of(
                    "+2525 inet n - n - - smtpd", "smtpd_restriction_classes=friends", "friends=permit",
                    "2525/inet/smtpd_relay_restrictions=friends, reject_unauth_destination"),
                    "wrong open-service"),
            Row.of("a table of senders that permits, and whoever knows one relays", List.of(
                    "+2525 inet n - n - - smtpd", "hash:/etc/postfix/senders=contoso.com OK",
                    "2525/inet/smtpd_relay_restrictions=check_sender_access hash:/etc/postfix/senders, reject_unauth_destination"),
                    "wrong open-service"),
            Row.of("the same within the restriction", List.of(
                    "+2525 inet n - n - - smtpd",
                    "2525/inet/smtpd_relay_restrictions=check_sender_access inline:{contoso.com=OK}, reject_unauth_destination"),
                    "wrong open-service"),
            Row.of("a table of senders that refuses", List.of(
                    "+2525 inet n - n - - smtpd", "hash:/etc/postfix/senders=bad.example REJECT",
                    "2525/inet/smtpd_relay_restrictions=check_sender_access hash:/etc/postfix/senders, reject_unauth_destination")),
            Row.of("a table of clients without the milter", List.of(
                    "+2525 inet n - n - - smtpd", "cidr:/etc/postfix/clients.cidr=10.1.2.3 OK",
                    "2525/inet/smtpd_relay_restrictions=check_client_access cidr:/etc/postfix/clients.cidr, reject_unauth_destination"),
                    "doubtful listed-clients"),
            Row.of("the same that has everybody", List.of(
                    "+2525 inet n - n - - smtpd", "cidr:/etc/postfix/clients.cidr=240.0.0.77 OK",
                    "2525/inet/smtpd_relay_restrictions=check_client_access cidr:/etc/postfix/clients.cidr, reject_unauth_destination"),
                    "wrong open-service"),
            Row.of("mynetworks is everybody", List.of(
                    "+2525 inet n - n - - smtpd", "mynetworks=0.0.0.0/0",
                    "2525/inet/smtpd_relay_restrictions=permit_mynetworks, reject_unauth_destination"),
                    "wrong open-service"),
            Row.of("mynetworks has a Docker range without the milter", List.of(
                    "+2525 inet n - n - - smtpd", "mynetworks=127.0.0.0/8 172.17.0.0/16",
                    "2525/inet/smtpd_relay_restrictions=permit_mynetworks, reject_unauth_destination"),
                    "doubtful trusted-networks"),
            Row.of("mynetworks has the container's gateway without the milter", List.of(
                    "+2525 inet n - n - - smtpd", "mynetworks=127.0.0.0/8 172.17.0.0/16",
                    "@/proc/net/route=Iface Destination Gateway Flags\neth0 00000000 010011AC 0003\n",
                    "2525/inet/smtpd_relay_restrictions=permit_mynetworks, reject_unauth_destination"),
                    "wrong trusted-networks"),
            Row.of("mynetworks is loopback without the milter", List.of(
                    "+2525 inet n - n - - smtpd", "mynetworks=127.0.0.0/8 [::ffff:127.0.0.0]/104 [::1]/128 [fe80::]/64",
                    "2525/inet/smtpd_relay_restrictions=permit_mynetworks, reject_unauth_destination")),
            Row.of("mynetworks and exempt-clients are the same", "+exempt-clients = [ \"10.1.0.0/24\" ]", List.of(
                    "+2525 inet n - n - - smtpd", "mynetworks=10.1.0.0/24",
                    "smtp/inet/smtpd_relay_restrictions=permit_mynetworks, " + TIGHT,
                    "2525/inet/smtpd_relay_restrictions=permit_mynetworks, reject_unauth_destination")),
            Row.of("exempt-clients has the container's gateway", "+exempt-clients = [ \"172.17.0.0/16\" ]", List.of(
                    "@/proc/net/route=Iface Destination Gateway Flags\neth0 00000000 010011AC 0003\n"),
                    "wrong shared-address"),
            Row.of("the same behind a proxy that reports addresses", "+exempt-clients = [ \"172.17.0.0/16\" ]", List.of(
                    "@/proc/net/route=Iface Destination Gateway Flags\neth0 00000000 010011AC 0003\n",
                    "smtp/inet/smtpd_upstream_proxy_protocol=haproxy")),
            Row.of("verified certificates relay without the milter", List.of(
                    "+2525 inet n - n - - smtpd",
                    "2525/inet/smtpd_relay_restrictions=permit_tls_all_clientcerts, reject_unauth_destination"),
                    "wrong trusted-certificates"),
            Row.of("logins that are not trusted, without the milter", "+trusted-logins = [ \"admin\" ]", List.of(),
                    "wrong unfiltered-logins"),
            Row.of("logins that are not trusted, with the milter", "+trusted-logins = [ \"admin\" ]", List.of(
                    "submission/inet/smtpd_milters=" + OURS)),
            Row.of("default_action=accept", List.of(
                    "smtp/inet/smtpd_milters={ inet:127.0.0.1:10033, default_action=accept }"),
                    "wrong default-action"),
            Row.of("default_action = accept, with blanks", List.of(
                    "smtp/inet/smtpd_milters={ inet:127.0.0.1:10033, default_action = accept }"),
                    "wrong default-action"),
            Row.of("milter_default_action = accept", List.of(
                    "smtp/inet/smtpd_milters=inet:127.0.0.1:10033", "milter_default_action=accept"),
                    "wrong default-action"),
            Row.of("default_action=reject", List.of(
                    "smtp/inet/smtpd_milters={ inet:127.0.0.1:10033, default_action=reject }"),
                    "doubtful default-action"),
            Row.of("no_milters", List.of(
                    "smtp/inet/receive_override_options=no_milters"),
                    "wrong milter-disabled", "wrong milter-missing", "wrong trusted-certificates", "doubtful listed-clients"),
            Row.of("smtpd_milter_maps", List.of(
                    "smtp/inet/smtpd_milter_maps=hash:/etc/postfix/nomilter", "hash:/etc/postfix/nomilter=10.1.2.3 DISABLE"),
                    "wrong milter-disabled", "wrong milter-missing", "wrong trusted-certificates", "doubtful listed-clients"),
            Row.of("smtpd_milter_maps of which nothing is known", List.of(
                    "smtp/inet/smtpd_milter_maps=cidr:/etc/postfix/nomilter", "cidr:/etc/postfix/nomilter=10.1.2.3 DISABLE"),
                    "doubtful milter-disabled"),
            Row.of("no milter at all", List.of(
                    "-smtp/inet/smtpd_milters"),
                    "wrong milter-missing", "wrong trusted-certificates", "doubtful listed-clients"),
            Row.of("macros that every client has", List.of(
                    "milter_macro_defaults=auth_type=PLAIN auth_authen=nobody"),
                    "wrong forged-macros"),
            Row.of("another mail_name", List.of(
                    "mail_name=Mailer", "milter_macro_v=Mailer 3.7"),
                    "wrong mail-name"),
            Row.of("XCLIENT for everybody", List.of(
                    "smtpd_authorized_xclient_hosts=0.0.0.0/0"),
                    "wrong xclient"),
            Row.of("XCLIENT for a proxy", List.of(
                    "smtpd_authorized_xclient_hosts=10.1.2.3")),
            Row.of("bare newlines", List.of(
                    "smtpd_forbid_bare_newline=no"),
                    "wrong smuggling"),
            Row.of("bare newlines from mynetworks", List.of(
                    "smtpd_forbid_bare_newline_exclusions=127.0.0.0/8 10.0.0.0/8"),
                    "doubtful smuggling"),
            Row.of("nothing that refuses", List.of(
                    "smtp/inet/smtpd_relay_restrictions=permit"),
                    "wrong incomplete-restrictions", "doubtful wide-gate"),
            Row.of("no certificate is asked for", List.of(
                    "smtpd_tls_ask_ccert=no"),
                    "wrong ask-certificate"),
            Row.of("no TLS", List.of(
                    "smtpd_tls_security_level="),
                    "wrong ask-certificate"),
            Row.of("certificates are refused before the milter", List.of(
                    "smtp/inet/smtpd_relay_restrictions=check_client_access socketmap:inet:127.0.0.1:10035:clients, reject_unauth_destination"),
                    "wrong gate-refuses"),
            Row.of("no TLS on this service", List.of(
                    "smtp/inet/smtpd_tls_security_level=none"),
                    "wrong ask-certificate"),
            Row.of("known addresses are refused before the milter", List.of(
                    "cidr:/etc/postfix/old.cidr=10.9.9.9 OK",
                    "smtp/inet/smtpd_relay_restrictions=check_client_access cidr:/etc/postfix/old.cidr, permit_tls_all_clientcerts, reject_unauth_destination"),
                    "wrong gate-refuses"),
            Row.of("known addresses are refused by one of two services", List.of(
                    "+2525 inet n - n - - smtpd", "2525/inet/smtpd_milters=" + OURS,
                    "2525/inet/smtpd_relay_restrictions=permit_tls_all_clientcerts, reject_unauth_destination"),
                    "doubtful gate-refuses"),
            Row.of("certificates are refused by one of two services", List.of(
                    "+2525 inet n - n - - smtpd", "2525/inet/smtpd_milters=" + OURS,
                    "2525/inet/smtpd_relay_restrictions=check_client_access socketmap:inet:127.0.0.1:10035:clients, reject_unauth_destination"),
                    "doubtful gate-refuses"),
            Row.of("both by a service that everybody's mail does not come by", List.of(
                    "+2525 inet n - n - - smtpd", "2525/inet/smtpd_milters=" + OURS,
                    "2525/inet/smtpd_client_restrictions=permit_sasl_authenticated, reject")),
            Row.of("no certificate is asked for by one of two services", List.of(
                    "+2525 inet n - n - - smtpd", "2525/inet/smtpd_milters=" + OURS, "2525/inet/smtpd_tls_ask_ccert=no",
                    "2525/inet/smtpd_relay_restrictions=" + TIGHT),
                    "doubtful ask-certificate"),
            Row.of("every CA of the system", List.of(
                    "tls_append_default_CA=yes"),
                    "doubtful authorities"),
            Row.of("no file of CAs", List.of(
                    "smtpd_tls_CAfile=/etc/postfix/tls/none.pem"),
                    "wrong authorities"),
            Row.of("no CA", List.of(
                    "smtpd_tls_CAfile="),
                    "wrong authorities"),
            Row.of("a domain that Postfix does not take", List.of(
                    "relay_domains=contoso.com"),
                    "wrong domain-refused"),
            Row.of("the same, which the service has and main.cf does not", List.of(
                    "relay_domains=contoso.com", "smtp/inet/relay_domains=contoso.com, fabrikam.com"),
                    "wrong domain-refused", "doubtful ignored-setting"),
            Row.of("every domain in main.cf, and few on a service without the milter", List.of(
                    "relay_domains=static:all", "+2525 inet n - n - - smtpd", "2525/inet/relay_domains=contoso.com",
                    "2525/inet/smtpd_relay_restrictions=reject_unauth_destination"),
                    "wrong open-service", "doubtful wide-gate", "doubtful ignored-setting"),
            Row.of("a domain that OrgMilter does not know", List.of(
                    "virtual_mailbox_domains=adatum.example"),
                    "wrong domain-unknown"),
            Row.of("the machine's name that OrgMilter does not know", List.of(
                    "mydestination=mx1.example.net, old.example.net, localhost, localhost.localdomain, mx1"),
                    "doubtful domain-unknown"),
            Row.of("parents of relay_domains", List.of(
                    "relay_domains=contoso.com fabrikam.com", "parent_domain_matches_subdomains=relay_domains"),
                    "doubtful subdomains"),
            Row.of("subdomains of one entry only", "listen = [ \"inet:10033@127.0.0.1\" ]\nlocal-domains = [ \"mx1.example.net\" ]\norganizations.a { accepted-domains = [ { domain = \"a.example\", subdomains = true } ], connectors.c { addresses = [ \"10.0.0.1\" ] } }", List.of(
                    "relay_domains=a.example", "mynetworks=10.0.0.0/8",
                    "smtp/inet/smtpd_relay_restrictions=permit_mynetworks, reject_unauth_destination"),
                    "wrong domain-refused"),
            Row.of("the machine's own mail", List.of(
                    "non_smtpd_milters=inet:127.0.0.1:10033"),
                    "wrong own-mail"),
            Row.of("the machine's own mail, and none of it on a service that does not ask for it", List.of(
                    "non_smtpd_milters=inet:127.0.0.1:10033", "smtp/inet/non_smtpd_milters="),
                    "wrong own-mail"),
            Row.of("mail back from a filter, asked again", List.of(
                    "content_filter=amavis:[127.0.0.1]:10024", "+127.0.0.1:10025 inet n - n - - smtpd", "127.0.0.1:10025/inet/smtpd_milters=" + OURS,
                    "127.0.0.1:10025/inet/smtpd_relay_restrictions=permit_mynetworks, reject"),
                    "wrong reinjection"),
            Row.of("mail back from a filter", List.of(
                    "content_filter=amavis:[127.0.0.1]:10024", "+127.0.0.1:10025 inet n - n - - smtpd",
                    "127.0.0.1:10025/inet/receive_override_options=no_milters", "127.0.0.1:10025/inet/smtpd_relay_restrictions=permit_mynetworks, reject")),
            Row.of("settings on postscreen", List.of(
                    "+10.0.0.1:25 inet n - n - 1 postscreen", "10.0.0.1:25/inet/smtpd_milters=" + OURS),
                    "doubtful postscreen"),
            Row.of("settings of smtpd that postscreen does use", List.of(
                    "+10.0.0.1:25 inet n - n - 1 postscreen", "10.0.0.1:25/inet/smtpd_service_name=smtpd2",
                    "10.0.0.1:25/inet/smtpd_banner=mx1.example.net ESMTP", "10.0.0.1:25/inet/smtpd_client_connection_count_limit=10")),
            Row.of("QMQP for everybody", List.of(
                    "+628 inet n - n - - qmqpd", "qmqpd_authorized_clients=0.0.0.0/0"),
                    "wrong open-service"),
            Row.of("QMQP for some", List.of(
                    "+628 inet n - n - - qmqpd", "qmqpd_authorized_clients=10.0.0.0/8"),
                    "doubtful listed-clients"),
            Row.of("audit behind the tight gate", "+mode = audit", List.of(),
                    "doubtful audit"),
            Row.of("audit behind the wide gate", "+mode = audit", List.of(
                    "smtp/inet/smtpd_relay_restrictions=check_client_access static:OK, reject"),
                    "doubtful wide-gate", "wrong audit"),
            Row.of("a way round for inbound mail", "+unidentified-mail = reject", List.of(
                    "+2525 inet n - n - - smtpd"),
                    "doubtful inbound-bypass"),
            Row.of("pins without a query", "+policy-listen = [ \"inet:10034@127.0.0.1\" ]\norganizations.adatum { accepted-domains = [ \"adatum.example\" ], connectors.pinned { public-key-fingerprints = [ \"00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF\" ] } }", List.of(),
                    "wrong pins"),
            Row.of("pins with another digest", "+policy-listen = [ \"inet:10034@127.0.0.1\" ]\norganizations.adatum { accepted-domains = [ \"adatum.example\" ], connectors.pinned { public-key-fingerprints = [ \"00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF\" ] } }", List.of(
                    "smtpd_tls_fingerprint_digest=md5",
                    "smtp/inet/smtpd_relay_restrictions=check_policy_service { inet:127.0.0.1:10034, timeout=5s }, " + TIGHT),
                    "wrong pins"),
            Row.of("pins asked for too late", "+policy-listen = [ \"inet:10034@127.0.0.1\" ]\norganizations.adatum { accepted-domains = [ \"adatum.example\" ], connectors.pinned { public-key-fingerprints = [ \"00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF\" ] } }", List.of(
                    "smtp/inet/smtpd_relay_restrictions=permit_tls_all_clientcerts, check_policy_service inet:127.0.0.1:10034, check_client_access socketmap:inet:127.0.0.1:10035:clients, reject_unauth_destination"),
                    "doubtful pins"),
            Row.of("a policy service that permits while it is down", "+policy-listen = [ \"inet:10034@127.0.0.1\" ]", List.of(
                    "smtpd_policy_service_default_action=OK",
                    "smtp/inet/smtpd_relay_restrictions=check_policy_service inet:127.0.0.1:10034, " + TIGHT),
                    "doubtful policy-default-action"),
            Row.of("the same in the restriction itself", "+policy-listen = [ \"inet:10034@127.0.0.1\" ]", List.of(
                    "smtp/inet/smtpd_relay_restrictions=check_policy_service { inet:127.0.0.1:10034, default_action=OK }, " + TIGHT),
                    "doubtful policy-default-action"),
            Row.of("a policy service of others that permits while it is down, without the milter", List.of(
                    "+2525 inet n - n - - smtpd", "smtpd_policy_service_default_action=OK",
                    "2525/inet/smtpd_relay_restrictions=check_policy_service inet:127.0.0.1:10023, reject_unauth_destination"),
                    "wrong policy-default-action"),
            Row.of("the same behind what refuses", List.of(
                    "+2525 inet n - n - - smtpd", "smtpd_policy_service_default_action=OK",
                    "2525/inet/smtpd_relay_restrictions=reject_unauth_destination, check_policy_service inet:127.0.0.1:10023")));
    }
    // spotless:on

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    @DisplayName("finds exactly what is wrong or doubtful with")
    void finds(Row row) throws Exception {
        for (String recording : List.of("postfix-bookworm.txt", "postfix-trixie.txt")) {
            Report report = examine(row, recording);
            Set<String> found = report.findings().stream()
                    .filter(finding -> finding.severity() != Severity.RIGHT)
                    .map(finding ->
                            finding.severity().key() + " " + finding.topic().key())
                    .collect(Collectors.toCollection(TreeSet::new));
            assertThat(found).as(report.text()).isEqualTo(row.found());
            assertThat(report.findings())
                    .allSatisfy(finding -> assertThat(finding.reason()).isNotEmpty());
        }
    }

    private Report examine(Row row, String recording) throws Exception {
        return new PostfixDoctor(
                        configuration(row.ours()), new Questions(Duration.ofSeconds(1)), InstantSource.fixed(NOW))
                .examine(new ChangedPostfix(recording, row.changes()), "");
    }

    private Configuration configuration(String ours) throws Exception {
        String example = Files.readString(Path.of(EXAMPLE));
        String text = ours.isEmpty() || ours.startsWith("+") ? example + ours.replaceFirst("^\\+", "\n") : ours;
        return Configuration.load(Files.writeString(folder.resolve("orgmilter.conf"), text));
    }

    @Test
    @DisplayName("says what could not be looked at, and looks at the rest")
    void unchecked() throws Exception {
        Machine whole = new ChangedPostfix(
                "postfix-trixie.txt",
                List.of(
                        "smtpd_forbid_bare_newline_exclusions=127.0.0.0/8 10.0.0.0/8",
                        "smtp/inet/smtpd_relay_restrictions=check_client_access ldap:/etc/postfix/clients.cf, "
                                + TIGHT));
        Machine lame = new Machine() {
            @Override
            public Output run(List<String> command, String input) throws IOException {
                if (command.contains("ldap:/etc/postfix/clients.cf")) {
                    throw new IOException("postmap did not end within 10 seconds");
                }
                return whole.run(command, input);
            }

            @Override
            public Reach reach() {
                return whole.reach();
            }
        };
        Report report = examine(Files.readString(Path.of(EXAMPLE)), lame, "");
        assertThat(report.text())
                .contains("doubtful smuggling: ")
                .contains(
                        "doubtful unchecked: this machine\n    something could not be looked at: postmap did not end within");
    }

    static List<String> shapes() {
        return List.of("debian", "docker-mailserver", "mailcow", "iredmail", "gateway");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("shapes")
    @DisplayName(
            "finds nothing wrong or doubtful with a well-known setup that is wired as it should be, and does if it is not:")
    void isSilent(String shape) throws Exception {
        Path place = Path.of("src/test/resources/doctor/shapes", shape);
        Recording recording = Recording.parse(Files.readString(place.resolve("recording.txt")));
        String ours = Files.readString(place.resolve("orgmilter.conf"));
        Report report = examine(ours, recording, "/shapes/" + shape);
        assertThat(report.findings())
                .as(report.text())
                .isNotEmpty()
                .allSatisfy(finding -> assertThat(finding.severity()).isEqualTo(Severity.RIGHT));
        assertThat(examine(ours.replace("10033", "10044"), recording, "/shapes/" + shape)
                        .of(Severity.WRONG))
                .extracting(Finding::topic)
                .contains(Topic.MILTER_MISSING);
    }

    @Test
    @DisplayName("finds nothing with the exported gate, and that it is stale after a change")
    void exported() throws Exception {
        Configuration configuration = configuration("");
        List<String> changes = new ArrayList<>(
                List.of(
                        "relay_domains=texthash:/etc/postfix/orgmilter-relay-domains",
                        "smtp/inet/smtpd_relay_restrictions=check_client_access cidr:/etc/postfix/orgmilter.cidr, permit_tls_all_clientcerts, permit_sasl_authenticated, reject_unauth_destination"));
        for (ExportedFile file : Exports.of(Mta.POSTFIX, configuration, Path.of("orgmilter.conf"))) {
            String type = file.name().endsWith(".cidr") ? "cidr" : "texthash";
            changes.add("@/etc/postfix/" + file.name() + "=" + file.text());
            changes.add(type + ":/etc/postfix/" + file.name() + "="
                    + file.text()
                            .lines()
                            .filter(line -> line.endsWith(" OK"))
                            .map(line -> line.replaceFirst("/\\d+ ", " "))
                            .collect(Collectors.joining(", ")));
        }
        ChangedPostfix postfix = new ChangedPostfix("postfix-trixie.txt", changes);
        String example = Files.readString(Path.of(EXAMPLE));
        Report report = examine(example, postfix, "");
        assertThat(report.text())
                .contains("right stale-export: /etc/postfix/orgmilter.cidr")
                .contains("right stale-export: /etc/postfix/orgmilter-relay-domains", "\n0 wrong, 0 doubtful, ");
        Report later = examine(example.replace("203.0.113.16/28", "203.0.113.32/28"), postfix, "");
        assertThat(later.text()).contains("wrong stale-export: /etc/postfix/orgmilter.cidr", "wrong gate-refuses: ");
    }

    private Report examine(String ours, Machine machine, String directory) throws Exception {
        return new PostfixDoctor(configuration(ours), new Questions(Duration.ofSeconds(1)), InstantSource.fixed(NOW))
                .examine(machine, directory);
    }

    /** Findings about services that are wired differently: the place, what is found, and the commands. */
    private List<String> unlike(String... changes) throws Exception {
        String offices =
                Files.readString(Path.of(EXAMPLE)).replace("203.0.113.16/28", "203.0.113.16\", \"203.0.113.32");
        Report report = examine(Row.of("", offices, List.of(changes)), "postfix-trixie.txt");
        return report.findings().stream()
                .filter(finding -> finding.topic() == Topic.GATE_REFUSES && finding.severity() == Severity.DOUBTFUL)
                .map(finding -> finding.place().replaceFirst("^.*?([0-9a-z]+/inet).*$", "$1") + ": "
                        + finding.reason()
                                .replaceFirst("^Postfix refuses clients that OrgMilter knows by address", "refuses")
                                .replaceFirst(" before it asks OrgMilter", "")
                        + "; " + finding.commands())
                .sorted()
                .toList();
    }

    private static String gate(String tables) {
        return "permit_tls_all_clientcerts, permit_sasl_authenticated, " + tables + ", reject_unauth_destination";
    }

    @Test
    @DisplayName("has no service lose what another one lacks")
    void swapped() throws Exception {
        assertThat(unlike(
                        "+2525 inet n - n - - smtpd",
                        "2525/inet/smtpd_milters=" + OURS,
                        "cidr:/etc/postfix/one.cidr=203.0.113.16 OK",
                        "cidr:/etc/postfix/two.cidr=203.0.113.32 OK",
                        "smtp/inet/smtpd_relay_restrictions=" + gate("check_client_access cidr:/etc/postfix/one.cidr"),
                        "2525/inet/smtpd_relay_restrictions=" + gate("check_client_access cidr:/etc/postfix/two.cidr")))
                .containsExactly(
                        "2525/inet: refuses (203.0.113.16); smtp/inet lets them ask; []",
                        "smtp/inet: refuses (203.0.113.32); 2525/inet lets them ask; []");
    }

    @Test
    @DisplayName("names the service by which all that it names may ask")
    void byWhich() throws Exception {
        assertThat(unlike(
                        "+2525 inet n - n - - smtpd",
                        "2525/inet/smtpd_milters=" + OURS,
                        "+2526 inet n - n - - smtpd",
                        "2526/inet/smtpd_milters=" + OURS,
                        "cidr:/etc/postfix/one.cidr=203.0.113.16 OK",
                        "cidr:/etc/postfix/two.cidr=203.0.113.32 OK",
                        "smtp/inet/smtpd_relay_restrictions=permit_tls_all_clientcerts, reject_unauth_destination",
                        "2525/inet/smtpd_relay_restrictions=" + gate("check_client_access cidr:/etc/postfix/one.cidr"),
                        "2526/inet/smtpd_relay_restrictions=" + gate("check_client_access cidr:/etc/postfix/two.cidr")))
                .contains("smtp/inet: refuses (203.0.113.16); 2525/inet lets them ask; [postconf -P"
                        + " smtp/inet/smtpd_relay_restrictions=permit_tls_all_clientcerts,permit_sasl_authenticated,"
                        + "check_client_access,cidr:/etc/postfix/one.cidr,reject_unauth_destination]");
    }

    @Test
    @DisplayName("prints no command that changes nothing")
    void otherSettings() throws Exception {
        assertThat(unlike(
                        "+2525 inet n - n - - smtpd",
                        "2525/inet/smtpd_milters=" + OURS,
                        "2525/inet/smtpd_relay_restrictions=" + TIGHT,
                        "2525/inet/smtpd_recipient_restrictions=reject_unauth_destination",
                        "smtp/inet/smtpd_relay_restrictions=" + TIGHT))
                .containsExactly("2525/inet: refuses (203.0.113.16, 203.0.113.32); smtp/inet lets them ask; []");
    }

    @Test
    @DisplayName("prints commands that a shell can run, and what is to be done by hand as a comment")
    void script() throws Exception {
        Row row = Row.of(
                "",
                List.of(
                        "smtp/inet/smtpd_milters={ inet:127.0.0.1:10033, default_action=accept }",
                        "smtpd_tls_CAfile="));
        assertThat(examine(row, "postfix-trixie.txt").script()).isEqualTo("""
                # wrong default-action: master.cf: smtp/inet/smtpd_milters
                # while OrgMilter does not answer, this service goes on without it: accept
                postconf -P 'smtp/inet/smtpd_milters={inet:127.0.0.1:10033,default_action=tempfail}'
                # wrong authorities: main.cf: smtpd_tls_CAfile, for smtp/inet
                # Postfix trusts no CA, so that no name in a certificate counts
                # by hand: set smtpd_tls_CAfile to a file with the CAs that verify your customers' names, and only those
                """);
    }

    @Test
    @DisplayName("is described in docs/doctor.md, topic by topic")
    void documented() throws IOException {
        Set<String> described = Files.readString(Path.of("docs/doctor.md"))
                .lines()
                .filter(line -> line.matches("\\| `[a-z-]+` \\|.*"))
                .map(line -> line.replaceFirst("\\| `([a-z-]+)` .*", "$1"))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(described)
                .isEqualTo(Stream.of(Topic.values()).map(Topic::key).collect(Collectors.toCollection(TreeSet::new)));
    }
}
