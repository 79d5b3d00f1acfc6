package io.github.orgmilter.sql;

/** A result that is not what its query is for: what is wrong, with "it" for the result, and how to mend it. */
final class UnsuitableException extends Exception {

    private static final long serialVersionUID = 1L;

    UnsuitableException(String problem, String repair) {
        super(problem + "; " + repair);
    }
}
