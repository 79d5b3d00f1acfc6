package io.github.orgmilter.follower;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** Keeps two processes from writing one snapshot, as while one takes over from the other. It ends with the process. */
final class SnapshotLock implements Closeable {

    private final Path file;
    private @Nullable FileChannel channel;

    SnapshotLock(Path snapshot) {
        file = snapshot.resolveSibling(snapshot.getFileName() + ".lock");
    }

    /** Whether this process may write: it holds the lock now, or there can be none, which the writing itself will tell. */
    boolean acquire() {
        if (channel != null) {
            return true;
        }
        FileChannel opened;
        try {
            opened = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            return true;
        }
        try {
            if (opened.tryLock() != null) {
                channel = opened;
                return true;
            }
        } catch (IOException | OverlappingFileLockException e) {
            // another one has it
        }
        close(opened);
        return false;
    }

    @Override
    public void close() {
        FileChannel held = channel;
        channel = null;
        if (held != null) {
            close(held);
        }
    }

    private static void close(FileChannel opened) {
        try {
            opened.close();
        } catch (IOException e) {
            // nothing was written
        }
    }
}
