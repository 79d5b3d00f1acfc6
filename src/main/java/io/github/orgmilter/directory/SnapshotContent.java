package io.github.orgmilter.directory;

import io.github.orgmilter.rows.Differing;
import io.github.orgmilter.rows.Held;
import io.github.orgmilter.rows.OrganizationRows;
import io.github.orgmilter.rows.RowBytes;
import io.github.orgmilter.shrink.Losses;
import io.github.orgmilter.shrink.ShrinkGuard;
import io.github.orgmilter.shrink.Tally;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** What the records of a snapshot hold: a header, the organizations, an end with their number; then changes and confirmations. */
final class SnapshotContent {

    private static final int HEADER = 1;
    private static final int ORGANIZATION = 2;
    private static final int END = 3;
    private static final int CHANGE = 4;

    private static final int CLEAN = 0;
    private static final int DIFFERING = 1;

    private static final int FORMAT = 3;

    /** In the place of a number of tallies: they are those of the record before. */
    private static final int SAME = -1;

    private final String directory;
    private final Map<String, Held> organizations;
    private OptionalLong version = OptionalLong.empty();
    private Instant confirmed = Instant.EPOCH;
    private NavigableMap<Long, Tally> history = new TreeMap<>();
    private final Map<String, Long> lost = new HashMap<>();
    private boolean begun;
    private boolean complete;

    /**
     * Reads into a map.
     *
     * @param directory what it must be a snapshot of
     */
    SnapshotContent(String directory, Map<String, Held> organizations) {
        this.directory = directory;
        this.organizations = organizations;
    }

    static byte[] header(String directory, HeldState state) {
        RowBytes.Writer writer = new RowBytes.Writer();
        writer.octet(HEADER);
        writer.number(FORMAT);
        writer.text(directory);
        state(writer, state.version(), state.confirmed());
        history(writer, Optional.of(state.history()));
        losses(writer, state.losses());
        return writer.written();
    }

    static byte[] organization(Held held) {
        RowBytes.Writer writer = new RowBytes.Writer();
        writer.octet(ORGANIZATION);
        entry(writer, held);
        return writer.written();
    }

    static byte[] end(int organizations) {
        RowBytes.Writer writer = new RowBytes.Writer();
        writer.octet(END);
        writer.number(organizations);
        return writer.written();
    }

    /**
     * Changes or, of no organizations, a confirmation.
     *
     * @param before the history of the record before
     */
    static byte[] change(StateChange change, NavigableMap<Long, Tally> before) {
        RowBytes.Writer writer = new RowBytes.Writer();
        writer.octet(CHANGE);
        state(writer, change.version(), change.confirmed());
        history(writer, Optional.of(change.history()).filter(now -> !now.equals(before)));
        losses(writer, change.losses());
        writer.number(change.organizations().size());
        change.organizations().values().forEach(held -> entry(writer, held));
        return writer.written();
    }

    private static void state(RowBytes.Writer writer, OptionalLong version, Instant now) {
        writer.octet(version.isPresent() ? 1 : 0);
        writer.number(version.orElse(0));
        writer.number(now.toEpochMilli());
    }

    private static void history(RowBytes.Writer writer, Optional<NavigableMap<Long, Tally>> history) {
        writer.number(history.map(NavigableMap::size).orElse(SAME));
        history.ifPresent(tallies -> tallies.forEach((quarter, tally) -> {
            writer.number(quarter);
            writer.number(tally.organizations());
            writer.number(tally.domains());
            writer.number(tally.connectors());
        }));
    }

    private static void losses(RowBytes.Writer writer, Losses losses) {
        writer.octet(losses.anew() ? 1 : 0);
        writer.number(losses.quarters().size());
        losses.quarters().forEach((organization, quarter) -> {
            writer.text(organization);
            writer.number(quarter);
        });
    }

    private static void entry(RowBytes.Writer writer, Held held) {
        writer.text(held.organization());
        writer.octet(held instanceof Differing ? DIFFERING : CLEAN);
        writer.octets(held.store().octets());
        if (held instanceof Differing) {
            writer.octets(held.readable().octets());
            writer.octets(held.effective().octets());
        }
    }

