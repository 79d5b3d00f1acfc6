package io.github.orgmilter.follower;

/** Is told what happens, to count it. Called on one thread. */
public interface FollowerObserver {

    /** Everything was read. */
    void loaded();

    /** What changed was read. */
    void changed();

    /** The store could not be read. */
    void failed();

    /** So many organizations differed from what the changes had told. */
    void unannounced(int organizations);
}
