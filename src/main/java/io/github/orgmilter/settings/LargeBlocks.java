package io.github.orgmilter.settings;

import io.github.orgmilter.document.Located;
import io.github.orgmilter.document.Problems;
import io.github.orgmilter.identity.AddressRange;
import io.github.orgmilter.identity.InvalidValueException;
import java.util.List;
import java.util.Optional;

/** Blocks of addresses that are larger than an organization's own servers are likely to need. */
public final class LargeBlocks {

    private static final int LARGEST_IPV4_BLOCK = 24;
    private static final int LARGEST_IPV6_BLOCK = 48;

    private LargeBlocks() {}

    /** Warns of each of them. */
    public static void warn(List<Located<AddressRange>> ranges, Problems problems) {
        for (Located<AddressRange> range : ranges) {
            problem(range.value())
                    .ifPresent(large -> problems.warning(range.location(), large.problem(), large.repair()));
        }
    }

    /** What is wrong with the range, if it is one of them. */
    public static Optional<InvalidValueException> problem(AddressRange range) {
        int largest = range.isIPv4() ? LARGEST_IPV4_BLOCK : LARGEST_IPV6_BLOCK;
        return range.isLargerThan(largest)
                ? Optional.of(new InvalidValueException(
                        "\"" + range + "\" is larger than a /" + largest,
                        "list only the addresses of the organization's own servers"))
                : Optional.empty();
    }
}
