package io.github.orgmilter.follower;

import io.github.orgmilter.directory.Update;
import io.github.orgmilter.document.Text;
import io.github.orgmilter.rows.Held;
import java.util.Collection;
import java.util.List;

/** Organizations of a directory in the words of a log: their names are whatever customers wrote. */
final class DirectoryWords {

    private static final int NAMED = 10;

    private DirectoryWords() {}

    static String changed(Update update) {
        List<String> names = update.changed().stream().map(Held::organization).toList();
        return organizations(names) + (names.isEmpty() ? "" : " changed");
    }

    static String organizations(Collection<String> names) {
        if (names.isEmpty()) {
            return "no organization changed";
        }
        String named = Text.visible(String.join(
                ", ", names.stream().sorted().limit(NAMED).map(Text::shortened).toList()));
        return "organization" + (names.size() > 1 ? "s " : " ") + named
                + (names.size() > NAMED ? " and " + (names.size() - NAMED) + " more" : "");
    }
}
