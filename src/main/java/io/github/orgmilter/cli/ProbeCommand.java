package io.github.orgmilter.cli;

import io.github.orgmilter.cli.option.CredentialOptions;
import io.github.orgmilter.cli.option.EffectiveConfiguration;
import io.github.orgmilter.cli.option.Failures;
import io.github.orgmilter.config.ConfigurationException;
import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.identity.InvalidValueException;
import io.github.orgmilter.identity.Mta;
import io.github.orgmilter.mta.MtaReport;
import io.github.orgmilter.policy.Policy;
import io.github.orgmilter.probe.OwnHost;
import io.github.orgmilter.probe.Probe;
import io.github.orgmilter.probe.ProbeReport;
import io.github.orgmilter.probe.ProbeResult;
import io.github.orgmilter.probe.smtp.Target;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Asks a running MTA what it would relay. */
@Command(
        name = "probe",
        description =
                "Asks a running MTA by SMTP, up to RCPT, what it would relay, and compares it with the configuration;"
                        + " exits with 1 if anything is relayed that should not be. It never sends a message.",
        mixinStandardHelpOptions = true)
final class ProbeCommand implements Callable<Integer> {

    private static final int SMTP = 25;
    private static final int SUBMISSIONS = 465;
    private static final int MOST_PORT = 65535;
    private static final int FASTEST = 50;
    private static final int LONGEST = 600;
    private static final Pattern SERVER = Pattern.compile(
            "(?:\\[(?<literal>[^\\[\\]]+)]|(?<host>[^:\\[\\]]+|[^\\[\\]]*:[^\\[\\]]*:[^\\[\\]]*))(?::(?<port>[0-9]{1,5}))?");
    private static final Pattern HELO = Pattern.compile("[A-Za-z0-9.-]{1,253}|\\[[A-Za-z0-9.:]{1,100}]");

    @Parameters(index = "0", paramLabel = "HOST", description = "the MTA, with :PORT behind it if the port is not 25")
    private String server = "";

    @Mixin
    private EffectiveConfiguration config = new EffectiveConfiguration();

    @Option(
            names = "--mta",
            paramLabel = "MTA",
            description = "postfix or sendmail: the MTA there (default: ${DEFAULT-VALUE})")
    private Mta mta = Mta.POSTFIX;

    @Option(
            names = "--client-address",
            paramLabel = "ADDRESS",
            description = "the address as which the MTA sees this machine, if it is behind NAT")
    private @Nullable String clientAddress;

    @Mixin
    private CredentialOptions credentials = new CredentialOptions();

    @Option(names = "--implicit-tls", description = "begin with TLS, as on port 465, which implies it")
    private boolean implicitTls;

    @Option(
            names = "--domain",
            paramLabel = "DOMAIN",
            description =
                    "the customer's domain to write as; by default that of the organization that the certificate or"
                            + " login identifies, else the first one")
    private @Nullable String domain;

    @Option(
            names = "--outside",
            paramLabel = "DOMAIN",
            description = "the domain of nobody here to write to; nothing is sent there (default: ${DEFAULT-VALUE})")
    private String outside = "example.com";

    @Option(names = "--helo", paramLabel = "NAME", description = "the name in EHLO (default: ${DEFAULT-VALUE})")
    private String helo = "orgmilter-probe.invalid";

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "transactions a second, at most 50 (default: ${DEFAULT-VALUE})")
    private int rate = 10;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "how long to wait for each answer, at most 600 (default: ${DEFAULT-VALUE})")
    private int timeout = 60;

    @Option(
            names = "--i-am-the-operator",
            description = "ask a host that is neither this machine nor in local-domains; you vouch that you run it")
    private boolean operator;

    @Option(names = "--json", description = "print JSON, for programs")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws ConfigurationException, InvalidValueException, IOException {
        checkOptions();
        Matcher parts = SERVER.matcher(server);
        require(parts.matches(), "Give HOST, HOST:PORT, or [ADDRESS]:PORT for IPv6");
        String host = parts.group("literal") == null ? parts.group("host") : parts.group("literal");
        int port = parts.group("port") == null ? SMTP : port(parts.group("port"));
        Policy policy = config.load(spec.commandLine().getErr()).configuration().policy();
        InetAddress address = address(host);
        if (!operator && !OwnHost.is(policy, host, address)) {
            throw new IOException(host + " (" + address.getHostAddress() + ") is not this machine and not in"
                    + " local-domains, so nothing is sent to it; add its name to local-domains if it is your MTA, or"
                    + " vouch for it with --i-am-the-operator");
        }
        Target target = new Target(
                host,
                new InetSocketAddress(address, port),
                implicitTls || port == SUBMISSIONS,
                credentials.authorities(),
                helo,
                Duration.ofSeconds(timeout),
                rate);
        Probe probe = new Probe(
                policy,
                target,
                mta,
                credentials.read(spec.commandLine()),
                Optional.ofNullable(clientAddress),
                domain == null ? Optional.empty() : Optional.of(DomainName.parse(domain)),
                DomainName.parse(outside));
        if (!policy.claimants(probe.outside()).isEmpty() || policy.isLocal(probe.outside())) {
            throw new IOException(outside + " is an accepted or local domain; give --outside a domain of nobody here");
        }
        ProbeResult result = run(probe);
        ProbeReport report = new ProbeReport(spec.commandLine().getOut(), result);
        if (json) {
            report.json();
        } else {
            report.text();
        }
        return result.isProof() ? 0 : Failures.FAILED;
    }

    private static ProbeResult run(Probe probe) throws IOException {
        try {
            return probe.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the probe was interrupted; run it again");
        }
    }

    private void checkOptions() {
        require(rate >= 1 && rate <= FASTEST, "Give --rate a number from 1 to " + FASTEST);
        require(timeout >= 1 && timeout <= LONGEST, "Give --timeout seconds from 1 to " + LONGEST);
        require(HELO.matcher(helo).matches(), "Give --helo a host name, or an address in brackets");
        require(
                clientAddress == null || MtaReport.isClientAddress(clientAddress),
                "Give --client-address an IPv4 or IPv6 address, without port or brackets");
    }

    private void require(boolean holds, String message) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }

    private int port(String text) {
        int port = Integer.parseInt(text);
        require(port >= 1 && port <= MOST_PORT, "Give a port from 1 to " + MOST_PORT);
        return port;
    }

    private static InetAddress address(String host) throws IOException {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new IOException("there is no address for " + host + "; correct the name, or give an address", e);
        }
    }
}
