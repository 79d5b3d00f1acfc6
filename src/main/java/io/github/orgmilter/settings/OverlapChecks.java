package io.github.orgmilter.settings;

import io.github.orgmilter.document.Located;
import io.github.orgmilter.document.Location;
import io.github.orgmilter.document.Problems;
import io.github.orgmilter.identity.AddressRange;
import io.github.orgmilter.index.AddressIndex;
import io.github.orgmilter.organization.ConnectorName;
import io.github.orgmilter.settings.OrganizationDraft.ConnectorDraft;
import io.github.orgmilter.settings.headers.Sharing;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Warns of address ranges that connectors of two organizations share: once for each two connectors. Of those with required header
 * fields, which are for shared servers, it warns only where a connector without them has the same addresses: once for each of these.
 */
final class OverlapChecks {

    /** A range of a connector, by its place in the connector's list: its location is made when it is asked for. */
    private record Range(OrganizationDraft owner, ConnectorDraft connector, int index) {

        AddressRange value() {
            return connector.addresses().get(index).value();
        }

        Location location() {
            return connector.addresses().get(index).location();
        }

        ConnectorName name() {
            return new ConnectorName(owner.name(), connector.name());
        }

        /** Whether it takes the mail of all clients in it. */
        boolean isOpen() {
            return connector.requiredHeaders().isEmpty();
        }

        boolean isOfAnother(Range other) {
            return CrossChecks.isAnother(owner, other.owner);
        }
    }

    /** Two connectors, the one written first first. */
    private record Pair(ConnectorName first, ConnectorName second) {}

    /** Two ranges that overlap, and how many more of the same connectors do. */
    private record Overlap(Range first, Range second, int more) {

        boolean isBefore(Overlap other) {
            return second.location().compareTo(other.second.location()) < 0;
        }

        String others() {
            return switch (more) {
                case 0 -> "";
                case 1 -> ", as does 1 more range of these connectors";
                default -> ", as do " + more + " more ranges of these connectors";
            };
        }

        Overlap and(Overlap other) {
            Overlap shown = other.isBefore(this) ? other : this;
            return new Overlap(shown.first, shown.second, more + other.more + 1);
        }
    }

    private final List<OrganizationDraft> organizations;
    private final Problems problems;
    private final Throttle throttle;
    private final Map<Pair, Overlap> overlaps = new LinkedHashMap<>();
    private final Map<ConnectorName, Overlap> ofNarrow = new LinkedHashMap<>();

    OverlapChecks(List<OrganizationDraft> organizations, Problems problems, Throttle throttle) {
        this.organizations = organizations;
        this.problems = problems;
        this.throttle = throttle;
    }

    void run() {
        AddressIndex.forEachOverlap(
                ranges(), throttle::step, OverlapChecks::isWarnedOf, (one, other) -> add(one.value(), other.value()));
        overlaps.values().forEach(this::warn);
        ofNarrow.values().forEach(this::warnOfNarrow);
    }

    private static boolean isWarnedOf(Range one, Range other) {
        return one.isOfAnother(other) && (one.isOpen() || other.isOpen());
    }

    private void warnOfNarrow(Overlap overlap) {
        problems.warning(
                overlap.second.location(),
                "\"" + overlap.second.value() + "\" overlaps \"" + overlap.first.value() + "\" in organization \""
                        + overlap.first.owner.name() + "\", at "
                        + overlap.first.location().place()
                        + ", with required-headers",
                Sharing.REQUIRE_HEADERS);
    }

    private List<AddressIndex.Entry<Range>> ranges() {
        List<AddressIndex.Entry<Range>> ranges = new ArrayList<>();
        for (OrganizationDraft organization : organizations) {
            throttle.step();
            for (ConnectorDraft connector : organization.connectors()) {
                List<AddressRange> own = Located.values(connector.addresses());
                for (int i = 0; i < own.size(); i++) {
                    ranges.add(new AddressIndex.Entry<>(own.get(i), new Range(organization, connector, i)));
                }
            }
        }
        return ranges;
    }

    private void add(Range one, Range other) {
        if (one.isOpen() != other.isOpen()) {
            Range open = one.isOpen() ? one : other;
            ofNarrow.putIfAbsent(open.name(), new Overlap(one.isOpen() ? other : one, open, 0));
            return;
        }
        boolean later = one.location().compareTo(other.location()) > 0;
        Range first = later ? other : one;
        Range second = later ? one : other;
        overlaps.merge(new Pair(first.name(), second.name()), new Overlap(first, second, 0), Overlap::and);
    }

    private void warn(Overlap overlap) {
        Range first = overlap.first;
        problems.warning(
                overlap.second.location(),
                "\"" + overlap.second.value() + "\" overlaps \"" + first.value() + "\" in organization \""
                        + first.owner.name() + "\", at " + first.location().place() + overlap.others(),
                CrossChecks.NOT_SHARED);
    }
}
