package io.github.orgmilter.document;

import com.typesafe.config.ConfigUtil;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A file of settings. */
record FileSource(Path path) implements Source {

    @Override
    public String describe(List<String> keys) {
        return keys.isEmpty() ? "" : ConfigUtil.joinPath(keys);
    }

    @Override
    public Optional<Path> file() {
        return Optional.of(path);
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
