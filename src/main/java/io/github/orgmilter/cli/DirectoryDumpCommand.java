package io.github.orgmilter.cli;

import io.github.orgmilter.cli.option.ConfigurationOption;
import io.github.orgmilter.config.ConfigurationException;
import io.github.orgmilter.directory.DirectorySettings;
import io.github.orgmilter.directory.Holdings;
import io.github.orgmilter.directory.Snapshot;
import io.github.orgmilter.directory.SnapshotException;
import io.github.orgmilter.document.Text;
import io.github.orgmilter.rows.Held;
import io.github.orgmilter.rows.RowsReader;
import io.github.orgmilter.rows.Setting;
import io.github.orgmilter.settings.Throttle;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.Comparator;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints the settings that count, from the snapshot. */
@Command(
        name = "dump",
        description =
                "Prints the settings of the directory that count, from the snapshot: organization, connector, setting and"
                        + " value, with tabs between them. Secrets are masked.",
        mixinStandardHelpOptions = true)
final class DirectoryDumpCommand implements Callable<Integer> {

    private static final String SECRET = "required-headers";
    private static final String MASK = "********";

    @Mixin
    private ConfigurationOption config = new ConfigurationOption();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws ConfigurationException, IOException {
        DirectorySettings settings = config.load()
                .settings()
                .directory()
                .orElseThrow(() -> new IOException(config.file() + " has no directory; add directory { url = ... }"));
        Holdings holdings = new Holdings(new RowsReader(settings.rules()), 1);
        try (Snapshot snapshot =
                new Snapshot(settings.snapshot(), settings.store().url())) {
            if (holdings.restore(snapshot, Throttle.none(), Instant.now()).isEmpty()) {
                throw new IOException(
                        "there is no snapshot " + settings.snapshot() + "; start the service, which writes it");
            }
        } catch (SnapshotException e) {
            throw new IOException(e.getMessage(), e);
        }
        PrintWriter out = spec.commandLine().getOut();
        holdings.all().stream()
                .sorted(Comparator.comparing(Held::organization))
                .forEach(held -> held.effective().settings().forEach(setting -> out.println(line(setting))));
        out.flush();
        return 0;
    }

    private static String line(Setting setting) {
        boolean secret = setting.setting().startsWith(SECRET);
        return String.join(
                "\t",
                Text.visible(setting.organization()),
                Text.visible(setting.connector()),
                Text.visible(setting.setting()),
                secret ? MASK : Text.visible(setting.value()));
    }
}
