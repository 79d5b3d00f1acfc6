package io.github.orgmilter.settings;

import io.github.orgmilter.document.Located;
import io.github.orgmilter.document.Problems;
import io.github.orgmilter.identity.AddressRange;
import java.util.List;

/** Blocks of addresses that are larger than an organization's own servers are likely to need. */
public final class LargeBlocks {

    private static final int LARGEST_IPV4_BLOCK = 24;
    private static final int LARGEST_IPV6_BLOCK = 48;

    private LargeBlocks() {}

    /** Warns of each of them. */
    public static void warn(List<Located<AddressRange>> ranges, Problems problems) {
        for (Located<AddressRange> range : ranges) {
            int largest = range.value().isIPv4() ? LARGEST_IPV4_BLOCK : LARGEST_IPV6_BLOCK;
            if (range.value().isLargerThan(largest)) {
                problems.warning(
                        range.location(),
                        "\"" + range.value() + "\" is larger than a /" + largest,
                        "list only the addresses of the organization's own servers");
            }
        }
    }
}
