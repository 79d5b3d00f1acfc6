package io.github.orgmilter.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.TurboFilterList;
import ch.qos.logback.core.spi.FilterReply;
import io.github.orgmilter.organization.ConnectorName;
import io.github.orgmilter.organization.Party;
import io.github.orgmilter.verdict.SmtpReply;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/**
 * One line of the log: text for people, with the queue id in front as Postfix writes it, and the same facts as key-value pairs for
 * a log in JSON.
 *
 * <p>A line is most of what a message costs beside its frames. So the thread that has something to log only notes the facts; whoever
 * writes the line puts them into words, at any time and on any thread.
 */
public final class LogLine {

    private static final String NO_QUEUE_ID = "NOQUEUE";
    private static final int COMMON = 36; // of facts, as an accepted recipient has them

    /** How a fact is written; most are {@code key=value}. */
    private enum Form {
        PLAIN {
            @Override
            void write(StringBuilder text, String key, String value) {
                text.append(' ').append(key).append('=');
                LogText.append(text, value);
            }
        },
        ADDRESS {
            @Override
            void write(StringBuilder text, String key, String value) {
                text.append(' ').append(key).append("=<");
                LogText.append(text, value);
                text.append('>');
            }
        },
        WORDS {
            @Override
            void write(StringBuilder text, String key, String value) {
                text.append(' ').append(key).append("=\"");
                LogText.appendWords(text, value);
                text.append('"');
            }
        },
        WITHOUT_KEY {
            @Override
            void write(StringBuilder text, String key, String value) {
                text.append(' ').append(value);
            }
        },
        FIRST {
            @Override
            void write(StringBuilder text, String key, String value) {
                LogText.append(text, value);
                text.append(':');
            }
        };

        abstract void write(StringBuilder text, String key, String value);
    }

    private final Logger logger;
    private final Level level;
    private Object[] facts = new Object[COMMON]; // key and value in turn, with the form before them unless it is plain
    private int size;
    private int characters;
    private boolean ended;

    /** Begins a line about a session; the queue id is empty while the MTA has none. */
    public LogLine(org.slf4j.Logger logger, org.slf4j.event.Level level, String sessionId, String queueId) {
        this.logger = (Logger) logger;
        this.level = Level.convertAnSLF4JLevel(level);
        add(Form.FIRST, "queue", queueId.isEmpty() ? NO_QUEUE_ID : queueId);
        add("session", sessionId);
    }

    /** Adds {@code key=value}. */
    public LogLine add(String key, String value) {
        return add(Form.PLAIN, key, value);
    }

    /** Adds {@code key=<address>}. */
    public LogLine addAddress(String key, String address) {
        return add(Form.ADDRESS, key, address);
    }

    /** Adds {@code connector=organization/connector}, or {@code organization=} if no connector is known. */
    public LogLine addParty(Party party) {
        if (party instanceof ConnectorName) {
            return add(Form.PLAIN, "connector", party);
        }
        return party instanceof Party.OrganizationName ? add(Form.PLAIN, "organization", party) : this;
    }

    /** Adds {@code key="text"}; the text may have spaces. */
    public LogLine addText(String key, String value) {
        return add(Form.WORDS, key, value);
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
        return add(Form.WITHOUT_KEY, "event", word);
    }

    private LogLine add(Form form, String key, Object value) {
        if (ended) {
            throw new IllegalStateException("the line has ended");
        }
        if (size + 3 > facts.length) {
            facts = Arrays.copyOf(facts, 2 * facts.length);
        }
        if (form != Form.PLAIN) {
            facts[size++] = form;
        }
        facts[size++] = key;
        facts[size++] = value;
        characters += value instanceof String text ? text.length() : 0; // a party's names are its organization's
        return this;
    }

    public void log() {
        log(null);
    }

    /** Ends the line: nothing can be added to it. */
    public void log(@Nullable Throwable cause) {
        ended = true;
        if (logger.isEnabledFor(level)) {
            LineEvent event = new LineEvent(logger, level, this, cause);
            if (!isDenied(event, cause)) {
                logger.callAppenders(event);
            }
        }
    }

    // A turbo filter may want to see the text; nearly no configuration has one.
    private boolean isDenied(LineEvent event, @Nullable Throwable cause) {
        TurboFilterList filters = logger.getLoggerContext().getTurboFilterList();
        return !filters.isEmpty()
                && filters.getTurboFilterChainDecision(null, logger, level, event.getMessage(), null, cause)
                        == FilterReply.DENY;
    }

    /** How many characters its values have, of which a line shows no more than {@link LogText} lets it. */
    int characters() {
        return characters;
    }

    /** Adds the line to text. */
    void writeTo(StringBuilder text) {
        for (int i = 0; i < size; i += 2) {
            Form form = Form.PLAIN;
            if (facts[i] instanceof Form its) {
                form = its;
                i++;
            }
            form.write(text, (String) facts[i], facts[i + 1].toString());
        }
    }

    /** The facts, without escapes. */
    List<KeyValuePair> pairs() {
        List<KeyValuePair> pairs = new ArrayList<>();
        for (int i = 0; i < size; i += 2) {
            if (facts[i] instanceof Form) {
                i++;
            }
            pairs.add(new KeyValuePair((String) facts[i], LogText.cut(facts[i + 1].toString())));
        }
        return pairs;
    }
}
