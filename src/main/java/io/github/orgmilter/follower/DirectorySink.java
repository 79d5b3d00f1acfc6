package io.github.orgmilter.follower;

import io.github.orgmilter.directory.Update;

/** Takes the states of a directory one after the other. */
@FunctionalInterface
public interface DirectorySink {

    /**
     * Takes the next state, on the directory's thread.
     *
     * @param update what is different from the state before; from nothing, if this is the first one
     * @param first whether this is the first state of this directory
     * @param state the short id of the state: the version of the store or, where it has none, when it was read
     */
    void publish(Update update, boolean first, String state);

    /**
     * Looks for what is wrong with the state that was published, which may take seconds: on another thread, one state after the other.
     *
     * @param update as it was published
     */
    default void examine(Update update, boolean first) {}
}
