package io.github.orgmilter.ldap;

import java.util.BitSet;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Which organization each entry belongs to: of a deleted entry a server names nothing but its id. There may be millions, so this
 * has 28 to 56 octets for each; a map of objects would have more than 90.
 */
final class EntryTable {

    private static final int FIRST_SIZE = 1024;

    private long[] ids = new long[2 * FIRST_SIZE];
    private @Nullable String[] organizations = new String[FIRST_SIZE];
    private int count;
    private boolean complete = true;

    /** Entries that have no id to be found by: their deletion would go unseen. */
    void addUnknown() {
        complete = false;
    }

    /** Whether every entry is in it. */
    boolean isComplete() {
        return complete;
    }

    int size() {
        return count;
    }

    Optional<String> organization(UUID id) {
        return Optional.ofNullable(organizations[place(id)]);
    }

    void put(UUID id, String organization) {
        int place = place(id);
        if (organizations[place] == null) {
            count++;
        }
        set(place, id.getMostSignificantBits(), id.getLeastSignificantBits(), organization);
        if (count > organizations.length / 4 * 3) {
            grow();
        }
    }

    void remove(UUID id) {
        int free = place(id);
        if (organizations[free] == null) {
            return;
        }
        count--;
        organizations[free] = null;
        // Each entry behind it that the gap would hide moves into the gap (Knuth, 6.4, algorithm R).
        int mask = organizations.length - 1;
        for (int place = free + 1 & mask; organizations[place] != null; place = place + 1 & mask) {
            int home = home(ids[2 * place], ids[2 * place + 1]);
            if ((place - home & mask) >= (place - free & mask)) {
                set(free, ids[2 * place], ids[2 * place + 1], organizations[place]);
                organizations[place] = null;
                free = place;
            }
        }
    }

    /** Marks some entries, so that the others can be named. The table must not change meanwhile. */
    Marks marks() {
        return new Marks();
    }

    /** Entries that were named. */
    final class Marks {

        private final BitSet marked = new BitSet(organizations.length);

        void add(UUID id) {
            marked.set(place(id));
        }

        /** The entries that were not. */
        Iterable<UUID> others() {
            return () -> IntStream.range(0, organizations.length)
                    .filter(place -> organizations[place] != null && !marked.get(place))
                    .mapToObj(place -> new UUID(ids[2 * place], ids[2 * place + 1]))
                    .iterator();
        }
    }

    // Where it is, or the free place where it belongs.
    private int place(UUID id) {
        long high = id.getMostSignificantBits();
        long low = id.getLeastSignificantBits();
        int mask = organizations.length - 1;
        int place = home(high, low);
        while (organizations[place] != null && (ids[2 * place] != high || ids[2 * place + 1] != low)) {
            place = place + 1 & mask;
        }
        return place;
    }

    // The ids of one server differ in a few bits only: those of the time.
    private int home(long high, long low) {
        long mixed = (high * 31 + low) * 0x9e3779b97f4a7c15L;
        return (int) (mixed >>> 33) & organizations.length - 1;
    }

    private void set(int place, long high, long low, @Nullable String organization) {
        ids[2 * place] = high;
        ids[2 * place + 1] = low;
        organizations[place] = organization;
    }

    private void grow() {
        long[] oldIds = ids;
        @Nullable String[] old = organizations;
        ids = new long[4 * old.length];
        organizations = new String[2 * old.length];
        for (int place = 0; place < old.length; place++) {
            if (old[place] != null) {
                UUID id = new UUID(oldIds[2 * place], oldIds[2 * place + 1]);
                set(place(id), id.getMostSignificantBits(), id.getLeastSignificantBits(), old[place]);
            }
        }
    }
}
