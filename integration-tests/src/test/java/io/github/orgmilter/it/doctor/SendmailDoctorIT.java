package io.github.orgmilter.it.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.it.client.TestCertificates;
import io.github.orgmilter.it.mta.FreePort;
import io.github.orgmilter.it.mta.MtaContainer;
import io.github.orgmilter.it.mta.SendmailContainer;
import io.github.orgmilter.it.mta.Sink;
import java.io.IOException;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** A Sendmail that goes on without its milter relays for everybody; the doctor finds it, and its repair ends it. */
final class SendmailDoctorIT {

    private static final TestCertificates CERTIFICATES = new TestCertificates();
    private static final Attempt BY_STRANGER = Attempt.relaying(smtp -> true, "someone@stranger.example");

    private final int port = FreePort.next();

    SendmailDoctorIT() throws IOException {}

    @Test
    void withoutAFlagMailGoesOnWithoutTheMilter() throws IOException, InterruptedException {
        MtaContainer.removeLeftovers();
        check(text -> text.replace("F=T, T=", "T="), true);
        check(text -> text, false);
    }

    private void check(UnaryOperator<String> wiring, boolean open) throws IOException, InterruptedException {
        String configuration = """
                listen = [ "inet:%d@127.0.0.1" ]
                local-domains = [ "mx1.example.net" ]
                organizations.contoso {
                  accepted-domains = [ "contoso.com" ]
                  connectors.server { addresses = [ "198.51.100.7" ] }
                }
                """.formatted(port);
        try (Sink sink = new Sink();
                SendmailContainer sendmail = new SendmailContainer(
                                "bookworm", CERTIFICATES, sink, "inet:" + port + "@127.0.0.1")
                        .edit("orgmilter.m4", wiring)) {
            sendmail.start();
            // OrgMilter is down.
            assertThat(BY_STRANGER.succeeds(sendmail.service("filtered"), sink, Duration.ofMinutes(2)))
                    .isEqualTo(open);
            Doctor doctor = new Doctor("sendmail", sendmail, Doctor.configuration(configuration));
            assertThat(Doctor.topics(doctor.findings()).contains("wrong default-action"))
                    .isEqualTo(open);
        }
    }
}
