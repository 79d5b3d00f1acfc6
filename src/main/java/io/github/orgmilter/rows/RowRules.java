package io.github.orgmilter.rows;

import io.github.orgmilter.header.FieldName;
import io.github.orgmilter.settings.Names;
import io.github.orgmilter.suffix.PublicSuffixes;
import io.github.orgmilter.suffix.ReservedDomains;
import java.util.Set;

/**
 * What the file lets the rows of a directory set.
 *
 * @param settings the keys that count only where the file lists them, and that it lists: {@code directory.settings}
 * @param largeBlocks whether an address block may be larger than /24 (IPv4) or /48 (IPv6): {@code directory.large-blocks}
 * @param suffixes what is too wide to be one organization's
 * @param reserved domains that no organization of the directory may have: {@code directory.reserved-domains}
 * @param resultHeader which no connector can require, as it is removed from each message: {@code result-header-name}
 */
public record RowRules(
        Set<String> settings,
        boolean largeBlocks,
        PublicSuffixes suffixes,
        ReservedDomains reserved,
        FieldName resultHeader,
        RowLimits limits) {

    /** The keys that must be listed to count: they let relay more, refuse less, or have header fields looked at. */
    public static final Set<String> TO_BE_LISTED = Set.of(
            "mode",
            "require-accepted-domain",
            "allow-null-sender",
            Names.HEADER_FROM,
            Names.REQUIRED_HEADERS,
            Names.REMOVE_REQUIRED_HEADERS);

    /** None of those, and no large block. */
    public static final RowRules STANDARD = new RowRules(
            Set.of(),
            false,
            PublicSuffixes.builtIn(),
            ReservedDomains.NONE,
            new FieldName("X-OrgMilter-Result"),
            RowLimits.STANDARD);

    public RowRules {
        settings = Set.copyOf(settings);
    }
}
