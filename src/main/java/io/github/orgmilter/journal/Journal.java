package io.github.orgmilter.journal;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.zip.ZipException;

/** Reads logs, one after the other, and hands over each line that tells a verdict or the end of a message. */
public final class Journal {

    private static final int MOST_REMARKS = 20;

    private final MessageFinder finder;
    private final LogFields fields = new LogFields();
    private final LogEntry entry = new LogEntry(fields);
    private final Consumer<LogEntry> consumer;
    private final List<String> remarks = new ArrayList<>();
    private long lines;
    private long entries;
    private long damaged;
    private String firstDamaged = "";
    private long tooLong;
    private long underOtherName;
    private String otherName = "";

    /**
     * Before the first file.
     *
     * @param names under which syslog and journald have our lines
     */
    public Journal(Set<String> names, Consumer<LogEntry> consumer) {
        this.finder = new MessageFinder(names);
        this.consumer = consumer;
    }

    /**
     * Reads one log to its end, and closes it. A compressed file whose end is missing counts as far as it goes.
     *
     * @param file its name, for people
     * @throws IOException if it cannot be read
     */
    public void read(String file, InputStream in) throws IOException {
        try (LogLines log = new LogLines(file, in)) {
            try {
                for (String line = log.next(); line != null; line = log.next()) {
                    lines++;
                    line(file, log.number(), line);
                }
            } catch (EOFException | ZipException e) {
                remark(file + ":" + log.number() + ": the compressed file is cut or damaged behind this line");
            } finally {
                lines += log.tooLong();
                tooLong += log.tooLong();
            }
        }
    }

    private void remark(String text) {
        if (remarks.size() < MOST_REMARKS) {
            remarks.add(text);
        }
    }

    private void line(String file, long number, String line) {
        if (!finder.find(line)) {
            if (!finder.otherName().isEmpty()) {
                underOtherName++;
                otherName = otherName.isEmpty() ? finder.otherName() : otherName;
            }
            return;
        }
        LogEntry.Result result = fields.parse(finder.text(), finder.at())
                ? entry.take(file, number, finder.time())
                : LogEntry.Result.DAMAGED;
        if (result == LogEntry.Result.TAKEN) {
            entries++;
            consumer.accept(entry);
        } else if (result == LogEntry.Result.DAMAGED) {
            damaged++;
            firstDamaged = firstDamaged.isEmpty() ? file + ":" + number : firstDamaged;
        }
    }

    /** How many lines there were, of ours and others. */
    public long lines() {
        return lines;
    }

    /** How many were handed over. */
    public long entries() {
        return entries;
    }

    /** What could not be read, and what to do about it, a sentence each. */
    public List<String> remarks() {
        List<String> all = new ArrayList<>(remarks);
        if (damaged > 0) {
            all.add("lines of ours that are cut or damaged: " + damaged + ", the first at " + firstDamaged
                    + "; each is a recipient or message that is missing here");
        }
        if (tooLong > 0) {
            all.add("lines passed over because they are longer than " + LogLines.LONGEST
                    + " octets, which none of ours is: " + tooLong);
        }
        if (underOtherName > 0) {
            all.add("lines that look like ours under another name, such as " + otherName + ": " + underOtherName
                    + "; if the service logs under that name, give it by --tag");
        }
        return all;
    }
}
