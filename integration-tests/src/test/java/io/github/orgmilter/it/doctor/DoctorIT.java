package io.github.orgmilter.it.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.orgmilter.it.client.ClientCertificate;
import io.github.orgmilter.it.client.TestCertificates;
import io.github.orgmilter.it.daemon.MilterProcess;
import io.github.orgmilter.it.doctor.Doctor.Finding;
import io.github.orgmilter.it.mta.DomainsIn;
import io.github.orgmilter.it.mta.FreePort;
import io.github.orgmilter.it.mta.MtaContainer;
import io.github.orgmilter.it.mta.PostfixContainer;
import io.github.orgmilter.it.mta.Sink;
import io.github.orgmilter.it.scenario.Sample;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.images.builder.Transferable;

/**
 * What the doctor finds is true: services of a real Postfix that are wired wrongly relay what they should not or stop what they
 * should not; the doctor says so of each; with its repairs they do not, and it finds nothing more.
 */
final class DoctorIT {

    private static final TestCertificates CERTIFICATES = new TestCertificates();
    private static final ClientCertificate IMPOSTOR =
            CERTIFICATES.ofAuthority("CA of fabrikam.com", "mail.contoso.com");

    private static final String STRANGER = "someone@stranger.example";
    private static final Attempt BY_STRANGER = Attempt.relaying(Attempt.at("192.0.2.77"), STRANGER);
    private static final Attempt INBOUND = new Attempt(Attempt.at("192.0.2.77"), STRANGER, "contoso.com");
    private static final Attempt BY_CERTIFICATE =
            Attempt.relaying(Attempt.with(CERTIFICATES.verified("any.example")), STRANGER);
    private static final Attempt BY_CONTOSO =
            Attempt.relaying(Attempt.with(CERTIFICATES.verified("mail.contoso.com")), "a@contoso.com");

    private static final String WIDE = "smtpd_relay_restrictions = check_client_access static:OK, reject";
    private static final String TIGHT =
            "permit_auth_destination, permit_tls_all_clientcerts, permit_sasl_authenticated, check_client_access socketmap:inet:127.0.0.1:%d:clients, reject_unauth_destination";

    @TempDir
    private Path folder;

    private final Map<String, Integer> ports = new HashMap<>();

    private final int port = FreePort.next();
    private final int maps = FreePort.next();
    private final String configuration = """
            listen = [
              "inet:%d@127.0.0.1"
              { socket = "unix:SOCKETS/orgmilter.sock", mode = "0666" }
              { socket = "unix:SOCKETS/private.sock", mode = "0600" }
            ]
            map-listen = [ "inet:%d@127.0.0.1" ]
            local-domains = [ "mx1.example.net" ]
            trusted-logins = [ "admin@mx1.example.net" ]
            organizations {
              contoso {
                accepted-domains = [ "contoso.com" ]
                connectors {
                  by-address { addresses = [ "198.51.100.7" ] }
                  by-certificate { certificate-names = [ "mail.contoso.com" ] }
                }
              }
              fabrikam { accepted-domains = [ "fabrikam.com" ], connectors.server { addresses = [ "198.51.100.8" ] } }
            }
            """.formatted(port, maps);

    DoctorIT() throws IOException {}

    private String milter(String more) {
        return "smtpd_milters = { inet:127.0.0.1:" + port
                + ", connect_timeout=100s, command_timeout=100s, content_timeout=100s" + more + " }";
    }

