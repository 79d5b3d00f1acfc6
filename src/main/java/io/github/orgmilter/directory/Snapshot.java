package io.github.orgmilter.directory;

import java.io.Closeable;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The last good state of the directory on disk, from which a start makes its first policy. For one thread.
 *
 * <p>After an exception of a write the service goes on, and what is not written is written with the next whole snapshot.
 */
public final class Snapshot implements Closeable {

    private final Path file;
    private final String directory;

    /**
     * Names the file, and opens nothing yet.
     *
     * @param directory what it is a snapshot of, such as the URL without a password: that of another one is refused
     */
    public Snapshot(Path file, String directory) {
        this.file = file;
        this.directory = directory;
    }

    /** When the store last confirmed what {@link Holdings#restore} read; empty if nothing was read. */
    public Optional<Instant> confirmed() {
        return Optional.empty();
    }

    /** Replaces the file by all that is held. */
    public void write(Holdings holdings, Instant now) throws SnapshotException {}

    /** Adds an update, or replaces the file where many have been added. */
    public void append(Update update, Holdings holdings, Instant now) throws SnapshotException {}

    /** Notes that the store still has this version. */
    public void confirm(OptionalLong version, Instant now) throws SnapshotException {}

    @Override
    public void close() {}

    @Override
    public String toString() {
        return file + " of " + directory;
    }
}
