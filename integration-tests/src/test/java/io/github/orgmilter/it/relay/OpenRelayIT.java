package io.github.orgmilter.it.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.orgmilter.it.client.TestCertificates;
import io.github.orgmilter.it.daemon.MilterProcess;
import io.github.orgmilter.it.mta.Delivery;
import io.github.orgmilter.it.mta.DomainsIn;
import io.github.orgmilter.it.mta.FreePort;
import io.github.orgmilter.it.mta.MtaContainer;
import io.github.orgmilter.it.mta.PostfixContainer;
import io.github.orgmilter.it.mta.PostfixContainer.Gate;
import io.github.orgmilter.it.mta.SendmailContainer;
import io.github.orgmilter.it.mta.Sink;
import io.github.orgmilter.it.relay.RelayAttempt.Client;
import io.github.orgmilter.it.scenario.Sample;
import io.github.orgmilter.it.scenario.Scenario.Policy;
import io.github.orgmilter.it.scenario.Scenarios;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every way into an open relay that is known here, with the milter for the only gate and with the gate on its maps: nothing reaches
 * the sink but what any client may send, and that does. On an MTA they are tried many at once before the first one is judged: all of them on one Postfix and one
 * Sendmail, on the others what these may read otherwise, and a sample.
 */
@ParameterizedClass(name = "{0}")
@EnumSource
final class OpenRelayIT {

    enum Mta {
        POSTFIX_3_7("bookworm", DomainsIn.RELAY_DOMAINS, Envelopes.all()),
        POSTFIX_3_7_MYDESTINATION("bookworm", DomainsIn.MYDESTINATION, Envelopes.readByDomain()),
        POSTFIX_3_10("trixie", DomainsIn.RELAY_DOMAINS, Envelopes.readByVersion()),
        POSTFIX_3_10_MYDESTINATION("trixie", DomainsIn.MYDESTINATION, List.of()),
        POSTFIX_3_7_MAPS("bookworm", DomainsIn.RELAY_DOMAINS, Envelopes.readByDomain()),
        POSTFIX_3_10_MAPS("trixie", DomainsIn.RELAY_DOMAINS, Envelopes.readByVersion()),
        SENDMAIL_8_17("bookworm", DomainsIn.RELAY_DOMAINS, Envelopes.all()),
        SENDMAIL_8_17_CLASS_W("bookworm", DomainsIn.MYDESTINATION, Envelopes.readByDomain()),
        SENDMAIL_8_18("trixie", DomainsIn.RELAY_DOMAINS, Envelopes.readByVersion()),
        SENDMAIL_8_18_CLASS_W("trixie", DomainsIn.MYDESTINATION, List.of()),
        SENDMAIL_8_17_MAPS("bookworm", DomainsIn.RELAY_DOMAINS, Envelopes.readByDomain()),
        SENDMAIL_8_18_MAPS("trixie", DomainsIn.RELAY_DOMAINS, Envelopes.readByVersion());

        private final String suite;
        private final DomainsIn domainsIn;

        /** What it may read otherwise than those before it. */
        private final List<Envelope> differing;

        Mta(String suite, DomainsIn domainsIn, List<Envelope> differing) {
            this.suite = suite;
            this.domainsIn = domainsIn;
            this.differing = differing;
        }

        private boolean isPostfix() {
            return name().startsWith("POSTFIX");
        }

        /** Whether the MTA reads domains and clients from OrgMilter. */
        private boolean readsMaps() {
            return name().endsWith("_MAPS");
        }

        private MtaContainer container() throws IOException {
            if (isPostfix() && readsMaps()) {
                String maps = "inet:127.0.0.1:" + mapPort;
                return new PostfixContainer(suite, domainsIn, CERTIFICATES, sink)
                        .relayDomains("socketmap:" + maps + ":relay-domains")
                        .mapService("filtered", maps, "inet:127.0.0.1:" + port);
            }
            if (isPostfix()) {
                return new PostfixContainer(suite, domainsIn, CERTIFICATES, sink)
                        .service("filtered", Gate.WIDE, "inet:127.0.0.1:" + port);
            }
            SendmailContainer sendmail =
                    new SendmailContainer(suite, CERTIFICATES, sink, "inet:" + port + "@127.0.0.1");
            if (readsMaps()) {
                return sendmail.mapGate("inet:" + mapPort + "@127.0.0.1");
            }
            return domainsIn == DomainsIn.RELAY_DOMAINS
                    ? sendmail
                    : sendmail.file("local-host-names", "mx1.example.net\ncontoso.com\nnorthwind.example\n");
        }
    }

    /** Who tries what. */
    private record Row(Envelope envelope, Client client) {
        @Override
        public String toString() {
            return envelope + " by " + client;
        }
    }

    /** An attempt and what came of it. */
    private record Tried(RelayAttempt attempt, Optional<Throwable> failure) {}

    private static final int AT_ONCE = 12;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int SHARE = 8;
    private static final TestCertificates CERTIFICATES = new TestCertificates();
    private static final Map<Client, SSLContext> TLS = Client.tls(CERTIFICATES);

    private static Sink sink;
    private static int port;
    private static int mapPort;
    private static MilterProcess milter;
    private static int milterMark;
    private static MtaContainer mta;
    private static List<Tried> tried;

    @Parameter
    Mta which;

    static Stream<Envelope> envelopes() {
        return tried.stream().map(one -> one.attempt().envelope()).distinct();
    }

