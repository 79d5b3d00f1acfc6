package io.github.orgmilter.it.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.it.client.Reply;
import io.github.orgmilter.it.mta.Delivery;
import java.util.ArrayList;
import java.util.List;

/** What an MTA accepts from here on, and so has to deliver. */
public final class Deliveries {

    private final WiredMta wired;
    private final int mark;
    private final List<String> queueIds = new ArrayList<>();
    private final List<Delivery> expected = new ArrayList<>();

    public Deliveries(WiredMta wired) {
        this.wired = wired;
        wired.sink().clear();
        mark = wired.mta().logMark();
    }

    /** Takes a message that was accepted, by the reply to its end. */
    public void accepted(Reply end, String sender, String... recipients) {
        wired.mta().queueId(end).ifPresent(queueIds::add);
        for (String recipient : recipients) {
            expected.add(new Delivery(sender, recipient));
        }
    }

    /** What is delivered, once the MTA has done with all of it. */
    public List<Delivery> await() {
        wired.mta().awaitDone(mark, queueIds);
        return wired.sink().deliveries();
    }

    /** Waits until everything accepted is delivered, and requires that nothing else is. */
    public void requireComplete() {
        assertThat(await()).as(wired.mta().logText(mark)).containsExactlyInAnyOrderElementsOf(expected);
    }
}
