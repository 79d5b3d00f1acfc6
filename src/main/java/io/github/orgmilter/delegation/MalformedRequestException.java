package io.github.orgmilter.delegation;

/** Octets that are not a policy query. */
final class MalformedRequestException extends Exception {

    private static final long serialVersionUID = 1L;

    MalformedRequestException(String message) {
        super(message);
    }
}
