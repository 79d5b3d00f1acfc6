package io.github.orgmilter.daemon;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** What a class or a package logs, for as long as this is open. */
final class CapturedLog extends AppenderBase<ILoggingEvent> implements AutoCloseable {

    private final Logger logger;
    private final Level levelBefore;
    private final boolean additiveBefore;
    private final List<String> lines = new CopyOnWriteArrayList<>();

    private CapturedLog(Logger logger) {
        this.logger = logger;
        this.levelBefore = logger.getLevel();
        this.additiveBefore = logger.isAdditive();
    }

    /** From INFO on. */
    static CapturedLog of(Class<?> source) {
        return of(source.getName(), Level.INFO);
    }

    static CapturedLog of(String logger, Level level) {
        CapturedLog log = new CapturedLog((Logger) LoggerFactory.getLogger(logger));
        log.setContext(log.logger.getLoggerContext());
        log.start();
        log.logger.setLevel(level);
        log.logger.setAdditive(false);
        log.logger.addAppender(log);
        return log;
    }

    @Override
    protected void append(ILoggingEvent event) {
        lines.add(event.getLevel() + " " + event.getFormattedMessage());
    }

    /** Each as its level and its message. */
    List<String> lines() {
        return lines;
    }

    @Override
    public void close() {
        logger.detachAppender(this);
        logger.setLevel(levelBefore);
        logger.setAdditive(additiveBefore);
    }
}
