package io.github.orgmilter.policy;

import io.github.orgmilter.authors.MessageDecision;
import io.github.orgmilter.header.HeaderFields;
import io.github.orgmilter.identification.Client;
import io.github.orgmilter.identification.Identification;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.policy.options.PolicyOptions;
import io.github.orgmilter.verdict.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

/**
 * What a message costs whose server many organizations share: the decision at RCPT and at the end of the header, beside a decision by a
 * certificate of an organization's own. It must not depend on how many share the server.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class SharedServerBenchmark {

    private static final int CASES = 1 << 14;
    private static final int MOST_FIELDS = 1000;
    private static final int MOST_OCTETS = 1 << 20;

    @Param({"1", "50000"})
    int organizations;

    private Policy policy;
    private Client shared;
    private final Client[] own = new Client[CASES];
    private final Envelope[] envelopes = new Envelope[CASES];
    private final byte[][] values = new byte[CASES][];
    private final byte[] name = LargeService.SHARED_FIELD.getBytes(StandardCharsets.US_ASCII);
    private final Envelope nobody = new Envelope(LargeService.address("<>"));
    private final Address outside = LargeService.address("<bob@outside.example.org>");
    private int next;

    @Setup
    public void prepare() {
        List<Organization> all = new ArrayList<>(organizations);
        for (int i = 0; i < organizations; i++) {
            all.add(LargeService.tenant(i));
        }
        policy = new Policy(all, PolicyOptions.DEFAULT, "1");
        shared = LargeService.ofSharedServer();
        Random random = new Random(1);
        for (int i = 0; i < CASES; i++) {
            int organization = random.nextInt(organizations);
            own[i] = LargeService.byCertificate(organization);
            envelopes[i] = LargeService.from(organization);
            values[i] = LargeService.sharedValue(organization).getBytes(StandardCharsets.US_ASCII);
            boolean passes = sharedServer(envelopes[i], values[i]).isEmpty()
                    && sharedServer(nobody, values[i]).isEmpty();
            if (!passes
                    || !policy.decide(policy.identify(own[i]), envelopes[i], outside)
                            .action()
                            .equals("accept")) {
                throw new IllegalStateException("not the case that is meant");
            }
        }
        if (sharedServer(envelopes[0], new byte[] {'x'}).isEmpty()) {
            throw new IllegalStateException("a forged field passes");
        }
    }

    private int next() {
        next = (next + 1) & (CASES - 1);
        return next;
    }

    private Optional<Verdict> sharedServer(Envelope envelope, byte[] value) {
        Identification identification = policy.identify(shared);
        MessageDecision message = new MessageDecision(policy, envelope);
        message.accept(identification, outside, policy.decide(identification, envelope, outside));
        HeaderFields fields = new HeaderFields(message.asked(), MOST_FIELDS, MOST_OCTETS);
        fields.add(name, value);
        return message.decide(fields);
    }

    /** The decision alone, of a client with a certificate of its own. */
    @Benchmark
    public Verdict byOwnCertificate() {
        int i = next();
        return policy.decide(policy.identify(own[i]), envelopes[i], outside);
    }

    @Benchmark
    public Optional<Verdict> bySharedCertificate() {
        int i = next();
        return sharedServer(envelopes[i], values[i]);
    }

    /** The same, where the sender does not tell whose message it is. */
    @Benchmark
    public Optional<Verdict> bySharedCertificateForNullSender() {
        return sharedServer(nobody, values[next()]);
    }
}
