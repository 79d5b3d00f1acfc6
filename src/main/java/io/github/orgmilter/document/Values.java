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
        return node.text().flatMap(text -> one(text, node, parser));
    }

    private static <T> Optional<Located<T>> one(String text, Node node, Parser<T> parser) {
        try {
            return Optional.of(new Located<>(parser.parse(text), node.location()));
        } catch (InvalidValueException e) {
            node.error(withoutBlanks(text, parser).orElse(e));
            return Optional.empty();
        }
    }

    public static <T> List<Located<T>> all(List<Node> nodes, Parser<T> parser) {
        List<Located<T>> values = new ArrayList<>();
        nodes.forEach(node -> one(node, parser).ifPresent(values::add));
        return values;
    }

    /** The values in the text file that the node names. */
    public static <T> List<Located<T>> inFile(Node node, Parser<T> parser) {
        return path(node).map(file -> inFile(file, node, parser)).orElse(List.of());
    }

    private static <T> List<Located<T>> inFile(Path file, Node node, Parser<T> parser) {
        Parser<T> ofLine = text -> ofLine(text, parser);
        int errorsBefore = node.problems().errorCount();
        Lines<String> written = TextFile.entries(file, node.location(), node.problems());
        Lines.Builder<T> values = written.withOthers();
        for (int i = 0; i < written.size(); i++) {
            String text = written.values().get(i);
            try {
                values.add(ofLine.parse(text), written.number(i));
            } catch (InvalidValueException e) {
                node.problems()
                        .error(written.location(i), withoutBlanks(text, ofLine).orElse(e));
                if (node.problems().errorCount() - errorsBefore == MOST_ERRORS) {
                    node.error(
                            "only the first " + MOST_ERRORS + " errors in " + file + " are reported",
                            "correct them, or name the right file");
                    break;
                }
            }
        }
        return values.build();
    }

    // There, values have no quotes, and only # starts a comment.
    private static <T> T ofLine(String text, Parser<T> parser) throws InvalidValueException {
        try {
            return parser.parse(text);
        } catch (InvalidValueException e) {
            String comment = OTHER_COMMENT.matcher(text).find() ? "; # starts a comment" : "";
            throw new InvalidValueException(e.problem(), e.repair().replace("\"", "") + comment);
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
