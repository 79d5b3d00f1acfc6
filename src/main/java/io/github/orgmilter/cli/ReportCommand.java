package io.github.orgmilter.cli;

import io.github.orgmilter.cli.option.LogSources;
import io.github.orgmilter.journal.Journal;
import io.github.orgmilter.report.Report;
import io.github.orgmilter.report.ReportPrinter;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Reports what a log has of each organization. */
@Command(
        name = "report",
        description =
                "Reports from logs, for each organization and connector: messages, recipients, refusals by cause, and the"
                        + " senders and certificates that no rule knows.",
        mixinStandardHelpOptions = true)
final class ReportCommand implements Callable<Integer> {

    /** How a report is printed. */
    enum Format {
        TEXT,
        CSV,
        JSON,
        HTML;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Option(
            names = "--organization",
            paramLabel = "NAME",
            description = "report on this organization alone, as for a customer")
    private @Nullable String organization;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "text, csv, json or html, which is one page (default: ${DEFAULT-VALUE})")
    private Format format = Format.TEXT;

    @Option(
            names = "--top",
            paramLabel = "NUMBER",
            description = "how many entries each list has at most (default: ${DEFAULT-VALUE})")
    private int top = 20;

    @Mixin
    private LogSources logs = new LogSources();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        LogSources.requirePositive(spec.commandLine(), top);
        Report report = new Report(Optional.ofNullable(organization));
        Journal journal = logs.read(report);
        if (report.isEmpty()) {
            throw new IOException(
                    organization == null
                            ? "these logs have no verdict by a rule"
                            : "these logs have nothing of organization " + organization
                                    + "; write its name as the configuration does, or give more logs");
        }
        ReportPrinter printer = new ReportPrinter(spec.commandLine().getOut(), report, journal.remarks(), top);
        switch (format) {
            case TEXT -> printer.text();
            case CSV -> printer.csv();
            case JSON -> printer.json();
            case HTML -> printer.html();
        }
        return 0;
    }
}
