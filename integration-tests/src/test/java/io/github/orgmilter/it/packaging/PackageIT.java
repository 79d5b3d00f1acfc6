package io.github.orgmilter.it.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.it.client.TestCertificates;
import io.github.orgmilter.it.mta.DomainsIn;
import io.github.orgmilter.it.mta.FreePort;
import io.github.orgmilter.it.mta.MtaContainer;
import io.github.orgmilter.it.mta.PostfixContainer;
import io.github.orgmilter.it.mta.PostfixContainer.Gate;
import io.github.orgmilter.it.mta.Sink;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The Debian package through its whole life, on a machine where systemd runs it by its unit,
 * confined and as its own user. Two Postfixes ask it: that machine's own, chrooted as Debian ships
 * it, by Unix socket, and one in another container by TCP.
 */
final class PackageIT {

    private static final String CONFIGURATION = "/etc/orgmilter/orgmilter.conf";
    private static final String KEEP_CONFIGURATION = "-o Dpkg::Options::=--force-confold ";
    private static final String SOCKET_FOLDER = "/var/spool/postfix/orgmilter";

    private final TestCertificates certificates = new TestCertificates();

    @Test
    void installsServesReloadsUpgradesStopsAndPurges() throws IOException {
        MtaContainer.removeLeftovers();
        int milterPort = FreePort.next();
        int adminPort = FreePort.next();
        InetSocketAddress localPostfix = new InetSocketAddress(InetAddress.getByName("127.0.0.1"), FreePort.next());
        try (Sink sink = new Sink();
                DebianMachine machine = new DebianMachine("bookworm").withFile(packageFile(), "/it/package.deb");
                PostfixContainer other = new PostfixContainer("bookworm", DomainsIn.RELAY_DOMAINS, certificates, sink)
                        .service("tcp", Gate.WIDE, "inet:127.0.0.1:" + milterPort)) {
            RelayProbe probe = new RelayProbe(sink);
            machine.boot();
            install(machine, milterPort, adminPort);
            installPostfix(machine, localPostfix.getPort(), sink);
            other.start();

            probe.judge(localPostfix);
            probe.judge(other.service("tcp"));
            assertThat(machine.run("journalctl -q -o cat -u orgmilter")).contains("verdict=accept", "verdict=reject");
            assertConfined(machine);
            archive(machine);

            reload(machine, localPostfix, probe, adminPort);

            upgrade(machine);
            probe.judge(localPostfix);
            probe.judge(other.service("tcp"));

            stop(machine);
            probe.deferred(localPostfix);
            purge(machine);
        }
    }

    private static Path packageFile() throws IOException {
        Path target = Path.of(System.getProperty("orgmilter.home", "../target/orgmilter"))
                .resolveSibling(".");
        try (Stream<Path> files = Files.list(target)) {
            // Those of earlier versions may still lie there.
            return files.filter(file -> file.getFileName().toString().matches("orgmilter_.*_all\\.deb"))
                    .max(Comparator.comparing(file -> file.toFile().lastModified()))
                    .orElseThrow(() -> new IOException(
                            "no Debian package in " + target + ": run 'mvn package' in the top folder first"));
        }
    }

    /**
     * The configuration is there first, as where machines are provisioned: the shipped one names a port
     * that may be taken on this host.
     */
    private static void install(DebianMachine machine, int milterPort, int adminPort) throws IOException {
        machine.run("mkdir /etc/orgmilter");
        machine.write(CONFIGURATION, """
                listen = [ "inet:%d@127.0.0.1" ]
                admin-listen = "inet:%d@127.0.0.1"
                """.formatted(milterPort, adminPort) + RelayProbe.ORGANIZATIONS);
        machine.apt(KEEP_CONFIGURATION + "install /it/package.deb");
        // apt starts it and comes back when it has reported to systemd that it is ready.
        assertThat(http("GET", adminPort, "/readyz").statusCode()).isEqualTo(200);
        machine.awaitJournal("orgmilter", "orgmilter listening on inet:" + milterPort + "@127.0.0.1");
        assertThat(machine.run("systemctl is-active orgmilter; systemctl is-enabled orgmilter"))
                .isEqualTo("active\nenabled");
        assertThat(machine.run("stat -c '%U %G' /proc/$(systemctl show -p MainPID --value orgmilter)"))
                .isEqualTo("orgmilter orgmilter");
        assertThat(machine.run("orgmilter --version")).startsWith("orgmilter ");
        assertThat(machine.run(
                        "orgmilter explain --config " + CONFIGURATION + ".dpkg-dist --client-address 203.0.113.17"
                                + " --from bob@fabrikam.com --to anna@outside.example"))
                .contains("accept, sender-domain");
        assertThat(machine.run("dpkg-query -W -f '${Conffiles}' orgmilter"))
                .contains(CONFIGURATION, "/etc/orgmilter/logback.xml", "/etc/default/orgmilter");
        assertThat(machine.run("ls /usr/share/man/man5/orgmilter.conf.5.gz /usr/share/man/man8/orgmilter.8.gz"))
                .isNotEmpty();
        assertThat(machine.run("grep -c orgmilter_recipients_total "
                        + "/usr/share/doc/orgmilter/examples/grafana-dashboard.json"))
                .isNotEqualTo("0");
        assertThat(machine.run("bash -c 'source /usr/share/bash-completion/completions/orgmilter;"
                        + " COMP_WORDS=(orgmilter ex) COMP_CWORD=1; _complete_orgmilter; echo ${COMPREPLY[@]}'"))
                .isEqualTo("explain export");
        assertThat(machine.run("systemd-analyze verify --man=no orgmilter.service orgmilter.socket 2>&1"))
                .isEmpty();
    }

