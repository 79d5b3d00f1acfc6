package io.github.orgmilter.machine;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether a user of the machine may connect to a Unix socket there. */
public final class SocketFile {

    private static final int SEARCH = 1;
    private static final int WRITE = 2;
    private static final int FIELDS = 4;

    private final Machine machine;
    private final String user;
    private final Set<String> groups;

    private SocketFile(Machine machine, String user, Set<String> groups) {
        this.machine = machine;
        this.user = user;
        this.groups = groups;
    }

    /** For a user, with the groups that it has there. */
    public static SocketFile of(Machine machine, String user) throws IOException {
        Output output = machine.run("id", "-Gn", user);
        return new SocketFile(
                machine, user, output.ok() ? Set.of(output.out().strip().split(" ")) : Set.of());
    }

    /**
     * Why the user may not connect; empty if it may.
     *
     * @param path absolute
     */
    public Optional<String> whyNot(String path) throws IOException {
        List<String> command = new ArrayList<>(List.of("stat", "-L", "-c", "%F|%a|%U|%G"));
        List<String> paths = new ArrayList<>();
        for (int slash = path.indexOf('/', 1); slash > 0; slash = path.indexOf('/', slash + 1)) {
            paths.add(path.substring(0, slash));
        }
        paths.add(path);
        command.addAll(paths);
        Output output = machine.run(command, "");
        List<String> lines = output.lines();
        for (int i = 0; i < lines.size(); i++) {
            String[] fields = lines.get(i).split("\\|");
            if (fields.length != FIELDS) {
                return Optional.of("`stat` printed " + lines.get(i));
            }
            boolean last = i == paths.size() - 1;
            if (last && output.ok() && !fields[0].equals("socket")) {
                return Optional.of(path + " is a " + fields[0] + ", not a socket");
            }
            if (!may(fields, last ? WRITE : SEARCH)) {
                return Optional.of("the user " + user + " has no permission to " + (last ? "write to " : "search ")
                        + paths.get(i) + " (" + fields[2] + ":" + fields[3] + ", mode " + fields[1] + ")");
            }
        }
        return output.ok() ? Optional.empty() : Optional.of("there is no " + path);
    }

    private boolean may(String[] fields, int bit) {
        int mode = Integer.parseInt(fields[1], 8);
        if (user.equals("root")) {
            return true;
        }
        if (user.equals(fields[2])) {
            return (mode >> 6 & bit) != 0;
        }
        return ((groups.contains(fields[3]) ? mode >> 3 : mode) & bit) != 0;
    }
}
