package io.github.orgmilter.mta;

/** A frame whose content breaks the milter protocol: what it belongs to fails. */
public final class MalformedFrameException extends Exception {

    private static final long serialVersionUID = 1;

    public MalformedFrameException(String message) {
        super(message);
    }
}
