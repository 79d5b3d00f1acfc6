package io.github.orgmilter.it.directory;

import io.github.orgmilter.directory.Store;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** The program's own SQL files. */
final class Schema {

    private Schema() {}

    /** As {@code orgmilter schema NAME} prints it. */
    static String own(String name) throws IOException {
        try (InputStream in = Store.class.getResourceAsStream("/schema/" + name + ".sql")) {
            if (in == null) {
                throw new IOException("no schema " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
