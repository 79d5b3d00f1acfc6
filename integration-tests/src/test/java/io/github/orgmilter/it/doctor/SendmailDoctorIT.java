package io.github.orgmilter.it.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.it.daemon.MilterProcess;
import io.github.orgmilter.it.mta.MtaContainer;
import io.github.orgmilter.it.mta.SendmailContainer;
import io.github.orgmilter.it.mta.Sink;
import io.github.orgmilter.it.scenario.Sample;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.lifecycle.Startables;

/**
 * What the doctor finds is true: a real Sendmail that is wired wrongly relays what it should not or stops what it should not, and the
 * doctor says so; once it is mended it does not, and the doctor finds nothing.
 */
final class SendmailDoctorIT {

    private static final Machines AT = machines();

    @TempDir
    private Path folder;

    private static Machines machines() {
        try {
            return Machines.find();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static List<SendmailWiring> wirings() {
        return Sample.turn("the doctor of Sendmail", new SendmailWirings(AT).all());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wirings")
    void everyFindingIsTrueAndItsRepairMendsIt(SendmailWiring wiring) throws Exception {
        MtaContainer.removeLeftovers();
        String ours = configuration() + wiring.ours() + "\n";
        String inet = "inet:" + AT.milter() + "@127.0.0.1";
        Path file = Doctor.configuration(ours);
        try (Sink sink = new Sink();
                SendmailContainer wrong =
                        sendmail(sink, wiring.milter().isEmpty() ? inet : wiring.milter(), wiring.wrong());
                SendmailContainer right = sendmail(sink, inet, wiring.right())) {
            boolean mended = !wiring.mended().isEmpty();
            Startables.deepStart(mended ? List.of(wrong) : List.of(wrong, right))
                    .get();
            Doctor doctor = new Doctor("sendmail", wrong, file);
            if (!wiring.prepared().isEmpty()) {
                doctor.inContainer(wiring.prepared());
            }
            if (wiring.isDown()) {
                assertThat(outcome(wiring, wrong, sink)).matches(wiring.before());
            }
            try (MilterProcess milter = MilterProcess.start(ours)) {
                if (!wiring.isDown()) {
                    assertThat(outcome(wiring, wrong, sink))
                            .as("before: " + milter.text(0))
                            .matches(wiring.before());
                }
                assertThat(Doctor.topics(doctor.findings())).contains(wiring.found());
                if (mended) {
                    Files.writeString(file, ours + wiring.mended());
                    milter.reload(ours + wiring.mended());
                }
                SendmailContainer after = mended ? wrong : right;
                if (!wiring.isDown()) {
                    assertThat(outcome(wiring, after, sink))
                            .as("after: " + milter.text(0))
                            .matches(wiring.after());
                }
                String report = new Doctor("sendmail", after, file).runUnhurried();
                assertThat(Doctor.topics(Doctor.parse(report))).as(report).isSubsetOf("doubtful wide-gate");
                assertThat(report).contains("right answers: ");
            }
            if (wiring.isDown()) {
                assertThat(outcome(wiring, right, sink)).matches(wiring.after());
            }
        }
    }

    private static String outcome(SendmailWiring wiring, SendmailContainer sendmail, Sink sink) throws Exception {
        return wiring.attempt()
                .outcome(new Attempt.Target(
                        sendmail,
                        "mail",
                        sendmail.service(wiring.service()),
                        InetAddress.getByName("127.0.0.2"),
                        sink,
                        Duration.ofMinutes(2)));
    }

    private String configuration() {
        return """
                listen = [ "inet:%d@127.0.0.1", "unix:%s/orgmilter.sock" ]
                map-listen = [ "inet:%d@127.0.0.1" ]
                local-domains = [ "mx1.example.net" ]
                trusted-logins = [ "admin@mx1.example.net" ]
                organizations {
                  contoso {
                    accepted-domains = [ "contoso.com" ]
                    connectors {
                      by-address.addresses = [ "127.0.1.1" ]
                      by-certificate.certificate-names = [ "mail.contoso.com" ]
                    }
                  }
                  fabrikam { accepted-domains = [ "fabrikam.com" ], connectors.server.addresses = [ "127.0.2.1" ] }
                }
                """.formatted(AT.milter(), folder, AT.maps());
    }

    private static SendmailContainer sendmail(Sink sink, String milter, SendmailWiring.Change change)
            throws IOException {
        SendmailContainer sendmail = new SendmailContainer("bookworm", Clients.CERTIFICATES, sink, milter);
        sendmail.withExtraHost("host.partner.example", "127.0.0.77");
        Clients.files().forEach((path, text) -> sendmail.withCopyToContainer(Transferable.of(text), path));
        change.to(sendmail);
        return sendmail;
    }
}
