package io.github.orgmilter.hocon;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalInt;

/** Finds the brace or bracket that is not closed: a parser can only name the end of the text. */
final class Braces {

    private record Opening(int line, int indent) {}

    private Braces() {}

    /**
     * The line of the one that seems to be left open: the first whose closing one begins a line further left than its own line, or
     * else the innermost that is open at the end.
     */
    static OptionalInt unclosed(String written) {
        String[] lines = written.split("\n", -1);
        HoconText text = new HoconText(written);
        Deque<Opening> open = new ArrayDeque<>();
        for (text.skipBlank(); text.peek() != HoconText.END; text.skipBlank()) {
            int c = text.peek();
            String line = lines[text.line() - 1];
            int indent = line.length() - line.stripLeading().length();
            if (c == '"') {
                text.quoted();
                continue;
            }
            if (c == '{' || c == '[') {
                open.push(new Opening(text.line(), indent));
            } else if ((c == '}' || c == ']') && !open.isEmpty()) {
                boolean first = line.stripLeading().indexOf(c) == 0;
                Opening opening = open.pop();
                if (first && indent < opening.indent()) {
                    return OptionalInt.of(opening.line());
                }
            }
            text.advance();
        }
        return open.isEmpty() ? OptionalInt.empty() : OptionalInt.of(open.peek().line());
    }
}
