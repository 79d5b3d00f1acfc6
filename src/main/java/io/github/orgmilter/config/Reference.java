package io.github.orgmilter.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import io.github.orgmilter.document.Key;
import io.github.orgmilter.document.Keys;
import io.github.orgmilter.document.Node;
import io.github.orgmilter.document.Problems;
import io.github.orgmilter.hocon.Document;
import java.util.Optional;
import java.util.function.Function;

/** reference.conf, the only place of the service's defaults. */
final class Reference {

    static final Config CONFIG = ConfigFactory.parseResources(
            Reference.class, "/reference.conf", ConfigParseOptions.defaults().setAllowMissing(false));

    private static final Node TOP =
            Document.ofResource("reference.conf", CONFIG).root(new Problems());

    private Reference() {}

    /** Adds a key whose default is the value that reference.conf has for it. */
    static <T> Key<T> key(Keys keys, String name, Function<Node, Optional<T>> reader) {
        return keys.key(name, reader, standard(TOP, name, reader));
    }

    /** The same, of a key of {@code directory}. */
    static <T> Key<T> directory(Keys keys, String name, Function<Node, Optional<T>> reader) {
        return keys.key(name, reader, standard(child(TOP, "directory"), name, reader));
    }

    /** The same, of a key of {@code limits}. */
    static <T> Key<T> limit(Keys keys, String name, Function<Node, Optional<T>> reader) {
        return keys.key(name, reader, standard(child(TOP, "limits"), name, reader));
    }

    private static <T> T standard(Node section, String name, Function<Node, Optional<T>> reader) {
        return reader.apply(child(section, name)).orElseThrow();
    }

    private static Node child(Node section, String name) {
        return section.child(name).orElseThrow(() -> new IllegalStateException("reference.conf does not set " + name));
    }
}
