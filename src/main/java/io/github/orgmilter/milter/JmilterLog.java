package io.github.orgmilter.milter;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.nightcode.milter.util.Log;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** The library's own log, which would go to standard output; what matters in it is logged by the session again. */
final class JmilterLog implements Log.LoggingHandler {

    private static final Logger LOG = LoggerFactory.getLogger("org.nightcode.milter");

    private final Level level;

    private JmilterLog(Level level) {
        this.level = level;
    }

    /** Sends it to SLF4J, at DEBUG where it only repeats what a peer did. */
    static void install() {
        JmilterLog debug = new JmilterLog(Level.DEBUG);
        Log.setLoggingHandler(debug, debug, debug, new JmilterLog(Level.ERROR), new JmilterLog(Level.ERROR));
    }

    @Override
    public void log(Class<?> source, String message) {
        LOG.atLevel(level).log(message);
    }

    @Override
    public void log(Class<?> source, String message, Object... arguments) {
        LOG.atLevel(level).log(message, arguments);
    }

    @Override
    public void log(Class<?> source, String message, @Nullable Throwable thrown) {
        LOG.atLevel(level).setCause(thrown).log(message);
    }

    @Override
    public void log(Class<?> source, Supplier<String> message, @Nullable Throwable thrown) {
        LOG.atLevel(level).setCause(thrown).log(message);
    }
}
