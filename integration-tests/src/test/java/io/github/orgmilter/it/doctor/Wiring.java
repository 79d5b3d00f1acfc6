package io.github.orgmilter.it.doctor;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** A service of Postfix that is wired wrongly, and what shows it. */
final class Wiring {

    /** What is special about one. */
    enum Trait {
        CHROOT,
        LOOPBACK,
        /** Shown while OrgMilter is down. */
        DOWN
    }

    /** Refused by OrgMilter. */
    static final String OURS = "550 5\\.7\\.1 .*";

    /** Refused by Postfix, which has not asked. */
    static final String THEIRS = "554 5\\.7\\.1 <.*>: Relay access denied";

    private final String name;
    private final String found;
    private final Attempt attempt;
    private final String before;
    private final String after;
    private final List<String> options;
    private final Set<Trait> traits = EnumSet.noneOf(Trait.class);
    private List<String> byHand = List.of();
    private List<String> main = List.of();
    private boolean alone;
    private String command = "smtpd";
    private List<String> more = List.of();
    private String prepared = "";

    private Wiring(String name, String found, Attempt attempt, String before, String after, String... options) {
        this.name = name;
        this.found = found;
        this.attempt = attempt;
        this.before = before;
        this.after = after;
        this.options = List.of(options);
    }

    /** Relays what it should not. */
    static Wiring opens(String name, String found, Attempt attempt, String... options) {
        return new Wiring(name, found, attempt, Attempt.RELAYED, "(?!" + Attempt.RELAYED + ").*", options);
    }

    /** Stops what it should not, with this outcome. */
    static Wiring stops(String name, String found, Attempt attempt, String before, String... options) {
        return new Wiring(name, found, attempt, before, Attempt.RELAYED, options);
    }

    /** Has one outcome, and once it is mended the other. */
    static Wiring changes(String name, String found, Attempt attempt, String before, String after, String... options) {
        return new Wiring(name, found, attempt, before, after, options);
    }

    /** What mends it where no command of the doctor does: a setting of the service, or a script with a blank in it. */
    Wiring byHand(String... steps) {
        byHand = List.of(steps);
        return this;
    }

    Wiring as(Trait trait) {
        traits.add(trait);
        return this;
    }

    /** What is done in the container beforehand. */
    Wiring prepared(String script) {
        prepared = script;
        return this;
    }

    String prepared() {
        return prepared;
    }

    /** Has an instance of Postfix for itself, with these settings in its main.cf. */
    Wiring alone(String... settings) {
        alone = true;
        main = List.of(settings);
        return this;
    }

    /** Is run by another program than smtpd. */
    Wiring by(String program) {
        command = program;
        return this;
    }

    /** More lines of master.cf. */
    Wiring beside(String... services) {
        more = List.of(services);
        return this;
    }

    /** Severity and topic of what the doctor must say of it. */
    String found() {
        return found;
    }

    Attempt attempt() {
        return attempt;
    }

    String before() {
        return before;
    }

    String after() {
        return after;
    }

    boolean is(Trait trait) {
        return traits.contains(trait);
    }

    boolean isAlone() {
        return alone;
    }

    List<String> main() {
        return main;
    }

    /** Its name in postconf's terms. */
    String id(int port) {
        return (is(Trait.LOOPBACK) ? "127.0.0.1:" : "") + port + "/inet";
    }

    /** The configuration directory. */
    String directory(int port) {
        return alone ? "/etc/postfix-" + port : "/etc/postfix";
    }

    /** What is done by hand, as a shell script. */
    List<String> steps(int port) {
        return byHand.stream()
                .map(step -> step.contains(" ")
                        ? step.replace("SERVICE", id(port)).replace("DIRECTORY", directory(port))
                        : "postconf -c " + directory(port) + " -P '" + id(port) + "/" + step + "'")
                .toList();
    }

    /** Its lines of master.cf, with what every service here has. */
    List<String> services(int port) {
        List<String> own = new ArrayList<>();
        if (command.equals("smtpd")) {
            own.addAll(List.of("smtpd_sasl_auth_enable = yes", "smtpd_tls_auth_only = no"));
        }
        own.addAll(options);
        StringBuilder service = new StringBuilder(id(port).replace("/inet", "") + " inet n - "
                + (is(Trait.CHROOT) ? "y" : "n") + " - " + (command.equals("postscreen") ? "1" : "-") + " " + command);
        own.forEach(option -> service.append("\n  -o { ").append(option).append(" }"));
        return Stream.concat(Stream.of(service.toString()), more.stream()).toList();
    }

    @Override
    public String toString() {
        return name;
    }
}
