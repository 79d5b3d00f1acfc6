package io.github.orgmilter.hocon;

import com.typesafe.config.ConfigException;
import io.github.orgmilter.identity.InvalidValueException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalInt;

/** The library's error about a text that it cannot read, in the words of an administrator. */
final class SyntaxError {

    private static final String NO_KEY = "expecting a close parentheses ')' here, not: ";

    private SyntaxError() {}

    /** The error about a text that cannot be parsed, with the place of a brace that is not closed. */
    static InvalidValueException in(Path file, String text, ConfigException exception) {
        InvalidValueException error = of(exception);
        OptionalInt open = error.problem().contains("end of file") ? Braces.unclosed(text) : OptionalInt.empty();
        return open.isEmpty()
                ? error
                : new InvalidValueException(
                        error.problem(), "close the brace or bracket opened at " + file + ":" + open.getAsInt());
    }

    static InvalidValueException of(ConfigException exception) {
        String message = String.valueOf(exception.getMessage());
        if (exception.origin() != null) {
            String prefix = exception.origin().description() + ": ";
            message = message.startsWith(prefix) ? message.substring(prefix.length()) : message;
        }
        // Its advice is wordy, and wrong about .properties files.
        int advice = message.indexOf(" (if you ");
        message = (advice < 0 ? message : message.substring(0, advice)).strip();
        if (message.startsWith(NO_KEY)) {
            message = "expected a key or a closing brace, not " + message.substring(NO_KEY.length());
        }
        if (message.startsWith("Cannot concatenate")) {
            message = "objects, lists and text cannot be joined into one value";
        } else if (message.contains("object at file root")) {
            message = "a file cannot be a list";
        }
        return new InvalidValueException(message.replaceAll("\\s+", " "), repair(message.toLowerCase(Locale.ROOT)));
    }

    private static String repair(String message) {
        if (message.contains("be a list")) {
            return "write key = value, or { key = value }";
        }
        if (message.contains("cycle of substitutions")) {
            return "write the value itself in one of these places";
        }
        if (message.contains("include")) {
            return "write include \"file.conf\"";
        }
        if (message.contains("end of file") || message.contains("unbalanced")) {
            return "open and close every { and [";
        }
        if (message.contains("quote was still open") || message.contains("unescaped newline")) {
            return "close the quote on the same line";
        }
        return "write one key = value on each line, and put text in double quotes";
    }
}
