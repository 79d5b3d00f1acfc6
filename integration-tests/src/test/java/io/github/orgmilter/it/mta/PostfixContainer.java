package io.github.orgmilter.it.mta;

import static org.awaitility.Awaitility.await;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Volume;
import io.github.orgmilter.it.client.Reply;
import io.github.orgmilter.it.client.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.testcontainers.containers.ContainerLaunchException;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.Transferable;

/**
 * The example's Postfix with the example's main.cf; the tests' own addresses, ports and
 * certificates on top; and one smtpd service per milter and gate, so that one container serves
 * many scenarios.
 */
public final class PostfixContainer extends MtaContainer {

    /** The two relay gates of the README: who gets as far as the milter's decision. */
    public enum Gate {
        WIDE("check_client_access static:OK, reject"),
        TIGHT("check_client_access cidr:/it/clients.cidr, permit_tls_all_clientcerts, permit_sasl_authenticated,"
                + " reject_unauth_destination");

        private final String restrictions;

        Gate(String restrictions) {
            this.restrictions = restrictions;
        }
    }

    private static final Pattern QUEUED = Pattern.compile("queued as (\\w+)");
    private static final Pattern OPENED =
            Pattern.compile("/qmgr\\[\\d+\\]: (\\w+): from=|non-delivery notification: (\\w+)$");
    private static final Pattern CLOSED = Pattern.compile("/qmgr\\[\\d+\\]: (\\w+): removed$");
    private static final Pattern RELAY_CONTROL = Pattern.compile("[45]54 5\\.7\\.1 <.*>: Relay access denied");

    private final List<String> masterServices = new ArrayList<>();
    private final List<String> settings = new ArrayList<>();
    private String run = "exec postfix start-fg";
    private boolean instances;

    // The first one runs in the foreground, which is not possible once there are others.
    private static final String START_INSTANCES = """
            set -euo pipefail
            postmulti -e init
            for made in /it/instances/*; do
                name=${made##*/}
                cp -a /it/first "/etc/$name"
                postconf -c "/etc/$name" -e "multi_instance_name=$name" "queue_directory=/var/spool/$name" \\
                    "data_directory=/var/lib/$name" "maillog_file=/var/log/$name.log"
                while IFS= read -r setting; do [ -z "$setting" ] || postconf -c "/etc/$name" -e "$setting"; done <"$made/settings"
                cat "$made/services" >>"/etc/$name/master.cf"
                install -d "/var/spool/$name"
                install -d -o postfix -m 700 "/var/lib/$name"
                postmulti -e import -I "$name" "config_directory=/etc/$name"
                postmulti -e enable -i "$name"
                postmulti -i "$name" -p start
            done
            """;

    public PostfixContainer(String suite, DomainsIn domainsIn, TestCertificates certificates, Sink sink) {
        super("postfix", Path.of("..", "postfix-example"), suite);
        String accepted = String.join(", ", ACCEPTED_DOMAINS);
        boolean local = domainsIn == DomainsIn.MYDESTINATION;
        set("myhostname", HOST_NAME);
        set("mydestination", HOST_NAME + (local ? ", " + accepted : ""));
        set("relay_domains", local ? "" : accepted);
        set("inet_interfaces", "loopback-only");
        set("sink", "[127.0.0.1]:" + sink.port());
        set("smtpd_tls_chain_files", "/it/server.pem");
        set("smtpd_tls_CAfile", "/it/ca.pem");
        set("smtpd_tls_fingerprint_digest", "sha256");
        // Everybody, because a client that changed its address by XCLIENT may want to change it again.
        set("smtpd_authorized_xclient_hosts", "0.0.0.0/0, [::]/0");
        // With `yes`, the second EHLO after STARTTLS could not be left out.
        set("smtpd_helo_required", "no");
        // No mail of Postfix's own about clients that broke off.
        set("notify_classes", "");
        // No server is asked for the names of the clients' addresses.
        set("smtpd_peername_lookup", "no");
        // Hundreds of sessions in a row, many of them refused: no slowing down, no limits.
        set("smtpd_error_sleep_time", "0");
        set("smtpd_soft_error_limit", "1000");
        set("smtpd_hard_error_limit", "1000");
        copy("/it/ca.pem", certificates.trustedCaPem());
        copy("/it/server.pem", certificates.serverPem(HOST_NAME));
        copy(
                "/it/clients.cidr",
                RELAY_CLIENTS.stream().map(range -> range + " OK\n").collect(Collectors.joining()));
        waitingFor(Wait.forLogMessage(".*daemon started.*", 1));
    }

