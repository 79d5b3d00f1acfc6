package io.github.orgmilter.header;

import io.github.orgmilter.identity.DomainName;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Encoded words (RFC 2047) as a program sees them that decodes first and reads addresses afterwards. */
final class EncodedWords {

    // Blanks between two of them belong to neither.
    private static final Pattern WORD = Pattern.compile(
            "=\\?([A-Za-z0-9_-]{1,40})(?:\\*[A-Za-z0-9-]{0,40})?\\?([BbQq])\\?([^?]*+)\\?=(?:[ \\t\\r\\n]++(?==\\?))?");

    private static final Pattern BEGINNING = Pattern.compile("=\\?[^?\\s]++\\?[BbQq]\\?");

    private static final int HEX = 16;

    private EncodedWords() {}

    /** Whether one begins in the text: its end may be behind the next dot or {@code @}. */
    static boolean mayBeIn(String text) {
        return text.contains("=?") && BEGINNING.matcher(text).find();
    }

    /** The text with each encoded word decoded, as far as it can be. */
    static String decode(String text) {
        return WORD.matcher(text).replaceAll(word -> Matcher.quoteReplacement(decoded(word)));
    }

    private static String decoded(MatchResult word) {
        String content = word.group(3);
        byte[] octets = word.group(2).equalsIgnoreCase("B") ? base64(content) : quoted(content);
        // All other charsets that matter have ASCII in its place, and what else is a domain is UTF-8.
        Charset charset = DomainName.asciiLowerCase(word.group(1)).startsWith("utf")
                ? StandardCharsets.UTF_8
                : StandardCharsets.ISO_8859_1;
        return new String(octets, charset);
    }

    private static byte[] base64(String content) {
        try {
            return Base64.getMimeDecoder().decode(content);
        } catch (IllegalArgumentException e) {
            return content.getBytes(StandardCharsets.UTF_8);
        }
    }

    /** Section 4.2: {@code =40} is an octet, {@code _} a space. */
    private static byte[] quoted(String content) {
        byte[] octets = content.getBytes(StandardCharsets.UTF_8);
        byte[] decoded = new byte[octets.length];
        int length = 0;
        for (int i = 0; i < octets.length; i++) {
            int high = i + 2 < octets.length ? Character.digit(octets[i + 1], HEX) : -1;
            int low = i + 2 < octets.length ? Character.digit(octets[i + 2], HEX) : -1;
            if (octets[i] == '=' && high >= 0 && low >= 0) {
                decoded[length++] = (byte) (high * HEX + low);
                i += 2;
            } else {
                decoded[length++] = octets[i] == '_' ? (byte) ' ' : octets[i];
            }
        }
        return Arrays.copyOf(decoded, length);
    }
}
