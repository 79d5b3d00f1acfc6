package io.github.orgmilter.rows;

import io.github.orgmilter.document.Problem;
import io.github.orgmilter.organization.AcceptedDomain;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * The rows of one organization, in about as many octets as their text has: a million of them are held. A row that comes twice is one
 * row, with the older claim. Equal if the rows are, in whatever order they came.
 */
public final class OrganizationRows implements Held {

    private static final Comparator<Setting> ORDER = Comparator.comparing(Setting::connector)
            .thenComparing(Setting::setting)
            .thenComparing(Setting::value)
            .thenComparingLong(Setting::since);

    private static final int WHOLE = 0;
    private static final int CUT = 1;

    private final String organization;
    // WHOLE or CUT; then for each connector and setting these, how many rows, and of each its value, and its age after
    // the one before.
    private final byte[] octets;

    private OrganizationRows(String organization, byte[] octets) {
        this.organization = organization;
        this.octets = octets;
    }

    /** An organization without rows, as one is that is gone. */
    public static OrganizationRows none(String organization) {
        return of(organization, List.of());
    }

    /** All rows of an organization. */
    public static OrganizationRows of(String organization, Collection<Setting> rows) {
        return encode(organization, rows, WHOLE);
    }

    /** Some rows of an organization that has more than are read. */
    static OrganizationRows cut(String organization, Collection<Setting> rows) {
        return encode(organization, rows, CUT);
    }

    public static OrganizationRows ofOctets(String organization, byte[] octets) {
        return new OrganizationRows(organization, octets);
    }

    private static OrganizationRows encode(String organization, Collection<Setting> rows, int extent) {
        Setting[] sorted = rows.toArray(Setting[]::new);
        Arrays.sort(sorted, ORDER);
        int different = 0;
        for (Setting row : sorted) {
            if (different == 0
                    || !(isOfGroup(row, sorted[different - 1]) && row.value().equals(sorted[different - 1].value()))) {
                sorted[different++] = row;
            }
        }
        RowBytes.Writer writer = new RowBytes.Writer();
        writer.octet(extent);
        long before = AcceptedDomain.UNDATED;
        for (int start = 0, end; start < different; start = end) {
            end = start + 1;
            while (end < different && isOfGroup(sorted[end], sorted[start])) {
                end++;
            }
            writer.text(sorted[start].connector());
            writer.text(sorted[start].setting());
            writer.number(end - start);
            for (int i = start; i < end; i++) {
                writer.text(sorted[i].value());
                writer.number(sorted[i].since() - before);
                before = sorted[i].since();
            }
        }
        return new OrganizationRows(organization, writer.written());
    }

    private static boolean isOfGroup(Setting row, Setting other) {
        return row.connector().equals(other.connector()) && row.setting().equals(other.setting());
    }

    @Override
    public String organization() {
        return organization;
    }

    public boolean isEmpty() {
        return octets.length == 1;
    }

    /** Whether the store has no row of the organization. */
    public boolean isGone() {
        return isEmpty() && !isCut();
    }

    /** Whether the organization has more rows than are read, and these are only some. */
    public boolean isCut() {
        return octets[0] == CUT;
    }

    /** The rows, sorted by connector, setting and value. */
    public List<Setting> settings() {
        List<Setting> settings = new ArrayList<>();
        RowBytes.Reader reader = new RowBytes.Reader(octets);
        reader.octet();
        long since = AcceptedDomain.UNDATED;
        while (reader.hasMore()) {
            String connector = CommonNames.one(reader.text());
            String setting = CommonNames.one(reader.text());
            int count = reader.count();
            for (int i = 0; i < count; i++) {
                String value = reader.text();
                since += reader.number();
                settings.add(new Setting(organization, connector, setting, value, since));
            }
        }
        return settings;
    }

    public byte[] octets() {
        return octets;
    }

    @Override
    public OrganizationRows store() {
        return this;
    }

    @Override
    public OrganizationRows readable() {
        return this;
    }

    @Override
    public OrganizationRows effective() {
        return this;
    }

    @Override
    public List<Problem> problems() {
        return List.of();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof OrganizationRows rows
                && organization.equals(rows.organization)
                && Arrays.equals(octets, rows.octets);
    }

    @Override
    public int hashCode() {
        return 31 * organization.hashCode() + Arrays.hashCode(octets);
    }

    @Override
    public String toString() {
        return organization + ": " + octets.length + " octets of rows";
    }
}
