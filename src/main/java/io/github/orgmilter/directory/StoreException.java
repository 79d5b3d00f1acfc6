package io.github.orgmilter.directory;

/** The store could not be read. The message is one line, says what to do, and holds neither a password nor a value of a row. */
public final class StoreException extends Exception {

    private static final long serialVersionUID = 1L;

    public StoreException(String message) {
        super(message);
    }

    public StoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
