package io.github.orgmilter.log;

import io.github.orgmilter.organization.ConnectorName;
import io.github.orgmilter.organization.Party;
import io.github.orgmilter.verdict.SmtpReply;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.Marker;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;
import org.slf4j.event.LoggingEvent;
import org.slf4j.spi.LoggingEventAware;

/**
 * One line of the log: text for people, with the queue id in front as Postfix writes it, and the same facts as key-value pairs for
 * a log in JSON.
 *
 * <p>A line is most of what a message costs beside its frames, so it allocates as little as possible: SLF4J's own builder
 * makes an object of each pair, which only JSON needs.
 */
public final class LogLine {

    private static final String NO_QUEUE_ID = "NOQUEUE";
    private static final int LONG = 512; // characters; few lines have more
    private static final int MANY = 16; // pairs

    /** The builder of the thread's next line; null while a line uses it. */
    private static final ThreadLocal<@Nullable StringBuilder> BUILDER = new ThreadLocal<>();

    private final Logger logger;
    private final Level level;
    private final StringBuilder text;
    private String[] pairs = new String[2 * MANY]; // keys and values in turn
    private int size;

    /** Begins a line about a session; the queue id is empty while the MTA has none. */
    public LogLine(Logger logger, Level level, String sessionId, String queueId) {
        this.logger = logger;
        this.level = level;
        text = builder();
        String queue = queueId.isEmpty() ? NO_QUEUE_ID : queueId;
        LogText.append(text, queue);
        text.append(':');
        pair("queue", queue);
        add("session", sessionId);
    }

    private static StringBuilder builder() {
        StringBuilder builder = BUILDER.get();
        if (builder == null) {
            return new StringBuilder(LONG);
        }
        BUILDER.set(null);
        builder.setLength(0);
        return builder;
    }

    /** Adds {@code key=value}. */
    public LogLine add(String key, String value) {
        text.append(' ').append(key).append('=');
        LogText.append(text, value);
        return pair(key, value);
    }

    /** Adds {@code key=<address>}. */
    public LogLine addAddress(String key, String address) {
        text.append(' ').append(key).append("=<");
        LogText.append(text, address);
        text.append('>');
        return pair(key, address);
    }

    /** Adds {@code connector=organization/connector}, or {@code organization=} if no connector is known. */
    public LogLine addParty(Party party) {
        if (party instanceof ConnectorName) {
            return add("connector", party.toString());
        }
        return party instanceof Party.OrganizationName ? add("organization", party.toString()) : this;
    }

    /** Adds {@code key="text"}; the text may have spaces. */
    public LogLine addText(String key, String value) {
        text.append(' ').append(key).append("=\"");
        LogText.appendWords(text, value);
        text.append('"');
        return pair(key, value);
    }

    /** Adds the first line of a reply, if there is one. */
    public LogLine addReply(Optional<SmtpReply> reply) {
        if (reply.isPresent()) {
            addText("reply", reply.get().lines().get(0));
        }
        return this;
    }

    /** Adds a word without a key. */
    public LogLine event(String word) {
        text.append(' ').append(word);
        return pair("event", word);
    }

    private LogLine pair(String key, String value) {
        if (size == pairs.length) {
            pairs = Arrays.copyOf(pairs, 2 * size);
        }
        pairs[size++] = key;
        pairs[size++] = LogText.cut(value);
        return this;
    }

    public void log() {
        log(null);
    }

    /** Ends the line: nothing can be added to it. */
    public void log(@Nullable Throwable cause) {
        if (logger.isEnabledForLevel(level)) {
            ((LoggingEventAware) logger)
                    .log(new Event(logger.getName(), level, text.toString(), new Pairs(pairs, size / 2), cause));
        }
        BUILDER.set(text);
    }

    /** Key-value pairs, made when they are asked for. */
    private static final class Pairs extends AbstractList<KeyValuePair> {

        private final String[] pairs;
        private final int size;

        Pairs(String[] pairs, int size) {
            this.pairs = pairs;
            this.size = size;
        }

        @Override
        public KeyValuePair get(int index) {
            return new KeyValuePair(pairs[2 * index], pairs[2 * index + 1]);
        }

        @Override
        public int size() {
            return size;
        }
    }

    private static final class Event implements LoggingEvent {

        private final String loggerName;
        private final Level level;
        private final String message;
        private final List<KeyValuePair> pairs;
        private final @Nullable Throwable cause;

        Event(String loggerName, Level level, String message, List<KeyValuePair> pairs, @Nullable Throwable cause) {
            this.loggerName = loggerName;
            this.level = level;
            this.message = message;
            this.pairs = pairs;
            this.cause = cause;
        }

        @Override
        public Level getLevel() {
            return level;
        }

        @Override
        public String getLoggerName() {
            return loggerName;
        }

        @Override
        public String getMessage() {
            return message;
        }

        @Override
        public @Nullable List<Object> getArguments() {
            return null;
        }

        @Override
        public Object @Nullable [] getArgumentArray() {
            return null;
        }

        @Override
        public @Nullable List<Marker> getMarkers() {
            return null;
        }

        @Override
        public List<KeyValuePair> getKeyValuePairs() {
            return pairs;
        }

        @Override
        public @Nullable Throwable getThrowable() {
            return cause;
        }

        @Override
        public long getTimeStamp() {
            return 0;
        }

        @Override
        public String getThreadName() {
            return Thread.currentThread().getName();
        }
    }
}
