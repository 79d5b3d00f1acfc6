package io.github.orgmilter.shrink;

import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.identity.InvalidValueException;
import io.github.orgmilter.rows.OrganizationRows;
import io.github.orgmilter.rows.Setting;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.StringTokenizer;

/** What of an organization counts and is gone from the store: all of it, accepted domains, or whole connectors. */
public final class Removals {

    private static final String ACCEPTED_DOMAINS = "accepted-domains";

    public static final Removals NONE = new Removals(OrganizationRows.none(""), OrganizationRows.none(""));

    private final List<Setting> rows = new ArrayList<>();
    private boolean domains;

    /**
     * Compares.
     *
     * @param counted the rows that have counted until now
     * @param store the rows of the store now
     */
    public Removals(OrganizationRows counted, OrganizationRows store) {
        if (counted.isEmpty() || store.isCut()) {
            return; // nothing to lose, or not known what the store has besides
        }
        Set<String> kept = new HashSet<>();
        for (Setting row : store.settings()) {
            kept.add(unit(row));
        }
        for (Setting row : counted.settings()) {
            boolean domain = isDomain(row);
            boolean unitOfItsOwn = domain || !row.connector().isEmpty();
            if (store.isGone() || (unitOfItsOwn && !kept.contains(unit(row)))) {
                rows.add(row);
                domains |= domain;
            }
        }
    }

    static boolean isDomain(Setting row) {
        return row.connector().isEmpty() && row.setting().equals(ACCEPTED_DOMAINS);
    }

    // A connector as a whole, or a domain however it is written.
    private static String unit(Setting row) {
        if (!isDomain(row)) {
            return "connector " + row.connector();
        }
        StringTokenizer words = new StringTokenizer(row.value());
        String written = words.hasMoreTokens() ? words.nextToken() : "";
        try {
            return "domain " + DomainName.parse(written);
        } catch (InvalidValueException e) {
            return "domain " + written;
        }
    }

    public boolean isEmpty() {
        return rows.isEmpty();
    }

    /** Whether accepted domains are among them. */
    public boolean ofDomains() {
        return domains;
    }

    /** These rows, and what is readable of the store. */
    public OrganizationRows heldBack(OrganizationRows readable) {
        List<Setting> all = new ArrayList<>(readable.settings());
        all.addAll(rows);
        return OrganizationRows.of(readable.organization(), all);
    }
}
