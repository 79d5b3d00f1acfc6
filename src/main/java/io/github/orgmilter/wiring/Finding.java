package io.github.orgmilter.wiring;

import java.util.Comparator;
import java.util.List;

/**
 * One thing that was looked at.
 *
 * @param place the setting, file or socket
 * @param reason what is so, and what comes of it
 * @param repair what to do; empty if it is right
 * @param commands what does that in the MTA's configuration; may be empty
 */
public record Finding(
        Severity severity, Topic topic, String place, String reason, String repair, List<String> commands) {

    static final Comparator<Finding> ORDER =
            Comparator.comparing(Finding::severity).thenComparing(Finding::topic);

    public Finding {
        commands = List.copyOf(commands);
    }
}
