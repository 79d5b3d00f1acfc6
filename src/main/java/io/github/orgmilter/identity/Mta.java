package io.github.orgmilter.export;

import java.util.List;
import java.util.Locale;

/** The mail servers for which files can be made. */
public enum Mta {
    POSTFIX,
    SENDMAIL;

    /** The names of its files. */
    List<String> files() {
        return switch (this) {
            case POSTFIX ->
                List.of(PostfixExport.CIDR, PostfixExport.DOMAINS, PostfixExport.MAIN, PostfixExport.MASTER);
            case SENDMAIL -> List.of(SendmailExport.ACCESS, SendmailExport.GATE);
        };
    }

    /** The name on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
