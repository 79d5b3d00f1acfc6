package io.github.orgmilter.machine;

import java.util.List;

/**
 * What a command that has ended printed.
 *
 * @param exit its exit status
 * @param out its standard output
 * @param err its standard error
 */
public record Output(int exit, String out, String err) {

    public boolean ok() {
        return exit == 0;
    }

    public List<String> lines() {
        return out.lines().toList();
    }

    /** The last line of standard error, or else the exit status: why the command failed. */
    public String complaint() {
        return err.lines()
                .filter(line -> !line.isBlank())
                .reduce((first, second) -> second)
                .orElse("exit status " + exit);
    }
}
