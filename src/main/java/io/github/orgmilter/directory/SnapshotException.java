package io.github.orgmilter.directory;

/** The snapshot could not be read or written. The message is one line that names the file and says what to do. */
public final class SnapshotException extends Exception {

    private static final long serialVersionUID = 1L;

    public SnapshotException(String message) {
        super(message);
    }

    public SnapshotException(String message, Throwable cause) {
        super(message, cause);
    }
}
