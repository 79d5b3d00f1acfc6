package io.github.orgmilter.directory;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Objects;

/** The snapshot could not be read or written. The message is one line that names the file and says what to do. */
public final class SnapshotException extends Exception {

    private static final long serialVersionUID = 1L;

    public SnapshotException(String message) {
        super(message);
    }

    public SnapshotException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Where the file system did not do what was asked of it. */
    static SnapshotException failed(Path file, String what, IOException e) {
        String known = e instanceof FileSystemException named ? named.getReason() : e.getMessage();
        String reason = Objects.requireNonNullElse(known, e.getClass().getSimpleName());
        String repair = e instanceof AccessDeniedException
                ? "let the user that runs orgmilter write to its folder"
                : "make room, or name a file in another folder in directory.snapshot";
        return new SnapshotException("the snapshot " + file + " " + what + ": " + reason + "; " + repair, e);
    }
}
