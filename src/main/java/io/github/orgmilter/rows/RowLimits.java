package io.github.orgmilter.rows;

/**
 * How much of a store is held. What is longer is a problem of its organization.
 *
 * @param rows of one organization
 * @param characters of a name, a setting or a value
 */
public record RowLimits(int rows, int characters) {

    /** More than any organization needs: the longest values are domain names, of up to 253 octets, and fingerprints. */
    public static final RowLimits STANDARD = new RowLimits(100_000, 1_024);

    public RowLimits {
        if (rows < 1 || characters < 1) {
            throw new IllegalArgumentException("limits below one: " + rows + " rows, " + characters + " characters");
        }
    }
}
