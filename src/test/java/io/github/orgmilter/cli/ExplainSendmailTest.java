package io.github.orgmilter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("orgmilter explain, of Sendmail,")
final class ExplainSendmailTest {

    private static final String[] CLIENT = {"--mta", "sendmail", "--client-address", "192.0.2.7"};

    private CommandRun explain;

    @BeforeEach
    void configuration(@TempDir Path folder) throws IOException {
        explain = TwoOrganizations.explain(folder);
    }

    @Test
    @DisplayName("reads Sendmail's macros as the daemon does, and says why a certificate does not count")
    void sendmail() {
        explain.run(CLIENT, "--cert-subject", "mail.contoso.com", "--from", "a@contoso.com", "--to", "b@example.net");
        explain.run(
                "--mta",
                "sendmail",
                "--cert-subject",
                "mail.contoso.com",
                "--verify",
                "FAIL",
                "--from",
                "a@contoso.com",
                "--to",
                "b@example.net");
        assertThat(explain.out().lines())
                .contains(
                        "client     192.0.2.7, encrypted",
                        "           the MTA does not report whether it verified the certificate, so the name does not count;"
                                + " have it send {verify}, {cn_subject} and {cn_issuer} (Sendmail: confMILTER_MACROS_HELO)",
                        "           the MTA did not verify the certificate (verify=FAIL)")
                .noneMatch(line -> line.startsWith("verdict    accept"));
        explain.run(
                "--mta",
                "sendmail",
                "--cert-subject",
                "mail.contoso.com",
                "--verify",
                "OK",
                "--from",
                "a@contoso.com",
                "--to",
                "b@example.net");
        assertThat(explain.out()).contains("verdict    accept, sender-domain");
    }

    @Test
    @DisplayName("counts a recipient without a domain as local if the MTA's mailer says so, and says so of each")
    void mailer() {
        assertThat(explain.run(
                        "--mta",
                        "sendmail",
                        "--from",
                        "a@example.org",
                        "--to",
                        "joe",
                        "--resolved-to",
                        "joe",
                        "--to-mailer",
                        "local",
                        "--to",
                        "joe",
                        "--resolved-to",
                        "joe",
                        "--to-mailer",
                        "esmtp"))
                .isZero();
        assertThat(explain.out().lines().filter(line -> line.startsWith("recipient") || line.startsWith("verdict")))
                .containsExactly(
                        "recipient  <joe>", "verdict    accept, inbound",
                        "recipient  <joe>", "verdict    reject, not-identified");
        explain.run(
                "--mta",
                "sendmail",
                "--client-address",
                "IPv6:2001:db8:42:0:0:0:0:1",
                "--from",
                "a@fabrikam.com",
                "--to",
                "a%b@example.net",
                "--resolved-to",
                "",
                "--to-mailer",
                "");
        assertThat(explain.out()).contains("verdict    accept, sender-domain");
        assertThat(explain.run("--from", "a@x", "--to", "b@y", "--to", "c@y", "--to-mailer", "local"))
                .isEqualTo(2);
        assertThat(explain.err()).contains("Give --to-mailer as often as --to, or not at all");
    }

    @Test
    @DisplayName("prints a reply as Sendmail's client sees it, with the recipient in it")
    void sendmailReply() throws IOException {
        explain.configure(
                explain.configuration()
                        + "\nreplies { protected-sender = [ \"550 5.7.1 Not yours\", \"Ask us\" ], tls-required = \"554 5.7.1 No\" }\n");
        String longest = "x".repeat(300) + "@example.net";
        explain.run(CLIENT, "--from", "a@contoso.com", "--to", "b@example.net", "--to", longest);
        explain.run(
                CLIENT,
                "--cert-subject",
                "mail.contoso.com",
                "--verify",
                "OK",
                "--from",
                "a@fabrikam.com",
                "--to",
                "b@example.net");
        explain.run(
                "--mta",
                "sendmail",
                "--client-address",
                "192.0.2.8",
                "--from",
                "a@fabrikam.com",
                "--to",
                "b@example.net");
        String refusal = "Relay access denied: 192.0.2.7 is not a known customer mail server";
        assertThat(explain.out()
                        .lines()
                        .filter(line -> line.startsWith("reply"))
                        .map(line -> line.substring(11)))
                .containsExactly(
                        "550 5.7.1 <b@example.net>... " + refusal,
                        "550 5.7.1 <" + "x".repeat(99) + "..." + "x".repeat(87) + "@example.net>... " + refusal,
                        "550-5.7.1 <b@example.net>... Not yours",
                        "550 5.7.1 Ask us",
                        "554 5.7.1 No");
    }
}
