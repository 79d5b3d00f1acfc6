package io.github.orgmilter.daemon;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The file descriptors of this process.
 *
 * @param most how many it may have
 * @param open how many it has
 */
record Descriptors(int most, int open) {

    private static final int EACH_EVENT_LOOP = 3; // epoll, its wakeup and its timer
    private static final int EVENT_LOOPS = Runtime.getRuntime().availableProcessors() + 1;

    /** For jars that are opened when they are first needed, and for the files of a reload. */
    private static final int SPARE = 64;

    private static final int MOST_FOR_ADMIN = 64;
    private static final int LEAST_FOR_ADMIN = 8;
    private static final int ADMIN_SHARE = 8;

    private static final String LIMIT = "Max open files";

    /** Those that this process has before it listens (proc(5)); practically no limit where the system does not report one. */
    static Descriptors ofProcess() {
        String[] open = new File("/proc/self/fd").list();
        try {
            return new Descriptors(
                    limit(Files.readAllLines(Path.of("/proc/self/limits"))), open == null ? 0 : open.length);
        } catch (IOException e) {
            return new Descriptors(Integer.MAX_VALUE, 0);
        }
    }

    /** The soft limit: {@code Max open files  1024  524288  files}. */
    static int limit(List<String> limits) {
        return limits.stream()
                .filter(line -> line.startsWith(LIMIT))
                .map(line -> line.substring(LIMIT.length()).strip().split("\\s+")[0])
                .filter(soft -> soft.matches("[0-9]{1,9}"))
                .findFirst()
                .map(Integer::parseInt)
                .orElse(Integer.MAX_VALUE);
    }

    /** How many connections the operator's listener may have, so that mail keeps the rest. */
    int forAdmin() {
        return Math.min(MOST_FOR_ADMIN, Math.max(LEAST_FOR_ADMIN, most / ADMIN_SHARE));
    }

    /**
     * How many connections all other listeners may have together, beside what the process itself needs.
     *
     * @param listeners how many sockets are listened on
     */
    int forMail(int listeners) {
        return Math.max(1, most - open - EACH_EVENT_LOOP * EVENT_LOOPS - listeners - forAdmin() - SPARE);
    }
}
