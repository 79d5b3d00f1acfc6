package io.github.orgmilter.export;

/**
 * A file being written. Its first line names it, so that it is known again wherever it was copied to. It bears no time: the
 * same configuration gives the same octets, and whoever keeps {@code /etc} under version control sees changes only.
 */
final class Draft {

    private final String name;
    private final String comment;
    private final StringBuilder text = new StringBuilder();

    /** Begins with what the file is for, where it comes from and how long it is good. */
    Draft(String name, String comment, String purpose, Origin origin) {
        this.name = name;
        this.comment = comment;
        says(name + ": " + purpose);
        says("");
        says("Made from revision " + origin.revision() + " of the configuration by");
        says("  orgmilter export " + origin.mta() + " --config " + origin.file());
        says("Stale after the next change of domains, connectors or sockets there. To check:");
        says("  orgmilter check --config " + origin.file() + " --exported " + name);
    }

    /** Lines of comment. */
    Draft says(String... lines) {
        for (String line : lines) {
            text.append(comment).append(line.isEmpty() ? "" : " ").append(line).append('\n');
        }
        return this;
    }

    /** A comment in a paragraph of its own. */
    Draft paragraph(String... lines) {
        text.append('\n');
        return says(lines);
    }

    Draft line(String line) {
        text.append(line).append('\n');
        return this;
    }

    ExportedFile done() {
        return new ExportedFile(name, text.toString());
    }
}
