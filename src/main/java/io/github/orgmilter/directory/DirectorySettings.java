package io.github.orgmilter.directory;

import io.github.orgmilter.rows.RowRules;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The {@code directory} block of a configuration.
 *
 * @param rules what its rows may set
 * @param pollInterval how often the store is asked for its version
 * @param fullLoadInterval how often everything is read again
 * @param snapshot the file that keeps the last good state
 * @param maxAge past it, counted from the last confirmation, the directory backs no relaying; empty if it always does
 * @param maxShrink how many percent may be gone from one state to the next
 */
public record DirectorySettings(
        StoreSettings store,
        RowRules rules,
        Duration pollInterval,
        Duration fullLoadInterval,
        Path snapshot,
        Optional<Duration> maxAge,
        int maxShrink) {}
