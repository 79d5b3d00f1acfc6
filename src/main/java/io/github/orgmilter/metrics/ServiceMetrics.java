package io.github.orgmilter.metrics;

import io.github.orgmilter.delegation.DelegationObserver;
import io.github.orgmilter.identity.Mta;
import io.github.orgmilter.log.NonBlockingAppender;
import io.github.orgmilter.map.MapObserver;
import io.github.orgmilter.milter.SessionObserver;
import io.github.orgmilter.net.Limit;
import io.github.orgmilter.policy.Policy;
import io.github.orgmilter.settings.certificates.PinnedCertificate;
import io.github.orgmilter.verdict.Cause;
import io.github.orgmilter.verdict.Verdict;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Counts what happens, as Prometheus metrics. */
public final class ServiceMetrics implements SessionObserver, DelegationObserver, MapObserver {

    /** The label of organizations without a series of their own. */
    static final String OTHER = "other";

    /** The verdict of a recipient that is accepted only by {@code mode = audit}. */
    static final String AUDIT = "audit";

    /** The label of an MTA that does not name itself. */
    private static final String UNKNOWN = "unknown";

    private static final String NONE = "";
    private static final Optional<Mta> POSTFIX = Optional.of(Mta.POSTFIX); // no other MTA has policy queries
    private static final double NANOSECONDS = 1e9;
    private static final List<String> VERDICT_LABELS =
            List.of("organization", "connector", "verdict", "cause", "mta", "configuration");
    private static final int ORGANIZATION_LABEL = VERDICT_LABELS.indexOf("organization");
    private static final int CONFIGURATION_LABEL = VERDICT_LABELS.indexOf("configuration");

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final BusyOrganizations busy;
    private volatile String configuration = NONE;
    private volatile String previousConfiguration = NONE;

    private final Counter verdicts = Counter.builder()
            .name("orgmilter_verdicts_total")
            .help("Recipients decided: accept, reject, tempfail, or audit for those accepted only by mode = audit.")
            .labelNames(VERDICT_LABELS.toArray(String[]::new))
            .register(registry);
    private final Counter recipients = Counter.builder()
            .name("orgmilter_recipients_total")
            .help("The same recipients without configuration and organization: for rates that no reload interrupts.")
            .labelNames("verdict", "cause", "mta")
            .register(registry);
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
            .help("Recipients put off because their session lacks header fields that a rule looks at.")
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
        busy = new BusyOrganizations(organizations);
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
        // The first one should raise an alarm, and increase() does not see a series begin.
        Stream.concat(Stream.of(Mta.values()).map(Mta::toString), Stream.of(UNKNOWN))
                .forEach(mta -> recipients.initLabelValues("tempfail", Cause.Refusing.INTERNAL.key(), mta));
        CounterWithCallback.builder()
                .name("orgmilter_log_lines_dropped_total")
                .help("Log lines dropped because the reader was too slow.")
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

    /**
     * A policy became the current one. The series of all but it and the previous one end, and those of organizations that are gone.
     *
     * <p>What was counted before begins at 0 under this one: a series that began with its first count would lose it in rate()
     * and increase(), which see only what is added to a value that they know. They still miss what is counted between a reload and
     * the next scrape; orgmilter_recipients_total does not.
     */
    public void configurationLoaded(Policy policy, Instant when) {
        String id = ofFiles(policy.revision());
        if (!id.equals(configuration)) {
            previousConfiguration = configuration;
            configuration = id;
        }
        verdicts.removeIf(labels -> !labels.get(CONFIGURATION_LABEL).equals(configuration)
                && !labels.get(CONFIGURATION_LABEL).equals(previousConfiguration));
        organizationsRemoved(policy);
        beginAtZero(policy);
        loads.loaded(id, when);
    }

    /** Some organizations are gone: none of them keeps the place of another. */
    public void organizationsRemoved(Policy policy) {
        busy.retain(name -> policy.organizations().find(name).isPresent());
    }

    // The state of a directory changes too often to begin series anew.
    private static String ofFiles(String revision) {
        int end = revision.indexOf('/');
        return end < 0 ? revision : revision.substring(0, end);
    }

    private void beginAtZero(Policy policy) {
        for (CounterDataPointSnapshot known : verdicts.collect().getDataPoints()) {
            Labels labels = known.getLabels();
            if (exists(labels.get("organization"), labels.get("connector"), policy)) {
                String[] values = verdictLabels(labels);
                values[CONFIGURATION_LABEL] = configuration;
                verdicts.initLabelValues(values);
            }
        }
    }

    private static boolean exists(String organization, String connector, Policy policy) {
        if (organization.equals(NONE) || organization.equals(OTHER)) {
            return connector.equals(NONE);
        }
        return policy.organizations()
                .find(organization)
                .filter(found -> connector.equals(NONE)
                        || found.connectors().stream()
                                .anyMatch(each -> each.name().equals(connector)))
                .isPresent();
    }

    // A snapshot has the labels in the order of their names.
    private static String[] verdictLabels(Labels labels) {
        return VERDICT_LABELS.stream().map(labels::get).toArray(String[]::new);
    }

    public void reloaded(boolean success) {
        loads.reloaded(success);
    }

    /** Gives the series of their own to the busiest organizations; the series of others end. */
    void chooseBusiest() {
        busy.choose();
        // Asked now and not of a list made before: a newcomer's first counts must not be taken away again.
        verdicts.removeIf(labels -> {
            String organization = labels.get(ORGANIZATION_LABEL);
            return !organization.equals(OTHER) && !organization.equals(NONE) && !busy.isNamed(organization);
        });
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
        count(verdict, mta, revision);
        decisions.observe(nanoseconds / NANOSECONDS);
    }

    @Override
    public void undecided(Verdict verdict, Optional<Mta> mta, String revision) {
        count(verdict, mta, revision); // and no time: nothing was decided
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
        count(verdict, POSTFIX, revision);
    }

    private void count(Verdict verdict, Optional<Mta> mta, String revision) {
        String organization = verdict.party().organization().orElse(NONE);
        String cause = verdict.cause().key();
        boolean named = organization.isEmpty() || busy.count(organization);
        String label = mta.isPresent() ? mta.get().toString() : UNKNOWN;
        String outcome = verdict.isAudited() ? AUDIT : verdict.action();
        CounterDataPoint counter = verdicts.labelValues(
                named ? organization : OTHER,
                named ? verdict.party().connector().orElse(NONE) : NONE,
                outcome,
                cause,
                label,
                ofFiles(revision));
        counter.inc();
        recipients.labelValues(outcome, cause, label).inc();
    }

    @Override
    public void headerDecided(Verdict verdict, Optional<Mta> mta, String revision) {
        count(verdict, mta, revision);
    }

    @Override
    public void headerMissed() {
        headersMissed.inc();
    }

    /** How many milter sessions are open now. */
    public long sessionsOpen() {
        return (long) open.get();
    }

    /** How many recipients were put off because of header fields that their session lacks. */
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
