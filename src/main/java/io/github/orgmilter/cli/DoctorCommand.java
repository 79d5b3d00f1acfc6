package io.github.orgmilter.cli;

import io.github.orgmilter.asking.Questions;
import io.github.orgmilter.cli.option.EffectiveConfiguration;
import io.github.orgmilter.cli.option.Failures;
import io.github.orgmilter.config.Configuration;
import io.github.orgmilter.config.ConfigurationException;
import io.github.orgmilter.doctor.PostfixDoctor;
import io.github.orgmilter.identity.Mta;
import io.github.orgmilter.machine.LocalMachine;
import io.github.orgmilter.machine.Machine;
import io.github.orgmilter.machine.Recording;
import io.github.orgmilter.sendmail.SendmailDoctor;
import io.github.orgmilter.wiring.Report;
import io.github.orgmilter.wiring.Severity;
import io.github.orgmilter.wiring.Topic;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Looks at how the MTA and the service are put together. */
@Command(
        name = "doctor",
        description =
                "Reads the MTA's configuration by the MTA's own tools, asks the sockets as the MTA would, and lists what is"
                        + " wrong, doubtful and right. Changes nothing. Exits with 0 if nothing is wrong, else with 1.",
        mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "MTA", description = "postfix or sendmail")
    private Mta mta = Mta.POSTFIX;

    @Mixin
    private EffectiveConfiguration config = new EffectiveConfiguration();

    @Option(
            names = {"-c", "--mta-config"},
            paramLabel = "PATH",
            description = "the MTA's configuration, if it is elsewhere: a folder for postfix, a file for sendmail")
    private String mtaConfig = "";

    @Option(
            names = "--via",
            paramLabel = "COMMAND",
            description = "run the MTA's tools by this command, such as 'docker exec -i postfix'")
    private String via = "";

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "how long a tool or a socket may take (default: 10)")
    private int timeout = 10;

    @Option(names = "--record", paramLabel = "FILE", description = "also write what the tools print to this file")
    private @Nullable Path record;

    @Option(names = "--recorded", paramLabel = "FILE", description = "read such a file, and run and ask nothing")
    private @Nullable Path recorded;

    @Option(names = "--fix", description = "print the commands that mend what is wrong or doubtful; runs none")
    private boolean fix;

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    @Option(names = "--strict", description = "treat what is doubtful as wrong")
    private boolean strict;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws ConfigurationException, IOException {
        PrintWriter out = spec.commandLine().getOut();
        Configuration configuration = config.load(spec.commandLine().getErr()).configuration();
        Duration patience = Duration.ofSeconds(Math.max(1, timeout));
        Recording recording = recorded == null ? new Recording() : Recording.parse(Files.readString(recorded));
        Machine machine = recorded == null ? recording.of(new LocalMachine(words(via), patience)) : recording;
        Questions questions = new Questions(patience);
        InstantSource clock = InstantSource.system();
        Report report = switch (mta) {
            case POSTFIX -> new PostfixDoctor(configuration, questions, clock).examine(machine, mtaConfig);
            case SENDMAIL -> new SendmailDoctor(configuration, questions, clock).examine(machine, mtaConfig);
        };
        if (record != null) {
            Files.writeString(record, recording.toString());
        }
        out.print(json ? report.json() : fix ? report.script() : report.text());
        out.flush();
        boolean bad = !report.of(Severity.WRONG).isEmpty()
                || report.findings().stream().anyMatch(finding -> finding.topic() == Topic.UNCHECKED)
                || (strict && !report.of(Severity.DOUBTFUL).isEmpty());
        return bad ? Failures.FAILED : 0;
    }

    private static List<String> words(String command) {
        return command.isBlank() ? List.of() : List.of(command.strip().split("\\s+"));
    }
}
