package io.github.orgmilter.cli.option;

import io.github.orgmilter.journal.Journal;
import io.github.orgmilter.journal.LogEntry;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The logs of a command that reads them. */
public final class LogSources {

    private static final String STANDARD_INPUT = "-";
    private static final Duration PACE = Duration.ofSeconds(1); // of reports on progress

    @Parameters(
            arity = "1..*",
            paramLabel = "LOG",
            description =
                    "a log, compressed by gzip or not; - is standard input. Text or JSON, also as syslog, journald"
                            + " or a container engine wrote it down")
    private List<String> logs = List.of();

    @Option(
            names = "--tag",
            paramLabel = "NAME",
            description = "the name under which syslog or journald has the service's lines, if it is another than"
                    + " orgmilter; may be repeated")
    private List<String> tags = List.of("orgmilter", "java");

    @Spec(Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    /** Refuses a {@code --top} that would print nothing. */
    public static void requirePositive(CommandLine command, int top) {
        if (top < 1) {
            throw new ParameterException(command, "Give --top a number of at least 1");
        }
    }

    /**
     * Reads them in their order.
     *
     * @throws IOException if one cannot be read, or none has a line of ours
     */
    public Journal read(Consumer<LogEntry> consumer) throws IOException {
        Journal journal = new Journal(Set.copyOf(tags), consumer);
        for (String log : logs) {
            boolean standardInput = log.equals(STANDARD_INPUT);
            InputStream file = standardInput ? System.in : Files.newInputStream(Path.of(log));
            long size = standardInput ? 0 : Files.size(Path.of(log));
            journal.read(standardInput ? "standard input" : log, progress(file, log, size));
        }
        if (journal.entries() == 0) {
            throw new IOException("no line in " + String.join(", ", logs) + " tells a verdict"
                    + (journal.remarks().isEmpty()
                            ? "; give logs of the service, with the lines of every recipient"
                            : ": " + String.join("; ", journal.remarks())));
        }
        return journal;
    }

    // Only for people: a program that reads standard error wants problems there.
    private InputStream progress(InputStream file, String name, long size) {
        return spec.commandLine().getColorScheme().ansi().enabled() // as errors are in colour: on a terminal
                ? new Progress(file, name, size, spec.commandLine().getErr())
                : file;
    }

    /** Reports how far the reading has come. */
    private static final class Progress extends FilterInputStream {

        private final String name;
        private final long size;
        private final PrintWriter err;
        private long octets;
        private long reported = System.nanoTime();
        private boolean shown;

        Progress(InputStream file, String name, long size, PrintWriter err) {
            super(file);
            this.name = name;
            this.size = size;
            this.err = err;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int count = in.read(buffer, offset, length);
            octets += Math.max(count, 0);
            long now = System.nanoTime();
            if (now - reported > PACE.toNanos()) {
                reported = now;
                shown = true;
                err.print("\r" + name + ": " + (octets >> 20) + (size > 0 ? " of " + (size >> 20) : "") + " MiB");
                err.flush();
            }
            return count;
        }

        @Override
        public void close() throws IOException {
            if (shown) {
                err.println();
            }
            in.close();
        }
    }
}