    /** Postfix comes later, and the folder in its queue directory with it. */
    private static void installPostfix(DebianMachine machine, int port, Sink sink) throws IOException {
        assertThat(machine.status("test -e " + SOCKET_FOLDER)).isNotZero();
        machine.apt("install postfix");
        assertThat(machine.run("stat -c '%U %G %a' " + SOCKET_FOLDER)).isEqualTo("orgmilter postfix 2750");
        machine.run("""
                cp /usr/share/postfix/main.cf.debian /etc/postfix/main.cf
                postconf -e myhostname=mx1.example.net mydestination=mx1.example.net relay_domains=contoso.com \\
                    inet_interfaces=loopback-only smtpd_peername_lookup=no \\
                    smtpd_forbid_bare_newline=normalize smtpd_forbid_bare_newline_exclusions= \\
                    'default_transport=smtp:[127.0.0.1]:%1$d' 'relay_transport=smtp:[127.0.0.1]:%1$d'
                postconf -MX smtp/inet
                cat >>/etc/postfix/master.cf <<'END'
                %2$d inet n - y - - smtpd
                  -o { smtpd_milters = { unix:orgmilter/orgmilter.sock, default_action=tempfail } }
                  -o { smtpd_relay_restrictions = check_client_access static:OK, reject }
                END
                systemctl daemon-reload
                systemctl restart postfix@-
                """.formatted(sink.port(), port));
        assertThat(machine.run("postfix check 2>&1")).isEmpty();

        machine.write(CONFIGURATION, machine.run("cat " + CONFIGURATION).replace("@127.0.0.1\" ]", """
                @127.0.0.1", { socket = "unix:%s/orgmilter.sock", mode = "0660", group = "postfix" } ]
                """.strip()
                .formatted(SOCKET_FOLDER)));
        machine.run("systemctl restart orgmilter");
        assertThat(machine.run("stat -c '%U %G %a' " + SOCKET_FOLDER + "/orgmilter.sock"))
                .isEqualTo("orgmilter postfix 660");
    }

    private static void assertConfined(DebianMachine machine) throws IOException {
        assertThat(machine.run("grep -E '^(CapBnd|NoNewPrivs|Seccomp):' "
                        + "/proc/$(systemctl show -p MainPID --value orgmilter)/status | tr -s '\\t' ' '"))
                .isEqualTo("CapBnd: 0000000000000000\nNoNewPrivs: 1\nSeccomp: 2");
        String exposure =
                machine.run("systemd-analyze security --offline=true --no-pager orgmilter.service | tail -n 1");
        double level = Double.parseDouble(exposure.replaceAll("(?s).*: ([0-9.]+) .*", "$1"));
        assertThat(level).as(exposure).isLessThan(1.5);
    }

