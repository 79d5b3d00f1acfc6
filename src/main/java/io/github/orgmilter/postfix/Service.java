package io.github.orgmilter.postfix;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A service of master.cf that takes mail.
 *
 * @param name its first column: a port, or an address and a port
 * @param type its second: {@code inet}, {@code pass} or {@code unix}
 * @param chroot whether it runs in the queue directory
 * @param command the program
 * @param overrides what its {@code -o} options set, as written
 * @param settings all that count for it
 */
public record Service(
        String name, String type, boolean chroot, String command, Map<String, String> overrides, Settings settings) {

    /** The settings of its own that have no effect: master(8) and trivial-rewrite(8) read those of main.cf. */
    public static final List<String> IGNORED = Stream.concat(
                    Stream.of("inet_interfaces"), Destinations.SETTINGS.stream())
            .toList();

    private static final Set<String> LOOPBACK_NAMES = Set.of("localhost", "loopback-only", "::1", "[::1]");

    public Service {
        overrides = Map.copyOf(overrides);
    }

    /** Its name in postconf's terms. */
    public String id() {
        return name + "/" + type;
    }

    public boolean isSmtpd() {
        return command.equals("smtpd");
    }

    /** Whether nothing but this machine reaches it. */
    public boolean isLoopbackOnly() {
        if (type.equals("unix")) {
            return true;
        }
        int colon = name.lastIndexOf(':');
        List<String> addresses = type.equals("inet") && colon > 0
                ? List.of(name.substring(0, colon))
                : settings.words("inet_interfaces");
        return !addresses.isEmpty()
                && addresses.stream()
                        .allMatch(address -> LOOPBACK_NAMES.contains(address) || address.startsWith("127."));
    }

    /** Where a setting of this service comes from, for people. */
    public String placeOf(String parameter) {
        return overrides.containsKey(parameter)
                ? "master.cf: " + id() + "/" + parameter
                : "main.cf: " + parameter + ", for " + id();
    }

    /** What {@code postconf -P} must be given to set it for this service alone: it takes no blanks, and commas are as good. */
    public String assignment(String parameter, String value) {
        return id() + "/" + parameter + "="
                + value.strip()
                        .replaceAll("\\s*=\\s*", "=")
                        .replaceAll("\\s*,\\s*|\\s+", ",")
                        .replace("{,", "{")
                        .replace(",}", "}");
    }
}
