package io.github.orgmilter.cli;

import io.github.orgmilter.cli.option.Failures;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command {@code orgmilter}. */
@Command(
        name = "orgmilter",
        description = "A milter that relays only what an organization's own servers send in that organization's name.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class)
public final class Main implements Callable<Integer> {

    private static final String SERVE = "serve";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Exits with 0, 1 for a failure that was reported on standard error, or 2 for a usage error. */
    public static void main(String[] arguments) {
        List<String> problems = LogConfiguration.load();
        if (!problems.isEmpty()) {
            problems.forEach(System.err::println);
            System.exit(1);
        }
        boolean serve = arguments.length > 0 && arguments[0].equals(SERVE);
        System.exit((serve ? serveAlone() : commandLine()).execute(arguments));
    }

    public static CommandLine commandLine() {
        return serveAlone()
                .addSubcommand(new ReloadCommand())
                .addSubcommand(new CheckCommand())
                .addSubcommand(new ExplainCommand())
                .addSubcommand(new WhoCommand())
                .addSubcommand(new ProbeCommand())
                .addSubcommand(new ReplayCommand())
                .addSubcommand(new ReportCommand())
                .addSubcommand(new ExportCommand())
                .addSubcommand(new DoctorCommand())
                .addSubcommand(new DirectoryCommand())
                .addSubcommand(new FingerprintCommand())
                .addSubcommand(new SchemaCommand())
                .addSubcommand(new GenerateCompletion())
                .setExecutionExceptionHandler(new Failures()); // for those that were added since as well
    }

    /** Mail waits for its start, and picocli takes a tenth of a second to reflect on all the others. */
    private static CommandLine serveAlone() {
        return new CommandLine(new Main())
                .addSubcommand(new ServeCommand())
                .setExecutionExceptionHandler(new Failures());
    }

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return spec.exitCodeOnInvalidInput();
    }

    /** The version that the build wrote into the jar. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"orgmilter " + (version == null ? "(development)" : version)};
        }
    }
}
