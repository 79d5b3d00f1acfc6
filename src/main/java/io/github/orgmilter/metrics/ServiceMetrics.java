package io.github.orgmilter.metrics;

import io.github.orgmilter.delegation.DelegationObserver;
import io.github.orgmilter.identity.Mta;
import io.github.orgmilter.log.NonBlockingAppender;
import io.github.orgmilter.map.MapObserver;
import io.github.orgmilter.milter.SessionObserver;
import io.github.orgmilter.net.Limit;
import io.github.orgmilter.policy.Policy;
import io.github.orgmilter.settings.certificates.PinnedCertificate;
import io.github.orgmilter.verdict.Verdict;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Counts what happens, as Prometheus metrics. */
public final class ServiceMetrics implements SessionObserver, DelegationObserver, MapObserver {

    private static final Optional<Mta> POSTFIX = Optional.of(Mta.POSTFIX); // no other MTA has policy queries
    private static final double NANOSECONDS = 1e9;

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final VerdictMetrics verdicts;
    private final Gauge open = Gauge.builder()
            .name("orgmilter_sessions_open")
            .help("Milter sessions that are open now.")
            .register(registry);
    private final Counter sessions = Counter.builder()
            .name("orgmilter_sessions_total")
            .help("Milter sessions that were opened.")
            .register(registry);
    private final Counter failures = Counter.builder()
            .name("orgmilter_failures_total")
            .help(
                    "Failures of OrgMilter or of the protocol, each of which costs a session or message a temporary failure.")
            .register(registry);
    private final Counter headersMissed = Counter.builder()
            .name("orgmilter_headers_missed_total")
            .help("Recipients deferred because their session lacks header fields that a rule looks at.")
            .register(registry);
    private final Counter policyAnswers = Counter.builder()
            .name("orgmilter_policy_answers_total")
            .help("Answers to Postfix's policy queries about recipients: ok, dunno, reject or defer.")
            .labelNames("action")
            .register(registry);
    private final Counter mapAnswers = Counter.builder()
            .name("orgmilter_map_answers_total")
            .help(
                    "Answers to look-ups of an MTA by map, or unknown for a map that does not exist: ok, notfound, temp or perm.")
            .labelNames("map", "answer")
            .register(registry);
    private final Counter limits = Counter.builder()
            .name("orgmilter_limits_total")
            .help("Connections that reached a limit, by the limit's key in the configuration.")
            .labelNames("limit")
            .register(registry);
    private final Histogram decisions = Histogram.builder()
            .name("orgmilter_decision_seconds")
            .help("Time that the decision about a recipient took.")
            .classicOnly()
            .classicUpperBounds(1e-6, 2.5e-6, 5e-6, 1e-5, 2.5e-5, 5e-5, 1e-4, 1e-3, 1e-2, 0.1, 1)
            .register(registry);

    private final ConfigurationMetrics loads = new ConfigurationMetrics(registry);
    private final DirectoryMetrics directory = new DirectoryMetrics(registry);

    /**
     * Starts at zero.
     *
     * @param organizations how many organizations have series of their own; the others are counted as {@code other}
     */
    public ServiceMetrics(int organizations) {
        verdicts = new VerdictMetrics(registry, organizations);
        Stream.of(Limit.values()).forEach(limit -> limits.initLabelValues(limit.key()));
        for (String action : new String[] {"ok", "dunno", "reject", "defer"}) {
            policyAnswers.initLabelValues(action);
        }
        for (String map : MapObserver.maps()) {
            MapObserver.answers().stream()
                    .filter(answer -> !answer.equals("perm"))
                    .forEach(answer -> mapAnswers.initLabelValues(map, answer));
        }
        mapAnswers.initLabelValues(MapObserver.UNKNOWN_MAP, "perm");
        CounterWithCallback.builder()
                .name("orgmilter_log_lines_dropped_total")
                .help("Log lines dropped because the reader was too slow or the disk full.")
                .callback(callback -> callback.call((double) NonBlockingAppender.dropped()))
                .register(registry);
    }

    /** Shows when these certificates expire. */
    public void watch(Supplier<List<PinnedCertificate>> certificates, InstantSource clock) {
        CertificateExpiry.register(registry, certificates, clock);
    }

    /** What there is to tell of the directory. */
    public DirectoryMetrics directory() {
        return directory;
    }

    PrometheusRegistry registry() {
        return registry;
    }

    /** A policy became the current one. Series end that are neither of it nor of the previous one, and others begin at zero. */
    public void configurationLoaded(Policy policy, Instant when) {
        verdicts.configurationLoaded(policy);
        loads.loaded(VerdictMetrics.ofFiles(policy.revision()), when);
    }

    /** Some organizations are gone: none of them keeps the place of another. */
    public void organizationsRemoved(Policy policy) {
        verdicts.organizationsRemoved(policy);
    }

    public void reloaded(boolean success) {
        loads.reloaded(success);
    }

    /** Gives the series of their own to the busiest organizations; the series of others end. */
    void chooseBusiest() {
        verdicts.chooseBusiest();
    }

    @Override
    public void sessionOpened() {
        sessions.inc();
        open.inc();
    }

    @Override
    public void sessionClosed() {
        open.dec();
    }

    @Override
    public void decided(Verdict verdict, Optional<Mta> mta, String revision, long nanoseconds) {
        verdicts.count(verdict, mta, revision);
        decisions.observe(nanoseconds / NANOSECONDS);
    }

    @Override
    public void undecided(Verdict verdict, Optional<Mta> mta, String revision) {
        verdicts.count(verdict, mta, revision); // and no time: nothing was decided
    }

    @Override
    public void answered(String action) {
        policyAnswers.labelValues(action).inc();
    }

    @Override
    public void lookedUp(String map, String answer) {
        mapAnswers.labelValues(map, answer).inc();
    }

    @Override
    public void refused(Verdict verdict, String revision) {
        verdicts.count(verdict, POSTFIX, revision);
    }

    @Override
    public void headerDecided(Verdict verdict, Optional<Mta> mta, String revision) {
        verdicts.count(verdict, mta, revision);
    }

    @Override
    public void headerMissed() {
        headersMissed.inc();
    }

    /** How many milter sessions are open now. */
    public long sessionsOpen() {
        return (long) open.get();
    }

    /** How many recipients were deferred because of header fields that their session lacks. */
    public long headersMissed() {
        return headersMissed.getLongValue();
    }

    @Override
    public void failed() {
        failures.inc();
    }

    @Override
    public void limited(Limit limit) {
        limits.labelValues(limit.key()).inc();
    }
}
