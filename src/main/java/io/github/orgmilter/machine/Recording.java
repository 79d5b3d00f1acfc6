package io.github.orgmilter.machine;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Commands and what they printed, as a text that people can read and send. Each begins with a line {@code $ command}; then come the
 * lines of its input behind {@code <}, of its output behind a space, and of its complaints behind {@code !}; a line {@code = 1} is
 * its exit status, if that is not 0.
 */
public final class Recording implements Machine {

    private static final Output UNKNOWN = new Output(127, "", "the recording does not have this command");

    private final Map<String, Output> outputs = new LinkedHashMap<>();

    /**
     * Reads a recording.
     *
     * @throws IOException if it is not one
     */
    public static Recording parse(String text) throws IOException {
        Recording recording = new Recording();
        String key = "";
        StringBuilder out = new StringBuilder();
        StringBuilder err = new StringBuilder();
        int exit = 0;
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            char kind = line.isEmpty() ? ' ' : line.charAt(0);
            String rest = line.isEmpty() ? "" : line.substring(1);
            if (kind == '$') {
                recording.put(key, new Output(exit, out.toString(), err.toString()));
                key = rest.strip();
                out.setLength(0);
                err.setLength(0);
                exit = 0;
            } else if (key.isEmpty() ? kind != '#' && !line.isBlank() : "< !=#".indexOf(kind) < 0) {
                throw new IOException("line " + number + " is not one of a recording: each begins with $, <, !, =, #"
                        + " or a space; make it again with --record");
            } else if (kind == '<') {
                key += "\n" + rest;
            } else if (kind == ' ') {
                out.append(rest).append('\n');
            } else if (kind == '!') {
                err.append(rest).append('\n');
            } else if (kind == '=') {
                exit = Integer.parseInt(rest.strip());
            }
        }
        recording.put(key, new Output(exit, out.toString(), err.toString()));
        return recording;
    }

    private void put(String key, Output output) {
        if (!key.isEmpty()) {
            outputs.put(key, output);
        }
    }

    /** Another machine, of which this keeps what it is asked. */
    public Machine of(Machine machine) {
        return new Machine() {
            @Override
            public Output run(List<String> command, String input) throws IOException {
                Output output = machine.run(command, input);
                put(key(command, input), output);
                return output;
            }

            @Override
            public Reach reach() {
                return machine.reach();
            }
        };
    }

    @Override
    public Output run(List<String> command, String input) {
        return outputs.getOrDefault(key(command, input), UNKNOWN);
    }

    @Override
    public Reach reach() {
        return Reach.NONE;
    }

    private static String key(List<String> command, String input) {
        String words = command.stream().map(Quoting::word).collect(Collectors.joining(" "));
        return input.isEmpty() ? words : words + "\n" + input.stripTrailing();
    }

    /** The text of which {@link #parse} makes the same again. */
    @Override
    public String toString() {
        List<String> lines = new ArrayList<>();
        outputs.forEach((key, output) -> {
            List<String> parts = key.lines().toList();
            lines.add("$ " + parts.get(0));
            parts.stream().skip(1).forEach(line -> lines.add("<" + line));
            output.out().lines().forEach(line -> lines.add(" " + line));
            output.err().lines().forEach(line -> lines.add("!" + line));
            if (!output.ok()) {
                lines.add("= " + output.exit());
            }
        });
        return String.join("\n", lines) + "\n";
    }
}
