package io.github.orgmilter.cli;

import ch.qos.logback.classic.LoggerContext;
import io.github.orgmilter.cli.option.ConfigurationOption;
import io.github.orgmilter.config.ConfigurationException;
import io.github.orgmilter.daemon.CollectionWatch;
import io.github.orgmilter.daemon.Daemon;
import io.github.orgmilter.daemon.ReloadRequests;
import io.github.orgmilter.daemon.ServiceManager;
import io.github.orgmilter.daemon.Signals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs the milter in the foreground until a signal ends it. */
@Command(
        name = "serve",
        description =
                "Runs the milter in the foreground; SIGHUP reloads the configuration, SIGTERM or SIGINT stops it.",
        mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {

    @Mixin
    private ConfigurationOption config = new ConfigurationOption();

    @Option(
            names = "--take-over",
            description =
                    "replace a Unix socket on which another process still listens; that process keeps its sessions")
    private boolean takeOver;

    @Option(names = "--allow-root", description = "run as root, although nothing here needs it")
    private boolean allowRoot;

    private final BooleanSupplier root;

    ServeCommand() {
        this(ServeCommand::isRoot);
    }

    ServeCommand(BooleanSupplier root) {
        this.root = root;
    }

    @Override
    public Integer call() throws ConfigurationException, IOException, InterruptedException {
        if (!allowRoot && root.getAsBoolean()) {
            throw new IOException(
                    "refusing to run as root; use an unprivileged user, as the packaged unit and the image do,"
                            + " or give --allow-root");
        }
        ReloadRequests reloads = new ReloadRequests();
        Signals.onHangup(reloads::ask); // first: without a handler SIGHUP ends the JVM
        Daemon daemon = Daemon.start(config.file(), takeOver, InstantSource.system());
        ServiceManager manager = ServiceManager.ofEnvironment();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(daemon, manager), "shutdown"));
        daemon.announce();
        manager.ready();
        CollectionWatch.begin();
        reloads.begin(() -> manager.reloading(daemon::reload));
        new CountDownLatch(1).await(); // the hook ends the process
        return 0;
    }

    // Java knows no user ids, but /proc/self belongs to the effective one.
    private static boolean isRoot() {
        try {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
        } catch (IOException | UnsupportedOperationException e) {
            return "root".equals(System.getProperty("user.name")); // no Linux
        }
    }

    // A signal would end the JVM with 128 + its number; to be stopped is not a failure.
    private static void stop(Daemon daemon, ServiceManager manager) {
        manager.stopping();
        daemon.stop();
        ((LoggerContext) LoggerFactory.getILoggerFactory()).stop();
        Runtime.getRuntime().halt(0);
    }
}
