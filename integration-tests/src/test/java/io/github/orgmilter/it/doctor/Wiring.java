package io.github.orgmilter.it.doctor;

import java.util.ArrayList;
import java.util.List;

/**
 * A service of Postfix that is wired wrongly, and what shows it.
 *
 * @param found severity and topic of what the doctor must say of it
 * @param attempt relays only while it is wrong; or gets through only once it is right
 * @param open whether it relays what it should not, and not stops what it should not
 * @param byHand options that mend what no command does; none if a command does
 */
record Wiring(
        String name,
        String found,
        boolean open,
        Attempt attempt,
        List<String> options,
        List<String> byHand,
        String kind) {

    static Wiring opens(String name, String found, Attempt attempt, String... options) {
        return new Wiring(name, found, true, attempt, List.of(options), List.of(), "");
    }

    static Wiring stops(String name, String found, Attempt attempt, String... options) {
        return new Wiring(name, found, false, attempt, List.of(options), List.of(), "");
    }

    Wiring byHand(String... settings) {
        return new Wiring(name, found, open, attempt, options, List.of(settings), kind);
    }

    /** Of another kind: {@code chroot}, {@code loopback}, or {@code down} to be shown while OrgMilter is down. */
    Wiring as(String other) {
        return new Wiring(name, found, open, attempt, options, byHand, other);
    }

    /** With what every service here has. */
    List<String> allOptions() {
        List<String> all = new ArrayList<>(List.of("smtpd_sasl_auth_enable = yes", "smtpd_tls_auth_only = no"));
        all.addAll(options);
        return all;
    }

    @Override
    public String toString() {
        return name;
    }
}
