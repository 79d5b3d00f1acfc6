package io.github.orgmilter.log;

import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Standard output, in large pieces where {@code immediateFlush} is off: {@code System.out}, which Logback's own appender uses,
 * makes a system call for every line. A pattern's lines go into these pieces without a string or an array between.
 *
 * <p>Named by {@code conf/logback.xml}.
 */
public final class StandardOutputAppender extends OutputStreamAppender<ILoggingEvent> {

    private @Nullable LineWriter lines; // of a pattern

    @Override
    public void start() {
        setOutputStream(new LineOutput(new FileOutputStream(FileDescriptor.out).getChannel()));
        super.start();
        // Exactly these: a class made of one of them may change the text, to hide a part of it.
        if (encoder instanceof PatternLayoutEncoder its
                && its.getClass() == PatternLayoutEncoder.class
                && its.getLayout() instanceof PatternLayout layout
                && layout.getClass() == PatternLayout.class
                && isUtf8(its.getCharset())) {
            lines = new LineWriter(layout);
        }
    }

    private static boolean isUtf8(@Nullable Charset charset) {
        return (charset == null ? Charset.defaultCharset() : charset).equals(StandardCharsets.UTF_8);
    }

    /** As Logback's, which never writes again once it has failed: a disk that was full may have room again. */
    @Override
    protected void subAppend(ILoggingEvent event) {
        if (isStarted()) {
            try {
                writeOut(event);
            } catch (IOException e) {
                addWarn("standard output cannot be written", e);
            }
        }
    }

    @Override
    protected void writeOut(ILoggingEvent event) throws IOException {
        LineWriter writer = lines;
        OutputStream out = getOutputStream();
        if (writer == null || out == null) {
            super.writeOut(event);
            return;
        }
        streamWriteLock.lock();
        try {
            writer.write(event, out);
            if (isImmediateFlush()) {
                out.flush();
            }
        } finally {
            streamWriteLock.unlock();
        }
    }
}
