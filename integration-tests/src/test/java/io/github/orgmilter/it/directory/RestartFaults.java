package io.github.orgmilter.it.directory;

import static io.github.orgmilter.it.directory.FaultScene.CANNOT_BE_READ;
import static io.github.orgmilter.it.directory.FaultScene.CAN_BE_READ_AGAIN;
import static io.github.orgmilter.it.directory.FaultScene.ROUNDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.it.client.Reply;
import java.util.List;

/** What happens where nodes start while the store is away. */
final class RestartFaults {

    private RestartFaults() {}

    static void fromSnapshot(FaultScene scene, String fault) throws Exception {
        try (MailStream stream = scene.stream()) {
            scene.store().kill();
            scene.awaitLog(CANNOT_BE_READ);
            FleetNode ended = scene.nodes().get(0);
            FleetNode killed = scene.nodes().get(1);
            stream.aside(ended, node -> {
                node.end();
                node.begin();
            });
            stream.aside(killed, node -> {
                node.kill();
                node.end();
                node.begin();
            });
            stream.awaitRounds(ROUNDS);
            assertThat(ended.admin("/readyz")).startsWith("200").contains("it cannot be read: ");
            scene.store().startAgain();
            scene.awaitLog(CAN_BE_READ_AGAIN);
            scene.connectPanel(scene.store());
            scene.assertSurvived(stream, fault);
        }
    }

    static void withoutSnapshot(FaultScene scene, String fault) throws Exception {
        scene.store().kill();
        for (FleetNode node : scene.nodes()) {
            node.end();
            node.forget();
            node.begin();
            for (Mail mail : List.of(FaultScene.CONTOSO, FaultScene.INBOUND, FaultScene.STRANGER_AS_CONTOSO)) {
                try (Asking asking = scene.fleet().asking(node, mail)) {
                    Reply reply = asking.ask();
                    assertThat(reply.code()).as("%s: %s", mail, reply).isEqualTo(451);
                }
            }
            assertThat(node.admin("/readyz")).startsWith("503").contains("the directory has not been read: ");
        }
        scene.store().startAgain();
        scene.awaitAdmin("is ready", "/readyz", "200 ");
        scene.connectPanel(scene.store());
        try (MailStream stream = scene.stream()) {
            scene.assertSurvived(stream, fault);
        }
    }
}
