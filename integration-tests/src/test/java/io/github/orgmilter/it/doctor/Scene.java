package io.github.orgmilter.it.doctor;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/**
 * Wirings that one configuration of OrgMilter, and one Postfix, can have at once.
 *
 * @param ours more lines of orgmilter.conf; of an organization, if they begin with its name and a colon
 * @param mended lines in place of these, which mend what Postfix cannot; the same ones if nothing there is wrong
 * @param gate the restrictions of a service that is as it should be
 * @param beside what runs beside OrgMilter
 */
record Scene(String name, Machines at, String ours, String mended, String gate, Beside beside, List<Wiring> wirings) {

    /** Starts something. */
    interface Beside {
        Closeable start() throws IOException;
    }

    static Scene of(String name, Machines at, String ours, String gate, Wiring... wirings) {
        return new Scene(name, at, ours, ours, gate, () -> () -> {}, List.of(wirings));
    }

    Scene mendedBy(String lines) {
        return new Scene(name, at, ours, lines, gate, beside, wirings);
    }

    Scene beside(Beside other) {
        return new Scene(name, at, ours, mended, gate, other, wirings);
    }

    @Override
    public String toString() {
        return name;
    }
}
