package io.github.orgmilter.cli;

import io.github.orgmilter.config.Configuration;
import io.github.orgmilter.config.ConfigurationException;
import io.github.orgmilter.config.ListenAddress;
import io.github.orgmilter.config.Problem;
import io.github.orgmilter.config.Settings;
import io.github.orgmilter.delegation.DelegationService;
import io.github.orgmilter.metrics.AdminServer;
import io.github.orgmilter.metrics.AdminServer.Outcome;
import io.github.orgmilter.metrics.ServiceMetrics;
import io.github.orgmilter.milter.LiveSessions;
import io.github.orgmilter.milter.MilterService;
import io.github.orgmilter.net.ConnectionLimit;
import io.github.orgmilter.net.ConnectionMemory;
import io.github.orgmilter.net.Server;
import io.github.orgmilter.net.Service;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running service: one current configuration, which a reload replaces whole or not at all, and the listeners, which stay.
 */
final class Daemon {

    private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);

    private static final Duration LOOK_AT_CLOCK = Duration.ofMinutes(10);

    private final Path file;
    private final InstantSource clock;
    private final Settings running;
    private final ServiceMetrics metrics;
    private final Service milter;
    private final Service delegation;
    private final Server server;
    private final @Nullable AdminServer admin;
    private final CertificateWatch watch;
    private volatile Configuration current;
    private volatile boolean ready = true;

    private Daemon(Path file, Configuration configuration, boolean takeOver, InstantSource clock) throws IOException {
        this.file = file;
        this.clock = clock;
        this.current = configuration;
        this.running = configuration.settings();
        metrics = new ServiceMetrics(running.metricsOrganizations());
        metrics.configurationLoaded(configuration.policy(), clock.instant());
        metrics.watch(() -> current.certificates(), clock);
        LiveSessions sessions = new LiveSessions();
        ConnectionMemory memory = new ConnectionMemory(() -> current.settings().limits().memory(), metrics::limited);
        milter = MilterService.of(
                running.listen(),
                () -> current.policy(),
                () -> current.settings().limits(),
                memory,
                metrics,
                running.policyListen().isEmpty() ? Optional.empty() : Optional.of(sessions));
        delegation = DelegationService.of(running.policyListen(), () -> current, memory, sessions, metrics);
        server = Server.start(
                List.of(milter, delegation),
                takeOver,
                new ConnectionLimit(() -> current.settings().limits().connections(), metrics::limited));
        try {
            admin = running.adminListen().isPresent() ? admin(running.adminListen().get()) : null;
        } catch (IOException e) {
            server.close();
            throw e;
        }
        watch = new CertificateWatch(() -> current, clock, LOOK_AT_CLOCK);
    }

    private AdminServer admin(ListenAddress.Tcp address) throws IOException {
        try {
            return new AdminServer(
                    new InetSocketAddress(address.host(), address.port()), metrics, () -> ready, this::reload);
        } catch (IOException e) {
            throw new IOException("cannot listen on " + address + ": " + e.getMessage(), e);
        }
    }

    /**
     * Starts the service, silently: see {@link #announce}.
     *
     * @throws ConfigurationException with everything that is wrong with the configuration
     * @throws IOException if a socket cannot be had
     */
    static Daemon start(Path file, boolean takeOver, InstantSource clock) throws ConfigurationException, IOException {
        Configuration configuration = Configuration.load(file);
        configuration.warningsAt(clock.instant()).forEach(warning -> LOG.warn("{}", warning));
        return new Daemon(file, configuration, takeOver, clock);
    }

    /** Says on what it listens. Whoever waits for that may send signals from then on. */
    void announce() {
        LOG.info(
                "orgmilter listening on {}{}{} config={}",
                joined(server.addresses(milter)),
                policyListener(),
                adminListener(),
                revision());
    }

    private static String joined(List<ListenAddress> addresses) {
        return addresses.stream().map(ListenAddress::toString).collect(Collectors.joining(", "));
    }

    private String policyListener() {
        List<ListenAddress> addresses = server.addresses(delegation);
        return addresses.isEmpty() ? "" : ", policy delegation on " + joined(addresses);
    }

    private String adminListener() {
        return admin == null ? "" : ", admin on port " + admin.address().getPort();
    }

    private String revision() {
        return current.policy().revision();
    }

    Optional<AdminServer> admin() {
        return Optional.ofNullable(admin);
    }

    List<ListenAddress> addresses() {
        return server.addresses(milter);
    }

    List<ListenAddress> policyAddresses() {
        return server.addresses(delegation);
    }

    /** Loads the configuration anew and makes it the current one, or says what is wrong and keeps the old one. */
    synchronized Outcome reload() {
        Configuration old = current;
        try {
            Configuration loaded = Configuration.loadBesideMail(file);
            List<Problem> warnings = loaded.warningsAt(clock.instant());
            List<String> changes = new ConfigurationChange(old, loaded, running).lines();
            current = loaded;
            metrics.configurationLoaded(loaded.policy(), clock.instant());
            metrics.reloaded(true);
            warnings.forEach(warning -> LOG.warn("reload: {}", warning));
            changes.forEach(line -> LOG.info("reload: {}", line));
            LOG.info("reloaded config={} was={}", revision(), old.policy().revision());
            List<String> said = new ArrayList<>();
            warnings.forEach(warning -> said.add("warning: " + warning));
            said.addAll(changes);
            said.add("reloaded " + revision());
            return new Outcome(true, String.join("\n", said));
        } catch (ConfigurationException e) {
            return kept(e.problems().stream().map(Problem::toString).toList());
        } catch (RuntimeException | StackOverflowError e) { // the parser recurses into nested braces
            LOG.error("reload failed", e);
            return kept(List.of("the configuration could not be loaded: " + e));
        }
    }

    private Outcome kept(List<String> problems) {
        metrics.reloaded(false);
        problems.forEach(problem -> LOG.error("reload: {}", problem));
        LOG.error("reload failed, kept config={}", revision());
        List<String> said = new ArrayList<>(problems);
        said.add("kept " + revision());
        return new Outcome(false, String.join("\n", said));
    }

    /** Takes no new sessions, lets those there are end, and stops. */
    void stop() {
        ready = false;
        LOG.info("orgmilter stopping");
        watch.stop();
        server.drain(current.settings().shutdownTimeout());
        if (admin != null) {
            admin.close();
        }
        LOG.info("orgmilter stopped");
    }
}
