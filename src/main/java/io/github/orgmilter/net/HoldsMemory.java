package io.github.orgmilter.net;

/** What a connection's protocol keeps between two reads, for {@link ConnectionMemory}. */
public interface HoldsMemory {

    /** About how many octets: the whole of its buffers, and what it has made of what was sent. */
    long held();
}
