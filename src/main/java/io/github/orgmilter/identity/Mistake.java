package io.github.orgmilter.identity;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * A common mistake in a value, and how to undo it.
 *
 * @param what what is wrong, as a clause after the value
 * @param undo returns the text without the mistake; the same text if it has none
 */
record Mistake(String what, UnaryOperator<String> undo) {

    private static final Pattern BETWEEN_VALUES = Pattern.compile("[\\s,;]+");

    private static final Pattern LIKE_A_VALUE = Pattern.compile("[.:]");

    static final Mistake QUOTES = of(
            "has quotes or punctuation around it",
            "^[\"'\u2018-\u201f\u00ab\u00bb<(]+|[\"'\u2018-\u201f\u00ab\u00bb>),;]+$",
            "");

    /** Reads a value strictly. */
    @FunctionalInterface
    interface Parser {
        Object parse(String text) throws InvalidValueException;
    }

    static Mistake of(String what, String pattern, String replacement) {
        Pattern compiled = Pattern.compile(pattern);
        return new Mistake(what, text -> compiled.matcher(text).replaceAll(replacement));
    }

    /** What is wrong with a text that becomes a value once some of these are undone, in this order; empty if it does not. */
    static Optional<InvalidValueException> in(String text, List<Mistake> usual, Parser parser) {
        String undone = text;
        for (Mistake mistake : usual) {
            String before = undone;
            undone = mistake.undo().apply(before);
            if (!undone.equals(before)) {
                Optional<String> repair = repair(undone, parser);
                if (repair.isPresent()) {
                    String problem = NameCharacters.problem(text).orElse("\"" + text + "\" " + mistake.what());
                    return Optional.of(new InvalidValueException(problem, repair.get()));
                }
            }
        }
        String[] words = BETWEEN_VALUES.split(text, 2);
        boolean several = words.length > 1
                && !words[1].isBlank()
                && LIKE_A_VALUE.matcher(words[0]).find();
        return !several
                ? Optional.empty()
                : repair(words[0], parser)
                        .map(repair -> new InvalidValueException(
                                "\"" + text + "\" is more than one value",
                                repair + ", and each further one as a separate entry"));
    }

    private static Optional<String> repair(String text, Parser parser) {
        try {
            parser.parse(text);
            return Optional.of("write \"" + text + "\"");
        } catch (InvalidValueException e) {
            return e.repair().startsWith("perhaps") ? Optional.of(e.repair()) : Optional.empty();
        }
    }
}
