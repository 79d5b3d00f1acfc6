package io.github.orgmilter.it.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.orgmilter.it.mta.Delivery;
import io.github.orgmilter.it.mta.MtaContainer;
import io.github.orgmilter.it.mta.Sink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.awaitility.core.ConditionTimeoutException;

/** What came of a load: the clients' replies against the rules, the sink, and the milter's log. */
final class LoadReport {

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final List<LoadMessage> messages;

    LoadReport(List<LoadMessage> messages) {
        this.messages = messages;
    }

    /** No client was deferred, and no connection was lost. */
    LoadReport hasNoTrouble() {
        assertThat(messages.stream().filter(LoadMessage::troubled).limit(5)).isEmpty();
        return this;
    }

    /** The same for the sessions that were open at that time (System.nanoTime). */
    LoadReport hasNoTroubleInSessionsBefore(long time) {
        assertThat(messages.stream()
                        .filter(LoadMessage::troubled)
                        .filter(m -> m.sessionWasOpenAt(time))
                        .limit(5))
                .isEmpty();
        return this;
    }

    /** The same for the sessions that began after that time. */
    LoadReport hasNoTroubleInSessionsAfter(long time) {
        assertThat(messages.stream()
                        .filter(LoadMessage::troubled)
                        .filter(m -> m.sessionBeganAfter(time))
                        .limit(5))
                .isEmpty();
        return this;
    }

    /** How many messages were deferred or lost their connection. */
    long troubled() {
        return messages.stream().filter(LoadMessage::troubled).count();
    }

    /**
     * Nothing was lost, doubled or made up: the sink has what was accepted, once, and the MTA has nothing more for it.
     *
     * @param mark where the MTA's log of this load begins
     */
    LoadReport agreesWith(Sink sink, MtaContainer mta, int mark) {
        List<Delivery> expected = messages.stream()
                .flatMap(message -> message.deliveries().stream())
                .toList();
        try {
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> sink.deliveries().size() >= expected.size());
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> mta.unfinished(mark, List.of()).isEmpty());
        } catch (ConditionTimeoutException e) {
            // The comparison below reports what is missing.
        }
        List<Delivery> surplus = new ArrayList<>();
        Map<String, Integer> open = new TreeMap<>();
        expected.forEach(delivery -> open.merge(delivery.toString(), 1, Integer::sum));
        for (Delivery delivery : sink.deliveries()) {
            if (open.merge(delivery.toString(), -1, Integer::sum) < 0) {
                surplus.add(delivery);
            }
        }
        assertThat(surplus).as("delivered, and not accepted or not as often").isEmpty();
        assertThat(open.entrySet().stream().filter(e -> e.getValue() > 0).map(Map.Entry::getKey))
                .as("accepted, and not delivered")
                .isEmpty();
        return this;
    }

    List<LoadMessage> messages() {
        return messages;
    }

    /** Figures for a person who reads the test's output. */
    String figures() {
        long accepted = messages.stream()
                .mapToLong(message -> message.deliveries().size())
                .sum();
        long answered = messages.stream().mapToLong(LoadMessage::answered).sum();
        return messages.size() + " messages ("
                + messages.stream()
                        .collect(Collectors.groupingBy(
                                message -> message.sender().name(), TreeMap::new, Collectors.counting()))
                + "), " + answered + " recipients, " + accepted + " accepted and delivered, " + troubled()
                + " messages deferred";
    }
}
