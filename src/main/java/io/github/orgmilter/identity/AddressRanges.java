package io.github.orgmilter.identity;

import java.util.List;
import java.util.Optional;

/** The address ranges of one connector: few, in the order written. */
public record AddressRanges(List<AddressRange> ranges) {

    public static final AddressRanges NONE = new AddressRanges(List.of());

    public AddressRanges {
        ranges = List.copyOf(ranges);
    }

    public boolean isEmpty() {
        return ranges.isEmpty();
    }

    /** The smallest range that holds the address. */
    public Optional<AddressRange> smallestContaining(IpAddress address) {
        AddressRange smallest = null;
        for (AddressRange range : ranges) {
            if (range.contains(address) && (smallest == null || range.compareSize(smallest) < 0)) {
                smallest = range;
            }
        }
        return Optional.ofNullable(smallest);
    }
}
