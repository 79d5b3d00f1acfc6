package io.github.orgmilter.postfix;

import io.github.orgmilter.asking.Place;
import io.github.orgmilter.machine.Machine;
import io.github.orgmilter.machine.Output;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The look-up tables of a Postfix, asked by its own postmap. */
public final class Tables {

    /** What the socket maps of OrgMilter have, which is known without asking. */
    public interface Maps {
        /** Whether the map of this name at this place has the key; empty if the place is not OrgMilter's. */
        Optional<Boolean> holds(Place place, String map, String key);
    }

    private static final Set<String> LISTABLE =
            Set.of("hash", "btree", "lmdb", "cdb", "dbm", "sdbm", "texthash", "inline");

    private final Machine machine;
    private final String directory;
    private final Maps maps;
    private final Map<String, Optional<Map<String, String>>> known = new HashMap<>();

    Tables(Machine machine, String directory, Maps maps) {
        this.machine = machine;
        this.directory = directory;
        this.maps = maps;
    }

    /** Whether a word names a table: {@code type:name}. */
    static boolean isTable(String word) {
        return word.matches("[a-z]+:.+") && !word.matches("[a-z]+:\\d+");
    }

    /** The keys that the table has, each with its value; empty if the table cannot be asked. */
    public Optional<Map<String, String>> find(String table, Collection<String> keys) throws IOException {
        Optional<SocketMap> socketMap = SocketMap.of(table, "/", "/");
        if (socketMap.isPresent()) {
            Map<String, String> found = new LinkedHashMap<>();
            boolean ours = true;
            for (String key : keys) {
                Optional<Boolean> holds =
                        maps.holds(socketMap.get().place(), socketMap.get().map(), key);
                ours &= holds.isPresent();
                if (holds.orElse(false)) {
                    found.put(key, "OK");
                }
            }
            if (ours) {
                return Optional.of(found);
            }
        }
        return postmap("-q", "-", table, String.join("\n", keys) + "\n");
    }

    /** All keys of a table with their values; empty if its kind has no list of them, or it cannot be read. */
    public Optional<Map<String, String>> all(String table) throws IOException {
        String direct = direct(table);
        return LISTABLE.contains(direct.substring(0, Math.max(0, direct.indexOf(':'))))
                ? postmap("-s", "", table, "")
                : Optional.empty();
    }

    private Optional<Map<String, String>> postmap(String option, String from, String table, String input)
            throws IOException {
        String cached = option + table + input;
        Optional<Map<String, String>> before = known.get(cached);
        if (before != null) {
            return before;
        }
        List<String> command = new ArrayList<>(List.of("postmap"));
        if (!directory.isEmpty()) {
            command.addAll(List.of("-c", directory));
        }
        command.add(option);
        if (!from.isEmpty()) {
            command.add(from);
        }
        command.add(direct(table));
        Output output = machine.run(command, input);
        Optional<Map<String, String>> result = Optional.empty();
        // It exits with 1 also where nothing was found.
        if (output.ok() || !output.err().contains("postmap: fatal")) {
            Map<String, String> found = new LinkedHashMap<>();
            for (String line : output.lines()) {
                int tab = line.indexOf('\t');
                found.put(tab < 0 ? line : line.substring(0, tab), tab < 0 ? "" : line.substring(tab + 1));
            }
            result = Optional.of(found);
        }
        known.put(cached, result);
        return result;
    }

    // proxymap(8) answers only while Postfix runs, and only Postfix.
    private static String direct(String table) {
        return table.startsWith("proxy:") ? table.substring("proxy:".length()) : table;
    }

    /** The text of a file that a setting names. */
    public Optional<String> file(String path) throws IOException {
        return machine.file(path);
    }
}
