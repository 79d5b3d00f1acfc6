package io.github.orgmilter.milter;

/** A frame whose content breaks the milter protocol: what it belongs to fails. */
final class MalformedFrameException extends Exception {

    private static final long serialVersionUID = 1;

    MalformedFrameException(String message) {
        super(message);
    }
}