    /** A line of main.cf, in place of what is there. */
    public PostfixContainer set(String parameter, String value) {
        settings.add(parameter + "=" + value);
        return this;
    }

    /** A service of master.cf, with its options on lines of their own. Nothing waits for it. */
    public PostfixContainer masterService(String service) {
        masterServices.add(service);
        return this;
    }

    /**
     * One more Postfix in this container (MULTI_INSTANCE_README). It has the configuration directory {@code /etc/NAME}, the log
     * {@code /var/log/NAME.log}, and the same main.cf, with these settings in place of what is there.
     *
     * @param name begins with {@code postfix-}
     */
    public PostfixContainer instance(String name, List<String> settings, List<String> services) {
        copy("/it/instances/" + name + "/settings", String.join("\n", settings) + "\n");
        copy("/it/instances/" + name + "/services", String.join("\n", services) + "\n");
        instances = true;
        return this;
    }

    /**
     * Has a network of its own, and publishes these ports: all clients have the address of its gateway then, which is the host.
     *
     * @param host that address, at which the host has the sink as well
     */
    public PostfixContainer onBridge(String host, Sink sink, Integer... ports) {
        withNetworkMode("bridge");
        withExposedPorts(ports);
        set("inet_interfaces", "all");
        set("sink", "[" + host + "]:" + sink.port());
        return set("smtpd_authorized_xclient_hosts", "");
    }

    /** Where the host has a port of this container. */
    public int reachedAt(int port) {
        return getNetworkMode().equals("host") ? port : getMappedPort(port);
    }

    private void copy(String path, String content) {
        withCopyToContainer(Transferable.of(content), path);
    }

    /** An smtpd on a port of its own, filtered by the milter at {@code socket} (in Postfix's form). */
    public PostfixContainer service(String name, Gate gate, String socket) throws IOException {
        return service(name, gate, socket, false);
    }

    /** As {@link #service(String, Gate, String)}, and waits for the milter no longer than the example does. */
    public PostfixContainer impatientService(String name, Gate gate, String socket) throws IOException {
        return service(name, gate.restrictions, filteredBy(socket).replace("=100s", "=5s"), false);
    }

    /** As {@link #service(String, Gate, String)}, in Debian's chroot; the socket's path starts there. */
    public PostfixContainer chrootedService(String name, Gate gate, String socket) throws IOException {
        return service(name, gate, socket, true);
    }

    private PostfixContainer service(String name, Gate gate, String socket, boolean chroot) throws IOException {
        return service(name, gate.restrictions, filteredBy(socket), chroot);
    }

    /** An smtpd that asks the policy service at {@code policy} who may relay, and is filtered by the milter at {@code socket}. */
    public PostfixContainer delegatingService(String name, String policy, String socket) throws IOException {
        return service(name, askingPolicy(policy), filteredBy(socket), false);
    }

    /** An smtpd that asks the policy service at {@code policy} about logins, too, and is filtered by the milter at {@code socket}. */
    public PostfixContainer loginDelegatingService(String name, String policy, String socket) throws IOException {
        String query = "check_policy_service { " + policy + ", timeout=100s }";
        return service(
                name, query + ", permit_sasl_authenticated, reject_unauth_destination", filteredBy(socket), false);
    }

