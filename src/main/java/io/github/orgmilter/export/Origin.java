package io.github.orgmilter.export;

import io.github.orgmilter.identity.Mta;
import java.nio.file.Path;

/**
 * Where an export comes from.
 *
 * @param configuration the file, as the command was given it
 * @param revision the configuration's short id
 */
record Origin(Mta mta, Path configuration, String revision) {

    /** The file's name, fit for a comment: a line break in it would end the comment. */
    String file() {
        return configuration.toString().replaceAll("\\p{Cntrl}", "?");
    }
}
