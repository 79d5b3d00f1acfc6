package io.github.orgmilter.export;

import io.github.orgmilter.config.Configuration;
import io.github.orgmilter.document.FileContent;
import io.github.orgmilter.identity.InvalidValueException;
import io.github.orgmilter.identity.Mta;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The files that an MTA needs for its part of the gate, and whether they still say what the configuration says. */
public final class Exports {

    private Exports() {}

    /**
     * Makes the files for an MTA, in the order in which they are read best.
     *
     * @param source the configuration's file, for the comments that say where the files come from
     * @throws ExportException if something in the configuration has no form in the MTA's files
     */
    public static List<ExportedFile> of(Mta mta, Configuration configuration, Path source) throws ExportException {
        Origin origin = new Origin(mta, source, configuration.policy().revision());
        return switch (mta) {
            case POSTFIX -> new PostfixExport(configuration, origin).files();
            case SENDMAIL -> new SendmailExport(configuration, origin).files();
        };
    }

    /** The names of an MTA's files. */
    static List<String> files(Mta mta) {
        return switch (mta) {
            case POSTFIX ->
                List.of(PostfixExport.CIDR, PostfixExport.DOMAINS, PostfixExport.MAIN, PostfixExport.MASTER);
            case SENDMAIL -> List.of(SendmailExport.ACCESS, SendmailExport.GATE);
        };
    }

    /** Several files as one text, which {@link #whyStale} understands as well. */
    public static String asOneText(List<ExportedFile> files) {
        return files.stream().map(ExportedFile::text).collect(Collectors.joining("\n"));
    }

    /**
     * Why an exported file no longer says what the configuration says; empty if it does. Only what the MTA reads counts, not
     * the comments, and so not the revision either.
     *
     * @param exported one file, or all of them as one text
     * @return one line that names what differs, a few of it
     * @throws InvalidValueException if it is not a regular file, is too large, or cannot be read
     */
    public static Optional<String> whyStale(Path exported, Configuration configuration) throws InvalidValueException {
        // Need not be UTF-8: then it is not an export.
        return whyStale(new String(FileContent.ofText(exported).octets(), StandardCharsets.UTF_8), configuration);
    }

    /** The same of a file's text. */
    public static Optional<String> whyStale(String exported, Configuration configuration) {
        Contents contents = new Contents(exported);
        Optional<Mta> mta = Stream.of(Mta.values())
                .filter(candidate ->
                        !contents.names().isEmpty() && files(candidate).containsAll(contents.names()))
                .findFirst();
        if (mta.isEmpty()) {
            return Optional.of("is no export of orgmilter for one MTA: no line in it says so");
        }
        try {
            Contents wanted = new Contents(asOneText(of(mta.get(), configuration, Path.of(""))));
            return contents.differenceFrom(wanted).map(difference -> "stale: " + difference);
        } catch (ExportException e) {
            return Optional.of("stale, and cannot be made anew: " + e.getMessage());
        }
    }
}
