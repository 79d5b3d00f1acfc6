package io.github.orgmilter.it.directory;

import static io.github.orgmilter.it.directory.FaultScene.ROUNDS;

/** What happens to a store and its replica, which the nodes read as long as it works. */
final class ReplicaFaults {

    /** In the log when a server has less than the node. */
    private static final String BEHIND = "directory: the store has version ";

    private ReplicaFaults() {}

    static void lagging(FaultScene scene, String fault) throws Exception {
        FragileStore primary = scene.store();
        FragileStore replica = scene.replica();
        try (MailStream stream = scene.stream()) {
            replica.stopFollowing();
            FaultScene.Newcomer newcomer = scene.newcomer();
            scene.panel().add(newcomer.rows());
            stream.awaitRounds(ROUNDS);
            scene.assertAnswer(newcomer.mail(), false);
            replica.kill();
            scene.fleet().awaitAnswer(newcomer.mail(), true);
            replica.startAgain();
            primary.kill();
            scene.awaitLog(BEHIND);
            stream.awaitRounds(ROUNDS);
            scene.assertAnswer(newcomer.mail(), true);
            primary.startAgain();
            replica.goOnFollowing();
            scene.connectPanel(primary);
            scene.panel().remove(newcomer.rows());
            scene.assertSurvived(stream, fault);
        }
    }

    static void failedOver(FaultScene scene, String fault) throws Exception {
        try (MailStream stream = scene.stream()) {
            scene.store().kill();
            stream.awaitRounds(ROUNDS);
            scene.replica().promote();
            scene.connectPanel(scene.replica());
            scene.assertSurvived(stream, fault);
        }
    }
}
