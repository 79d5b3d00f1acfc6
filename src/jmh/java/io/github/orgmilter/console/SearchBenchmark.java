package io.github.orgmilter.console;

import io.github.orgmilter.policy.LargeService;
import io.github.orgmilter.policy.Policy;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What it takes to find organizations among 1,000,000 with three domains each: by a name, by a domain, by the
 * beginning of names, by a part, and in vain. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xmx3g", "-XX:+UseSerialGC"}) // as the service starts
@Warmup(iterations = 1, time = 3)
@Measurement(iterations = 3, time = 3)
public class SearchBenchmark {

    private static final int CUSTOMERS = 1_000_000;
    private static final int MOST = 50;

    @Param({"customer-777777", "www-777777.test", "customer-7777", "er-7777", "nobody"})
    String wanted;

    private Policy policy;

    @Setup
    public void prepare() {
        policy = LargeService.ofCustomers(CUSTOMERS);
    }

    @Benchmark
    public OrganizationSearch.Found search() {
        return OrganizationSearch.find(policy, wanted, false, MOST);
    }
}
