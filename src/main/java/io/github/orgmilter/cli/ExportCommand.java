package io.github.orgmilter.cli;

import io.github.orgmilter.cli.option.EffectiveConfiguration;
import io.github.orgmilter.cli.option.Failures;
import io.github.orgmilter.config.ConfigurationException;
import io.github.orgmilter.export.ExportException;
import io.github.orgmilter.export.ExportedFile;
import io.github.orgmilter.export.Exports;
import io.github.orgmilter.identity.Mta;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes what the MTA must know of a configuration, for its part of the gate. */
@Command(
        name = "export",
        description =
                "Prints the files that the MTA's own relay control needs: listed addresses, accepted domains, and the"
                        + " lines that use them. Export again after a change; check --exported reports stale files.",
        mixinStandardHelpOptions = true)
final class ExportCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "MTA", description = "postfix or sendmail")
    private Mta mta = Mta.POSTFIX;

    @Mixin
    private EffectiveConfiguration config = new EffectiveConfiguration();

    @Option(
            names = "--output-dir",
            paramLabel = "DIR",
            description = "write each file to this folder instead of printing all of them")
    private @Nullable Path outputDir;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws ConfigurationException, IOException {
        PrintWriter out = spec.commandLine().getOut();
        List<ExportedFile> files;
        try {
            files = Exports.of(mta, config.load(spec.commandLine().getErr()).configuration(), config.file());
        } catch (ExportException e) {
            Failures.print(spec.commandLine(), Stream.of(config.file() + ": " + e.getMessage()));
            return Failures.FAILED;
        }
        if (outputDir == null) {
            out.print(Exports.asOneText(files));
        } else {
            for (ExportedFile file : files) {
                out.println(write(outputDir, file));
            }
        }
        out.flush();
        return 0;
    }

    // By another name first: the MTA may read the folder at this moment.
    private static Path write(Path folder, ExportedFile file) throws IOException {
        Path target = folder.resolve(file.name());
        try {
            Files.createDirectories(folder);
            Path whole = Files.writeString(folder.resolve(file.name() + ".new"), file.text());
            return Files.move(whole, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new IOException("cannot write " + target + ": " + e, e);
        }
    }
}
