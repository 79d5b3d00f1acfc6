package io.github.orgmilter.sendmail;

import io.github.orgmilter.asking.Questions;
import io.github.orgmilter.config.Configuration;
import io.github.orgmilter.machine.Gateways;
import io.github.orgmilter.machine.Machine;
import io.github.orgmilter.wiring.Findings;
import io.github.orgmilter.wiring.Ours;
import io.github.orgmilter.wiring.Report;
import io.github.orgmilter.wiring.Shared;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;

/** Looks at a Sendmail. */
public final class SendmailDoctor {

    /** Looks at one side of it. */
    private interface Check {
        void look(SendmailExamination at, Findings findings) throws IOException;
    }

    private final Ours ours;
    private final Questions questions;
    private final List<Check> checks;

    /**
     * For one configuration of OrgMilter.
     *
     * @param questions how the sockets are asked
     */
    public SendmailDoctor(Configuration configuration, Questions questions, InstantSource clock) {
        ours = new Ours(configuration);
        this.questions = questions;
        checks = List.of(
                SendmailChecks::filter,
                SendmailChecks::daemons,
                SendmailChecks::ownWays,
                SendmailChecks::domains,
                SendmailChecks::known,
                SendmailChecks::letsThrough,
                new SendmailCertificates(clock)::look,
                SendmailChecks::answers);
    }

    /**
     * Looks at the Sendmail with this configuration file.
     *
     * @param file empty for the usual one
     * @throws IOException if it cannot be read at all
     */
    public Report examine(Machine machine, String file) throws IOException {
        Findings findings = new Findings();
        SendmailExamination examination = new SendmailExamination(
                Sendmail.read(machine, file.isEmpty() ? Sendmail.FILE : file), ours, machine, questions);
        Shared.gateways(Gateways.of(machine), ours, findings);
        for (Check check : checks) {
            try {
                check.look(examination, findings);
            } catch (IOException e) {
                findings.unchecked(e);
            }
        }
        Shared.audit(ours, examination.isWide(), findings);
        return new Report("sendmail", findings.inOrder());
    }
}
