package io.github.orgmilter.it.fault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** docs/faults.md: one section for each test that writes it, whichever of them runs. */
public final class FaultsPage {

    private static final Path FILE = Path.of(System.getProperty("faults.page", "../docs/faults.md"));
    private static final String HEAD = """
            # What was survived

            Made by `integration-tests/run.sh -Pfaults`, which writes this page anew; not by hand.
            """;

    private FaultsPage() {}

    /** Whether this run is one that writes the page. */
    public static boolean isWanted() {
        return System.getProperty("faults.page") != null;
    }

    /** Puts the section in the place of the one of the same title, or behind the others. */
    public static void write(String title, String text) throws IOException {
        String page = Files.exists(FILE) ? Files.readString(FILE) : HEAD;
        String section = "\n## " + title + "\n\n" + text.strip() + "\n";
        Matcher old = Pattern.compile("\n## " + Pattern.quote(title) + "\n.*?(?=\n## |\\z)", Pattern.DOTALL)
                .matcher(page);
        Files.writeString(FILE, old.find() ? old.replaceFirst(Matcher.quoteReplacement(section)) : page + section);
    }
}
