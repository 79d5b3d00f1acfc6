package io.github.orgmilter.it.scenario;

import static io.github.orgmilter.it.scenario.Expected.accept;
import static io.github.orgmilter.it.scenario.Expected.reject;
import static io.github.orgmilter.it.scenario.Scenario.scenario;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.it.client.ClientCertificate;
import io.github.orgmilter.it.client.SmtpClient;
import io.github.orgmilter.it.client.TestCertificates;
import io.github.orgmilter.it.daemon.MilterProcess;
import io.github.orgmilter.it.daemon.Replayed;
import io.github.orgmilter.it.mta.DomainsIn;
import io.github.orgmilter.it.mta.FreePort;
import io.github.orgmilter.it.mta.MtaContainer;
import io.github.orgmilter.it.mta.SendmailContainer;
import io.github.orgmilter.it.mta.Sink;
import io.github.orgmilter.it.scenario.Scenario.Login;
import io.github.orgmilter.it.scenario.Scenario.Message;
import io.github.orgmilter.it.scenario.Scenario.Policy;
import io.github.orgmilter.it.scenario.Scenario.StartTls;
import io.github.orgmilter.it.scenario.Scenario.Xclient;
import java.io.IOException;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The scenarios on real Sendmail, with the outcomes of Postfix: every one on 8.17 (bookworm), and on 8.18 (trixie) those which that may
 * read otherwise, and a sample. What differs: the
 * recipients of {@link #REFUSED_BY_SENDMAIL} never get to the milter; under the tight gate nor does a stranger's mail to
 * the outside; what {@link SendmailScenarios#lacking} names cannot be run at all, and {@link #insteadOfXclient} stands in for it; and 8.18
 * resumes no TLS session whose certificate it did not verify ({@link SendmailContainer#resumesUnverifiedSessions}).
 */
@ParameterizedClass(name = "Sendmail of {0}")
@ValueSource(strings = {"bookworm", "trixie"})
final class SendmailScenariosIT {

    private static final TestCertificates CERTIFICATES = new TestCertificates();
    private static final List<Scenario> SCENARIOS = Stream.concat(
                    Scenarios.all(CERTIFICATES).stream(), insteadOfXclient())
            .toList();

    /** What Sendmail refuses whatever the gate, and why. */
    private static final Map<String, String> REFUSED_BY_SENDMAIL =
            Map.of("u@evil.example@contoso.com", "553 5.1.3, Sendmail does not take two @ for an address");

    /** What a stranger may ask under the tight gate although the milter refuses it, and why. */
    private static final Map<String, String> LEFT_TO_THE_MILTER = Map.of(
            "@hop.example:info@contoso.com", "Sendmail takes the route away and finds an accepted domain",
            "info@[127.0.0.1]", "this machine itself");

    /** The scenarios' {@link MtaContainer#RELAY_CLIENTS} as Sendmail's access map writes them: by whole octets. */
    private static final List<String> RELAY_CLIENTS =
            List.of("127.0.1", "127.0.2", "127.0.3", "127.0.4", "127.0.9.9", "IPv6:0:0:0:0:0:0:0:1");

    /** As Postfix's permit_tls_all_clientcerts: every client with a certificate of one of these CAs may ask. */
    private static final List<String> ISSUERS =
            List.of("OrgMilter+20Test+20CA", "Adatum+20Issuing+20CA", "Other+20Issuing+20CA");

    private static final int SHARE = 6;

    private static Sink sink;
    private static int port;
    private static MilterProcess milter;
    private static int strictPort;
    private static MilterProcess strictMilter;
    private static SendmailContainer wide;
    private static SendmailContainer tight;

    /** Whether this is the one against which the table runs whole. */
    private static boolean usual;

    @Parameter
    String suite;

    static List<Scenario> throughWideGate() {
        return sample("the wide gate", Policy.DEFAULT, scenario -> usual || scenario.isReadByVersion());
    }

    static List<Scenario> throughTightGate() {
        return sample("the tight gate", Policy.DEFAULT, scenario -> usual);
    }

    static List<Scenario> strictScenarios() {
        return sample("unidentified-mail = reject", Policy.UNIDENTIFIED_REJECTED, scenario -> usual);
    }

    private static List<Scenario> sample(String gate, Policy policy, Predicate<Scenario> differs) {
        return Sample.of(
                "Sendmail" + (usual ? " 8.17, " : " 8.18, ") + gate,
                runnable(policy).toList(),
                differs,
                SHARE);
    }

    private static Stream<Scenario> runnable(Policy policy) {
        return SCENARIOS.stream()
                .filter(scenario -> scenario.policy() == policy
                        && SendmailScenarios.lacking(scenario).isEmpty());
    }

    static Stream<Arguments> impossibleScenarios() {
        return SCENARIOS.stream()
                .flatMap(scenario ->
                        SendmailScenarios.lacking(scenario).map(reason -> Arguments.of(scenario, reason)).stream());
    }

    /** What XCLIENT shows of one session in sessions of their own. */
    private static Stream<Scenario> insteadOfXclient() {
        ClientCertificate northwind = CERTIFICATES.verified("mail.northwind.example");
        return Stream.of(
                        scenario("without XCLIENT: an address counts beside another organization's certificate")
                                .from("127.0.1.10")
                                .tls(northwind, "mail.northwind.example")
                                .mail("a@contoso.com")
                                .to("someone@outside.example", accept("sender-domain", "contoso/branch-office")),
                        scenario("without XCLIENT: the same certificate from elsewhere")
                                .tls(northwind, "mail.northwind.example")
                                .mail("a@contoso.com")
                                .to("someone@outside.example", reject("protected-sender"))
                                .mail("a@northwind.example")
                                .to("someone@outside.example", accept("sender-domain", "northwind/headquarters")),
                        scenario("without XCLIENT: unidentified-mail = reject: an exempt client is accepted")
                                .policy(Policy.UNIDENTIFIED_REJECTED)
                                .from("127.0.9.9")
                                .mail("someone@stranger.example")
                                .to("info@contoso.com", accept("exempt-client")),
                        scenario("without XCLIENT: unidentified-mail = reject: a login is accepted")
                                .policy(Policy.UNIDENTIFIED_REJECTED)
                                .login()
                                .mail("someone@stranger.example")
                                .to("info@contoso.com", accept("authenticated")))
                .map(Scenario.Builder::build);
    }

    @BeforeAll
    static void startMilters() throws IOException {
        MtaContainer.removeLeftovers();
        sink = new Sink();
        port = FreePort.next();
        milter = MilterProcess.start(Scenarios.configuration(Policy.DEFAULT, "\"inet:" + port + "@127.0.0.1\""));
        strictPort = FreePort.next();
        strictMilter = MilterProcess.start(
                Scenarios.configuration(Policy.UNIDENTIFIED_REJECTED, "\"inet:" + strictPort + "@127.0.0.1\""));
    }

    @AfterAll
    static void stopMilters() throws IOException {
        try {
            Replayed.requireSame(milter, 0);
            Replayed.requireSame(strictMilter, 0);
        } finally {
            close();
        }
    }

    private static void close() throws IOException {
        milter.close();
        strictMilter.close();
        sink.close();
    }

    @BeforeParameterizedClassInvocation
    static void startSendmail(String suite) throws IOException {
        usual = suite.equals("bookworm");
        String socket = "inet:" + port + "@127.0.0.1";
        wide = new SendmailContainer(suite, CERTIFICATES, sink, socket)
                .serviceAsking("strict", "inet:" + strictPort + "@127.0.0.1");
        wide.start();
        tight = new SendmailContainer(suite, CERTIFICATES, sink, socket).tightGate(access());
        tight.start();
    }

    private static String access() {
        return Stream.of(
                        MtaContainer.ACCEPTED_DOMAINS.stream().map(domain -> "To:" + domain),
                        RELAY_CLIENTS.stream().map(address -> "Connect:" + address),
                        ISSUERS.stream().map(name -> "CertIssuer:/CN=" + name))
                .flatMap(keys -> keys)
                .map(key -> key + "\tRELAY\n")
                .collect(Collectors.joining());
    }

    @AfterParameterizedClassInvocation
    static void stopSendmail() {
        wide.close();
        tight.close();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("throughWideGate")
    void wideGate(Scenario scenario) throws IOException {
        ScenarioRun run = new ScenarioRun(wide, "filtered", milter, sink, DomainsIn.RELAY_DOMAINS, true);
        run.play(scenario);
        assertThat(REFUSED_BY_SENDMAIL.keySet()).containsAll(run.refusedByMta());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("strictScenarios")
    void unidentifiedMailRejected(Scenario scenario) throws IOException {
        ScenarioRun run = new ScenarioRun(wide, "strict", strictMilter, sink, DomainsIn.RELAY_DOMAINS, false);
        run.play(scenario);
        assertThat(run.refusedByMta()).isEmpty();
    }

    /** Sendmail refuses strangers first, and lets the others come to the milter. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("throughTightGate")
    void tightGate(Scenario scenario) throws IOException {
        ScenarioRun run = new ScenarioRun(tight, "filtered", milter, sink, DomainsIn.RELAY_DOMAINS, true);
        run.play(scenario);
        if (isListed(scenario)) {
            assertThat(REFUSED_BY_SENDMAIL.keySet()).containsAll(run.refusedByMta());
        } else if (!showsCertificate(scenario) && scenario.steps().stream().noneMatch(Login.class::isInstance)) {
            Set<String> left = new HashSet<>(run.refusedByMilter());
            left.removeAll(LEFT_TO_THE_MILTER.keySet());
            // Inbound mail is the milter's to refuse.
            assertThat(left)
                    .allMatch(recipient -> MtaContainer.ACCEPTED_DOMAINS.stream()
                            .anyMatch(domain -> recipient.endsWith("@" + domain)));
        }
    }

    private static boolean isListed(Scenario scenario) {
        return RELAY_CLIENTS.stream()
                .anyMatch(listed -> scenario.source().equals(listed)
                        || scenario.source().startsWith(listed + ".")
                        || listed.startsWith("IPv6:") && scenario.source().equals("::1"));
    }

    private static boolean showsCertificate(Scenario scenario) {
        return scenario.steps().stream().anyMatch(step -> step instanceof StartTls tls && tls.certificate() != null);
    }

    /** Not left out silently: Sendmail is asked for what it lacks, and refuses it. */
    @ParameterizedTest(name = "not with Sendmail: {0} ({1})")
    @MethodSource("impossibleScenarios")
    void isNotForSendmail(Scenario scenario, String reason) throws IOException {
        sink.clear();
        try (SmtpClient smtp = SmtpClient.connect(wide.service("filtered"), InetAddress.getByName("127.0.0.2"))) {
            smtp.read();
            assertThat(smtp.ehlo().text()).doesNotContain("XCLIENT", "SMTPUTF8");
            for (Scenario.Step step : scenario.steps()) {
                if (step instanceof Xclient xclient) {
                    assertThat(smtp.xclient(xclient.attributes()).toString())
                            .startsWith("500 5.5.1 Command unrecognized");
                } else if (step instanceof Message message && message.needsSmtpUtf8()) {
                    assertThat(smtp.mail(message.sender(), "SMTPUTF8").toString())
                            .startsWith("555 5.5.4 SMTPUTF8 parameter unrecognized");
                }
            }
        }
        assertThat(sink.deliveries()).as(reason).isEmpty();
    }
}
