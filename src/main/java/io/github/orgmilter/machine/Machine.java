package io.github.orgmilter.machine;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The machine on which an MTA runs. Nothing on it is changed. */
public interface Machine {

    /**
     * Runs a command to its end.
     *
     * @param input for its standard input
     * @throws IOException if it cannot be run, or does not end in time; the message names it and says what to do
     */
    Output run(List<String> command, String input) throws IOException;

    /** Whether the sockets of this process are those of that machine, so that both kinds can be asked from here. */
    Reach reach();

    /** Which sockets of the MTA can be asked from here. */
    enum Reach {
        /** All: the MTA runs here. */
        ALL,
        /** Those by TCP: the MTA runs in a container or on another machine, whose files are not here. */
        TCP,
        /** None: the machine is a recording. */
        NONE
    }

    default Output run(String... command) throws IOException {
        return run(List.of(command), "");
    }

    /** The text of a file; empty if it cannot be read. */
    default Optional<String> file(String path) throws IOException {
        Output output = run("cat", path);
        return output.ok() ? Optional.of(output.out()) : Optional.empty();
    }
}
