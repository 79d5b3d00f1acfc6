package io.github.orgmilter.directory;

import io.github.orgmilter.directory.SnapshotContent.UnusableException;
import io.github.orgmilter.directory.SnapshotRecords.DamagedException;
import io.github.orgmilter.rows.Held;
import io.github.orgmilter.settings.Throttle;
import io.github.orgmilter.shrink.Losses;
import io.github.orgmilter.shrink.Tally;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The last good state of the directory on disk, from which a start makes its first policy. For one thread.
 *
 * <p>It is written to a temporary file that takes its place once it is on disk; changes are added at its end. One that was not
 * written whole is dropped, and so is what a damage at the end leaves unreadable: the state is then the one before it.
 *
 * <p>After an exception of a write the file is what it was before, and only a whole write makes it current again.
 */
public final class Snapshot implements Closeable {

    private static final byte[] MAGIC = "orgmilter directory snapshot\n".getBytes(StandardCharsets.US_ASCII);
    private static final Set<PosixFilePermission> MODE = PosixFilePermissions.fromString("rw-r-----");
    private static final int BUFFER = 1 << 16;

    /** As long as changes and confirmations are fewer octets, they are never worth a whole snapshot. */
    private static final long LEAST_APPENDED = 1 << 20;

    private final Path file;
    private final String directory;
    private OptionalLong version = OptionalLong.empty();
    private Optional<Instant> confirmed = Optional.empty();
    private NavigableMap<Long, Tally> history = new TreeMap<>(); // as in the file
    private Losses losses = Losses.NONE;
    private @Nullable FileChannel channel; // where the file is what is held
    private long whole; // octets of the file without what was added
    private long good; // of the file

    /**
     * Names the file, and opens nothing yet.
     *
     * @param directory what it is a snapshot of, such as the URL without a password: that of another one is refused
     */
    public Snapshot(Path file, String directory) {
        this.file = file;
        this.directory = directory;
    }

    /**
     * Reads what was held, without problems, which are found again.
     *
     * @return whether there is a file
     */
    boolean read(Map<String, Held> organizations) throws SnapshotException {
        SnapshotContent content = new SnapshotContent(directory, organizations);
        try (FileChannel opened = FileChannel.open(file, StandardOpenOption.READ);
                DataInputStream in =
                        new DataInputStream(new BufferedInputStream(Channels.newInputStream(opened), BUFFER))) {
            long size = opened.size();
            byte[] magic = in.readNBytes(MAGIC.length);
            if (!Arrays.equals(magic, MAGIC)) {
                throw unusable(
                        "is not a snapshot of a directory; remove it, or name another file in directory.snapshot");
            }
            readRecords(new SnapshotRecords.Reader(in, size - MAGIC.length), size, content);
        } catch (NoSuchFileException e) {
            return false;
        } catch (IndexOutOfBoundsException e) {
            throw damaged(e);
        } catch (UnusableException e) {
            throw unusable(e.problem());
        } catch (IOException e) {
            throw SnapshotException.failed(file, "cannot be read", e);
        }
        version = content.version();
        confirmed = Optional.of(content.confirmed());
        history = content.history();
        losses = content.losses();
        open();
        return true;
    }

    private void readRecords(SnapshotRecords.Reader records, long size, SnapshotContent content)
            throws IOException, UnusableException, SnapshotException {
        try {
            for (Optional<byte[]> next = records.next(); next.isPresent(); next = records.next()) {
                boolean wasComplete = content.isComplete();
                content.take(next.get());
                good = size - records.left();
                if (content.isComplete() && !wasComplete) {
                    whole = good;
                }
            }
        } catch (DamagedException e) {
            if (!content.isComplete() || !e.isTorn()) {
                throw damaged(e);
            }
        }
        if (!content.isComplete()) {
            throw unusable("is not whole; remove it");
        }
    }

    // Where it cannot be opened, the next write is a whole one.
    private void open() {
        try {
            channel = FileChannel.open(file, StandardOpenOption.WRITE);
        } catch (IOException e) {
            channel = null;
        }
    }

    /** Of the store, in what was read. */
    OptionalLong version() {
        return version;
    }

    /** How much there was, in what was read. */
    NavigableMap<Long, Tally> history() {
        return history;
    }

    /** The organizations that had lost accepted domains, in what was read. */
    Losses losses() {
        return losses;
    }

    /** When the store last confirmed what was read; empty if nothing was. */
    public Optional<Instant> confirmed() {
        return confirmed;
    }

    /** Replaces the file by a whole state. */
    public void write(HeldState state, Throttle throttle) throws SnapshotException {
        close();
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        try {
            Files.deleteIfExists(temporary);
            try (FileChannel out = FileChannel.open(
                    temporary,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(MODE))) {
                Files.setPosixFilePermissions(temporary, MODE); // whatever the umask
                OutputStream buffered = new BufferedOutputStream(Channels.newOutputStream(out), BUFFER);
                buffered.write(MAGIC);
                put(buffered, SnapshotContent.header(directory, state));
                for (Held held : state.organizations()) {
                    throttle.step();
                    put(buffered, SnapshotContent.organization(held));
                }
                put(buffered, SnapshotContent.end(state.organizations().size()));
                buffered.flush();
                out.force(true);
                whole = out.position();
                good = whole;
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            syncFolder();
        } catch (IOException e) {
            delete(temporary);
            throw SnapshotException.failed(file, "cannot be written", e);
        }
        history = state.history();
        open();
    }

    private static void put(OutputStream out, byte[] payload) throws IOException {
        out.write(SnapshotRecords.of(payload).array());
    }

    private static void delete(Path temporary) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            // the next whole snapshot tries again
        }
    }

    private void syncFolder() throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            try (FileChannel opened = FileChannel.open(folder, StandardOpenOption.READ)) {
                opened.force(true);
            }
        }
    }

    /** Adds a change to a file that {@link #isCurrent}. */
    public void append(StateChange change) throws SnapshotException {
        FileChannel out = channel;
        if (out == null) {
            throw new IllegalStateException("the snapshot lacks an earlier change");
        }
        try {
            out.truncate(good).position(good); // drops what an interrupted write left
            ByteBuffer octets = SnapshotRecords.of(SnapshotContent.change(change, history));
            while (octets.hasRemaining()) {
                out.write(octets);
            }
            if (!change.organizations().isEmpty()) {
                out.force(false);
            }
            good = out.position();
            history = change.history();
        } catch (IOException e) {
            close();
            throw SnapshotException.failed(file, "cannot be written", e);
        }
    }

    /** Whether the file has all that was written, so that a change can be added. */
    public boolean isCurrent() {
        return channel != null;
    }

    /** Whether so much was added that a whole one is better. */
    public boolean isLong() {
        return good - whole > Math.max(LEAST_APPENDED, whole / 2);
    }

    /** What was read is damaged in a way that no checksum shows. */
    SnapshotException damaged(Exception cause) {
        return new SnapshotException(
                "the snapshot " + file + " is damaged: " + cause.getMessage() + "; remove it", cause);
    }

    private SnapshotException unusable(String problem) {
        return new SnapshotException("the snapshot " + file + " " + problem);
    }

    /** Until it is opened again, by a whole write. */
    @Override
    public void close() {
        FileChannel open = channel;
        channel = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                // what was written has been synced, or reported
            }
        }
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
