package io.github.orgmilter.it.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.orgmilter.it.client.ClientCertificate;
import io.github.orgmilter.it.client.Reply;
import io.github.orgmilter.it.client.SmtpClient;
import io.github.orgmilter.it.client.TestCertificates;
import io.github.orgmilter.it.daemon.Command;
import io.github.orgmilter.it.mta.MtaContainer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** What {@code orgmilter export} makes of the scenarios' configuration, and what an MTA must do with it all by itself. */
public final class ExportedGate {

    /** Puts the files to use as their reader would; the service twice, on the tests' ports, once without the milter. */
    static final String INSTALL = """
            set -euo pipefail
            cd /etc/postfix
            grep -v '^#' orgmilter-main.cf | grep . | while IFS= read -r setting; do postconf -e "$setting"; done
            logins='  -o smtpd_sasl_auth_enable=yes\\n  -o smtpd_tls_auth_only=no\\n'
            { sed 's/^smtp /%d /' orgmilter-master.cf; printf "$logins"; } >>master.cf
            { grep -v smtpd_milters orgmilter-master.cf | sed 's/^smtp /%d /'; printf "$logins"; } >>master.cf
            postfix reload
            """;

    private final TestCertificates certificates;
    private final Map<String, Boolean> expected = new LinkedHashMap<>();
    private final Map<String, Boolean> actual = new LinkedHashMap<>();

    ExportedGate(TestCertificates certificates) {
        this.certificates = certificates;
    }

    /** Runs the command; the files by name. */
    public static Map<String, String> files(String mta, String hocon) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("orgmilter-it-export");
        Path configuration = Files.writeString(folder.resolve("orgmilter.conf"), hocon);
        String printed = Command.run(
                Command.ORGMILTER,
                "export",
                mta,
                "--config",
                configuration.toString(),
                "--output-dir",
                folder.resolve(mta).toString());
        Map<String, String> files = new LinkedHashMap<>();
        for (String written : printed.lines().toList()) {
            Path file = Path.of(written);
            files.put(file.getFileName().toString(), Files.readString(file));
            Files.delete(file);
        }
        Files.delete(folder.resolve(mta));
        Files.delete(configuration);
        Files.delete(folder);
        return files;
    }

    /** Waits for a service that a reload of the MTA brought. */
    public static void awaitListening(MtaContainer mta, String service) {
        await(service)
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(50))
                .ignoreExceptions()
                .until(() -> {
                    InetSocketAddress address = mta.service(service);
                    try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
                        return socket.isConnected();
                    }
                });
    }

    /** Asks a service without a milter for each kind of client and recipient, at most as far as RCPT. */
    void checkAlone(MtaContainer mta, String service) throws IOException {
        String outside = "someone@outside.example";
        ask(mta, service, "127.0.0.2", null, outside, false);
        ask(mta, service, "127.0.0.2", null, "info@contoso.com", true);
        ask(mta, service, "127.0.0.2", null, "info@sub.contoso.com", false);
        ask(mta, service, "127.0.0.2", null, "info@contoso.com.outside.example", false);
        ask(mta, service, "127.0.0.2", null, "info@fabrikam.com", true);
        ask(mta, service, "127.0.0.2", null, "info@deep.sub.fabrikam.com", true);
        ask(mta, service, "127.0.0.2", null, "info@notfabrikam.com", false);
        ask(mta, service, "127.0.0.2", null, "info@xn--bcher-kva.example", true);
        ask(mta, service, "127.0.0.2", null, "info@sub.xn--bcher-kva.example", false);
        for (String listed : new String[] {
            "127.0.1.10", "127.0.1.16", "127.0.1.23", "127.0.1.30", "127.0.1.33", "127.0.4.12", "127.0.9.9"
        }) {
            ask(mta, service, listed, null, outside, true);
        }
        // Beside the ranges; a connector that is off; one that wants a certificate as well.
        for (String unlisted :
                new String[] {"127.0.1.15", "127.0.1.24", "127.0.1.29", "127.0.1.34", "127.0.4.14", "127.0.1.40"}) {
            ask(mta, service, unlisted, null, outside, false);
        }
        ask(mta, service, "a verified certificate", certificates.verified("mail.contoso.com"), outside, true);
        ask(mta, service, "a self-signed certificate", certificates.selfSigned("mail.contoso.com"), outside, false);
        ask(mta, service, "an expired certificate", certificates.expired("mail.contoso.com"), outside, false);
        ask(
                mta,
                service,
                "a certificate of a foreign CA",
                certificates.fromForeignCa("mail.contoso.com"),
                outside,
                false);
        assertThat(actual).as(mta.logText(0)).isEqualTo(expected);
    }

    private void ask(
            MtaContainer mta,
            String service,
            String who,
            ClientCertificate certificate,
            String recipient,
            boolean accepted)
            throws IOException {
        String title = who + " to " + recipient;
        InetAddress source = InetAddress.getByName(certificate == null ? who : "127.0.0.2");
        try (SmtpClient smtp = SmtpClient.connect(mta.service(service), source)) {
            smtp.read();
            smtp.ehlo();
            if (certificate != null) {
                smtp.startTls(certificate.tls());
                smtp.ehlo();
            }
            assertThat(smtp.mail("someone@stranger.example").code()).as(title).isEqualTo(250);
            Reply reply = smtp.rcpt(recipient);
            assertThat(reply.positive() || mta.refusedByMta(reply))
                    .as(title + ": " + reply)
                    .isTrue();
            expected.put(title, accepted);
            actual.put(title, reply.positive());
            smtp.quit();
        }
    }
}
