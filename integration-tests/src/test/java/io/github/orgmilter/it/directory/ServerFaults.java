package io.github.orgmilter.it.directory;

import static io.github.orgmilter.it.directory.FaultScene.CANNOT_BE_READ;
import static io.github.orgmilter.it.directory.FaultScene.CAN_BE_READ_AGAIN;
import static io.github.orgmilter.it.directory.FaultScene.PATIENCE;
import static io.github.orgmilter.it.directory.FaultScene.ROUNDS;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.sql.SQLException;

/** What happens to the server itself. */
final class ServerFaults {

    private ServerFaults() {}

    static void killed(FaultScene scene, String fault) throws Exception {
        try (MailStream stream = scene.stream()) {
            scene.store().kill();
            scene.awaitLog(CANNOT_BE_READ);
            stream.awaitRounds(ROUNDS);
            scene.store().startAgain();
            scene.awaitLog(CAN_BE_READ_AGAIN);
            scene.connectPanel(scene.store());
            scene.assertSurvived(stream, fault);
        }
    }

    static void passwordChanged(FaultScene scene, String fault) throws Exception {
        String changed = "Tr0ub4dor";
        try (MailStream stream = scene.stream()) {
            scene.store().setPassword(changed);
            scene.store().disconnect();
            scene.awaitLog(CANNOT_BE_READ);
            stream.awaitRounds(ROUNDS);
            Files.writeString(scene.password(), changed + "\n");
            scene.awaitLog(CAN_BE_READ_AGAIN);
            scene.assertNotLogged(changed, DatabaseContainer.PASSWORD);
            scene.assertSurvived(stream, fault);
        }
        scene.store().setPassword(DatabaseContainer.PASSWORD);
        Files.writeString(scene.password(), DatabaseContainer.PASSWORD);
    }

    static void locked(FaultScene scene, String fault) throws Exception {
        DatabaseContainer database = (DatabaseContainer) scene.store();
        try (MailStream stream = scene.stream()) {
            database.lock();
            scene.awaitLog(CANNOT_BE_READ);
            stream.awaitRounds(ROUNDS);
            database.unlock();
            scene.awaitLog(CAN_BE_READ_AGAIN);
            scene.assertSurvived(stream, fault);
        }
    }

    static void fullDisk(FaultScene scene, String fault) throws Exception {
        try (MailStream stream = scene.stream()) {
            scene.store().fillDisk();
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 10_000; i++) {
                            scene.panel().add(FaultScene.customer("late" + i, "127.0.9.9"));
                        }
                    })
                    .isInstanceOfAny(SQLException.class, IllegalStateException.class);
            stream.awaitRounds(ROUNDS);
            scene.store().freeDisk();
            await("room for a change").atMost(PATIENCE).ignoreExceptions().until(() -> {
                scene.connectPanel(scene.store());
                scene.panel().add(FaultScene.customer("witness", "127.0.7.5"));
                return true;
            });
            scene.assertSurvived(stream, fault);
        }
    }
}
