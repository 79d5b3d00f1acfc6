package io.github.orgmilter.net;

import org.jspecify.annotations.Nullable;

/**
 * The end of the process when memory runs out, where the JVM does not see to it. {@code ExitOnOutOfMemoryError} sees only errors of
 * its own; those for direct buffers are thrown by Java code, and leave connections behind that are neither answered nor closed.
 */
public final class MemoryExhaustion {

    /** That of {@code ExitOnOutOfMemoryError}. */
    static final int EXIT_STATUS = 3;

    private MemoryExhaustion() {}

    /** Ends the process if that is what a connection failed of: the MTA answers 451 until it is started again. */
    public static void endIfCauseOf(Throwable failure) {
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof OutOfMemoryError) {
                end(cause.toString());
            }
        }
    }

    /** Ends the process at once. */
    public static void end(String cause) {
        // Not the log: it is written by another thread, which would come too late.
        System.err.println("orgmilter: terminating due to " + cause);
        Runtime.getRuntime().halt(EXIT_STATUS);
    }
}
