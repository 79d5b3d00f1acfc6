package io.github.orgmilter.export;

/** Something in the configuration that has no form in the MTA's own files; the message has the repair. */
public final class ExportException extends Exception {

    private static final long serialVersionUID = 1;

    ExportException(String problem, String repair) {
        super(problem + "; " + repair);
    }
}
