package io.github.orgmilter.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** From a file to the index: ten domains, ten address ranges and two certificate patterns for each organization. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 5)
@Measurement(iterations = 5, time = 2)
public class LoadBenchmark {

    private static final String GENERATOR = "src/bench/large-service.awk"; // run.sh starts this at the top

    @Param({"1", "1000", "100000"})
    int organizations;

    private Path file;

    @Setup
    public void write() throws IOException, InterruptedException {
        file = Files.createTempFile("orgmilter", ".conf");
        Files.writeString(file, "organizations {\n");
        Process awk = new ProcessBuilder("awk", "-v", "organizations=" + organizations, "-f", GENERATOR)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(file.toFile()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        if (awk.waitFor() != 0) {
            throw new IOException("awk failed");
        }
        Files.writeString(file, "}\n", StandardOpenOption.APPEND);
    }

    @TearDown
    public void delete() throws IOException {
        Files.delete(file);
    }

    @Benchmark
    public Configuration load() throws ConfigurationException {
        return Configuration.load(file);
    }
}
