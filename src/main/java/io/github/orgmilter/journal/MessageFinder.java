package io.github.orgmilter.journal;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds our own text in a line, behind what syslog, journald or a container engine put in front of it.
 *
 * <p>Other programs log in the same files what strangers send them. So our text is looked for at one place only, where what is in
 * front of it ends, and under our own name; nowhere else in a line can it be forged.
 */
final class MessageFinder {

    /** How often one wrapping may be in another: a container engine's in JSON, in that of a collector. */
    private static final int DEPTH = 3;

    private static final String OURS = ": session=";
    private static final String EXPORTED = "MESSAGE="; // journalctl -o export
    private static final Set<String> LEVELS = Set.of("TRACE", "DEBUG", "INFO", "WARN", "ERROR");
    private static final int LONGEST_QUEUE_ID = 64; // characters; Postfix and Sendmail have letters and digits

    private static final String ISO = "\\d{4}-\\d\\d-\\d\\dT[0-9:.,]+(?:Z|[+-]\\d\\d:?\\d\\d)";
    /** RFC 3164, and what rsyslog and journalctl make of it: a time, perhaps a host, and a name with perhaps a process id. */
    private static final Pattern SYSLOG = Pattern.compile("(?:<\\d{1,3}>)?"
            + "(?:[A-Z][a-z]{2} [ \\d]\\d \\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?|(" + ISO
            + ")|\\d+\\.\\d+|[A-Z][a-z]{2} \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)? \\S+)"
            + " (?:\\S*[^\\s:] )?([^\\s\\[:]+)(?:\\[\\d+\\])?: ");
    /** RFC 5424, up to its structured data. */
    private static final Pattern SYSLOG_5424 = Pattern.compile("<\\d{1,3}>1 (\\S+) \\S+ (\\S+) \\S+ \\S+ ");
    /** A container runtime's file (CRI), and what `docker compose logs` prints. */
    private static final Pattern CONTAINER =
            Pattern.compile("(?:(" + ISO + ") (?:stdout|stderr) F |[A-Za-z0-9_.-]+ +\\| )");

    private final Set<String> names;
    private final Matcher syslog = SYSLOG.matcher("");
    private final Matcher syslog5424 = SYSLOG_5424.matcher("");
    private final Matcher container = CONTAINER.matcher("");
    private String text = "";
    private int at;
    private String time = "";
    private String otherName = "";

    /** @param names under which syslog and journald have our lines */
    MessageFinder(Set<String> names) {
        this.names = names;
    }

    /** Looks for our text; false if the line has none, or one under another name. */
    boolean find(String line) {
        time = "";
        otherName = "";
        return find(line, 0, DEPTH);
    }

    private boolean find(String line, int from, int depth) {
        int start = line.startsWith(EXPORTED, from) ? from + EXPORTED.length() : from;
        if (isOurs(line, start)) {
            return true;
        }
        if (depth == 0 || start >= line.length()) {
            return false;
        }
        if (line.charAt(start) == '{') {
            JsonLine json = JsonLine.read(line, start);
            boolean found =
                    json.name().isEmpty() ? find(json.text(), 0, depth - 1) : named(json.text(), 0, json.name(), depth);
            return found && timed(json.time());
        }
        if (at(syslog5424, line, start)) {
            return named(line, behindData(line, syslog5424.end()), syslog5424.group(2), depth)
                    && timed(syslog5424.group(1));
        }
        if (at(syslog, line, start)) {
            String iso = syslog.group(1);
            return named(line, syslog.end(), syslog.group(2), depth) && timed(iso == null ? "" : iso);
        }
        if (at(container, line, start)) {
            String iso = container.group(1);
            return find(line, container.end(), depth - 1) && timed(iso == null ? "" : iso);
        }
        return false;
    }

    private static boolean at(Matcher matcher, String line, int start) {
        return matcher.reset(line).region(start, line.length()).lookingAt();
    }

    /** RFC 5424, section 6.3: {@code -}, or elements in brackets with quoted values; a byte order mark may follow. */
    private static int behindData(String line, int start) {
        int at = start;
        boolean quoted = false;
        boolean within = false;
        while (at < line.length() && (within || line.charAt(at) != ' ')) {
            char c = line.charAt(at);
            at += quoted && c == '\\' ? 1 : 0;
            quoted ^= c == '"' && within;
            within = quoted || ((c == '[' || within) && c != ']');
            at++;
        }
        at++; // the space
        return at < line.length() && line.charAt(at) == '\ufeff' ? at + 1 : Math.min(at, line.length());
    }

    private boolean named(String line, int behind, String name, int depth) {
        if (!find(line, behind, depth - 1)) {
            return false;
        }
        if (!names.contains(name)) {
            otherName = name;
            return false;
        }
        return true;
    }

    /** The time nearest to our text counts: our own, if it has one. */
    private boolean timed(String around) {
        if (time.isEmpty()) {
            time = around;
        }
        return true;
    }

    /** {@code 2026-11-28T12:00:00.000+00:00 INFO  NOQUEUE: session=...}, with or without what the log's pattern puts in front. */
    private boolean isOurs(String line, int start) {
        int mark = line.indexOf(OURS, start);
        if (mark < 0) {
            return false;
        }
        int begin = start;
        int level = line.indexOf(' ', start) + 1;
        int behind = level == 0 ? 0 : line.indexOf(' ', level);
        if (behind > 0
                && behind < mark
                && LEVELS.contains(line.substring(level, behind))
                && LogTime.parse(line.substring(start, level - 1)) != LogTime.UNKNOWN) {
            time = line.substring(start, level - 1);
            begin = behind;
            while (line.charAt(begin) == ' ') {
                begin++;
            }
        }
        if (!isQueueId(line, begin, mark)) {
            time = "";
            return false;
        }
        text = line;
        at = mark + 2;
        return true;
    }

    private static boolean isQueueId(String line, int begin, int end) {
        for (int i = begin; i < end; i++) {
            char c = line.charAt(i);
            if (!(c >= '0' && c <= '9') && !(c >= 'A' && c <= 'Z') && !(c >= 'a' && c <= 'z')) {
                return false;
            }
        }
        return end > begin && end - begin <= LONGEST_QUEUE_ID;
    }

    /** The line, or what was in it. */
    String text() {
        return text;
    }

    /** Where the first key of ours is in the text. */
    int at() {
        return at;
    }

    /** The time as it is written; empty if there is none, or one without a year. */
    String time() {
        return time;
    }

    /** The name in place of ours, if all else looks as ours does; else empty. */
    String otherName() {
        return otherName;
    }
}
