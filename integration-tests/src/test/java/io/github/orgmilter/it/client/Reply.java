package io.github.orgmilter.it.client;

import java.util.List;
import java.util.stream.Collectors;

/** A server's answer to one SMTP command (RFC 5321, section 4.2), its lines without CRLF. */
public record Reply(List<String> lines) {

    public int code() {
        return Integer.parseInt(lines.get(0).substring(0, 3));
    }

    public boolean positive() {
        return code() < 400;
    }

    /** The text without the codes, the lines joined by a space. */
    public String text() {
        return lines.stream()
                .map(line -> line.length() > 4 ? line.substring(4) : "")
                .collect(Collectors.joining(" "));
    }

    @Override
    public String toString() {
        return String.join(" / ", lines);
    }
}
