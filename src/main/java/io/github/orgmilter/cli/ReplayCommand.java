package io.github.orgmilter.cli;

import io.github.orgmilter.cli.option.EffectiveConfiguration;
import io.github.orgmilter.cli.option.Failures;
import io.github.orgmilter.cli.option.LogSources;
import io.github.orgmilter.config.ConfigurationException;
import io.github.orgmilter.journal.Journal;
import io.github.orgmilter.policy.Policy;
import io.github.orgmilter.replay.Replay;
import io.github.orgmilter.replay.ReplayPrinter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Decides again what a log has, by another configuration. */
@Command(
        name = "replay",
        description =
                "Decides again each recipient of a log, by another configuration, and prints what differs; exits with 0"
                        + " if nothing does, 1 if something does, and 2 if that could not be found out.",
        mixinStandardHelpOptions = true)
final class ReplayCommand implements Callable<Integer> {

    /** Neither of the two answers. */
    static final int FAILED = 2;

    private static final int DIFFERENT = 1;

    @Mixin
    private EffectiveConfiguration config = new EffectiveConfiguration();

    @Option(
            names = "--against",
            paramLabel = "FILE",
            description = "compare with what this configuration decides, and not with what the log says was decided")
    private @Nullable Path against;

    @Option(
            names = "--top",
            paramLabel = "NUMBER",
            description = "print so many groups of differences at most (default: ${DEFAULT-VALUE})")
    private int top = 50;

    @Mixin
    private LogSources logs = new LogSources();

    @Option(names = "--json", description = "print JSON, for programs")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        try {
            return replay();
        } catch (IOException | ConfigurationException e) {
            Failures.report(e, spec.commandLine());
            return FAILED;
        }
    }

    private int replay() throws IOException, ConfigurationException {
        LogSources.requirePositive(spec.commandLine(), top);
        PrintWriter err = spec.commandLine().getErr();
        Policy policy = config.load(err).configuration().policy();
        Optional<Policy> old = against == null
                ? Optional.empty()
                : Optional.of(config.load(against, err).configuration().policy());
        Replay replay = new Replay(policy, old);
        Journal journal = logs.read(replay);
        ReplayPrinter printer =
                new ReplayPrinter(spec.commandLine().getOut(), replay, journal.lines(), journal.remarks(), top);
        if (json) {
            printer.json();
        } else {
            printer.text();
        }
        return replay.hasDifferences() ? DIFFERENT : 0;
    }
}