    // spotless:off
    private List<Wiring> wirings() {
        String ours = milter(", default_action=tempfail");
        return List.of(
            Wiring.opens("static:OK without the milter", "wrong open-service", BY_STRANGER, WIDE),
            Wiring.opens("a restriction class that permits", "wrong open-service", BY_STRANGER,
                    "smtpd_restriction_classes = friends", "friends = permit", "smtpd_relay_restrictions = friends, reject_unauth_destination"),
            Wiring.opens("a table of senders", "wrong open-service", Attempt.relaying(Attempt.at("192.0.2.77"), "a@contoso.com"),
                    "smtpd_relay_restrictions = check_sender_access texthash:/it/senders, reject_unauth_destination"),
            Wiring.opens("mynetworks of everybody", "wrong open-service", BY_STRANGER,
                    "mynetworks = 0.0.0.0/0", "smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination"),
            Wiring.opens("mynetworks of Docker", "doubtful trusted-networks", Attempt.relaying(Attempt.at("172.30.0.1"), STRANGER),
                    "mynetworks = 127.0.0.0/8 172.30.0.0/16", "smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination"),
            Wiring.opens("a table of clients", "doubtful listed-clients", Attempt.relaying(Attempt.at("203.0.113.9"), STRANGER),
                    "smtpd_relay_restrictions = check_client_access cidr:/it/listed.cidr, reject_unauth_destination"),
            Wiring.opens("certificates without the milter", "wrong trusted-certificates", BY_CERTIFICATE,
                    "smtpd_relay_restrictions = permit_tls_all_clientcerts, reject_unauth_destination"),
            Wiring.opens("logins without the milter", "wrong unfiltered-logins", Attempt.relaying(Attempt.login(), "a@contoso.com"),
                    "smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination"),
            Wiring.opens("default_action=accept", "wrong default-action", BY_STRANGER, milter(", default_action=accept"), WIDE).as("down"),
            Wiring.opens("milter_default_action", "wrong default-action", BY_STRANGER, milter(""), "milter_default_action = accept", WIDE).as("down"),
            Wiring.opens("no_milters", "wrong milter-disabled", BY_STRANGER, ours, "receive_override_options = no_milters", WIDE),
            Wiring.opens("smtpd_milter_maps", "wrong milter-disabled", BY_STRANGER, ours, "smtpd_milter_maps = static:DISABLE", WIDE),
            Wiring.opens("macros that every client has", "wrong forged-macros", BY_STRANGER, ours,
                    "milter_macro_defaults = auth_type=PLAIN auth_authen=admin@mx1.example.net", WIDE),
            Wiring.opens("XCLIENT for everybody", "wrong xclient", Attempt.relaying(Attempt.at("198.51.100.7"), "a@contoso.com"), ours,
                    "smtpd_authorized_xclient_hosts = 0.0.0.0/0", WIDE),
            Wiring.opens("a customer's CA", "wrong authorities", Attempt.relaying(Attempt.with(IMPOSTOR), "a@contoso.com"), ours,
                    "smtpd_tls_CAfile = /it/fabrikam.pem", "smtpd_relay_restrictions = permit_tls_all_clientcerts, reject_unauth_destination")
                    .byHand("smtpd_tls_CAfile=/it/ca.pem"),
            Wiring.stops("nothing that refuses", "wrong incomplete-restrictions", INBOUND, ours, "smtpd_relay_restrictions = permit"),
            Wiring.stops("mail back from a filter", "wrong reinjection", Attempt.relaying(smtp -> true, STRANGER), ours,
                    "content_filter = smtp:$sink", "mynetworks = 127.0.0.0/8", "smtpd_relay_restrictions = permit_mynetworks, reject").as("loopback"),
            Wiring.stops("an absolute path in the chroot", "wrong socket", INBOUND,
                    "smtpd_milters = unix:/var/spool/postfix/orgmilter/orgmilter.sock", "smtpd_relay_restrictions = " + TIGHT.formatted(maps))
                    .byHand("smtpd_milters=unix:orgmilter/orgmilter.sock").as("chroot"),
            Wiring.stops("a socket of another user", "wrong socket", INBOUND,
                    "smtpd_milters = unix:orgmilter/private.sock", "smtpd_relay_restrictions = " + TIGHT.formatted(maps))
                    .byHand("smtpd_milters=unix:orgmilter/orgmilter.sock"),
            Wiring.stops("another name for Postfix", "wrong mail-name", BY_CONTOSO, ours, "milter_macro_v = Mailer 3",
                    "smtpd_relay_restrictions = " + TIGHT.formatted(maps)));
    }
    // spotless:on

