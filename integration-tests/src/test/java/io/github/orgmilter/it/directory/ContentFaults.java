package io.github.orgmilter.it.directory;

import static io.github.orgmilter.it.directory.FaultScene.ACCEPTED;
import static io.github.orgmilter.it.directory.FaultScene.CONTOSO;
import static io.github.orgmilter.it.directory.FaultScene.CONTOSO_AS_FABRIKAM;
import static io.github.orgmilter.it.directory.FaultScene.REFUSED;
import static io.github.orgmilter.it.directory.FaultScene.ROUNDS;
import static io.github.orgmilter.it.directory.FaultScene.STRANGER_AS_CONTOSO;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.it.client.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a store suddenly holds. */
final class ContentFaults {

    /** One of the many that exist so that losing them all is suspicious. */
    private static final Mail MEMBER = FaultScene.mail("127.0.8.7", "member7", "outside");

    private static final int MEMBERS = 30;

    private static final String MALLORY = "mallory";
    private static final Mail AS_CONTOSO = FaultScene.mail("127.0.7.66", "contoso", "outside");

    private static final Row[] HOSTILE = {
        Row.domain(MALLORY, "mallory.example"),
        Row.domain(MALLORY, "sub.contoso.example"),
        Row.domain(MALLORY, "co.uk subdomains"),
        new Row(MALLORY, "", "sender-protection", "all"),
        new Row(MALLORY, "", "delegated-domains", "*"),
        new Row(MALLORY, "", "mode", "audit"),
        new Row(MALLORY, "", "accepted-domains-file", "/etc/passwd"),
        Row.address(MALLORY, "server", AS_CONTOSO.source()),
        Row.address(MALLORY, "others", CONTOSO.source()),
        Row.address(MALLORY, "everybody", "0.0.0.0/0"),
        new Row(MALLORY, "cloud", "certificate-names", "mail.contoso.example"),
        new Row(MALLORY, "cloud", "certificate-names", "*.fabrikam.example"),
        new Row(MALLORY, "cloud", "require-accepted-domain", "false"),
        new Row(MALLORY, "partner/all", "sender-domains", "*"),
        new Row(MALLORY, "partner/all", "require-tls", "true")
    };

    /** What others have had for longer, where the store knows how long: LDAP does not, and there both claims are in dispute. */
    private static final Row[] CLAIMS = {
        Row.domain(MALLORY, "contoso.example"), Row.domain(MALLORY, "fabrikam.example subdomains")
    };

    private ContentFaults() {}

    static void restored(FaultScene scene, String fault) throws Exception {
        scene.store().backUp();
        List<Row> members = new ArrayList<>();
        for (int i = 0; i < MEMBERS; i++) {
            members.addAll(List.of(FaultScene.customer("member" + i, "127.0.8." + i)));
        }
        scene.panel().change(List.of(), members);
        scene.fleet().awaitAnswer(MEMBER, true);
        List<Mail> accepted = new ArrayList<>(ACCEPTED);
        accepted.add(MEMBER);
        try (MailStream stream = scene.stream(accepted, REFUSED)) {
            scene.store().restore();
            scene.awaitAdmin("holds back what is gone", "/-/directory", "held back: ");
            stream.awaitRounds(ROUNDS);
            scene.assertUnnoticed(stream, fault);
        }
        for (FleetNode node : scene.nodes()) {
            Matcher version = Pattern.compile("(?m)^version: (\\d+)$").matcher(node.command("directory", "status"));
            assertThat(version.find()).isTrue();
            node.command("reload", "--accept-shrink", version.group(1));
        }
        scene.fleet().awaitAnswer(MEMBER, false);
        scene.fleet().awaitAnswer(CONTOSO, true);
        scene.connectPanel(scene.store());
    }

    static void hostile(FaultScene scene, String fault) throws Exception {
        List<Row> rows = new ArrayList<>(List.of(HOSTILE));
        if (scene.store() instanceof DatabaseContainer) {
            rows.addAll(List.of(CLAIMS));
        }
        // A refusal that her rows may be the reason for is a temporary one.
        try (MailStream stream = scene.stream(ACCEPTED, List.of())) {
            scene.store().toleratesClaims();
            scene.panel().change(List.of(), rows);
            scene.awaitAdmin("knows the rows", "/-/problems", "organization " + MALLORY);
            stream.awaitRounds(ROUNDS);
            for (FleetNode node : scene.nodes()) {
                for (Mail forged : List.of(AS_CONTOSO, CONTOSO_AS_FABRIKAM, STRANGER_AS_CONTOSO)) {
                    try (Asking asking = scene.fleet().asking(node, forged)) {
                        Reply reply = asking.ask();
                        assertThat(reply.positive()).as("%s: %s", forged, reply).isFalse();
                    }
                }
            }
            scene.panel().change(rows, List.of());
            scene.awaitAdmin("knows no bad row any more", "/-/problems", "no problems");
            scene.assertSurvived(stream, fault);
        }
    }
}
