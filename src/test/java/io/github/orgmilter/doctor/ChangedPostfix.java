package io.github.orgmilter.doctor;

import io.github.orgmilter.machine.Machine;
import io.github.orgmilter.machine.Output;
import io.github.orgmilter.machine.Recording;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A recorded Postfix with changes, each a line: {@code name=value} of main.cf, {@code smtp/inet/name=value} of master.cf,
 * {@code -smtp/inet/name} to take one away, {@code +10025 inet n - n - - smtpd} for a service, {@code @/path=text} for a file, and
 * {@code hash:/path=key value, key value} for a table.
 */
final class ChangedPostfix implements Machine {

    private final Recording recorded;
    private final Map<String, String> main = new LinkedHashMap<>();
    private final Map<String, Map<String, String>> overrides = new LinkedHashMap<>();
    private final List<String> services = new ArrayList<>();
    private final Map<String, String> files = new LinkedHashMap<>();
    private final Map<String, Map<String, String>> tables = new LinkedHashMap<>();

    ChangedPostfix(String recording, List<String> changes) throws IOException {
        recorded = Recording.parse(Files.readString(Path.of("src/test/resources/doctor", recording)));
        for (String line : recorded.run("postconf", "-M").lines()) {
            services.add(line);
        }
        for (String line : recorded.run("postconf", "-P").lines()) {
            override(line.replaceFirst(" = ", "="));
        }
        changes.forEach(this::change);
    }

    private void override(String assignment) {
        String name = assignment.substring(0, assignment.indexOf('='));
        int slash = name.lastIndexOf('/');
        overrides
                .computeIfAbsent(name.substring(0, slash), id -> new LinkedHashMap<>())
                .put(name.substring(slash + 1), assignment.substring(name.length() + 1));
    }

    private void change(String change) {
        if (change.startsWith("+")) {
            services.add(change.substring(1));
        } else if (change.startsWith("-")) {
            int slash = change.lastIndexOf('/');
            overrides
                    .getOrDefault(change.substring(1, slash), new LinkedHashMap<>())
                    .remove(change.substring(slash + 1));
        } else if (change.startsWith("@")) {
            files.put(change.substring(1, change.indexOf('=')), change.substring(change.indexOf('=') + 1));
        } else if (change.matches("[a-z]+:/[^=]+=.*")) {
            Map<String, String> entries = new LinkedHashMap<>();
            for (String entry : change.substring(change.indexOf('=') + 1).split(", ")) {
                entries.put(entry.replaceFirst(" .*", ""), entry.replaceFirst("^\\S+ ?", ""));
            }
            tables.put(change.substring(0, change.indexOf('=')), entries);
        } else if (change.matches("[^=]+/(inet|pass|unix)/.*")) {
            override(change);
        } else {
            main.put(change.substring(0, change.indexOf('=')), change.substring(change.indexOf('=') + 1));
        }
    }

    @Override
    public Output run(List<String> command, String input) {
        if (command.equals(List.of("postconf", "-M"))) {
            return printed(services);
        }
        if (command.equals(List.of("postconf", "-P"))) {
            return printed(overrides.entrySet().stream()
                    .flatMap(service -> service.getValue().entrySet().stream()
                            .map(own -> service.getKey() + "/" + own.getKey() + " = " + own.getValue()))
                    .toList());
        }
        if (command.get(0).equals("postconf")) {
            return settings(command);
        }
        if (command.get(0).equals("postmap")) {
            return table(command, input);
        }
        if (command.get(0).equals("cat") && files.containsKey(command.get(1))) {
            return new Output(0, files.get(command.get(1)), "");
        }
        return recorded.run(command, input);
    }

    /** Those of main.cf as recorded, and then the changes. */
    private Output settings(List<String> command) {
        Map<String, String> values = new LinkedHashMap<>();
        List<String> names = new ArrayList<>();
        Map<String, String> own = new LinkedHashMap<>();
        for (int i = 2; i < command.size(); i++) {
            if (command.get(i).equals("-o")) {
                String assignment = command.get(++i);
                own.put(assignment.replaceFirst("=.*", ""), assignment.replaceFirst("^[^=]+=", ""));
            } else {
                names.add(command.get(i));
            }
        }
        List<String> plain = new ArrayList<>(List.of("postconf", "-x"));
        plain.addAll(names);
        recorded.run(plain, "")
                .lines()
                .forEach(line -> values.put(line.replaceFirst(" =.*", ""), line.replaceFirst("^\\S+ = ?", "")));
        values.putAll(main);
        values.putAll(own);
        names.forEach(name -> values.computeIfAbsent(name, unset -> "(unknown)"));
        return printed(names.stream()
                .filter(name -> !values.get(name).equals("(unknown)"))
                .map(name -> name + " = " + values.get(name))
                .toList());
    }

    private Output table(List<String> command, String input) {
        String name = command.get(command.size() - 1);
        if (name.startsWith("static:")) {
            return printed(input.lines()
                    .map(key -> key + "\t" + name.substring("static:".length()))
                    .toList());
        }
        if (name.matches("inline:\\{[^{}=]+=[^{}=]+\\}")) {
            String[] entry = name.replaceAll("^inline:\\{|\\}$", "").split("=");
            tables.put(name, Map.of(entry[0], entry[1]));
        }
        Map<String, String> entries = tables.get(name);
        if (entries == null) {
            return new Output(1, "", "postmap: fatal: open " + name + ": No such file or directory");
        }
        List<String> keys = command.contains("-s")
                ? List.copyOf(entries.keySet())
                : input.lines().toList();
        return printed(keys.stream()
                .filter(entries::containsKey)
                .map(key -> key + "\t" + entries.get(key))
                .toList());
    }

    private static Output printed(List<String> lines) {
        return new Output(0, lines.stream().map(line -> line + "\n").collect(Collectors.joining()), "");
    }

    @Override
    public Reach reach() {
        return Reach.NONE;
    }
}