    /** The service starts from the archive of classes; one that does not fit hinders nothing, and another Java makes it anew. */
    private static void archive(DebianMachine machine) throws IOException {
        String file = "/usr/share/orgmilter/lib/orgmilter.jsa";
        assertThat(machine.run("stat -c '%U %G %a' " + file)).isEqualTo("root root 644");
        // As the user itself: the machine's root may not look into another's memory.
        String mapped = "runuser -u orgmilter -- grep -c " + file
                + "$ /proc/$(systemctl show -p MainPID --value orgmilter)/maps";
        assertThat(machine.status(mapped)).isZero();

        String version = machine.run("orgmilter --version 2>&1");
        machine.run("echo 'from another Java' >" + file);
        assertThat(machine.run("orgmilter --version 2>&1")).isEqualTo(version);
        machine.run("systemctl restart orgmilter");
        assertThat(machine.status(mapped)).isNotZero();
        machine.run("dpkg-trigger --by-package=orgmilter --no-await /usr/lib/jvm && dpkg --triggers-only --pending");
        machine.run("systemctl restart orgmilter");
        assertThat(machine.status(mapped)).isZero();
    }

    /** A new configuration is taken whole; a broken one is reported and changes nothing. */
    private static void reload(DebianMachine machine, InetSocketAddress postfix, RelayProbe probe, int adminPort)
            throws IOException {
        String configuration = machine.run("cat " + CONFIGURATION);
        machine.write(
                CONFIGURATION, configuration.replace('"' + RelayProbe.OFFICE + '"', '"' + RelayProbe.STRANGER + '"'));
        machine.run("systemctl reload orgmilter");
        machine.awaitJournal("orgmilter", "reloaded config=");
        probe.only(postfix, RelayProbe.STRANGER, RelayProbe.OFFICE);

        machine.write(CONFIGURATION, configuration.replace("addresses", "adresses"));
        assertThat(machine.status("systemctl reload orgmilter")).isNotZero();
        HttpResponse<String> refused = http("POST", adminPort, "/-/reload");
        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.body()).contains(CONFIGURATION + ":", "adresses");
        assertThat(machine.run("systemctl is-active orgmilter")).isEqualTo("active");
        probe.only(postfix, RelayProbe.STRANGER, RelayProbe.OFFICE);

        machine.write(CONFIGURATION, configuration);
        assertThat(http("POST", adminPort, "/-/reload").statusCode()).isEqualTo(200);
        probe.judge(postfix);
    }

    private static HttpResponse<String> http(String method, int port, String path) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(20))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        try {
            return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /** The same package under a later version: the administrator's configuration stays. */
    private static void upgrade(DebianMachine machine) throws IOException {
        machine.run("""
                dpkg-deb -R /it/package.deb /it/later
                sed -i 's/^Version: .*/Version: 99/' /it/later/DEBIAN/control
                echo '# what the new version ships' >>/it/later/etc/orgmilter/orgmilter.conf
                dpkg-deb -b /it/later /it/later.deb
                """);
        String before = machine.run("cat " + CONFIGURATION);
        String process = machine.run("systemctl show -p MainPID --value orgmilter");
        machine.apt(KEEP_CONFIGURATION + "install /it/later.deb");
        assertThat(machine.run("cat " + CONFIGURATION)).isEqualTo(before);
        assertThat(machine.run("systemctl is-active orgmilter")).isEqualTo("active");
        assertThat(machine.run("systemctl show -p MainPID --value orgmilter")).isNotEqualTo(process);
        assertThat(machine.run("dpkg-query -W -f '${Version}' orgmilter")).isEqualTo("99");
    }

    private static void stop(DebianMachine machine) throws IOException {
        machine.run("systemctl stop orgmilter");
        assertThat(machine.run("systemctl show -p Result,ExecMainStatus,ActiveState orgmilter | sort"))
                .isEqualTo("ActiveState=inactive\nExecMainStatus=0\nResult=success");
        assertThat(machine.run("ls -A " + SOCKET_FOLDER)).isEmpty();
    }

    /** A purge from the running state: nothing bears our name or belongs to our user afterwards. */
    private static void purge(DebianMachine machine) throws IOException {
        machine.run("systemctl start orgmilter && systemctl enable orgmilter.socket");
        machine.apt("purge orgmilter");
        assertThat(machine.run("find / -xdev \\( -path /proc -o -path /it \\) -prune -o "
                        + "\\( -iname '*orgmilter*' -o -nouser -o -nogroup \\) -print"))
                .isEmpty();
        assertThat(machine.run("find /run /tmp /dev/shm \\( -iname '*orgmilter*' -o -nouser \\) -print"))
                .isEmpty();
        assertThat(machine.run("getent passwd orgmilter || getent group orgmilter || true"))
                .isEmpty();
        assertThat(machine.run("systemctl list-unit-files --no-legend '*orgmilter*' || true"))
                .isEmpty();
        assertThat(machine.run("dpkg -l | grep orgmilter || true")).isEmpty();
    }
}
