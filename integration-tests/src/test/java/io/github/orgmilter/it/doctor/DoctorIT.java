package io.github.orgmilter.it.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.orgmilter.it.daemon.MilterProcess;
import io.github.orgmilter.it.doctor.Doctor.Finding;
import io.github.orgmilter.it.doctor.Wiring.Trait;
import io.github.orgmilter.it.export.ExportedGate;
import io.github.orgmilter.it.mta.DomainsIn;
import io.github.orgmilter.it.mta.FreePort;
import io.github.orgmilter.it.mta.MtaContainer;
import io.github.orgmilter.it.mta.PostfixContainer;
import io.github.orgmilter.it.mta.Sink;
import io.github.orgmilter.it.scenario.Sample;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.testcontainers.images.builder.Transferable;

/**
 * What the doctor finds is true: services of a real Postfix that are wired wrongly relay what they should not or stop what they
 * should not; the doctor says so of each; with its repairs they do not, and it finds nothing more.
 */
final class DoctorIT {

    private static final String BY_ADDRESS = "connectors.by-address.addresses = [ \"198.51.100.7\" ]\n";

    @TempDir
    private Path folder;

    /** Of a service, by the name of its wiring. */
    private final Map<String, Integer> ports = new HashMap<>();

    static List<Scene> scenes() throws IOException {
        return Sample.turn("the doctor of Postfix", new PostfixScenes(Machines.find()).all());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("scenes")
    @SuppressWarnings("try") // what runs beside OrgMilter just runs
    void everyFindingIsTrueAndItsRepairMendsIt(Scene scene) throws Exception {
        MtaContainer.removeLeftovers();
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        String ours = configuration(scene.at(), scene.ours());
        Path file = Doctor.configuration(ours);
        try (Sink sink = new Sink(scene.at().address());
                PostfixContainer postfix = postfix(scene, sink)) {
            postfix.start();
            Doctor doctor = new Doctor("postfix", postfix, file);
            for (Wiring wiring : scene.wirings()) {
                if (!wiring.prepared().isEmpty()) {
                    doctor.inContainer(wiring.prepared());
                }
            }
            before(scene, postfix, sink, true);
            try (Closeable beside = scene.beside().start();
                    MilterProcess milter = MilterProcess.start(ours)) {
                before(scene, postfix, sink, false);
                Path recording = folder.resolve("recording.txt");
                check(scene, doctor.findings("--record", recording.toString()));
                String script = doctor.repair(recording);
                for (Wiring wiring : scene.wirings()) {
                    for (String step : wiring.steps(port(wiring))) {
                        doctor.inContainer(step);
                    }
                }
                if (!scene.mended().equals(scene.ours())) {
                    String mended = configuration(scene.at(), scene.mended());
                    Files.writeString(file, mended);
                    milter.reload(mended);
                }
                doctor.inContainer("postfix reload");
                after(scene, postfix, sink, false, script);
                String report = doctor.runUnhurried();
                // A repair may leave one service tighter than the others.
                assertThat(Doctor.topics(Doctor.parse(report)))
                        .as(report)
                        .isSubsetOf("doubtful wide-gate", "doubtful gate-refuses");
                assertThat(report).contains("right answers: ");
                await("the verdict on the doctor's stranger")
                        .atMost(Duration.ofMinutes(1))
                        .until(() -> milter.text(0).contains("to=<nobody@orgmilter-doctor.invalid>"));
            }
            after(scene, postfix, sink, true, "");
        }
    }

    private void before(Scene scene, PostfixContainer postfix, Sink sink, boolean down) throws Exception {
        for (Wiring wiring : scene.wirings()) {
            if (wiring.is(Trait.DOWN) == down) {
                assertThat(outcome(wiring, postfix, sink, Duration.ofMinutes(2)))
                        .as("%s: before; %s", wiring, postfix.logText(0))
                        .matches(wiring.before());
            }
        }
    }

    private void after(Scene scene, PostfixContainer postfix, Sink sink, boolean down, String script) {
        for (Wiring wiring : scene.wirings()) {
            if (wiring.is(Trait.DOWN) == down) {
                Callable<String> outcome = () -> outcome(wiring, postfix, sink, Duration.ofSeconds(20));
                await(wiring + ": after\n" + script)
                        .atMost(Duration.ofMinutes(2))
                        .untilAsserted(() -> assertThat(outcome.call()).matches(wiring.after()));
            }
        }
    }

    private String outcome(Wiring wiring, PostfixContainer postfix, Sink sink, Duration patience) throws Exception {
        int port = port(wiring);
        return wiring.attempt()
                .outcome(new Attempt.Target(
                        postfix,
                        wiring.directory(port).replace("/etc/", ""),
                        new InetSocketAddress("127.0.0.1", postfix.reachedAt(port)),
                        InetAddress.getByName("127.0.0.2"),
                        sink,
                        patience));
    }

    private int port(Wiring wiring) {
        return ports.get(wiring.toString());
    }

    /** What is about a service has its port in its place; an instance of its own is named after it. The others share a main.cf. */
    private void check(Scene scene, List<Finding> findings) {
        Map<String, String> missing = new TreeMap<>();
        for (Wiring wiring : scene.wirings()) {
            String service = String.valueOf(port(wiring));
            List<String> of = findings.stream()
                    .filter(finding -> finding.place().contains(service)
                            || finding.place().contains("orgmilter.conf")
                            || !wiring.isAlone() && finding.place().matches("(the machine's own: )?main\\.cf: .*"))
                    .map(Finding::what)
                    .toList();
            if (!of.contains(wiring.found())) {
                missing.put(wiring.toString(), of.toString());
            }
        }
        assertThat(missing).as(findings.toString()).isEmpty();
    }

    private String configuration(Machines at, String lines) {
        String local = lines.contains("local-domains") ? "" : "local-domains = [ \"mx1.example.net\" ]";
        String others = lines.lines().filter(line -> !line.matches("\\w+: .*")).collect(Collectors.joining("\n"));
        return """
                listen = [
                  "inet:%d@%s"
                  { socket = "unix:%s/orgmilter.sock", mode = "0666" }
                  { socket = "unix:%s/private.sock", mode = "0600" }
                ]
                map-listen = [ "inet:%d@%s" ]
                %s
                trusted-logins = [ "admin@mx1.example.net" ]
                organizations {
                  contoso {
                    accepted-domains = [ "contoso.com" ]
                    %sconnectors.by-certificate.certificate-names = [ "mail.contoso.com" ]
                    %s
                  }
                  fabrikam { accepted-domains = [ "fabrikam.com" ], connectors.server.addresses = [ "198.51.100.8" ] }
                  adatum {
                    accepted-domains = [ "adatum.example" ]
                    %s
                  }
                }
                %s
                """.formatted(
                        at.milter(),
                        at.address(),
                        folder,
                        folder,
                        at.maps(),
                        at.address(),
                        local,
                        BY_ADDRESS,
                        of("contoso", lines),
                        of("adatum", lines),
                        others);
    }

    private static String of(String organization, String lines) {
        return lines.lines()
                .filter(line -> line.startsWith(organization + ": "))
                .map(line -> line.substring(organization.length() + 2))
                .collect(Collectors.joining("\n"));
    }

    private PostfixContainer postfix(Scene scene, Sink sink) throws IOException, InterruptedException {
        PostfixContainer postfix = new PostfixContainer("bookworm", DomainsIn.RELAY_DOMAINS, Clients.CERTIFICATES, sink)
                // In a map they would be missing while OrgMilter is down, and all mail be deferred: that is safer.
                .relayDomains("contoso.com, fabrikam.com, adatum.example")
                // Some smtpds end as soon as they start; master(8) would start none for a minute then.
                .set("service_throttle_time", "1s")
                .withSocketFolder(folder);
        for (Wiring wiring : scene.wirings()) {
            ports.put(wiring.toString(), FreePort.next());
        }
        if (scene.at().isBridged()) {
            postfix.onBridge(scene.at().bridge(), sink, ports.values().toArray(Integer[]::new));
        } else {
            postfix
                    // More than this machine, so that it matters who may relay; these networks lead nowhere else.
                    .set("inet_interfaces", "127.0.0.1, " + scene.at().bridge())
                    .set("smtpd_authorized_xclient_hosts", "127.0.0.0/8");
        }
        Map<String, String> files = Clients.files();
        files.put("/it/listed.cidr", "203.0.113.9 OK\n");
        files.put("/it/unfiltered.cidr", "203.0.113.9 DISABLE\n");
        String ours = configuration(scene.at(), scene.ours());
        files.put(
                "/it/orgmilter.cidr",
                ExportedGate.files("postfix", ours.replace(BY_ADDRESS, "")).get("orgmilter.cidr"));
        files.put("/it/today.cidr", ExportedGate.files("postfix", ours).get("orgmilter.cidr"));
        files.forEach((path, text) -> postfix.withCopyToContainer(Transferable.of(text), path));
        for (Wiring wiring : scene.wirings()) {
            int port = port(wiring);
            if (wiring.isAlone()) {
                postfix.instance("postfix-" + port, wiring.main(), wiring.services(port));
            } else {
                wiring.services(port).forEach(postfix::masterService);
            }
        }
        Wiring right = Wiring.opens(
                "as it should be",
                "",
                Clients.BY_STRANGER,
                scene.at().asked(),
                "smtpd_relay_restrictions = " + scene.gate());
        right.services(FreePort.next()).forEach(postfix::masterService);
        return postfix;
    }
}
