package io.github.orgmilter.it.packaging;

import static org.awaitility.Awaitility.await;

import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Volume;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.core.ConditionTimeoutException;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.images.builder.ImageFromDockerfile;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.MountableFile;

/**
 * A Debian machine in a container, on the host's network, with systemd as its first process: it
 * installs packages, runs units with all that confines them, and is thrown away.
 */
final class DebianMachine extends GenericContainer<DebianMachine> {

    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    DebianMachine(String suite) {
        super(new ImageFromDockerfile("orgmilter-it/debian:" + suite, false)
                .withFileFromPath(".", Path.of("src", "test", "resources", "package"))
                .withBuildArg("SUITE", suite));
        withNetworkMode("host");
        // By this label MtaContainer.removeLeftovers finds what a killed run left.
        withLabel(
                "io.github.orgmilter.it.owner",
                String.valueOf(ProcessHandle.current().pid()));
        withEnv("container", "docker");
        withTmpFs(Map.of("/run", "rw", "/run/lock", "rw"));
        withCreateContainerCmdModifier(command -> {
            // systemd writes its first words to a terminal, and ends where it finds none.
            command.withTty(true);
            HostConfig host = command.getHostConfig();
            host.withCapAdd(Capability.SYS_ADMIN);
            host.withSecurityOpts(List.of("seccomp=unconfined", "apparmor=unconfined"));
            // It needs a part of the tree of control groups to itself, which the engine makes read-only.
            boolean unified = Files.exists(CGROUPS.resolve("cgroup.controllers"));
            String tree = (unified ? CGROUPS : CGROUPS.resolve("systemd")).toString();
            host.withBinds(new Bind(tree, new Volume(tree)));
            if (unified) {
                host.withCgroupnsMode("host");
            }
        });
    }

    /** Copies a file of the host's. */
    DebianMachine withFile(Path file, String path) {
        return withCopyFileToContainer(MountableFile.forHostPath(file), path);
    }

    void boot() {
        start();
        await("systemd is up")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> execInContainer("systemctl", "is-active", "basic.target")
                                .getExitCode()
                        == 0);
    }

    /** Runs a script as root; its standard output, trimmed. It must succeed. */
    String run(String script) throws IOException {
        ExecResult result = execute(script);
        if (result.getExitCode() != 0) {
            throw new AssertionError("exit " + result.getExitCode() + " of: " + script + "\n" + result.getStdout()
                    + result.getStderr() + "\n" + journal());
        }
        return result.getStdout().strip();
    }

    /** Runs a script as root that may fail; its exit status. */
    int status(String script) throws IOException {
        return execute(script).getExitCode();
    }

    private ExecResult execute(String script) throws IOException {
        try {
            return execInContainer("bash", "-euo", "pipefail", "-c", script);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /** apt-get without questions. */
    String apt(String arguments) throws IOException {
        return run("DEBIAN_FRONTEND=noninteractive apt-get -y --no-install-recommends -q " + arguments
                + " </dev/null 2>&1");
    }

    void write(String path, String content) {
        copyFileToContainer(Transferable.of(content), path);
    }

    String journal() throws IOException {
        return execute("journalctl --no-pager -q -n 200 -o cat 2>&1").getStdout();
    }

    void awaitJournal(String unit, String text) throws IOException {
        String count = "journalctl --no-pager -q -o cat -u " + unit + " | grep -cF -- '" + text + "' || true";
        try {
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> !run(count).equals("0"));
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("the journal of " + unit + " has no line with " + text + ":\n" + journal(), e);
        }
    }

    // GenericContainer's equality is by fields, and so pointless here.
    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
