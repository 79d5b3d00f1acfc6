package io.github.orgmilter.cli;

import io.github.orgmilter.cli.option.AdminOption;
import io.github.orgmilter.config.ConfigurationException;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What is to be known of the directory. */
@Command(
        name = "directory",
        description = "Shows what is known of the directory.",
        subcommands = {DirectoryCommand.Status.class, DirectoryCommand.Problems.class, DirectoryDumpCommand.class},
        mixinStandardHelpOptions = true)
final class DirectoryCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return spec.exitCodeOnInvalidInput();
    }

    /** Asks the running service how its directory is. */
    @Command(
            name = "status",
            description = "Asks the running service for the version and age of its directory, and how it is read.",
            mixinStandardHelpOptions = true)
    static final class Status implements Callable<Integer> {

        @Mixin
        private AdminOption admin = new AdminOption();

        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Override
        public Integer call() throws ConfigurationException, IOException {
            return admin.ask(spec.commandLine(), "GET", "/-/directory");
        }
    }

    /** Asks the running service what is wrong with the directory's organizations. */
    @Command(
            name = "problems",
            description = "Asks the running service what is wrong with the organizations of its directory.",
            mixinStandardHelpOptions = true)
    static final class Problems implements Callable<Integer> {

        @Mixin
        private AdminOption admin = new AdminOption();

        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Override
        public Integer call() throws ConfigurationException, IOException {
            return admin.ask(spec.commandLine(), "GET", "/-/problems");
        }
    }
}
