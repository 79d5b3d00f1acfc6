package io.github.orgmilter.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/** A {@link LogLine} as Logback has it, without its text until that is asked for. */
final class LineEvent extends LoggingEvent {

    private final LogLine line;

    LineEvent(Logger logger, Level level, LogLine line, @Nullable Throwable cause) {
        super(Logger.FQCN, logger, level, null, cause, null);
        this.line = line;
    }

    LogLine line() {
        return line;
    }

    @Override
    public String getMessage() {
        StringBuilder text = new StringBuilder();
        line.writeTo(text);
        return text.toString();
    }

    @Override
    public String getFormattedMessage() {
        return getMessage();
    }

    @Override
    public List<KeyValuePair> getKeyValuePairs() {
        return line.pairs();
    }

    /** Keeps the name of this thread, which no other one knows. The text can be made by any. */
    @Override
    public void prepareForDeferredProcessing() {
        getThreadName();
    }
}
