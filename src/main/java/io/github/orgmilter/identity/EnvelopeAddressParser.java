package io.github.orgmilter.identity;

import io.github.orgmilter.identity.EnvelopeAddress.Mailbox;
import io.github.orgmilter.identity.EnvelopeAddress.Malformed;
import io.github.orgmilter.identity.EnvelopeAddress.Null;

/** One pass over a path: where it ends, where its last unquoted {@code @} is, and whether quotes and brackets balance. */
final class EnvelopeAddressParser {

    private final String text;
    private final boolean bracketed;
    private final int start;
    private int end = -1;
    private int lastAt = -1;
    private int openAngles;
    private int openSquares;
    private boolean balanced = true;

    private EnvelopeAddressParser(String argument) {
        this.text = argument;
        int first = 0;
        while (first < argument.length() && argument.charAt(first) == ' ') {
            first++;
        }
        this.bracketed = first < argument.length() && argument.charAt(first) == '<';
        this.start = bracketed ? first + 1 : first;
    }

    static EnvelopeAddress parse(String argument) {
        if (hasControls(argument)) {
            return new Malformed(argument);
        }
        EnvelopeAddressParser parser = new EnvelopeAddressParser(argument);
        parser.scan();
        return parser.result();
    }

    private static boolean hasControls(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    private void scan() {
        boolean quoted = false;
        boolean ended = false;
        int i = start;
        while (i < text.length() && !ended) {
            char c = text.charAt(i);
            if (c == '\\') {
                i++; // quotes the next character, inside a quoted string and outside (RFC 5321, section 4.1.2)
            } else if (c == '"') {
                quoted = !quoted;
            } else if (!quoted) {
                ended = scanUnquoted(c, i);
            }
            i += ended ? 0 : 1;
        }
        end = Math.min(i, text.length());
        boolean closed = ended && text.charAt(end) == '>';
        balanced &= !quoted && openSquares == 0 && closed == bracketed && openAngles == 0;
    }

    /** Takes note of a character outside quotes; true if the path ends before it. */
    private boolean scanUnquoted(char c, int position) {
        switch (c) {
            case '@' -> lastAt = position;
            case '[' -> openSquares++;
            case ']' -> balanced &= --openSquares >= 0;
            case '<' -> openAngles++;
            case '>' -> {
                if (openAngles == 0) {
                    return true;
                }
                openAngles--;
            }
            default -> {
                return c == ' ' && !bracketed;
            }
        }
        return false;
    }

    private EnvelopeAddress result() {
        if (text.isEmpty()) {
            return new Null();
        }
        String address = text.substring(start, end);
        if (!balanced || (address.isEmpty() && !bracketed)) {
            return new Malformed(address);
        }
        if (!endsCleanly()) {
            return Mailbox.withoutDomain(address, true);
        }
        if (address.isEmpty()) {
            return new Null();
        }
        if (lastAt < 0) {
            return Mailbox.withoutDomain(address, false);
        }
        return Mailbox.at(address, lastAt - start);
    }

    // Postfix takes <a@x>y@z and <>y@z for one word, and what it makes of them is its own affair: never a known domain,
    // never the null sender, never the postmaster.
    private boolean endsCleanly() {
        return !bracketed || end + 1 == text.length() || text.charAt(end + 1) == ' ';
    }
}
