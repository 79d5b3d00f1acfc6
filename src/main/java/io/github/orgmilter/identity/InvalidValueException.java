package io.github.orgmilter.identity;

/**
 * A configured value that cannot be used: what is wrong, and how to mend it.
 *
 * <p>Only configured values raise it. What a client sends never does: it parses into a value that matches nothing.
 */
public final class InvalidValueException extends Exception {

    private static final long serialVersionUID = 1;

    private final String problem;
    private final String repair;

    public InvalidValueException(String problem, String repair) {
        super(problem + "; " + repair);
        this.problem = problem;
        this.repair = repair;
    }

    /** What is wrong, naming the value. */
    public String problem() {
        return problem;
    }

    /** What to write instead. */
    public String repair() {
        return repair;
    }
}
