package io.github.orgmilter.it.directory;

import static io.github.orgmilter.it.directory.FaultScene.CANNOT_BE_READ;
import static io.github.orgmilter.it.directory.FaultScene.CAN_BE_READ_AGAIN;
import static io.github.orgmilter.it.directory.FaultScene.ROUNDS;

import org.testcontainers.containers.GenericContainer;

/** What happens to the network between the nodes and the store: packets vanish, and nothing is refused or closed. */
final class NetworkFaults {

    private NetworkFaults() {}

    static void blackHole(FaultScene scene, String fault) throws Exception {
        try (PacketFilter network = new PacketFilter((GenericContainer<?>) scene.store())) {
            network.start();
            try (MailStream stream = scene.stream()) {
                network.dropAll();
                scene.awaitLog(CANNOT_BE_READ);
                stream.awaitRounds(ROUNDS);
                network.pass();
                scene.awaitLog(CAN_BE_READ_AGAIN);
                scene.connectPanel(scene.store());
                scene.assertSurvived(stream, fault);
            }
        }
    }

    /** The standby, which is read, still gets what changes. */
    static void silentAnnouncer(FaultScene scene, String fault) throws Exception {
        PostgresContainer primary = (PostgresContainer) scene.store();
        try (PacketFilter network = new PacketFilter(primary)) {
            network.start();
            try (MailStream stream = scene.stream()) {
                network.dropOwn();
                FaultScene.Newcomer newcomer = scene.newcomer();
                primary.sql("INSERT INTO orgmilter_setting (organization, connector, setting, value) VALUES ('"
                        + newcomer.name() + "', '', 'accepted-domains', '" + newcomer.name() + ".example'), ('"
                        + newcomer.name() + "', 'server', 'addresses', '" + newcomer.address() + "');");
                scene.fleet().awaitAnswer(newcomer.mail(), true);
                stream.awaitRounds(ROUNDS);
                network.pass();
                scene.connectPanel(primary);
                scene.panel().remove(newcomer.rows());
                scene.assertSurvived(stream, fault);
            }
        }
    }
}
