package io.github.orgmilter.document;

/**
 * An error or a warning about the configuration.
 *
 * @param source what has to be changed
 * @param line counted from 1; 0 for the source as a whole
 * @param path the path of keys, such as {@code organizations.contoso.accepted-domains}; may be empty
 * @param problem what is wrong
 * @param repair how to mend it
 */
public record Problem(Source source, int line, String path, String problem, String repair) {

    /** {@code file:line: path: what is wrong; how to mend it}. */
    @Override
    public String toString() {
        return source
                + (line > 0 ? ":" + line : "")
                + ": "
                + (path.isEmpty() ? "" : path + ": ")
                + problem
                + (repair.isEmpty() ? "" : "; " + repair);
    }
}
