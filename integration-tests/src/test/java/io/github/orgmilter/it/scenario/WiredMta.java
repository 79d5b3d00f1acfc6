package io.github.orgmilter.it.scenario;

import io.github.orgmilter.it.client.SmtpClient;
import io.github.orgmilter.it.client.TestCertificates;
import io.github.orgmilter.it.daemon.MilterProcess;
import io.github.orgmilter.it.mta.DomainsIn;
import io.github.orgmilter.it.mta.FreePort;
import io.github.orgmilter.it.mta.MtaContainer;
import io.github.orgmilter.it.mta.PostfixContainer;
import io.github.orgmilter.it.mta.SendmailContainer;
import io.github.orgmilter.it.mta.Sink;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.params.provider.Arguments;

/**
 * A real MTA with the packaged program as its milter, in front of a sink. Each has a service {@link #FILTERED}; Postfix also one that
 * asks the policy service besides, and one that asks it alone.
 */
public final class WiredMta implements Closeable {

    public static final String FILTERED = "filtered";
    public static final String ASKING = "asking";
    public static final String ONLY_ASKING = "only-asking";

    private static final String POSTFIX = "Postfix";

    private final String kind;
    private final String listeners;
    private final Sink sink;
    private final MilterProcess milter;
    private final MtaContainer mta;

    private WiredMta(String kind, String suite, TestCertificates certificates, String configuration)
            throws IOException {
        this.kind = kind;
        int port = FreePort.next();
        int policyPort = FreePort.next();
        listeners = "listen = [ \"inet:%d@127.0.0.1\" ]\npolicy-listen = [ \"inet:%d@127.0.0.1\" ]\n"
                .formatted(port, policyPort);
        sink = new Sink();
        milter = MilterProcess.start(listeners + configuration);
        String socket = "inet:127.0.0.1:" + port;
        String policy = "inet:127.0.0.1:" + policyPort;
        mta = isPostfix()
                ? new PostfixContainer(suite, DomainsIn.RELAY_DOMAINS, certificates, sink)
                        .service(FILTERED, PostfixContainer.Gate.WIDE, socket)
                        .delegatingService(ASKING, policy, socket)
                        .unfilteredDelegatingService(ONLY_ASKING, policy)
                : new SendmailContainer(suite, certificates, sink, "inet:" + port + "@127.0.0.1");
    }

    /** All MTAs, each by its kind and its Debian, or each day one of a kind, of another Debian than the other kind's. */
    public static List<Arguments> ofTheDay() {
        return Stream.concat(
                        Sample.turn(POSTFIX, List.of("bookworm", "trixie")).stream()
                                .map(suite -> Arguments.of(POSTFIX, suite)),
                        Sample.turn("Sendmail", List.of("trixie", "bookworm")).stream()
                                .map(suite -> Arguments.of("Sendmail", suite)))
                .toList();
    }

    /** Starts all of it, with a configuration to which the listeners are added. */
    public static WiredMta start(String kind, String suite, TestCertificates certificates, String configuration)
            throws IOException {
        MtaContainer.removeLeftovers();
        WiredMta wired = new WiredMta(kind, suite, certificates, configuration);
        try {
            wired.mta.start();
        } catch (RuntimeException e) {
            wired.close();
            throw e;
        }
        return wired;
    }

    /** Returns when the milter decides by this configuration, to which the listeners are added. */
    public void reload(String configuration) throws IOException {
        milter.reload(listeners + configuration);
    }

    public boolean isPostfix() {
        return kind.equals(POSTFIX);
    }

    public MtaContainer mta() {
        return mta;
    }

    public MilterProcess milter() {
        return milter;
    }

    public Sink sink() {
        return sink;
    }

    /** A session of a client at this address, after EHLO. */
    public SmtpClient open(String service, String client) throws IOException {
        SmtpClient smtp = SmtpClient.connect(mta.service(service), InetAddress.getByName(client));
        smtp.read();
        smtp.ehlo();
        return smtp;
    }

    /** The same over TLS. */
    public SmtpClient open(String service, String client, SSLContext tls) throws IOException {
        SmtpClient smtp = open(service, client);
        smtp.startTls(tls);
        smtp.ehlo();
        return smtp;
    }

    @Override
    public void close() throws IOException {
        mta.close();
        milter.close();
        sink.close();
    }
}
