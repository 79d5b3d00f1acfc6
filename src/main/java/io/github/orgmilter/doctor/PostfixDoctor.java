package io.github.orgmilter.doctor;

import io.github.orgmilter.asking.Questions;
import io.github.orgmilter.config.Configuration;
import io.github.orgmilter.machine.Gateways;
import io.github.orgmilter.machine.Machine;
import io.github.orgmilter.postfix.Instance;
import io.github.orgmilter.wiring.Findings;
import io.github.orgmilter.wiring.Ours;
import io.github.orgmilter.wiring.Report;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;

/** Looks at every Postfix of a machine. */
public final class PostfixDoctor {

    private final Ours ours;
    private final Questions questions;
    private final List<PostfixCheck> checks;

    /**
     * For one configuration of OrgMilter.
     *
     * @param questions how the sockets are asked
     */
    public PostfixDoctor(Configuration configuration, Questions questions, InstantSource clock) {
        ours = new Ours(configuration);
        this.questions = questions;
        checks = List.of(
                OpenServices::look,
                MilterSettings::wired,
                MilterSettings::macros,
                MilterSettings::ownMail,
                Ignored::ofServices,
                Ignored::postscreen,
                Clients::xclient,
                Clients::shared,
                Clients::smuggling,
                Gate::complete,
                Gate::wide,
                Gate::letsThrough,
                Alike::look,
                Gate::policy,
                PolicyDefaults::look,
                new Certificates(clock)::look,
                Domains::look,
                Exported::look,
                Answers::audit,
                Answers::look);
    }

    /**
     * Looks at the Postfix with this configuration directory, or at the machine's own and all that it lists.
     *
     * @param directory empty for the latter
     * @throws IOException if its configuration cannot be read at all
     */
    public Report examine(Machine machine, String directory) throws IOException {
        List<Instance> instances = Instance.read(machine, directory, ours::holds);
        Gateways gateways = Gateways.of(machine);
        Findings findings = new Findings();
        for (Instance instance : instances) {
            Findings here = instances.size() == 1 ? findings : findings.within(instance.directory());
            PostfixExamination examination = new PostfixExamination(instance, ours, machine, gateways, questions);
            for (PostfixCheck check : checks) {
                try {
                    check.look(examination, here);
                } catch (IOException e) {
                    here.unchecked(e);
                }
            }
        }
        return new Report("postfix", findings.inOrder());
    }
}
