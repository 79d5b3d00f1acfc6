package io.github.orgmilter.daemon;

import io.github.orgmilter.activity.RecentVerdicts;
import io.github.orgmilter.admin.AdminServer;
import io.github.orgmilter.config.Configuration;
import io.github.orgmilter.config.ConfigurationException;
import io.github.orgmilter.config.Settings;
import io.github.orgmilter.config.listen.AdminToken;
import io.github.orgmilter.delegation.DelegationService;
import io.github.orgmilter.directory.Store;
import io.github.orgmilter.directory.StoreSettings;
import io.github.orgmilter.document.Problem;
import io.github.orgmilter.live.LiveConfiguration;
import io.github.orgmilter.live.ReloadResult;
import io.github.orgmilter.live.ServedDirectory;
import io.github.orgmilter.live.Stores;
import io.github.orgmilter.map.MapService;
import io.github.orgmilter.metrics.ServiceMetrics;
import io.github.orgmilter.milter.LiveSessions;
import io.github.orgmilter.milter.MilterService;
import io.github.orgmilter.milter.header.HeaderAccess;
import io.github.orgmilter.milter.header.PolicyHeaderRules;
import io.github.orgmilter.net.ConnectionLimit;
import io.github.orgmilter.net.ConnectionMemory;
import io.github.orgmilter.net.ListenAddress;
import io.github.orgmilter.net.Server;
import io.github.orgmilter.net.Service;
import io.github.orgmilter.settings.Names;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running service: one current configuration, which a reload replaces whole or not at all, and the listeners, which stay.
 */
public final class Daemon {

