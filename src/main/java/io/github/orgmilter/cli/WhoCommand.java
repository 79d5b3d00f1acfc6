package io.github.orgmilter.cli;

import io.github.orgmilter.cli.option.EffectiveConfiguration;
import io.github.orgmilter.config.ConfigurationException;
import io.github.orgmilter.explain.ServerPrinter;
import io.github.orgmilter.explain.WhoPrinter;
import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.identity.InvalidValueException;
import io.github.orgmilter.organization.ConnectorName;
import io.github.orgmilter.policy.Policy;
import io.github.orgmilter.who.Sender;
import io.github.orgmilter.who.Senders;
import io.github.orgmilter.who.Server;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Answers the auditor's question from the configuration alone. */
@Command(
        name = "who",
        description = "Lists who may send as a domain, of whichever organization, and by which rule.",
        mixinStandardHelpOptions = true)
final class WhoCommand implements Callable<Integer> {

    private static final String NULL_SENDER = "<>";

    @Parameters(
            arity = "0..1",
            paramLabel = "DOMAIN",
            description = "the domain of envelope senders; <> is the null sender")
    private @Nullable String domain;

    @Mixin
    private EffectiveConfiguration config = new EffectiveConfiguration();

    @Option(names = "--relay", description = "only mail to recipients outside")
    private boolean relay;

    @Option(names = "--inbound", description = "only mail to recipients in accepted and local domains")
    private boolean inbound;

    @Option(
            names = "--connector",
            paramLabel = "NAME",
            description = "instead, what a connector's servers may do; written contoso/headquarters")
    private @Nullable String connector;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description =
                    "list at most so many connectors, domains or organizations with partners, and count the others;"
                            + " 0 for all (default:"
                            + " ${DEFAULT-VALUE})")
    private int limit = 1000;

    @Option(names = "--json", description = "print JSON, for programs")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws ConfigurationException, InvalidValueException, IOException {
        if ((domain == null) == (connector == null)) {
            throw new ParameterException(
                    spec.commandLine(), "Give a domain, or --connector with a name such as contoso/headquarters");
        }
        if (connector != null && (relay || inbound)) {
            throw new ParameterException(spec.commandLine(), "Give --relay and --inbound with a domain only");
        }
        if (limit < 0) {
            throw new ParameterException(spec.commandLine(), "Give --limit a number from 0 on");
        }
        PrintWriter out = spec.commandLine().getOut();
        if (connector != null) {
            return server(out, connector(connector));
        }
        Sender sender = NULL_SENDER.equals(domain)
                ? new Sender.Null()
                : new Sender.InDomain(DomainName.parse(String.valueOf(domain)));
        WhoPrinter printer =
                new WhoPrinter(out, new Senders(policy(), sender), relay || !inbound, inbound || !relay, limit);
        if (json) {
            printer.json();
        } else {
            printer.text();
        }
        return 0;
    }

    private Policy policy() throws ConfigurationException, IOException {
        return config.load(spec.commandLine().getErr()).configuration().policy();
    }

    private ConnectorName connector(String text) {
        int slash = text.indexOf('/');
        if (slash <= 0 || slash == text.length() - 1) {
            throw new ParameterException(
                    spec.commandLine(),
                    "\"" + text + "\" is not a connector's name; write its organization, / and its own name, such as"
                            + " contoso/headquarters");
        }
        return new ConnectorName(text.substring(0, slash), text.substring(slash + 1));
    }

    private int server(PrintWriter out, ConnectorName name) throws ConfigurationException, IOException {
        Policy policy = policy();
        Server server = Server.of(policy, name)
                .orElseThrow(() -> new IOException("there is no connector " + name + "; "
                        + (policy.organizations().find(name.owner()).isPresent()
                                ? "the organization " + name.owner() + " has others, which its settings list"
                                : "there is no organization " + name.owner() + " either")));
        ServerPrinter printer =
                new ServerPrinter(out, server, policy.claimProblems().of(List.of(name.owner())), limit);
        if (json) {
            printer.json();
        } else {
            printer.text();
        }
        return 0;
    }
}