    /** The content cannot be used: what is wrong, and how to mend it. */
    static final class UnusableException extends Exception {

        private static final long serialVersionUID = 1L;

        private final String problem;

        UnusableException(String problem) {
            super(problem);
            this.problem = problem;
        }

        String problem() {
            return problem;
        }
    }

    /**
     * Takes the next record.
     *
     * @throws IndexOutOfBoundsException if it is not one
     */
    void take(byte[] payload) throws UnusableException {
        RowBytes.Reader reader = new RowBytes.Reader(payload);
        int kind = reader.octet();
        if (kind != HEADER && !begun) {
            throw new IndexOutOfBoundsException("no header");
        }
        switch (kind) {
            case HEADER -> header(reader);
            case ORGANIZATION -> entry(reader);
            case END -> {
                complete = reader.number() == organizations.size();
                if (!complete) {
                    throw new IndexOutOfBoundsException("another number of organizations");
                }
            }
            case CHANGE -> {
                state(reader);
                history(reader);
                losses(reader);
                long changed = reader.number();
                for (long i = 0; i < changed; i++) {
                    entry(reader);
                }
            }
            default -> throw new IndexOutOfBoundsException("a record of kind " + kind);
        }
        if (reader.hasMore()) {
            throw new IndexOutOfBoundsException("a record with more in it than is read");
        }
    }

    private void header(RowBytes.Reader reader) throws UnusableException {
        long format = reader.number();
        if (format != FORMAT) {
            throw new UnusableException("has the format " + format + " of another version of orgmilter; remove it");
        }
        if (!reader.text().equals(directory)) {
            throw new UnusableException(
                    "is of another directory; remove it, or name another file in directory.snapshot");
        }
        state(reader);
        history(reader);
        losses(reader);
        begun = true;
    }

    private void state(RowBytes.Reader reader) {
        boolean hasVersion = reader.octet() == 1;
        long number = reader.number();
        version = hasVersion ? OptionalLong.of(number) : OptionalLong.empty();
        confirmed = Instant.ofEpochMilli(reader.number());
    }

    private void history(RowBytes.Reader reader) {
        long size = reader.number();
        if (size == SAME) {
            return;
        }
        history = new TreeMap<>();
        for (long i = 0; i < size; i++) {
            long quarter = reader.number();
            history.put(quarter, new Tally((int) reader.number(), (int) reader.number(), (int) reader.number()));
        }
    }

    private void losses(RowBytes.Reader reader) {
        if (reader.octet() == 1) {
            lost.clear();
        }
        long size = reader.number();
        for (long i = 0; i < size; i++) {
            lost.put(reader.text(), reader.number());
        }
    }

    private void entry(RowBytes.Reader reader) {
        String name = reader.text();
        int kind = reader.octet();
        OrganizationRows store = OrganizationRows.ofOctets(name, reader.octets());
        if (kind == CLEAN) {
            hold(store);
        } else {
            OrganizationRows readable = OrganizationRows.ofOctets(name, reader.octets());
            OrganizationRows effective = OrganizationRows.ofOctets(name, reader.octets());
            hold(new Differing(
                    store,
                    readable.equals(store) ? store : readable,
                    effective.equals(readable) ? readable : effective,
                    List.of()));
        }
    }

    private void hold(Held held) {
        if (held.store().isGone() && held.effective().isGone()) {
            organizations.remove(held.organization());
        } else {
            organizations.put(held.organization(), held);
        }
    }

    /** Whether all organizations were read, so that only changes follow. */
    boolean isComplete() {
        return complete;
    }

    OptionalLong version() {
        return version;
    }

    /** How much there was, as {@link ShrinkGuard#history} has it. */
    NavigableMap<Long, Tally> history() {
        return history;
    }

    /** Which organizations have lost domains, as {@link ShrinkGuard#losses} has them. */
    Losses losses() {
        return new Losses(true, lost);
    }

    /** When the store last had this version. */
    Instant confirmed() {
        return confirmed;
    }
}
