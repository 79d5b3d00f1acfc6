package io.github.orgmilter.hocon;

import java.util.List;

/**
 * What one HOCON text has, as written.
 *
 * @param substitutions those that are not optional
 * @param repetitionsInLists what is set twice in an object in a list; its path is that of the list, and the key
 * @param tooDeep whether it is nested too deeply, and was not read to its end
 */
record HoconKeys(
        List<Key> keys,
        List<Include> includes,
        List<Substitution> substitutions,
        List<Repetition> repetitionsInLists,
        boolean tooDeep) {

    /** A key at which something is defined; {@code a.b = 1} defines both {@code a} and {@code a.b}. */
    record Key(List<String> path, int line, int column, Setting setting) {}

    /** What a key is set to. */
    enum Setting {
        /** To an object by a dotted key, which sets something in it. */
        PARENT,
        OBJECT,
        VALUE,
        /** To the value of another key or of a variable. */
        REFERENCE,
        /** To that if it exists, or to its own value before with something added: the value before counts as well. */
        OVERRIDE,
        /** By {@code +=}. */
        ADDITION
    }

    enum IncludeKind {
        ANY,
        FILE,
        URL,
        CLASSPATH
    }

    /** An include statement, inside the object at {@code path}. */
    record Include(IncludeKind kind, String name, List<String> path, int line) {}

    /** The expression between <code>${</code> and <code>}</code>, if it does not start with {@code ?}. */
    record Substitution(String expression, int line) {}
}