    @Test
    void everyFindingIsTrueAndItsRepairMendsIt() throws IOException, InterruptedException {
        MtaContainer.removeLeftovers();
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        String ours = configuration.replace("SOCKETS", folder.toString());
        List<Wiring> wirings = Sample.of("the doctor of Postfix", wirings(), wiring -> false, 4);
        try (Sink sink = new Sink();
                PostfixContainer postfix = postfix(sink, wirings)) {
            postfix.start();
            for (Wiring wiring : wirings) {
                if (wiring.kind().equals("down")) {
                    assertThat(succeeds(wiring, sink))
                            .as(wiring + " while OrgMilter is down")
                            .isTrue();
                }
            }
            try (MilterProcess milter = MilterProcess.start(ours)) {
                for (Wiring wiring : wirings) {
                    if (!wiring.kind().equals("down")) {
                        assertThat(succeeds(wiring, sink))
                                .as("%s: before; %s", wiring, postfix.logText(0))
                                .isEqualTo(wiring.open());
                    }
                }
                Doctor doctor = new Doctor("postfix", postfix, Doctor.configuration(ours));
                Path recording = folder.resolve("recording.txt");
                check(wirings, doctor.findings("--record", recording.toString()));
                String script = doctor.repair(recording);
                for (Wiring wiring : wirings) {
                    for (String setting : wiring.byHand()) {
                        doctor.inContainer("postconf -P '" + id(wiring) + "/" + setting + "'");
                    }
                }
                doctor.inContainer("postfix reload");
                for (Wiring wiring : wirings) {
                    await(wiring + ": after\n" + script)
                            .atMost(Duration.ofMinutes(2))
                            .until(() -> succeeds(wiring, sink)
                                    != (wiring.open() || wiring.kind().equals("down")));
                }
                String after = doctor.run();
                assertThat(Doctor.topics(Doctor.parse(after))).as(after).isSubsetOf("doubtful wide-gate");
                assertThat(after).contains("right answers: ");
                await("the verdict on the doctor's stranger")
                        .atMost(Duration.ofMinutes(1))
                        .until(() -> milter.text(0).contains("to=<nobody@orgmilter-doctor.invalid>"));
            }
            for (Wiring wiring : wirings) {
                if (wiring.kind().equals("down")) {
                    assertThat(succeeds(wiring, sink))
                            .as(wiring + " while OrgMilter is down again")
                            .isFalse();
                }
            }
        }
    }

    private void check(List<Wiring> wirings, List<Finding> findings) {
        Map<String, String> missing = new TreeMap<>();
        for (Wiring wiring : wirings) {
            String service = String.valueOf(ports.get(wiring.name()));
            List<String> of = findings.stream()
                    .filter(finding -> finding.place().contains(service))
                    .map(Finding::what)
                    .toList();
            if (!of.contains(wiring.found())) {
                missing.put(wiring.name(), of.toString());
            }
        }
        assertThat(missing).as(findings.toString()).isEmpty();
    }

    private String id(Wiring wiring) {
        String address = wiring.kind().equals("loopback") ? "127.0.0.1:" : "";
        return address + ports.get(wiring.name()) + "/inet";
    }

    private boolean succeeds(Wiring wiring, Sink sink) throws IOException {
        InetSocketAddress server = new InetSocketAddress("127.0.0.1", ports.get(wiring.name()));
        return wiring.attempt().succeeds(server, sink, Duration.ofSeconds(wiring.open() ? 120 : 20));
    }

    private PostfixContainer postfix(Sink sink, List<Wiring> wirings) throws IOException {
        PostfixContainer postfix = new PostfixContainer("bookworm", DomainsIn.RELAY_DOMAINS, CERTIFICATES, sink)
                // In a map they would be missing while OrgMilter is down, and all mail be put off: that is safer.
                .relayDomains("contoso.com, fabrikam.com")
                .withSocketFolder(folder)
                // More than this machine, so that it matters who may relay; these networks lead nowhere else.
                .set("inet_interfaces", "127.0.0.1, " + bridge())
                .set("smtpd_authorized_xclient_hosts", "127.0.0.0/8");
        postfix.withCopyToContainer(Transferable.of(TestCertificates.authorityPem(IMPOSTOR)), "/it/fabrikam.pem");
        postfix.withCopyToContainer(Transferable.of("contoso.com OK\n"), "/it/senders");
        postfix.withCopyToContainer(Transferable.of("203.0.113.9 OK\n"), "/it/listed.cidr");
        List<Wiring> all = new ArrayList<>(wirings);
        all.add(Wiring.opens(
                "as it should be",
                "",
                BY_STRANGER,
                milter(", default_action=tempfail"),
                "smtpd_relay_restrictions = " + TIGHT.formatted(maps)));
        for (Wiring wiring : all) {
            int own = FreePort.next();
            postfix.bareService(
                    (wiring.kind().equals("loopback") ? "127.0.0.1:" : "") + own,
                    wiring.kind().equals("chroot"),
                    wiring.allOptions());
            ports.put(wiring.name(), own);
        }
        return postfix;
    }

    /** The address of the host on Docker's own network. */
    private static String bridge() throws IOException {
        return NetworkInterface.networkInterfaces()
                .filter(network -> network.getName().startsWith("docker")
                        || network.getName().startsWith("br-"))
                .flatMap(NetworkInterface::inetAddresses)
                .filter(Inet4Address.class::isInstance)
                .map(address -> address.getHostAddress())
                .findFirst()
                .orElseThrow(() -> new IOException("Docker has no bridge network on this machine"));
    }
}
