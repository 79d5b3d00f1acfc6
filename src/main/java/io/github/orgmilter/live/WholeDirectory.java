package io.github.orgmilter.live;

import io.github.orgmilter.config.Configuration;
import io.github.orgmilter.directory.DirectorySettings;
import io.github.orgmilter.directory.Holdings;
import io.github.orgmilter.directory.Snapshot;
import io.github.orgmilter.directory.SnapshotException;
import io.github.orgmilter.directory.Store;
import io.github.orgmilter.directory.StoreException;
import io.github.orgmilter.directory.Update;
import io.github.orgmilter.directory.WholeLoad;
import io.github.orgmilter.document.Problem;
import io.github.orgmilter.explain.ClaimText;
import io.github.orgmilter.policy.options.Freshness;
import io.github.orgmilter.rows.RowsReader;
import io.github.orgmilter.settings.Throttle;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A directory that is read once, for a command: from the store, or as the snapshot has it. */
public final class WholeDirectory {

    private final DirectorySettings settings;
    private final boolean offline;
    private final LiveConfiguration live;
    private final Holdings holdings;
    private final List<String> problems = new ArrayList<>();

    /**
     * The files, and what their directory adds to them.
     *
     * @param problems of the directory's organizations, a line each, and what is doubtful in them
     */
    public record Loaded(Configuration configuration, List<String> problems) {}

    private WholeDirectory(Configuration files, DirectorySettings settings, boolean offline) {
        this.settings = settings;
        this.offline = offline;
        live = new LiveConfiguration(files, Freshness.ALWAYS);
        holdings = new Holdings(new RowsReader(settings.rules()), settings.maxShrink() / 100.0);
    }

    /**
     * Adds the organizations of the directory, if the configuration has one.
     *
     * @param offline whether the snapshot is read, and not the store
     * @throws IOException if it cannot be read; the message says what to do
     */
    public static Loaded load(Configuration files, boolean offline) throws IOException {
        Optional<DirectorySettings> settings = files.settings().directory();
        return settings.isPresent()
                ? new WholeDirectory(files, settings.get(), offline).load()
                : new Loaded(files, List.of());
    }

    private Loaded load() throws IOException {
        boolean restored = restore();
        if (!offline) {
            Update update = read();
            live.directory(update, !restored, state());
            update.withheld().ifPresent(withheld -> problems.add("directory: " + withheld.reason()));
        }
        live.shadowed().forEach(name -> problems.add(ServedDirectory.shadowed(name)));
        holdings.problems().map(Problem::toString).forEach(problems::add);
        live.current().policy().claimProblems().all().map(ClaimText::of).forEach(problems::add);
        problems.addAll(DirectoryWarnings.of(live.current().policy()).lines());
        return new Loaded(live.current(), problems);
    }

    // Where a value is bad in the store, the last good one of the snapshot counts, as for the service.
    private boolean restore() throws IOException {
        try (Snapshot snapshot =
                new Snapshot(settings.snapshot(), settings.store().url())) {
            Optional<Update> update = holdings.restore(snapshot, Throttle.none(), Instant.now());
            update.ifPresent(restored -> live.directory(restored, true, state()));
            if (update.isEmpty() && offline) {
                throw new IOException("directory: there is no snapshot " + settings.snapshot()
                        + "; start the service, which writes it, or leave --offline out");
            }
            return update.isPresent();
        } catch (SnapshotException e) {
            if (offline) {
                throw new IOException("directory: " + e.getMessage(), e);
            }
            problems.add("directory: " + e.getMessage());
            return false;
        }
    }

    private Update read() throws IOException {
        try (Store store = Stores.of(settings.store())) {
            WholeLoad load = holdings.begin(Throttle.none());
            load.end(store.load(load::accept));
            return holdings.take(load, Instant.now());
        } catch (StoreException e) {
            throw new IOException(
                    "directory: cannot be read: " + e.getMessage() + "; with --offline the snapshot is used", e);
        }
    }

    private String state() {
        return holdings.version().isPresent() ? Long.toString(holdings.version().getAsLong()) : "now";
    }
}
