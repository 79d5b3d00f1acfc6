package io.github.orgmilter.cli;

import io.github.orgmilter.cli.option.AdminOption;
import io.github.orgmilter.config.ConfigurationException;
import java.io.IOException;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Has the running service reload its configuration. */
@Command(
        name = "reload",
        description =
                "Has the running service reload its configuration, by its admin-listen socket; exits with 0 if the new"
                        + " one is current, else with 1.",
        mixinStandardHelpOptions = true)
final class ReloadCommand implements Callable<Integer> {

    @Mixin
    private AdminOption admin = new AdminOption();

    @Option(
            names = "--accept-shrink",
            paramLabel = "VERSION",
            description = "also take what is gone in this version of the directory, which max-shrink holds back")
    private @Nullable Long acceptShrink;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws ConfigurationException, IOException {
        OptionalLong version = acceptShrink == null ? OptionalLong.empty() : OptionalLong.of(acceptShrink);
        return admin.ask(
                spec.commandLine(),
                "POST",
                "/-/reload" + (version.isPresent() ? "?accept-shrink=" + version.getAsLong() : ""));
    }
}
