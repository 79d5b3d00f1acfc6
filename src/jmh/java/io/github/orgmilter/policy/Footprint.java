package io.github.orgmilter.policy;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;

/**
 * Prints what a service of 100,000 organizations takes of the heap after a full collection: 1,000,000 accepted domains, 1,000,000
 * address ranges of both families, 200,000 certificate patterns.
 */
public final class Footprint {

    private static final int ORGANIZATIONS = 100_000;
    private static final double MEBIBYTE = 1 << 20;

    private Footprint() {}

    public static void main(String[] arguments) {
        LargeService.of(10); // classes
        double before = used();
        Policy policy = LargeService.of(ORGANIZATIONS);
        double after = used();
        System.out.printf("heap of the index: %.0f MiB%n", after - before);
        if (policy.organizations().size() != ORGANIZATIONS) {
            throw new IllegalStateException();
        }
    }

    private static double used() {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        for (int i = 0; i < 3; i++) {
            memory.gc();
        }
        return memory.getHeapMemoryUsage().getUsed() / MEBIBYTE;
    }
}
