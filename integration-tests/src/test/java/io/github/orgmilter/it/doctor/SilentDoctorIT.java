package io.github.orgmilter.it.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.it.client.TestCertificates;
import io.github.orgmilter.it.daemon.MilterProcess;
import io.github.orgmilter.it.export.ExportedGate;
import io.github.orgmilter.it.mta.FreePort;
import io.github.orgmilter.it.mta.MtaContainer;
import io.github.orgmilter.it.scenario.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.ImageFromDockerfile;
import org.testcontainers.images.builder.Transferable;

/** The example as it is, with each of its gates, and the gate as exported: the doctor has nothing to say against them. */
final class SilentDoctorIT {

    private static final Path EXAMPLE = Path.of("..", "postfix-example");
    private static final TestCertificates CERTIFICATES = new TestCertificates();

    @TempDir
    private Path folder;

    /** What an administrator does with the exported files, on a port of the tests. */
    private static final String INSTALL = """
            cd /etc/postfix
            postconf -MX %1$d/inet
            grep -v '^#' orgmilter-main.cf | grep . | while IFS= read -r setting; do postconf -e "$setting"; done
            sed 's/^smtp /%1$d /' orgmilter-master.cf >>master.cf
            postfix reload
            """;

    /** @param said severity and topic of what is found, but for what is right */
    record Example(String mta, String gate, String... said) {
        @Override
        public String toString() {
            return mta + ", " + gate;
        }
    }

    static List<Example> examples() {
        return Sample.turn(
                "the doctor of the example",
                List.of(
                        new Example("postfix", "tight"),
                        new Example("postfix", "file"),
                        new Example("postfix", "wide", "doubtful wide-gate"),
                        new Example("postfix", "policy"),
                        new Example("postfix", "exported"),
                        new Example("sendmail", "maps"),
                        new Example("sendmail", "tight"),
                        new Example("sendmail", "wide", "doubtful wide-gate")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("examples")
    void findsNothingElse(Example example) throws Exception {
        MtaContainer.removeLeftovers();
        Machines at = Machines.find();
        String ours = configuration(example.gate())
                .replace("10033", String.valueOf(at.milter()))
                .replace("10034", String.valueOf(at.policy()))
                .replace("10035", String.valueOf(at.maps()));
        int smtp = FreePort.next();
        try (GenericContainer<?> mta = container(example, at, smtp);
                MilterProcess milter = MilterProcess.start(ours)) {
            mta.start();
            Doctor doctor = new Doctor(example.mta(), mta, milter.configuration());
            if (example.gate().equals("exported")) {
                for (Map.Entry<String, String> exported :
                        ExportedGate.files("postfix", ours).entrySet()) {
                    mta.copyFileToContainer(Transferable.of(exported.getValue()), "/etc/postfix/" + exported.getKey());
                }
                doctor.inContainer(INSTALL.formatted(smtp));
            }
            String report = doctor.runUnhurried();
            assertThat(Doctor.topics(Doctor.parse(report))).as(report).containsExactly(example.said());
            assertThat(report).contains("right answers: ");
        }
    }

    private String configuration(String gate) throws IOException {
        String ours = Files.readString(EXAMPLE.resolve("orgmilter.conf"));
        if (!gate.equals("policy")) {
            return ours;
        }
        Path pinned = Files.writeString(
                folder.resolve("pinned.pem"),
                TestCertificates.certificatePem(CERTIFICATES.selfSigned("mail.adatum.com")));
        return ours
                + Files.readString(EXAMPLE.resolve("orgmilter-policy.conf"))
                        .replace("include \"orgmilter.conf\"", "")
                        .replace("certificates/mail.adatum.com.pem", pinned.toString());
    }

    private static GenericContainer<?> container(Example example, Machines at, int smtp) throws IOException {
        boolean postfix = example.mta().equals("postfix");
        String form = postfix ? "inet:127.0.0.1:%d" : "inet:%d@127.0.0.1";
        GenericContainer<?> mta =
                new GenericContainer<>(new ImageFromDockerfile("orgmilter-it/" + example.mta() + ":bookworm", false)
                        .withFileFromPath(".", postfix ? EXAMPLE : EXAMPLE.resolve("sendmail"))
                        .withBuildArg("SUITE", "bookworm"));
        mta.withNetworkMode("host")
                .withLabel(
                        MtaContainer.OWNER,
                        String.valueOf(ProcessHandle.current().pid()))
                .withEnv("GATE", example.gate().equals("exported") ? "tight" : example.gate())
                .withEnv("MILTER", form.formatted(at.milter()))
                .withEnv("MAPS", form.formatted(at.maps()))
                .withEnv("POLICY", form.formatted(at.policy()))
                .withEnv("SINK", "none")
                .withEnv("SUBMISSION", at.bridge() + ":" + FreePort.next())
                .withEnv("TLS_CHAIN", "/it/server.pem")
                .withEnv("TLS_CERT", "/it/server.pem")
                .withEnv("TLS_CA", "/it/ca.pem")
                .withCopyToContainer(
                        Transferable.of(CERTIFICATES.serverPem(MtaContainer.HOST_NAME), 0100600), "/it/server.pem")
                .withCopyToContainer(Transferable.of(CERTIFICATES.trustedCaPem()), "/it/ca.pem")
                .withCreateContainerCmdModifier(command -> command.withHostName(MtaContainer.HOST_NAME))
                .withExtraHost(MtaContainer.HOST_NAME, "127.0.0.1");
        if (postfix) {
            // Only addresses that lead nowhere else.
            mta.withEnv("SMTP", String.valueOf(smtp))
                    .withCommand("inet_interfaces=127.0.0.1," + at.bridge())
                    .waitingFor(Wait.forLogMessage(".*daemon started.*", 1));
        } else {
            mta.withEnv("SMTP", at.bridge() + ":" + smtp).waitingFor(Wait.forLogMessage(".*: starting daemon .*", 1));
        }
        return mta;
    }
}
