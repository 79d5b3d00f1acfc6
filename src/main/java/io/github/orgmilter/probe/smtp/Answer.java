package io.github.orgmilter.probe.smtp;

import java.util.List;
import java.util.Locale;

/**
 * An SMTP reply (RFC 5321, section 4.2).
 *
 * @param lines with code and separator, without CRLF; at least one
 */
public record Answer(int code, List<String> lines) {

    public Answer {
        lines = List.copyOf(lines);
    }

    public boolean isPositive() {
        return code / 100 == 2;
    }

    public boolean isTemporary() {
        return code / 100 == 4;
    }

    /** Whether the server says that it closes the connection. */
    public boolean isLast() {
        return code == 421;
    }

    /** Whether a reply to EHLO has an extension. */
    public boolean offers(String extension) {
        return lines.stream()
                .skip(1)
                .map(line -> line.substring(4).toUpperCase(Locale.ROOT))
                .anyMatch(line -> line.equals(extension) || line.startsWith(extension + " "));
    }

    @Override
    public String toString() {
        return String.join(" / ", lines);
    }
}
