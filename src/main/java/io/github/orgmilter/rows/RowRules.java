package io.github.orgmilter.rows;

import io.github.orgmilter.settings.Names;
import java.util.Set;

/**
 * What the file lets the rows of a directory set.
 *
 * @param settings the keys that count only where the file lists them, and that it lists: {@code directory.settings}
 * @param largeBlocks whether an address block may be larger than /24 (IPv4) or /48 (IPv6): {@code directory.large-blocks}
 */
public record RowRules(Set<String> settings, boolean largeBlocks, RowLimits limits) {

    /** The keys that must be listed to count: they let relay more, refuse less, or have header fields looked at. */
    public static final Set<String> TO_BE_LISTED =
            Set.of("mode", "require-accepted-domain", "allow-null-sender", Names.HEADER_FROM);

    /** None of those, and no large block. */
    public static final RowRules STANDARD = new RowRules(Set.of(), false, RowLimits.STANDARD);

    public RowRules {
        settings = Set.copyOf(settings);
    }
}