    private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);

    private static final Duration CLOCK_PERIOD = Duration.ofMinutes(10);

    private final Path file;
    private final InstantSource clock;
    private final Settings running;
    private final ServiceMetrics metrics;
    private final Service milter;
    private final Service delegation;
    private final Service maps;
    private final Server server;
    private final @Nullable AdminServer admin;
    private final CertificateWatch watch;
    private final Optional<Watch> console;
    private final ServedDirectory directory;
    private final LiveConfiguration live;
    private volatile boolean ready = true;

    private Daemon(
            Path file,
            Configuration configuration,
            boolean takeOver,
            InstantSource clock,
            Function<StoreSettings, Store> stores)
            throws IOException {
        this.file = file;
        this.clock = clock;
        this.running = configuration.settings();
        metrics = new ServiceMetrics(running.metricsOrganizations());
        metrics.configurationLoaded(configuration.policy(), clock.instant());
        metrics.watch(() -> current().certificates(), clock);
        directory = new ServedDirectory(configuration, metrics, clock, stores);
        live = directory.live();
        metrics.directory().watch(directory::status, directory::disputed, clock);
        directory.begin();
        console = running.adminListen().map(socket -> Watch.begin(running.limits(), this::current, clock));
        Optional<RecentVerdicts> verdicts = console.map(Watch::verdicts);
        LiveSessions sessions = new LiveSessions();
        ConnectionMemory memory =
                new ConnectionMemory(() -> current().settings().limits().memory(), metrics::limited);
        milter = MilterService.of(
                running.listen(),
                () -> current().policy(),
                () -> current().settings().limits(),
                memory,
                metrics,
                verdicts,
                running.policyListen().isEmpty() ? Optional.empty() : Optional.of(sessions),
                new PolicyHeaderRules(() -> current().policy(), this::headerAccessOfDirectory));
        delegation = DelegationService.of(running.policyListen(), this::current, memory, sessions, metrics, verdicts);
        maps = MapService.of(running.mapListen(), this::current, memory, metrics);
        Descriptors descriptors = Descriptors.ofProcess();
        server = Server.start(
                List.of(milter, delegation, maps),
                takeOver,
                new ConnectionLimit(
                        () -> current().settings().limits().connections(), room(descriptors), metrics::limited));
        try {
            admin = running.adminListen().isPresent()
                    ? AdminServer.start(
                            running.adminListen().get(),
                            takeOver,
                            descriptors.forAdmin(),
                            new AdminServer.Access(
                                    () -> current().settings().adminHosts(),
                                    () -> current().settings().adminToken().map(AdminToken::value)),
                            AdminRoutes.of(
                                    () -> ready,
                                    directory,
                                    metrics,
                                    this::reload,
                                    console.orElseThrow().routes(this::current, directory, metrics)))
                    : null;
        } catch (IOException e) {
            server.close();
            throw e;
        }
        watch = new CertificateWatch(this::current, clock, CLOCK_PERIOD);
    }

    // A row may bring it before a session that begins now ends.
    /** What rows that come may need. */
    private HeaderAccess headerAccessOfDirectory() {
        Set<String> settings = current()
                .settings()
                .directory()
                .map(its -> its.rules().settings())
                .orElse(Set.of());
        if (settings.contains(Names.REQUIRED_HEADERS)) {
            return HeaderAccess.CHANGE;
        }
        return settings.contains(Names.HEADER_FROM) ? HeaderAccess.READ : HeaderAccess.NONE;
    }

    /** How many connections of mail the process has descriptors for. */
    private int room(Descriptors descriptors) {
        int room = descriptors.forMail(running.listen().size()
                + running.policyListen().size()
                + running.mapListen().size()
                + 1);
        int wanted = running.limits().connections();
        if (room < wanted) {
            LOG.warn(
                    "limits.connections is {}, but the limit of {} open files leaves only {} for connections, and further ones wait; raise that"
                            + " limit (LimitNOFILE=, ulimit -n), or lower limits.connections",
                    wanted,
                    descriptors.most(),
                    room);
        }
        return room;
    }

    /**
     * Starts the service; {@link #announce} logs that.
     *
     * @throws ConfigurationException with everything that is wrong with the configuration
     * @throws IOException if a socket cannot be bound
     */
    public static Daemon start(Path file, boolean takeOver, InstantSource clock)
            throws ConfigurationException, IOException {
        return start(file, takeOver, clock, Stores::of);
    }

    /** The same with other stores in the place of those that the configuration names. */
    public static Daemon start(Path file, boolean takeOver, InstantSource clock, Function<StoreSettings, Store> stores)
            throws ConfigurationException, IOException {
        Configuration configuration = Configuration.load(file);
        WarningLines.of(configuration.warningsAt(clock.instant()), "warnings").forEach(line -> LOG.warn("{}", line));
        return new Daemon(file, configuration, takeOver, clock, stores);
    }

    /** Logs on what it listens. From then on signals may be sent. */
    public void announce() {
        LOG.info(
                "orgmilter listening on {}{}{}{} config={}",
                joined(server.addresses(milter)),
                listeners(", policy delegation on ", delegation),
                listeners(", maps on ", maps),
                adminListener(),
                revision());
    }

    private static String joined(List<ListenAddress> addresses) {
        return addresses.stream().map(ListenAddress::toString).collect(Collectors.joining(", "));
    }

    private String listeners(String what, Service service) {
        List<ListenAddress> addresses = server.addresses(service);
        return addresses.isEmpty() ? "" : what + joined(addresses);
    }

    private String adminListener() {
        return admin == null ? "" : ", admin on " + admin.address();
    }

    private String revision() {
        return current().policy().revision();
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

    List<ListenAddress> mapAddresses() {
        return server.addresses(maps);
    }

    private Configuration current() {
        return live.current();
    }

    /** Loads the configuration again and makes it the current one, or reports what is wrong and keeps the old one. */
    public synchronized ReloadResult reload() {
        ReloadResult result = load();
        console.ifPresent(watching -> watching.reloaded(result));
        return result;
    }

    private ReloadResult load() {
        Configuration old = live.files();
        String was = revision();
        List<Problem> warnings;
        List<Problem> newWarnings;
        List<String> changes;
        try {
            Configuration loaded = Configuration.loadInBackground(file);
            warnings = loaded.warningsAt(clock.instant());
            newWarnings = new ArrayList<>(warnings);
            newWarnings.removeAll(Set.copyOf(old.warningsAt(clock.instant())));
            changes = new ConfigurationChange(old, loaded, running).lines();
            live.reload(loaded);
            directory.reloaded(old, loaded);
        } catch (ConfigurationException e) {
            return kept(e.problems().stream().map(Problem::toString).toList());
        } catch (RuntimeException | StackOverflowError e) { // the parser recurses into nested braces
            LOG.error("reload failed", e);
            return kept(List.of("the configuration could not be loaded: " + e));
        }
        metrics.configurationLoaded(current().policy(), clock.instant());
        metrics.reloaded(true);
        logWarnings(newWarnings, warnings.size() - newWarnings.size());
        changes.forEach(line -> LOG.info("reload: {}", line));
        LOG.info("reloaded config={} was={}", revision(), was);
        List<String> report = new ArrayList<>();
        WarningLines.of(warnings, "warnings").forEach(line -> report.add("warning: " + line));
        report.addAll(changes);
        report.add("reloaded " + revision());
        return new ReloadResult(true, String.join("\n", report));
    }

    // Those that it has logged before say nothing new.
    private static void logWarnings(List<Problem> added, int asBefore) {
        WarningLines.of(added, "warnings").forEach(line -> LOG.warn("reload: {}", line));
        if (asBefore > 0) {
            LOG.warn(
                    "reload: {} as before; run `orgmilter check`",
                    asBefore == 1 ? "1 warning" : asBefore + " warnings");
        }
    }

    private ReloadResult kept(List<String> problems) {
        metrics.reloaded(false);
        problems.forEach(problem -> LOG.error("reload: {}", problem));
        LOG.error("reload failed, kept config={}", revision());
        List<String> report = new ArrayList<>(problems);
        report.add("kept " + revision());
        return new ReloadResult(false, String.join("\n", report));
    }

    /** Takes no new sessions, lets the open ones end, and stops. */
    public void stop() {
        ready = false;
        LOG.info("orgmilter stopping");
        watch.stop();
        console.ifPresent(Watch::stop);
        directory.stop();
        server.drain(current().settings().shutdownTimeout());
        if (admin != null) {
            admin.close();
        }
        directory.awaitEnd();
        LOG.info("orgmilter stopped");
    }
}
