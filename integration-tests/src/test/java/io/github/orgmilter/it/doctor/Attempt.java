package io.github.orgmilter.it.doctor;

import static org.awaitility.Awaitility.await;

import io.github.orgmilter.it.mta.Delivery;
import io.github.orgmilter.it.mta.MtaContainer;
import io.github.orgmilter.it.mta.Sink;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** Somebody sends one message. */
interface Attempt {

    /** The outcome if the message leaves the MTA. */
    String RELAYED = "relayed";

    /** The outcome if the MTA ends the connection, or does not listen. */
    String ENDED = "ended";

    AtomicInteger COUNT = new AtomicInteger();

    /**
     * Where to.
     *
     * @param name of the MTA's configuration directory below /etc
     * @param source from which address, unless the attempt has one of its own
     * @param patience until an answer counts as none: master(8) lets the clients of an smtpd that ends at once wait
     */
    record Target(
            MtaContainer mta, String name, InetSocketAddress server, InetAddress source, Sink sink, Duration patience) {

        /** By the user, whom no other attempt has: Sendmail leaves the domain out where it delivers locally. */
        boolean has(Delivery delivery) {
            String user = delivery.recipient().replaceFirst("@.*", "");
            return sink.deliveries().stream()
                    .anyMatch(arrived ->
                            arrived.recipient().replaceFirst("@.*", "").equals(user));
        }

        /** Waits for a message that the MTA took. */
        String awaitArrival(Delivery delivery) {
            await("in the sink: " + delivery)
                    .atMost(Duration.ofMinutes(2))
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> has(delivery));
            return RELAYED;
        }
    }

    /** {@link #RELAYED}, or the answer that refuses it. */
    String outcome(Target target) throws IOException, InterruptedException;

    /** A recipient that no other attempt has. */
    static String recipient(String domain) {
        return "victim-" + COUNT.incrementAndGet() + "@" + domain;
    }
}
