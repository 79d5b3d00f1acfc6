package io.github.orgmilter.verdict;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * An SMTP reply that cannot be malformed (RFC 5321, section 4.2; RFC 3463).
 *
 * @param code 400 to 599, never 421, which would end the client's session
 * @param enhancedCode such as {@code 5.7.1}, of the same class as the code
 * @param texts one or more lines of printable ASCII, without the codes
 */
public record SmtpReply(int code, String enhancedCode, List<String> texts) {

    /** RFC 5321, section 4.5.3.1.5: octets of a reply line with code and CRLF. */
    public static final int MAX_LINE = 512;

    private static final Pattern ENHANCED_CODE = Pattern.compile("[45]\\.[0-9]{1,3}\\.[0-9]{1,3}");

    public SmtpReply {
        texts = List.copyOf(texts);
        if (code < 400 || code > 599 || code == 421) {
            throw new IllegalArgumentException("reply code " + code);
        }
        if (!ENHANCED_CODE.matcher(enhancedCode).matches() || enhancedCode.charAt(0) - '0' != code / 100) {
            throw new IllegalArgumentException("enhanced code " + enhancedCode + " of a reply " + code);
        }
        if (texts.isEmpty()) {
            throw new IllegalArgumentException("a reply without a line");
        }
        for (String text : texts) {
            if (!isPrintableAscii(text) || lineLength(enhancedCode, text) > MAX_LINE) {
                throw new IllegalArgumentException("reply line " + text);
            }
        }
    }

    /** Whether the client is to try again. */
    public boolean isTemporary() {
        return code < 500;
    }

    static boolean isPrintableAscii(String text) {
        return text.chars().allMatch(c -> c >= ' ' && c <= '~');
    }

    /** Octets of the line on the wire of the milter protocol, where {@code %} takes two, with code and CRLF. */
    static int lineLength(String enhancedCode, String text) {
        int doubled = (int) text.chars().filter(c -> c == '%').count();
        return "550 ".length() + enhancedCode.length() + 1 + text.length() + doubled + 2;
    }

    /** The lines as an SMTP client sees them, without CRLF: {@code 550-5.7.1 ...}, the last {@code 550 5.7.1 ...}. */
    public List<String> lines() {
        int last = texts.size() - 1;
        return IntStream.rangeClosed(0, last)
                .mapToObj(i -> code + (i < last ? "-" : " ") + enhancedCode + " " + texts.get(i))
                .toList();
    }

    /** The lines joined by CRLF, without a last one. */
    @Override
    public String toString() {
        return String.join("\r\n", lines());
    }
}
