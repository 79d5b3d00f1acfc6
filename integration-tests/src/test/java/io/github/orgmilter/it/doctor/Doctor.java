package io.github.orgmilter.it.doctor;

import static org.awaitility.Awaitility.await;

import io.github.orgmilter.it.daemon.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.testcontainers.containers.GenericContainer;

/** {@code orgmilter doctor}, which looks into an MTA's container from outside. */
final class Doctor {

    private static final Pattern FINDING =
            Pattern.compile("(?m)^(wrong|doubtful) ([a-z-]+): (.*)\\n    (.*)\\n(?:    repair: (.*)\\n)?");

    private final String mta;
    private final GenericContainer<?> container;
    private final Path configuration;

    /**
     * One that is not right.
     *
     * @param what severity and topic
     */
    record Finding(String what, String place, String reason, String repair) {}

    Doctor(String mta, GenericContainer<?> container, Path configuration) {
        this.mta = mta;
        this.container = container;
        this.configuration = configuration;
    }

    /** What it prints; it may exit with 0 or 1. */
    String run(String... options) throws IOException, InterruptedException {
        String command = Stream.concat(
                        Stream.of(
                                Command.ORGMILTER,
                                "doctor",
                                mta,
                                "--timeout",
                                "100",
                                "--config",
                                configuration.toString(),
                                "--via",
                                "docker exec -i " + container.getContainerId()),
                        Stream.of(options))
                .map(word -> "'" + word + "'")
                .collect(Collectors.joining(" "));
        return Command.run("sh", "-c", command + " || test $? = 1");
    }

    /** What it prints once it finds no answer slow: on a busy machine some are, and it is right to say so. */
    String runUnhurried() {
        AtomicReference<String> report = new AtomicReference<>("");
        await("answers that are not slow")
                .atMost(Duration.ofMinutes(5))
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> {
                    report.set(run());
                    return !report.get().contains("\n    slow: ");
                });
        return report.get();
    }

    List<Finding> findings(String... options) throws IOException, InterruptedException {
        return parse(run(options));
    }

    static List<Finding> parse(String report) {
        List<Finding> findings = new ArrayList<>();
        Matcher matcher = FINDING.matcher(report);
        while (matcher.find()) {
            findings.add(new Finding(
                    matcher.group(1) + " " + matcher.group(2), matcher.group(3), matcher.group(4), matcher.group(5)));
        }
        return findings;
    }

    static Set<String> topics(List<Finding> findings) {
        return findings.stream().map(Finding::what).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Runs the commands that it prints about what was recorded, as an administrator would. */
    String repair(Path recording) throws IOException, InterruptedException {
        String script = run("--fix", "--recorded", recording.toString());
        inContainer(script);
        return script;
    }

    void inContainer(String script) throws IOException, InterruptedException {
        var result = container.execInContainer("sh", "-ec", script);
        if (result.getExitCode() != 0) {
            throw new AssertionError(script + "\n" + result.getStdout() + result.getStderr());
        }
    }

    static Path configuration(String hocon) throws IOException {
        Path file = Files.createTempFile("orgmilter-it-doctor", ".conf");
        return Files.writeString(file, hocon);
    }
}