    @BeforeAll
    static void startMilter() throws IOException {
        MtaContainer.removeLeftovers();
        sink = new Sink();
        port = FreePort.next();
        mapPort = FreePort.next();
        milter = MilterProcess.start("map-listen = [ \"inet:" + mapPort + "@127.0.0.1\" ]\n"
                + Scenarios.configuration(Policy.DEFAULT, "\"inet:" + port + "@127.0.0.1\""));
    }

    @AfterAll
    static void stopMilter() throws IOException {
        milter.close();
        sink.close();
    }

    @BeforeParameterizedClassInvocation
    static void tryAll(Mta which) throws IOException, InterruptedException, ExecutionException {
        sink.clear();
        milterMark = milter.mark();
        mta = which.container();
        mta.start();
        long begin = System.nanoTime();
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
        try {
            List<Future<Tried>> running = new ArrayList<>();
            for (Row row : rows(which)) {
                RelayAttempt attempt =
                        new RelayAttempt(row.envelope(), row.client(), TLS.get(row.client()), running.size(), mta);
                running.add(threads.submit(() -> tried(attempt)));
            }
            tried = new ArrayList<>();
            for (Future<Tried> one : running) {
                tried.add(one.get());
            }
            awaitAll();
            System.out.println(which + ": " + tried.size() + " attempts within "
                    + (System.nanoTime() - begin) / 1_000_000_000 + " s");
        } finally {
            threads.shutdownNow();
        }
    }

    /** First those that an MTA may leave without an answer for a while. */
    private static List<Row> rows(Mta which) {
        List<Envelope> order = new ArrayList<>(Envelopes.all());
        Collections.reverse(order);
        List<Row> rows = order.stream()
                .flatMap(envelope -> Stream.of(Client.values()).map(client -> new Row(envelope, client)))
                .filter(row -> !row.client().may(row.envelope()))
                .toList();
        return Sample.of(which.name(), rows, row -> which.differing.contains(row.envelope()), SHARE);
    }

    private static Tried tried(RelayAttempt attempt) {
        try {
            attempt.run();
            return new Tried(attempt, Optional.empty());
        } catch (IOException | AssertionError e) {
            return new Tried(attempt, Optional.of(e));
        }
    }

    /** Until everything wanted is at the sink, and the MTA has nothing more. */
    private static void awaitAll() {
        List<String> controls = tried.stream()
                .filter(one -> one.failure().isEmpty())
                .map(one -> one.attempt().control())
                .toList();
        try {
            await().atMost(PATIENCE).until(() -> names(sink.deliveries()).containsAll(controls));
        } catch (ConditionTimeoutException e) {
            // The judgement of each attempt reports what is missing.
        }
        mta.awaitDone(
                0,
                tried.stream().flatMap(one -> one.attempt().queueIds().stream()).toList());
    }

    @AfterParameterizedClassInvocation
    static void stopMta() {
        mta.close();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("envelopes")
    void nothingGetsOut(Envelope envelope) {
        for (Tried one : tried.stream()
                .filter(any -> any.attempt().envelope().equals(envelope))
                .toList()) {
            RelayAttempt attempt = one.attempt();
            List<Delivery> deliveries = sink.deliveries().stream()
                    .filter(delivery ->
                            RelayAttempt.numberOf(delivery.recipient()).equals(Optional.of(attempt.number())))
                    .toList();
            Supplier<String> evidence = () -> evidence(attempt);
            assertThat(one.failure()).as(evidence).isEmpty();
            assertThat(deliveries).as(evidence).allMatch(delivery -> attempt.isHarmless(delivery.recipient()));
            assertThat(names(deliveries))
                    .as(evidence)
                    .contains(attempt.control())
                    .doesNotHaveDuplicates();
            assertThat(attempt.isOffered())
                    .as(evidence)
                    .isEqualTo(which.isPostfix() || envelope.needs().isEmpty());
            if (!attempt.isOffered()) {
                assertThat(attempt.dialogue())
                        .as(evidence)
                        .anyMatch(line -> line.matches(" *(500|555) 5\\.5\\.[14] .*"));
            }
        }
    }

    @Test
    void whatGetsOutIsOfAnAttempt() {
        assertThat(sink.deliveries().stream()
                        .filter(delivery ->
                                RelayAttempt.numberOf(delivery.recipient()).isEmpty()))
                .isEmpty();
    }

    /** Contoso's recipients, without the domain that Sendmail takes off its own users. */
    private static List<String> names(List<Delivery> deliveries) {
        return deliveries.stream()
                .map(one -> one.recipient().replaceFirst("@contoso\\.com$", ""))
                .filter(name -> !name.contains("@"))
                .toList();
    }

    /** The dialogue, and what the milter and the MTA logged of its addresses. */
    private static String evidence(RelayAttempt attempt) {
        return Stream.of(
                        attempt.dialogue().stream(),
                        Stream.of("milter:"),
                        milter.text(milterMark).lines().filter(line -> isOf(attempt, line)),
                        Stream.of("MTA:"),
                        mta.log(0).stream()
                                .filter(line -> isOf(attempt, line)
                                        || attempt.queueIds().stream().anyMatch(line::contains)))
                .flatMap(lines -> lines)
                .collect(Collectors.joining("\n"));
    }

    private static boolean isOf(RelayAttempt attempt, String line) {
        return RelayAttempt.numberOf(line).equals(Optional.of(attempt.number()));
    }
}
