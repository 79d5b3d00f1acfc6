package io.github.orgmilter.net;

/** What one connection has of the memory of all. */
final class MemoryShare {

    private final ConnectionMemory memory;
    private long taken = ConnectionMemory.EACH;

    /**
     * That of a connection that is open.
     *
     * @param memory from which {@link ConnectionMemory#EACH} was taken
     */
    MemoryShare(ConnectionMemory memory) {
        this.memory = memory;
    }

    /** Takes as much as a connection counts for that holds these octets, or gives back; false if there is not so much. */
    boolean hold(long octets) {
        long more = ConnectionMemory.of(octets) - taken;
        if (more > 0 && !memory.takeMore(more)) {
            return false;
        }
        if (more < 0) {
            memory.giveBack(-more);
        }
        taken += more;
        return true;
    }

    /** The connection has ended. */
    void end() {
        memory.giveBack(taken);
        taken = 0;
    }
}
