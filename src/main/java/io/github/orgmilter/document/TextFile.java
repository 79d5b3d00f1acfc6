package io.github.orgmilter.document;

import io.github.orgmilter.identity.InvalidValueException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** UTF-8 text files. */
public final class TextFile {

    private TextFile() {}

    /** The path that was written in {@code file}, relative to it. */
    public static Path resolve(Path file, String written) throws InvalidValueException {
        if (written.isEmpty()) {
            throw new InvalidValueException("an empty path", "write a path, relative to this file or absolute");
        }
        try {
            return file.resolveSibling(written);
        } catch (InvalidPathException e) {
            throw new InvalidValueException("\"" + written + "\" is not a path", "write a valid path");
        }
    }

    /**
     * The text of a file. Problems with the file itself are reported at {@code namedAt}; text that is not UTF-8
     * at its line.
     */
    public static Optional<String> read(Path file, Location namedAt, Problems problems) {
        FileContent content;
        try {
            content = FileContent.ofText(file);
        } catch (InvalidValueException e) {
            boolean namesItself = namedAt.line() == 0 && Files.notExists(file);
            problems.error(namedAt, namesItself ? "there is no such file" : e.problem(), e.repair());
            return Optional.empty();
        }
        Permissions.check(file, content, namedAt, problems);
        byte[] bytes = content.octets();
        problems.read(bytes);
        // U+FFFD replaces what is not UTF-8, or is itself in the text.
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (text.indexOf('\ufffd') >= 0 && !Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes)) {
            problems.error(
                    Location.ofFile(file).atLine(lineOfFirstError(bytes)).withPath(namedAt.path()),
                    "not UTF-8",
                    "save the file as UTF-8");
            return Optional.empty();
        }
        return Optional.of(text);
    }

    private static int lineOfFirstError(byte[] bytes) {
        CharBuffer readable = CharBuffer.allocate(bytes.length);
        StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes), readable, true); // ends at malformed input
        return 1 + (int) readable.flip().chars().filter(c -> c == '\n').count();
    }

    /**
     * The entries of a file with one on each line; {@code #} starts a comment, blank lines are ignored. A file
     * without entries is an error.
     */
    static Lines<String> entries(Path file, Location namedAt, Problems problems) {
        Lines.Builder<String> entries =
                new Lines.Builder<>(Location.ofFile(file).withPath(namedAt.path()));
        Optional<String> text = read(file, namedAt, problems);
        if (text.isEmpty()) {
            return entries.build();
        }
        String content = text.get();
        int line = 0;
        int end;
        for (int start = content.startsWith("\uFEFF") ? 1 : 0; start < content.length(); start = end + 1) {
            end = endOfLine(content, start);
            line++;
            String entry = entry(content.substring(start, end));
            if (!entry.isEmpty()) {
                entries.add(entry, line);
            }
            if (content.startsWith("\r\n", end)) {
                end++;
            }
        }
        Lines<String> all = entries.build();
        if (all.isEmpty()) {
            problems.error(namedAt, file + " has no entries", "write one entry on each line, or remove this key");
        }
        return all;
    }

    // A line ends as those of a String do.
    private static int endOfLine(String text, int start) {
        int end = start;
        while (end < text.length() && text.charAt(end) != '\n' && text.charAt(end) != '\r') {
            end++;
        }
        return end;
    }

    private static String entry(String line) {
        int comment = line.indexOf('#');
        return (comment < 0 ? line : line.substring(0, comment)).strip();
    }
}
