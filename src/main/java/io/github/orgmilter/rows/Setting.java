package io.github.orgmilter.rows;

/**
 * A row of a directory, as it stands in the store: nothing is trimmed, mapped or checked.
 *
 * @param organization its name
 * @param connector its name, or {@code partner/} and that of a partner; empty for what concerns the organization as a whole
 * @param setting a key of orgmilter.conf
 * @param value plain text; of a list, one element
 * @param since when the claim was made, in microseconds since 1970; {@link io.github.orgmilter.organization.AcceptedDomain#UNDATED} if the store does not say
 */
public record Setting(String organization, String connector, String setting, String value, long since) {}
