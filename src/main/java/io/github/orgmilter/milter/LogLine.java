package io.github.orgmilter.milter;

import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * One line of the log: text for people, with the queue id in front as Postfix writes it, and the same facts as key-value pairs for
 * whoever logs JSON.
 */
final class LogLine {

    private static final String NO_QUEUE_ID = "NOQUEUE";

    private final StringBuilder text = new StringBuilder(256);
    private final Map<String, String> pairs = new LinkedHashMap<>();

    LogLine(String sessionId, String queueId) {
        String queue = queueId.isEmpty() ? NO_QUEUE_ID : queueId;
        text.append(LogText.escape(queue)).append(':');
        pairs.put("queue", queue);
        add("session", sessionId);
    }

    /** Adds {@code key=value}. */
    LogLine add(String key, String value) {
        return put(key, value, LogText.escape(value));
    }

    /** Adds {@code key=<address>}. */
    LogLine addAddress(String key, String address) {
        return put(key, address, "<" + LogText.escape(address) + ">");
    }

    /** Adds {@code key="text"}; the text is ours, and may have spaces. */
    LogLine addText(String key, String value) {
        return put(key, value, "\"" + LogText.escapeWords(value) + "\"");
    }

    /** Adds a word that stands for itself. */
    LogLine event(String word) {
        text.append(' ').append(word);
        pairs.put("event", word);
        return this;
    }

    private LogLine put(String key, String value, String shown) {
        text.append(' ').append(key).append('=').append(shown);
        pairs.put(key, value);
        return this;
    }

    void log(Logger logger, Level level) {
        event(logger, level).log(text.toString());
    }

    void log(Logger logger, Level level, Throwable cause) {
        event(logger, level).setCause(cause).log(text.toString());
    }

    private LoggingEventBuilder event(Logger logger, Level level) {
        LoggingEventBuilder event = logger.atLevel(level);
        for (Map.Entry<String, String> pair : pairs.entrySet()) {
            event = event.addKeyValue(pair.getKey(), pair.getValue());
        }
        return event;
    }
}
