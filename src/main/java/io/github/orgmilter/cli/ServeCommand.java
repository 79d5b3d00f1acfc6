package io.github.orgmilter.cli;

import ch.qos.logback.classic.LoggerContext;
import io.github.orgmilter.config.Configuration;
import io.github.orgmilter.config.ConfigurationException;
import io.github.orgmilter.config.ListenAddress;
import io.github.orgmilter.config.Problem;
import io.github.orgmilter.milter.MilterServer;
import io.github.orgmilter.milter.SessionObserver;
import io.github.orgmilter.policy.Policy;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the milter in the foreground until it is told to stop. */
@Command(
        name = "serve",
        description = "Runs the milter in the foreground; SIGTERM or SIGINT ends it.",
        mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);
    private static final int FAILED = 1;

    @Option(names = "--config", required = true, paramLabel = "FILE", description = "the configuration, in HOCON")
    private Path config = Path.of("");

    @Option(
            names = "--take-over",
            description = "replace a Unix socket at which another process still listens; that one keeps its sessions")
    private boolean takeOver;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        MilterServer server;
        try {
            Configuration configuration = Configuration.load(config);
            configuration.warnings().forEach(warning -> LOG.warn("{}", warning));
            Policy policy = configuration.policy();
            server = MilterServer.start(
                    configuration.settings().listen(), takeOver, () -> policy, SessionObserver.NONE);
        } catch (ConfigurationException e) {
            for (Problem problem : e.problems()) {
                err.println(problem);
            }
            return FAILED;
        } catch (IOException e) {
            err.println("orgmilter: " + e.getMessage());
            return FAILED;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server), "shutdown"));
        LOG.info(
                "orgmilter listening on {}",
                server.addresses().stream().map(ListenAddress::toString).collect(Collectors.joining(", ")));
        new CountDownLatch(1).await(); // the hook ends the process
        return 0;
    }

    // A signal would end the JVM with 128 + its number; being told to stop is no failure.
    private static void stop(MilterServer server) {
        LOG.info("orgmilter stopping");
        server.drain(Duration.ofSeconds(30));
        LOG.info("orgmilter stopped");
        ((LoggerContext) LoggerFactory.getILoggerFactory()).stop();
        Runtime.getRuntime().halt(0);
    }
}
