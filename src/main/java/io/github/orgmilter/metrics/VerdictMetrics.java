package io.github.orgmilter.metrics;

import io.github.orgmilter.identity.Mta;
import io.github.orgmilter.policy.Policy;
import io.github.orgmilter.verdict.Cause;
import io.github.orgmilter.verdict.Verdict;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The recipients decided: in all, and in series that begin and end with what they are about, a configuration, an organization or a
 * connector. Only the busiest organizations have series of their own.
 */
final class VerdictMetrics {

    /** The label of organizations without a series of their own. */
    static final String OTHER = "other";

    /** The verdict of a recipient that is accepted only by {@code mode = audit}. */
    private static final String AUDIT = "audit";

    /** The label of an MTA that does not name itself. */
    private static final String UNKNOWN = "unknown";

    private static final String NONE = "";
    private static final List<String> LABELS =
            List.of("organization", "connector", "verdict", "cause", "mta", "configuration");
    private static final int ORGANIZATION = LABELS.indexOf("organization");
    private static final int CONFIGURATION = LABELS.indexOf("configuration");

    private final BusyOrganizations busy;
    private final Counter verdicts;
    private final Counter recipients;
    private volatile String configuration = NONE;
    private volatile String previousConfiguration = NONE;

    /** Starts at zero, with series for so many organizations. */
    VerdictMetrics(PrometheusRegistry registry, int organizations) {
        busy = new BusyOrganizations(organizations);
        verdicts = Counter.builder()
                .name("orgmilter_verdicts_total")
                .help("Recipients decided: accept, reject, tempfail, or audit for those accepted only by mode = audit.")
                .labelNames(LABELS.toArray(String[]::new))
                .register(registry);
        recipients = Counter.builder()
                .name("orgmilter_recipients_total")
                .help(
                        "The same recipients without configuration and organization: for rates that no reload interrupts.")
                .labelNames("verdict", "cause", "mta")
                .register(registry);
        // The first one should raise an alarm, and increase() does not see a series begin.
        Stream.concat(Stream.of(Mta.values()).map(Mta::toString), Stream.of(UNKNOWN))
                .forEach(mta -> recipients.initLabelValues("tempfail", Cause.Refusing.INTERNAL.key(), mta));
    }

    void count(Verdict verdict, Optional<Mta> mta, String revision) {
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

    /**
     * A policy became the current one. The series of all but it and the previous one end, and those of organizations that are gone.
     *
     * <p>What was counted before begins at 0 under this one: a series that began with its first count would lose it in rate()
     * and increase(), which see only what is added to a value that they know. They still miss what is counted between a reload and
     * the next scrape; orgmilter_recipients_total does not.
     */
    void configurationLoaded(Policy policy) {
        String id = ofFiles(policy.revision());
        if (!id.equals(configuration)) {
            previousConfiguration = configuration;
            configuration = id;
        }
        verdicts.removeIf(labels -> !labels.get(CONFIGURATION).equals(configuration)
                && !labels.get(CONFIGURATION).equals(previousConfiguration));
        organizationsRemoved(policy);
        beginAtZero(policy);
    }

    /** Some organizations are gone: none of them keeps the place of another. */
    void organizationsRemoved(Policy policy) {
        busy.retain(name -> policy.organizations().find(name).isPresent());
    }

    /** The id of a revision's files: the state of a directory changes too often to begin series anew. */
    static String ofFiles(String revision) {
        int end = revision.indexOf('/');
        return end < 0 ? revision : revision.substring(0, end);
    }

    private void beginAtZero(Policy policy) {
        for (CounterDataPointSnapshot known : verdicts.collect().getDataPoints()) {
            Labels labels = known.getLabels();
            if (exists(labels.get("organization"), labels.get("connector"), policy)) {
                String[] values = values(labels);
                values[CONFIGURATION] = configuration;
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
    private static String[] values(Labels labels) {
        return LABELS.stream().map(labels::get).toArray(String[]::new);
    }

    /** Gives the series of their own to the busiest organizations; the series of others end. */
    void chooseBusiest() {
        busy.choose();
        // Asked now and not of a list made before: a newcomer's first counts must not be taken away again.
        verdicts.removeIf(labels -> {
            String organization = labels.get(ORGANIZATION);
            return !organization.equals(OTHER) && !organization.equals(NONE) && !busy.isNamed(organization);
        });
    }
}