    /** The example's submission, for logins under TLS alone, filtered by the milter at {@code socket}. */
    public PostfixContainer submission(String name, String socket) throws IOException {
        int port = FreePort.next();
        masterServices.add(submission(name, port, socket) + "\n  -o smtpd_tls_security_level=encrypt");
        addService(name, new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port));
        return this;
    }

    /** The same with TLS from the start; nothing waits for it. */
    public PostfixContainer smtps(String name, int port, String socket) {
        masterServices.add(submission(name, port, socket) + "\n  -o smtpd_tls_wrappermode=yes");
        return this;
    }

    private static String submission(String name, int port, String socket) {
        return String.join(
                "\n",
                port + " inet n - n - - smtpd",
                "  -o syslog_name=postfix/" + name,
                "  -o { smtpd_milters = " + filteredBy(socket) + " }",
                "  -o smtpd_sasl_auth_enable=yes",
                "  -o smtpd_client_restrictions=permit_sasl_authenticated,reject",
                "  -o smtpd_relay_restrictions=permit_sasl_authenticated,reject");
    }

    /** Finds the accepted domains in this table, {@code socketmap:inet:127.0.0.1:10035:relay-domains}. */
    public PostfixContainer relayDomains(String table) {
        return set("relay_domains", table);
    }

    /** An smtpd with the tight gate on the map service at {@code maps}, filtered by the milter at {@code socket}. */
    public PostfixContainer mapService(String name, String maps, String socket) throws IOException {
        return service(name, readingMaps(maps), filteredBy(socket), false);
    }

    /** The same with policy queries in front of it. */
    public PostfixContainer delegatingMapService(String name, String policy, String maps, String socket)
            throws IOException {
        String query = "check_policy_service { " + policy + ", timeout=100s }, ";
        return service(name, query + readingMaps(maps), filteredBy(socket), false);
    }

    /** An smtpd with the tight gate on the map service at {@code maps}, and without a milter. */
    public PostfixContainer unfilteredMapService(String name, String maps) throws IOException {
        return service(name, readingMaps(maps), "", false);
    }

    /** An smtpd that takes mail to the accepted domains only, and has no milter. */
    public PostfixContainer unfilteredService(String name) throws IOException {
        return service(name, "reject_unauth_destination", "", false);
    }

    /** An smtpd that permits who is in this table and nobody else, and has no milter. */
    public PostfixContainer unfilteredService(String name, String clients) throws IOException {
        return service(name, "check_client_access " + clients + ", reject", "", false);
    }

    private static String readingMaps(String maps) {
        return "permit_auth_destination, permit_tls_all_clientcerts, permit_sasl_authenticated, check_client_access socketmap:"
                + maps + ":clients, reject_unauth_destination";
    }

    /** An smtpd that asks the policy service at {@code policy} who may relay, and has no milter. */
    public PostfixContainer unfilteredDelegatingService(String name, String policy) throws IOException {
        return service(name, askingPolicy(policy), "", false);
    }

    private static String askingPolicy(String policy) {
        return "permit_sasl_authenticated, check_policy_service { " + policy
                + ", timeout=100s }, reject_unauth_destination";
    }

    /** Waits for longer than any machine is busy. */
    private static String filteredBy(String socket) {
        return "{ " + socket
                + ", connect_timeout=100s, command_timeout=100s, content_timeout=100s, default_action=tempfail }";
    }

    private PostfixContainer service(String name, String restrictions, String milters, boolean chroot)
            throws IOException {
        int port = FreePort.next();
        masterServices.add(String.join(
                "\n",
                port + " inet n - " + (chroot ? "y" : "n") + " - - smtpd",
                "  -o syslog_name=postfix/" + name,
                "  -o { smtpd_milters = " + milters + " }",
                "  -o { smtpd_relay_restrictions = " + restrictions + " }",
                "  -o smtpd_sasl_auth_enable=yes",
                "  -o smtpd_tls_auth_only=no"));
        addService(name, new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port));
        return this;
    }

    /** Postfix's own mail, as of sendmail(1) and bounces, goes by the milter at {@code socket}, too. */
    public PostfixContainer filteringItsOwnMail(String socket) {
        return set("non_smtpd_milters", filteredBy(socket)).set("internal_mail_filter_classes", "bounce");
    }

    /** Sends a message from the command line, as cron does. */
    public void sendmail(String sender, String recipient) throws IOException, InterruptedException {
        shell("printf 'Subject: own\\n\\nHello.\\n' | sendmail -f '" + sender + "' " + recipient);
    }

    /** Hundreds of connections from few addresses, and mail as fast as it can be had. */
    public PostfixContainer forLoad() {
        return set("default_process_limit", "600")
                .set("smtpd_client_connection_count_limit", "0")
                .set("in_flow_delay", "0")
                // Deferred mail, as by a delivery agent that ends with Postfix, must not wait for five minutes.
                .set("minimal_backoff_time", "5s")
                .set("queue_run_delay", "5s")
                .set("transport_retry_time", "5s");
    }

    /** The container outlives Postfix, and starts it again: see {@link #restart()}. */
    public PostfixContainer restartable() {
        // What checks the queue before a start complains of leftovers in a log that only root could open
        // (MAILLOG_README).
        run = "chmod o+w /dev/stdout; while :; do postfix start-fg || true; sleep 0.2; done";
        return this;
    }

    /**
     * Ends Postfix, and returns when it is there again. A queue file without a name is left behind, as by a cleanup(8) that is
     * ended at the wrong moment. Its own `stop` would wait for the new one's end, and the log that says so comes late after a great
     * load.
     */
    public void restart() throws IOException, InterruptedException {
        String before = shell("cat /var/spool/postfix/pid/master.pid");
        shell("install -o postfix -m 600 /dev/null /var/spool/postfix/incoming/1.1 && kill " + before);
        await("Postfix again")
                .atMost(Duration.ofSeconds(60))
                .until(() -> !shell("cat /var/spool/postfix/pid/master.pid").equals(before));
    }

    private String shell(String command) throws IOException, InterruptedException {
        ExecResult result = execInContainer("sh", "-c", command);
        if (result.getExitCode() != 0) {
            throw new IOException(command + ": " + result.getStderr());
        }
        return result.getStdout().strip();
    }

    /** Whether no message is left in any queue. What cleanup(8) has not made executable yet, Postfix never took (QSHAPE_README). */
    public boolean queueIsEmpty() {
        try {
            ExecResult files = execInContainer(
                    "sh",
                    "-c",
                    "cd /var/spool/postfix && find incoming active deferred maildrop hold -type f -perm -u=x");
            return files.getExitCode() == 0 && files.getStdout().isBlank();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    public String version() throws IOException, InterruptedException {
        return execInContainer("postconf", "-h", "mail_version").getStdout().strip();
    }

    /** Makes a folder of the host visible as {@code orgmilter/} in Postfix's queue directory. */
    public PostfixContainer withSocketFolder(Path folder) {
        // Not withFileSystemBind: before its first bind, Testcontainers tries one with an image of its own.
        Bind bind = new Bind(folder.toString(), new Volume("/var/spool/postfix/orgmilter"));
        withCreateContainerCmdModifier(command -> command.getHostConfig().withBinds(bind));
        return this;
    }

    @Override
    protected void configure() {
        copy("/it/settings", String.join("\n", settings) + "\n");
        copy("/it/services", String.join("\n", masterServices) + "\n");
        copy("/it/start", """
                set -euo pipefail
                while IFS= read -r setting; do postconf -e "$setting"; done </it/settings
                # Ports 25 and 587 belong to the host here.
                postconf -MX smtp/inet submission/inet
                cp -a /etc/postfix /it/first
                cat /it/services >>/etc/postfix/master.cf
                printf '%%s' '%s' | saslpasswd2 -p -c -u '%s' '%s'
                # For smtpd in the chroot, too.
                for folder in /etc /var/spool/postfix/etc; do
                    install -d "$folder"
                    [ "$folder" = /etc ] || cp /etc/sasldb2 "$folder"
                    chgrp postfix "$folder/sasldb2"
                    chmod 640 "$folder/sasldb2"
                done
                %s
                """.formatted(PASSWORD, HOST_NAME, LOGIN.substring(0, LOGIN.indexOf('@')), run));
        withCreateContainerCmdModifier(command -> command.withEntrypoint("/bin/bash", "/it/start"));
    }

    /**
     * Starts it, and once more if it ends at once. Its master(8) then has no last words: they are for postlogd(8), which it never
     * started. So what can be known is reported, and a supervisor would start it again as well.
     */
    @Override
    protected void doStart() {
        try {
            super.doStart();
        } catch (ContainerLaunchException e) {
            System.out.println("Postfix ended and is started again; of its ports are taken: " + takenPorts());
            super.doStart();
        }
    }

    @Override
    protected void containerIsStarted(InspectContainerResponse container) {
        super.containerIsStarted(container);
        if (instances) {
            try {
                ExecResult result = execInContainer("bash", "-c", START_INSTANCES);
                if (result.getExitCode() != 0) {
                    throw new IllegalStateException(result.toString());
                }
            } catch (IOException e) {
                throw new IllegalStateException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public Optional<String> queueId(Reply reply) {
        Matcher queued = QUEUED.matcher(reply.text());
        return queued.find() ? Optional.of(queued.group(1)) : Optional.empty();
    }

    @Override
    public boolean refusedByMta(Reply reply) {
        return RELAY_CONTROL.matcher(reply.toString()).find();
    }

    @Override
    public String milterReply(Reply reply) {
        return reply.toString();
    }

    @Override
    public boolean resumesUnverifiedSessions() {
        return true;
    }

    @Override
    public String addressAsReported(String address) {
        return address;
    }

    @Override
    public String localRecipient(String user) {
        return user + "@" + HOST_NAME;
    }

    @Override
    public Collection<String> unfinished(int mark, Collection<String> queueIds) {
        Set<String> open = new LinkedHashSet<>(queueIds);
        List<String> lines = log(mark);
        for (String line : lines) {
            Matcher opened = OPENED.matcher(line);
            if (opened.find()) {
                open.add(opened.group(1) != null ? opened.group(1) : opened.group(2));
            }
        }
        for (String line : lines) {
            Matcher closed = CLOSED.matcher(line);
            if (closed.find()) {
                open.remove(closed.group(1));
            }
        }
        return open;
    }
}
