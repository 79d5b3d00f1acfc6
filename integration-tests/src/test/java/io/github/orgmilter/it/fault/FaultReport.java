package io.github.orgmilter.it.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.orgmilter.it.fault.FaultMail.Fate;
import io.github.orgmilter.it.mta.Delivery;
import io.github.orgmilter.it.mta.Sink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.awaitility.core.ConditionTimeoutException;

/** The outcome of a load: what each client was answered, against what reached the sink behind the MTA. */
final class FaultReport {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final List<FaultMail> mails;
    private final Map<Delivery, Integer> delivered = new HashMap<>();
    private final int copies;
    private final int messages;

    /** Waits until everything that was taken has arrived, and the MTA's queue is empty. */
    FaultReport(List<FaultMail> mails, Sink sink, BooleanSupplier queueIsEmpty) {
        this.mails = mails;
        long taken = count(false, Fate.TAKEN);
        try {
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> sink.deliveries().size() >= taken);
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(200)).until(queueIsEmpty::getAsBoolean);
        } catch (ConditionTimeoutException e) {
            // The comparison below reports what is missing.
        }
        // Of what the MTA had queued once and delivered again, one copy counts.
        List<Sink.Copy> all = sink.copies();
        Set<Sink.Copy> distinct = new HashSet<>(all);
        copies = all.size();
        messages = distinct.size();
        distinct.forEach(copy -> delivered.merge(copy.delivery(), 1, Integer::sum));
    }

    /** Nothing forged was accepted or delivered; nothing legitimate was lost, duplicated or refused permanently. */
    FaultReport holds() {
        List<String> wrong = new ArrayList<>();
        Set<Delivery> sent = new HashSet<>();
        for (FaultMail mail : mails) {
            sent.add(mail.envelope());
            int times = delivered.getOrDefault(mail.envelope(), 0);
            if (!asItShould(mail, times)) {
                wrong.add((mail.forged() ? "forged " : "legitimate ") + mail + " delivered " + times + " times");
            }
        }
        delivered.keySet().stream().filter(one -> !sent.contains(one)).forEach(one -> wrong.add("never sent: " + one));
        assertThat(wrong.stream().limit(10))
                .as("%d of %d mails", wrong.size(), mails.size())
                .isEmpty();
        return this;
    }

    /**
     * How often the MTA delivered a message again that it had delivered: if it is ended between the next server's reply and
     * its own note of that, it does not know better (RFC 1047). Nothing that a milter could have part in.
     */
    int redelivered() {
        return copies - messages;
    }

    private static boolean asItShould(FaultMail mail, int times) {
        if (mail.forged()) {
            return times == 0
                    && (mail.fate() == Fate.REFUSED || mail.fate() == Fate.DEFERRED || mail.fate() == Fate.DROPPED);
        }
        return switch (mail.fate()) {
            case TAKEN -> times == 1;
            case IN_DOUBT -> times <= 1;
            case DEFERRED, DROPPED -> times == 0;
            case REFUSED -> false;
        };
    }

    long count(boolean forged, Fate fate) {
        return mails.stream()
                .filter(mail -> mail.forged() == forged && mail.fate() == fate)
                .count();
    }

    /** How many messages met a temporary failure of any kind. */
    long delayed() {
        return mails.stream()
                .filter(mail -> mail.fate() != Fate.TAKEN && mail.fate() != Fate.REFUSED)
                .count();
    }

    private long sent(boolean forged) {
        return mails.stream().filter(mail -> mail.forged() == forged).count();
    }

    private long delivered(boolean forged) {
        return mails.stream()
                .filter(mail -> mail.forged() == forged)
                .mapToLong(mail -> delivered.getOrDefault(mail.envelope(), 0))
                .sum();
    }

    static final String COLUMNS = "sent | delivered | deferred | dropped | in doubt | forged: sent | refused | deferred"
            + " | dropped | delivered";

    /** The cells of {@link #COLUMNS}. */
    List<Long> figures() {
        return List.of(
                sent(false),
                delivered(false),
                count(false, Fate.DEFERRED),
                count(false, Fate.DROPPED),
                count(false, Fate.IN_DOUBT),
                sent(true),
                count(true, Fate.REFUSED),
                count(true, Fate.DEFERRED),
                count(true, Fate.DROPPED),
                delivered(true));
    }
}
