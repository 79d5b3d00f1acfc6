package io.github.orgmilter.it.fault;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.images.builder.ImageFromDockerfile;

/** A machine that is not as it should be, for one process: what goes before its command or into its environment. */
final class FaultMachine {

    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private FaultMachine() {}

    /** A shell's command, before the daemon starts. */
    static String[] after(String command) {
        return new String[] {"bash", "-c", command + "; exec \"$@\"", "bash"};
    }

    /** Standard output goes into this file, on a disk of so many octets in its folder. */
    static String[] smallDisk(Path log, int octets) {
        List<String> wrapper = new ArrayList<>(
                ProcessHandle.current().info().user().filter("root"::equals).isPresent()
                        ? List.of("unshare", "-m")
                        : List.of("unshare", "-U", "-r", "-m"));
        String script = "mount -t tmpfs -o size=" + octets + " tmpfs \"$1\" && shift && exec \"$@\" >>'" + log + "'";
        wrapper.addAll(List.of("sh", "-c", script, "sh", log.getParent().toString()));
        return wrapper.toArray(String[]::new);
    }

    /**
     * Sets the clock off by what this file contains, such as {@code +10d}.
     *
     * @param library what {@link #fakeTime} has made
     */
    static Map<String, String> clock(Path library, Path file) {
        return Map.of(
                "LD_PRELOAD", library.toString(),
                "FAKETIME_TIMESTAMP_FILE", file.toString(),
                "FAKETIME_CACHE_DURATION", "1",
                // As with a real clock that is set: what counts durations goes on.
                "FAKETIME_DONT_FAKE_MONOTONIC", "1",
                "DONT_FAKE_MONOTONIC", "1");
    }

    /** Debian's libfaketime, wherever this runs, in this folder. It has to be fetched, and that takes as long as a fault. */
    static CompletableFuture<Path> fakeTime(Path folder) {
        return CompletableFuture.supplyAsync(() -> fetchFakeTime(folder))
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .exceptionally(failure -> {
                    throw new IllegalStateException("no libfaketime within " + PATIENCE, failure);
                });
    }

    private static Path fetchFakeTime(Path folder) {
        ImageFromDockerfile image = new ImageFromDockerfile("orgmilter-it/faketime:bookworm", false)
                .withDockerfileFromBuilder(builder -> builder.from("debian:bookworm-slim")
                        .run("apt-get update && apt-get install -y --no-install-recommends libfaketime"
                                + " && cp /usr/lib/*/faketime/libfaketimeMT.so.1 /faketime.so")
                        .cmd("sleep", "infinity"));
        Path library = folder.resolve("faketime.so");
        try (GenericContainer<?> container = new GenericContainer<>(image).withNetworkMode("none")) {
            container.start();
            container.copyFileFromContainer("/faketime.so", library.toString());
        }
        return library;
    }
}
