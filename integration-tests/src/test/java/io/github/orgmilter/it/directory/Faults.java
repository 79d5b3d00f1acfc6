package io.github.orgmilter.it.directory;

import static io.github.orgmilter.it.directory.Fragile.MARIADB;
import static io.github.orgmilter.it.directory.Fragile.POSTGRESQL;

import io.github.orgmilter.it.scenario.Sample;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** All that happens to the stores of customers in these tests. */
final class Faults {

    private static final Set<Fragile> ALL = Set.of(Fragile.values());

    // spotless:off
    /** A group each day: as the numbers of groups and stores have no common divisor, each group meets each store. */
    private static final List<List<Fault>> IN_TURN = List.of(
            List.of(
                    new Fault("is killed and started again", Site.ALONE, ALL, ServerFaults::killed),
                    new Fault("has another password, which the nodes get to know later", Site.ALONE, ALL, ServerFaults::passwordChanged),
                    new Fault("has its tables locked", Site.ALONE, Set.of(POSTGRESQL, MARIADB), ServerFaults::locked)),
            List.of(
                    new Fault("is behind a network that swallows all packets", Site.APART, ALL, NetworkFaults::blackHole),
                    new Fault("has a full disk", Site.APART, ALL, ServerFaults::fullDisk)),
            List.of(
                    new Fault("has a replica that stops following it, dies, and comes back as the only server, with less than the nodes know",
                            Site.REPLICATED, ALL, ReplicaFaults::lagging),
                    new Fault("fails over to its replica", Site.REPLICATED, ALL, ReplicaFaults::failedOver)),
            List.of(
                    new Fault("is away, even where nodes are ended and killed, and start from their snapshots",
                            Site.ALONE, ALL, RestartFaults::fromSnapshot),
                    new Fault("is down and there is no snapshot, except for a 451 whose reason is at /readyz",
                            Site.ALONE, ALL, RestartFaults::withoutSnapshot)),
            List.of(
                    new Fault("has a customer who claims what is others', with rows of every bad kind", Site.ALONE, ALL, ContentFaults::hostile),
                    new Fault("is yesterday's again, without most of the customers", Site.ALONE, ALL, ContentFaults::restored),
                    new Fault("has a primary that announces no change any more, since its network swallows all packets",
                            Site.ANNOUNCED, Set.of(POSTGRESQL), NetworkFaults::silentAnnouncer)));
    // spotless:on

    private Faults() {}

    /** What happens to such a store today, with what can follow each other in one place side by side. */
    static List<Fault> due(Fragile kind) {
        return Sample.turn("faults", IN_TURN).stream()
                .flatMap(List::stream)
                .filter(fault -> fault.stores().contains(kind))
                .sorted(Comparator.comparing(Fault::site))
                .toList();
    }
}
