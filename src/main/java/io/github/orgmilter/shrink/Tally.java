package io.github.orgmilter.shrink;

import io.github.orgmilter.rows.OrganizationRows;
import io.github.orgmilter.rows.Setting;
import java.util.HashSet;
import java.util.Set;

/**
 * How much there is, as {@link ShrinkGuard} counts it: no customer alone can have it hold back what others remove.
 *
 * @param organizations with rows
 * @param domains organizations with accepted domains
 * @param connectors of each organization less than {@link ShrinkGuard#LEAST}
 */
public record Tally(int organizations, int domains, int connectors) {

    public static final Tally NONE = new Tally(0, 0, 0);

    /** Of one organization. */
    public static Tally of(OrganizationRows rows) {
        if (rows.isEmpty()) {
            return NONE;
        }
        Set<String> connectors = new HashSet<>();
        boolean domains = false;
        for (Setting row : rows.settings()) {
            if (!row.connector().isEmpty()) {
                connectors.add(row.connector());
            }
            domains |= Removals.isDomain(row);
        }
        return new Tally(1, domains ? 1 : 0, Math.min(connectors.size(), ShrinkGuard.LEAST - 1));
    }

    /** The sum, or with a sign of -1 the difference. */
    public Tally plus(Tally other, int sign) {
        return new Tally(
                organizations + sign * other.organizations,
                domains + sign * other.domains,
                connectors + sign * other.connectors);
    }

    Tally most(Tally other) {
        return new Tally(
                Math.max(organizations, other.organizations),
                Math.max(domains, other.domains),
                Math.max(connectors, other.connectors));
    }
}
