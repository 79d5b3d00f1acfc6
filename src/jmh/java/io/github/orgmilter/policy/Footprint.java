package io.github.orgmilter.policy;

import io.github.orgmilter.organization.Organization;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.function.Supplier;

/**
 * Prints what two services take of the heap after a full collection: one of files with 100,000 organizations, 1,000,000 accepted
 * domains, 1,000,000 address ranges of both families and 200,000 certificate patterns; and one of a directory with 1,000,000
 * organizations, each with three accepted domains, two ranges and a pattern. Of the second, also what one change costs.
 */
public final class Footprint {

    private static final int ORGANIZATIONS = 100_000;
    private static final int CUSTOMERS = 1_000_000;
    private static final int CHANGES = 2_000;
    private static final ThreadMXBean THREAD = ManagementFactory.getThreadMXBean();
    private static final double MEBIBYTE = 1 << 20;
    private static final double MILLISECOND = 1e6;

    private Footprint() {}

    public static void main(String[] arguments) {
        LargeService.of(10); // classes
        measure("files, 100,000 organizations", () -> LargeService.of(ORGANIZATIONS));
        Policy policy = measure("directory, 1,000,000 organizations", () -> LargeService.ofCustomers(CUSTOMERS));
        change(policy); // compiles
        change(policy);
        change(policy);
        long start = THREAD.getCurrentThreadCpuTime();
        long disputed = policy.claimProblems().disputedDomains();
        System.out.printf("a pass over all claims: %.0f ms of CPU, %d in dispute%n", elapsed(start), disputed);
    }

    private static Policy measure(String what, Supplier<Policy> build) {
        double before = used();
        long start = THREAD.getCurrentThreadCpuTime();
        Policy policy = build.get();
        double took = elapsed(start);
        System.out.printf("%s: heap %.0f MiB, built in %.0f ms of CPU%n", what, used() - before, took);
        if (policy.organizations().isEmpty()) {
            throw new IllegalStateException();
        }
        return policy;
    }

    // Each replaces one organization by a like one.
    private static void change(Policy policy) {
        Policy current = policy;
        long start = THREAD.getCurrentThreadCpuTime();
        for (int i = 0; i < CHANGES; i++) {
            Organization next = LargeService.customer((int) (i * 7919L % CUSTOMERS));
            current = current.with(List.of(next), List.of(), current.options(), "2");
        }
        System.out.printf("one change: %.3f ms of CPU%n", elapsed(start) / CHANGES);
    }

    private static double elapsed(long start) {
        return (THREAD.getCurrentThreadCpuTime() - start) / MILLISECOND;
    }

    private static double used() {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        for (int i = 0; i < 3; i++) {
            memory.gc();
        }
        return memory.getHeapMemoryUsage().getUsed() / MEBIBYTE;
    }
}
