package io.github.orgmilter.cli.option;

import io.github.orgmilter.config.ConfigurationException;
import io.github.orgmilter.document.Problem;
import io.github.orgmilter.identity.InvalidValueException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/**
 * Reports on standard error what kept a command from its work, in red on a terminal. A programming error passes through, with
 * its stack trace.
 */
public final class Failures implements IExecutionExceptionHandler {

    public static final int FAILED = 1;

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult arguments)
            throws Exception {
        report(failure, command);
        return FAILED;
    }

    /** Reports it; a programming error passes through. */
    public static void report(Exception failure, CommandLine command) throws Exception {
        print(command, lines(failure));
    }

    public static void print(CommandLine command, Stream<String> lines) {
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
        if (failure instanceof IOException problem) {
            return Stream.of("orgmilter: " + text(problem));
        }
        throw failure;
    }

    /** What is wrong, and how to mend it; Java has no more than the path for some of them. */
    private static String text(IOException failure) {
        if (failure instanceof NoSuchFileException) {
            return "there is no " + failure.getMessage() + "; correct the path, or create it";
        }
        if (failure instanceof AccessDeniedException) {
            return "no permission for " + failure.getMessage()
                    + "; run as a user who has it, or change the permissions there";
        }
        if (failure instanceof FileAlreadyExistsException) {
            return failure.getMessage() + " already exists; remove it, or name another place";
        }
        if (failure instanceof NotDirectoryException) {
            return failure.getMessage() + " is not a folder; correct the path";
        }
        return String.valueOf(failure.getMessage());
    }
}
