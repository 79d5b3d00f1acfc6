package io.github.orgmilter.document;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What settings are read from, such as a file. Its text is its name in messages. */
public interface Source {

    /** A path of keys, as a user of this source would write it. */
    String describe(List<String> path);

    /** The file, if it is one: relative paths are relative to it. */
    Optional<Path> file();
}
