package io.github.orgmilter.log;

import ch.qos.logback.core.OutputStreamAppender;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;

/**
 * Standard output, in large pieces where {@code immediateFlush} is off: {@code System.out}, which Logback's own appender uses,
 * makes a system call for every line.
 *
 * <p>Named by {@code conf/logback.xml}.
 */
public final class StandardOutputAppender<E> extends OutputStreamAppender<E> {

    private static final int BUFFER = 1 << 16;

    @Override
    public void start() {
        setOutputStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), BUFFER) {
            @Override
            public void close() throws IOException {
                flush(); // the descriptor is the process's
            }
        });
        super.start();
    }
}
