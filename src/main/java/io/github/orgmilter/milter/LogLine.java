package io.github.orgmilter.milter;

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
    private LoggingEventBuilder event;

    /** Begins a line about a session; the queue id is empty as long as there is none. */
    public LogLine(Logger logger, Level level, String sessionId, String queueId) {
        String queue = queueId.isEmpty() ? NO_QUEUE_ID : queueId;
        text.append(LogText.escape(queue)).append(':');
        event = logger.atLevel(level).addKeyValue("queue", queue);
        add("session", sessionId);
    }

    /** Adds {@code key=value}. */
    public LogLine add(String key, String value) {
        text.append(' ').append(key).append('=').append(LogText.escape(value));
        return pair(key, value);
    }

    /** Adds {@code key=<address>}. */
    public LogLine addAddress(String key, String address) {
        text.append(' ').append(key).append("=<").append(LogText.escape(address)).append('>');
        return pair(key, address);
    }

    /** Adds {@code key="text"}; the text is ours, and may have spaces. */
    public LogLine addText(String key, String value) {
        text.append(' ').append(key).append("=\"").append(LogText.escapeWords(value)).append('"');
        return pair(key, value);
    }

    /** Adds a word that stands for itself. */
    public LogLine event(String word) {
        text.append(' ').append(word);
        return pair("event", word);
    }

    private LogLine pair(String key, String value) {
        event = event.addKeyValue(key, value);
        return this;
    }

    public void log() {
        event.log(text.toString());
    }

    public void log(Throwable cause) {
        event.setCause(cause).log(text.toString());
    }
}
