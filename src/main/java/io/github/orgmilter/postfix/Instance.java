package io.github.orgmilter.postfix;

import io.github.orgmilter.machine.Machine;
import io.github.orgmilter.machine.Output;
import io.github.orgmilter.machine.Quoting;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One Postfix with its configuration directory.
 *
 * @param directory the directory; empty for that of the machine's own Postfix
 * @param main the settings that count where a service has none of its own
 * @param services those that take mail by SMTP or QMQP
 * @param tables its look-up tables
 */
public record Instance(String directory, Settings main, List<Service> services, Tables tables) {

    private static final Pattern OVERRIDE = Pattern.compile("(.+?)/(inet|pass|unix|unix-dgram|fifo)/([^/ =]+) =(.*)");
    private static final Set<String> TAKING = Set.of("smtpd", "postscreen", "qmqpd");
    private static final int COMMAND = 7;
    private static final int CHROOT = 4;

    public Instance {
        services = List.copyOf(services);
    }

    /**
     * Reads the instances of a machine: the one with this directory, or else the machine's own and all that it lists.
     *
     * @param directory as for postconf's {@code -c}; empty for none
     * @param maps who knows what socket maps of OrgMilter have
     * @throws IOException if postconf cannot be run, or fails; the message says what to do
     */
    public static List<Instance> read(Machine machine, String directory, Tables.Maps maps) throws IOException {
        List<Instance> instances = new ArrayList<>();
        instances.add(readOne(machine, directory, maps));
        if (directory.isEmpty()) {
            for (String other : instances.get(0).main().words("multi_instance_directories")) {
                instances.add(readOne(machine, other, maps));
            }
        }
        return instances;
    }

    private static Instance readOne(Machine machine, String directory, Tables.Maps maps) throws IOException {
        Settings main = settings(machine, directory, Map.of());
        Map<String, Map<String, String>> overrides = overrides(machine, directory);
        List<Service> services = new ArrayList<>();
        for (String line : postconf(machine, directory, List.of("-M")).lines()) {
            String[] columns = line.strip().split("\\s+", COMMAND + 2);
            if (columns.length > COMMAND && TAKING.contains(columns[COMMAND])) {
                Map<String, String> own = overrides.getOrDefault(columns[0] + "/" + columns[1], Map.of());
                services.add(new Service(
                        columns[0],
                        columns[1],
                        columns[CHROOT].equals("y")
                                || (columns[CHROOT].equals("-")
                                        && main.get("compatibility_level").equals("0")),
                        columns[COMMAND],
                        own,
                        own.isEmpty() ? main : settings(machine, directory, own)));
            }
        }
        return new Instance(directory, main, services, new Tables(machine, directory, maps));
    }

    private static Map<String, Map<String, String>> overrides(Machine machine, String directory) throws IOException {
        Map<String, Map<String, String>> overrides = new LinkedHashMap<>();
        for (String line : postconf(machine, directory, List.of("-P")).lines()) {
            Matcher override = OVERRIDE.matcher(line);
            if (override.matches()) {
                overrides
                        .computeIfAbsent(override.group(1) + "/" + override.group(2), id -> new LinkedHashMap<>())
                        .put(override.group(3), override.group(4).strip());
            }
        }
        return overrides;
    }

    // Postfix itself replaces what depends on other settings, and knows its own defaults.
    private static Settings settings(Machine machine, String directory, Map<String, String> overrides)
            throws IOException {
        List<String> options = new ArrayList<>(List.of("-x"));
        overrides.forEach((name, value) -> {
            if (!Service.IGNORED.contains(name)) {
                options.addAll(List.of("-o", name + "=" + value));
            }
        });
        List<String> lines = postconf(
                        machine,
                        directory,
                        Stream.concat(options.stream(), Parameters.ALL.stream()).toList())
                .lines();
        Set<String> classes = new LinkedHashSet<>(Settings.of(lines).words("smtpd_restriction_classes"));
        if (classes.isEmpty()) {
            return Settings.of(lines);
        }
        List<String> more = postconf(
                        machine,
                        directory,
                        Stream.concat(options.stream(), classes.stream()).toList())
                .lines();
        return Settings.of(Stream.concat(lines.stream(), more.stream()).toList());
    }

    private static Output postconf(Machine machine, String directory, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("postconf"));
        if (!directory.isEmpty()) {
            command.addAll(List.of("-c", directory));
        }
        command.addAll(arguments);
        Output output = machine.run(command, "");
        // It warns of settings that this version does not know, and prints the others.
        if (!output.ok() && output.out().isEmpty()) {
            throw new IOException("postconf failed: " + output.complaint()
                    + "; run it by hand on the MTA's machine, with -c if its configuration is elsewhere");
        }
        return output;
    }

    /** The services that speak SMTP. */
    public List<Service> smtpds() {
        return services.stream().filter(Service::isSmtpd).toList();
    }

    /** The postconf command that sets this; {@code assignment} is {@code name=value}. */
    public String command(String option, String assignment) {
        return "postconf " + (directory.isEmpty() ? "" : "-c " + Quoting.word(directory) + " ") + option + " "
                + Quoting.word(assignment);
    }
}
