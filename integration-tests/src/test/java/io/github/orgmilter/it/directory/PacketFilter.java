package io.github.orgmilter.it.directory;

import com.github.dockerjava.api.model.Capability;
import io.github.orgmilter.it.mta.MtaContainer;
import java.io.IOException;
import java.nio.file.Path;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.images.builder.ImageFromDockerfile;

/**
 * Stands in the network of another container and lets packets vanish there: nothing is refused, nothing is closed, and what was sent
 * is sent again and again.
 */
final class PacketFilter extends GenericContainer<PacketFilter> {

    PacketFilter(GenericContainer<?> filtered) {
        super(new ImageFromDockerfile("orgmilter-it/netfilter:bookworm", false)
                .withFileFromPath(".", Path.of("src/test/resources/netfilter").toAbsolutePath())
                .withBuildArg("SUITE", "bookworm"));
        withNetworkMode("container:" + filtered.getContainerId());
        withLabel(MtaContainer.OWNER, String.valueOf(ProcessHandle.current().pid()));
        withCreateContainerCmdModifier(command -> command.getHostConfig().withCapAdd(Capability.NET_ADMIN));
    }

    /** Drops each packet, in both directions. */
    void dropAll() throws IOException {
        run("-I INPUT -j DROP");
        run("-I OUTPUT -j DROP");
    }

    /** Drops the packets from and to this machine; those of other containers pass. */
    void dropOwn() throws IOException {
        String gateway = gateway();
        run("-I INPUT -s " + gateway + " -j DROP");
        run("-I OUTPUT -d " + gateway + " -j DROP");
    }

    private String gateway() throws IOException {
        return FragileStore.shell(this, "ip -4 route show default | cut -d ' ' -f 3");
    }

    /** Lets all pass again. */
    void pass() throws IOException {
        run("-F INPUT");
        run("-F OUTPUT");
    }

    private void run(String rule) throws IOException {
        FragileStore.shell(this, "iptables " + rule);
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
