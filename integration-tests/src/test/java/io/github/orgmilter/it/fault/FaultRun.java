package io.github.orgmilter.it.fault;

import io.github.orgmilter.it.client.TestCertificates;
import io.github.orgmilter.it.daemon.Command;
import io.github.orgmilter.it.daemon.SupervisedDaemon;
import io.github.orgmilter.it.load.LoadRules;
import io.github.orgmilter.it.mta.PostfixContainer;
import io.github.orgmilter.it.mta.Sink;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** One daemon, and a load on it by way of Postfix, while something is done to one of them. */
final class FaultRun {

    private final int port;
    private final Path configuration;
    private final int goal;
    private final Sink sink;
    private final PostfixContainer postfix;
    private FaultLoad load;

    /** @param goal how many legitimate messages are to be taken, and as many forged ones refused */
    FaultRun(int port, Path folder, int goal, Sink sink, PostfixContainer postfix) throws IOException {
        this.port = port;
        this.configuration = folder.resolve("orgmilter.conf");
        this.goal = goal;
        this.sink = sink;
        this.postfix = postfix;
        sink.clear();
        configure(usual());
    }

    String usual() {
        return LoadRules.configuration(LoadRules.A, "\"inet:" + port + "@127.0.0.1\"");
    }

    /** Replaces the configuration's file, and reloads nothing. */
    void configure(String hocon) throws IOException {
        Path next = Files.writeString(configuration.resolveSibling("next.conf"), hocon);
        Files.move(next, configuration, StandardCopyOption.ATOMIC_MOVE);
    }

    /** @param wrapper a command that executes the rest of its arguments, or nothing */
    SupervisedDaemon serve(Map<String, String> environment, String... wrapper) throws IOException {
        List<String> command = new ArrayList<>(Arrays.asList(wrapper));
        command.addAll(List.of(Command.ORGMILTER, "serve", "--allow-root", "--config", configuration.toString()));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        return new SupervisedDaemon(port, builder);
    }

    FaultLoad load(int connections, InetSocketAddress service, TestCertificates certificates, boolean resets) {
        load = new FaultLoad(connections, List.of(service), certificates, resets);
        return load;
    }

    /** Waits until such a part of the goal is reached. */
    void awaitPart(int part, int of) {
        load.awaitDone(
                share(goal, part, of),
                share(least(), part, of),
                FaultBench.ENOUGH.multipliedBy(part).dividedBy(of));
    }

    private static int share(int count, int part, int of) {
        return (int) ((long) count * part / of);
    }

    private int least() {
        return Math.min(goal, FaultBench.LEAST);
    }

    /** Lets the load come to its goal, and judges it. */
    FaultReport end() {
        load.awaitDone(goal, least(), FaultBench.ENOUGH);
        return new FaultReport(load.stop(), sink, postfix::queueIsEmpty).holds();
    }
}
