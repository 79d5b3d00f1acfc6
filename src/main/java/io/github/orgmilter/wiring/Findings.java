package io.github.orgmilter.wiring;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What is found, while it is. */
public final class Findings {

    private final List<Finding> found;
    private final String where;

    /** Of one place. */
    public Findings() {
        this(new ArrayList<>(), "");
    }

    private Findings(List<Finding> found, String where) {
        this.found = found;
        this.where = where;
    }

    /** The same, for what is in one of several configuration directories. */
    public Findings within(String directory) {
        return new Findings(found, (directory.isEmpty() ? "the machine's own" : directory) + ": ");
    }

    /** Adds one that opens or stops something. */
    public void wrong(Topic topic, String place, String reason, String repair, String... commands) {
        add(Severity.WRONG, topic, place, reason, repair, commands);
    }

    /** Adds one that may be meant. */
    public void doubtful(Topic topic, String place, String reason, String repair, String... commands) {
        add(Severity.DOUBTFUL, topic, place, reason, repair, commands);
    }

    /** Adds what was checked. */
    public void right(Topic topic, String place, String reason) {
        add(Severity.RIGHT, topic, place, reason, "");
    }

    /** Adds that something failed. */
    public void unchecked(IOException failure) {
        doubtful(
                Topic.UNCHECKED,
                "this machine",
                "something could not be looked at: " + failure.getMessage(),
                "run this again once that works");
    }

    private void add(Severity severity, Topic topic, String place, String reason, String repair, String... commands) {
        Finding finding = new Finding(severity, topic, where + place, reason, repair, List.of(commands));
        if (!found.contains(finding)) {
            found.add(finding);
        }
    }

    /** All, the worst first. */
    public List<Finding> inOrder() {
        return found.stream().sorted(Finding.ORDER).toList();
    }
}
