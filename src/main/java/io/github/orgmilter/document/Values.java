package io.github.orgmilter.document;

import io.github.orgmilter.identity.InvalidValueException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Parses the texts of nodes, lists and text files. */
public final class Values {

    private static final Pattern OTHER_COMMENT = Pattern.compile("\\s(;|//|--)");

    /** Reported of one text file, which may be the wrong one, with a million lines. */
    private static final int MOST_ERRORS = 100;

    private Values() {}

    /** Reads one value from text. */
    @FunctionalInterface
    public interface Parser<T> {
        T parse(String text) throws InvalidValueException;
    }

    public static <T> Optional<Located<T>> one(Node node, Parser<T> parser) {
        return node.text().flatMap(text -> one(new Located<>(text, node.location()), parser, node.problems()));
    }

    public static <T> List<Located<T>> all(List<Node> nodes, Parser<T> parser) {
        List<Located<T>> values = new ArrayList<>();
        nodes.forEach(node -> one(node, parser).ifPresent(values::add));
        return values;
    }

    /** The values in the text file that the node names. */
    public static <T> List<Located<T>> inFile(Node node, Parser<T> parser) {
        List<Located<T>> values = new ArrayList<>();
        Optional<Path> file = path(node);
        if (file.isEmpty()) {
            return values;
        }
        int errorsBefore = node.problems().errorCount();
        for (Located<String> entry : TextFile.entries(file.get(), node.location(), node.problems())) {
            one(entry, text -> inFile(text, parser), node.problems()).ifPresent(values::add);
            if (node.problems().errorCount() - errorsBefore == MOST_ERRORS) {
                node.error(
                        "only the first " + MOST_ERRORS + " errors in " + file.get() + " are reported",
                        "correct them, or name the right file");
                break;
            }
        }
        return values;
    }

    // There, values have no quotes, and only # starts a comment.
    private static <T> T inFile(String text, Parser<T> parser) throws InvalidValueException {
        try {
            return parser.parse(text);
        } catch (InvalidValueException e) {
            String comment = OTHER_COMMENT.matcher(text).find() ? "; # starts a comment" : "";
            throw new InvalidValueException(e.problem(), e.repair().replace("\"", "") + comment);
        }
    }

    private static <T> Optional<Located<T>> one(Located<String> written, Parser<T> parser, Problems problems) {
        try {
            return Optional.of(new Located<>(parser.parse(written.value()), written.location()));
        } catch (InvalidValueException e) {
            problems.error(
                    written.location(), withoutBlanks(written.value(), parser).orElse(e));
            return Optional.empty();
        }
    }

    // A message about the text between the blanks would not show them.
    private static <T> Optional<InvalidValueException> withoutBlanks(String text, Parser<T> parser) {
        String trimmed = Text.trimmed(text);
        if (trimmed.equals(text) || trimmed.isEmpty()) {
            return Optional.empty();
        }
        try {
            parser.parse(trimmed);
            return Optional.of(new InvalidValueException(
                    "\"" + text + "\" begins or ends with a blank or an invisible character",
                    "write \"" + trimmed + "\""));
        } catch (InvalidValueException e) {
            return Optional.of(e);
        }
    }

    /** A path, relative to the file that names it. */
    public static Optional<Path> path(Node node) {
        Optional<Path> file = node.location().source().file();
        if (file.isEmpty()) {
            node.error("only a configuration file may name a file", "write the values themselves");
            return Optional.empty();
        }
        return one(node, text -> TextFile.resolve(file.get(), text)).map(Located::value);
    }
}
