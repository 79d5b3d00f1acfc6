package io.github.orgmilter.policy;

import io.github.orgmilter.identification.Client;
import io.github.orgmilter.identification.Identification;
import io.github.orgmilter.verdict.Verdict;
import java.util.Random;
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

/** A message of one recipient: who is the client, and may it? Random clients and senders, so that no cache helps. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class DecideBenchmark {

    private static final int CASES = 1 << 14;

    @Param({"1", "1000", "100000"})
    int organizations;

    private Policy policy;
    private final Client[] byCertificate = new Client[CASES];
    private final Client[] byAddress = new Client[CASES];
    private final Client[] strangers = new Client[CASES];
    private final Envelope[] envelopes = new Envelope[CASES];
    private final Identification[] identified = new Identification[CASES];
    private Policy withPartners;
    private final Address[] inside = new Address[CASES];
    private final Address outside = LargeService.address("<bob@outside.example.org>");
    private int next;

    @Setup
    public void prepare() {
        policy = LargeService.of(organizations);
        withPartners = LargeService.withPartners(organizations);
        Random random = new Random(1);
        for (int i = 0; i < CASES; i++) {
            int organization = random.nextInt(organizations);
            byCertificate[i] = LargeService.byCertificate(organization);
            byAddress[i] = LargeService.byAddress(organization);
            strangers[i] = LargeService.stranger(random.nextInt(1 << 16));
            envelopes[i] = LargeService.from(organization);
            identified[i] = policy.identify(byCertificate[i]);
            inside[i] = LargeService.recipient(random.nextInt(organizations));
            if (!policy.decide(identified[i], envelopes[i], outside).action().equals("accept")) {
                throw new IllegalStateException("not the case that is meant");
            }
        }
    }

    private int next() {
        next = (next + 1) & (CASES - 1);
        return next;
    }

    @Benchmark
    public Verdict byCertificate() {
        int i = next();
        return policy.decide(policy.identify(byCertificate[i]), envelopes[i], outside);
    }

    @Benchmark
    public Verdict byAddress() {
        int i = next();
        return policy.decide(policy.identify(byAddress[i]), envelopes[i], outside);
    }

    @Benchmark
    public Verdict notIdentified() {
        int i = next();
        return policy.decide(policy.identify(strangers[i]), envelopes[i], outside);
    }

    /** Mail to an organization, from a stranger. */
    @Benchmark
    public Verdict inbound() {
        int i = next();
        return policy.decide(policy.identify(strangers[i]), envelopes[i], inside[i]);
    }

    /** The same, to one whose partners concern every sender: it is refused. */
    @Benchmark
    public Verdict inboundWithPartners() {
        int i = next();
        return withPartners.decide(withPartners.identify(strangers[i]), envelopes[i], inside[i]);
    }

    /** A further recipient of a message, whose client is identified already. */
    @Benchmark
    public Verdict nextRecipient() {
        int i = next();
        return policy.decide(identified[i], envelopes[i], outside);
    }
}
