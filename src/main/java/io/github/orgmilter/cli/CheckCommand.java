package io.github.orgmilter.cli;

import io.github.orgmilter.cli.option.EffectiveConfiguration;
import io.github.orgmilter.cli.option.Failures;
import io.github.orgmilter.config.Configuration;
import io.github.orgmilter.config.ConfigurationException;
import io.github.orgmilter.document.Problem;
import io.github.orgmilter.export.Exports;
import io.github.orgmilter.identity.InvalidValueException;
import io.github.orgmilter.live.WholeDirectory.Loaded;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.organization.Organizations;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.ToLongFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says everything that is wrong or doubtful in a configuration. */
@Command(
        name = "check",
        description = "Checks a configuration; exits with 0 if it can be used, else with 1.",
        mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {

    @Mixin
    private EffectiveConfiguration config = new EffectiveConfiguration();

    @Option(names = "--no-directory", description = "check the files alone")
    private boolean noDirectory;

    @Option(names = "--strict", description = "treat warnings as errors")
    private boolean strict;

    @Option(
            names = "--exported",
            paramLabel = "FILE",
            description = "a file that export wrote; an error if it is stale; may be repeated")
    private List<Path> exported = List.of();

    private final InstantSource clock;

    CheckCommand() {
        this(InstantSource.system());
    }

    CheckCommand(InstantSource clock) {
        this.clock = clock;
    }

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        try {
            Loaded loaded = noDirectory ? config.loadFiles() : config.load();
            Configuration configuration = loaded.configuration();
            List<Problem> warnings = configuration.warningsAt(clock.instant());
            printWarnings(err, warnings);
            loaded.problems().forEach(problem -> err.println("warning: " + problem));
            out.println(summary(configuration));
            boolean current = true;
            for (Path file : exported) {
                current &= isCurrent(file, configuration, err);
            }
            return current
                            && !(strict
                                    && !(warnings.isEmpty() && loaded.problems().isEmpty()))
                    ? 0
                    : 1;
        } catch (ConfigurationException e) {
            Failures.print(spec.commandLine(), e.problems().stream().map(Problem::toString));
            printWarnings(err, e.warnings());
            err.println(count(e.problems().size(), "error"));
            return Failures.FAILED;
        }
    }

    private static boolean isCurrent(Path file, Configuration configuration, PrintWriter err) {
        try {
            Optional<String> stale = Exports.whyStale(file, configuration);
            stale.ifPresent(reason -> err.println(file + ": " + reason));
            return stale.isEmpty();
        } catch (InvalidValueException e) {
            err.println(e.problem() + "; " + e.repair());
            return false;
        }
    }

    private static void printWarnings(PrintWriter err, List<Problem> warnings) {
        warnings.forEach(warning -> err.println("warning: " + warning));
    }

    private static String summary(Configuration configuration) {
        Organizations organizations = configuration.policy().organizations();
        return "config " + configuration.policy().revision() + ": "
                + count(organizations.size(), "organization")
                + ", "
                + count(
                        sum(
                                organizations,
                                organization -> organization.connectors().size()),
                        "connector")
                + ", "
                + count(
                        sum(
                                organizations,
                                organization -> organization.acceptedDomains().size()),
                        "accepted domain")
                + ", "
                + count(
                        sum(
                                organizations,
                                organization -> organization.connectors().stream()
                                        .mapToLong(connector ->
                                                connector.certificateNames().size())
                                        .sum()),
                        "certificate name")
                + ", "
                + count(
                        sum(
                                organizations,
                                organization -> organization.connectors().stream()
                                        .mapToLong(connector -> connector.pins().size())
                                        .sum()),
                        "pin")
                + ", "
                + count(
                        sum(
                                organizations,
                                organization -> organization.connectors().stream()
                                        .mapToLong(connector ->
                                                connector.addresses().ranges().size())
                                        .sum()),
                        "address range");
    }

    private static long sum(Organizations organizations, ToLongFunction<Organization> size) {
        return organizations.stream().mapToLong(size).sum();
    }

    private static String count(long count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }
}
