package io.github.orgmilter.cli;

import io.github.orgmilter.config.ConfigurationException;
import io.github.orgmilter.document.Problem;
import io.github.orgmilter.identity.InvalidValueException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/**
 * Reports on standard error what kept a command from its work, in red on a terminal. A programming error passes through, with
 * its stack trace.
 */
final class Failures implements IExecutionExceptionHandler {

    static final int FAILED = 1;

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult arguments)
            throws Exception {
        print(command, lines(failure));
        return FAILED;
    }

    static void print(CommandLine command, Stream<String> lines) {
        PrintWriter err = command.getErr();
        lines.forEach(line -> err.println(command.getColorScheme().errorText(line)));
        err.flush();
    }

    private static Stream<String> lines(Exception failure) throws Exception {
        if (failure instanceof ConfigurationException invalid) {
            return invalid.problems().stream().map(Problem::toString);
        }
        if (failure instanceof InvalidValueException invalid) {
            return Stream.of(invalid.problem() + "; " + invalid.repair());
        }
        if (failure instanceof IOException) {
            return Stream.of("orgmilter: " + failure.getMessage());
        }
        throw failure;
    }
}
