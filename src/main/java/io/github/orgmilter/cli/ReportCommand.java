package io.github.orgmilter.cli;

import io.github.orgmilter.certificate.ServerCertificate;
import io.github.orgmilter.cli.option.LogSources;
import io.github.orgmilter.config.Configuration;
import io.github.orgmilter.config.ConfigurationException;
import io.github.orgmilter.journal.Journal;
import io.github.orgmilter.report.Expiry;
import io.github.orgmilter.report.Report;
import io.github.orgmilter.report.ReportPrinter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
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
            names = "--config",
            paramLabel = "FILE",
            description = "also report when the certificates of this configuration's certificate-files expire")
    private @Nullable Path config;

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
    public Integer call() throws IOException, ConfigurationException {
        LogSources.requirePositive(spec.commandLine(), top);
        Report report = new Report(
                Optional.ofNullable(organization),
                config == null ? Optional.empty() : Optional.of(expiries(Configuration.load(config), Instant.now())));
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

    /** A directory has no certificates in files. */
    private static List<Expiry> expiries(Configuration configuration, Instant now) {
        return configuration.certificates().stream()
                .map(pinned -> {
                    ServerCertificate its = pinned.certificate();
                    return new Expiry(
                            pinned.organization(),
                            pinned.connector(),
                            its.names().isEmpty() ? its.fingerprint().toString() : String.join(", ", its.names()),
                            its.notAfter(),
                            ChronoUnit.DAYS.between(now, its.notAfter()));
                })
                .toList();
    }
}
