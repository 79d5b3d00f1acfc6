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
public final class LogLine {

    private static final String NO_QUEUE_ID = "NOQUEUE";

    private final StringBuilder text = new StringBuilder(256);
    private final Map<String, String> pairs = new LinkedHashMap<>();

    /** Begins a line about a session; the queue id is empty as long as there is none. */
    public LogLine(String sessionId, String queueId) {
        String queue = queueId.isEmpty() ? NO_QUEUE_ID : queueId;
        text.append(LogText.escape(queue)).append(':');
        pairs.put("queue", queue);
        add("session", sessionId);
    }

    /** Adds {@code key=value}. */
    public LogLine add(String key, String value) {
        return put(key, value, LogText.escape(value));
    }

    /** Adds {@code key=<address>}. */
    public LogLine addAddress(String key, String address) {
        return put(key, address, "<" + LogText.escape(address) + ">");
    }

    /** Adds {@code key="text"}; the text is ours, and may have spaces. */
    public LogLine addText(String key, String value) {
        return put(key, value, "\"" + LogText.escapeWords(value) + "\"");
    }

    /** Adds a word that stands for itself. */
    public LogLine event(String word) {
        text.append(' ').append(word);
        pairs.put("event", word);
        return this;
    }

    private LogLine put(String key, String value, String shown) {
        text.append(' ').append(key).append('=').append(shown);
        pairs.put(key, value);
        return this;
    }

    public void log(Logger logger, Level level) {
        event(logger, level).log(text.toString());
    }

    public void log(Logger logger, Level level, Throwable cause) {
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
