package io.github.orgmilter.cli;

import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code orgmilter}. */
@Command(
        name = "orgmilter",
        description = "A milter that relays only what an organization's own servers send in that organization's name.",
        subcommands = {
            ServeCommand.class,
            CheckCommand.class,
            ExplainCommand.class,
            ExportCommand.class,
            FingerprintCommand.class,
            GenerateCompletion.class
        },
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class)
public final class Main implements Runnable {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Exits with 0, 1 for a failure that was said on standard error, or 2 for a usage error. */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main());
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say what to do: orgmilter serve --config FILE");
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
