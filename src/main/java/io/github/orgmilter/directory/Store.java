package io.github.orgmilter.directory;

import io.github.orgmilter.rows.Setting;
import java.io.Closeable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * A database or LDAP server that holds the settings. One thread uses it, and another one may {@link #load} meanwhile, over a connection
 * of its own. It connects when it has to, and no call takes longer than the timeouts of the configuration allow. After an exception the
 * next call starts with a new connection.
 */
public interface Store extends Closeable {

    /**
     * What changed.
     *
     * @param version of the state that the settings are from
     * @param organizations all settings of each organization that changed; none for one that is gone
     */
    record Changes(long version, Map<String, List<Setting>> organizations) {}

    /**
     * Reads everything in one consistent state, row by row; the rows of an organization come together. A second call waits until the
     * first one ends.
     *
     * @return the version of that state; empty where the store has none
     */
    OptionalLong load(Consumer<Setting> rows) throws StoreException;

    /** The version now; empty where the store has none. */
    OptionalLong version() throws StoreException;

    /** What changed after a version, in one consistent state; empty if the store cannot say, and everything must be loaded. */
    Optional<Changes> changesSince(long version) throws StoreException;

    /**
     * Waits for the store to announce a change, or for the time to pass. What it announces is a hint: it may come late, twice or
     * never. Where no announcements are to be had, only the time passes.
     *
     * @return the version announced, or 0 for a change without one; empty if the time has passed
     */
    OptionalLong awaitHint(Duration atMost) throws InterruptedException;

    @Override
    void close();
}
