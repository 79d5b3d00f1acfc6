package io.github.orgmilter.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.orgmilter.cli.option.Failures;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

@DisplayName("A failure of a command")
final class FailuresTest {

    @ParameterizedTest(name = "is reported: {1}")
    @MethodSource("failures")
    void isReported(IOException failure, String line) throws Exception {
        StringWriter err = new StringWriter();
        CommandLine command = Main.commandLine().setErr(new PrintWriter(err));
        int status = new Failures().handleExecutionException(failure, command, command.parseArgs());
        assertThat(status).isEqualTo(1);
        assertThat(err.toString().lines()).containsExactly("orgmilter: " + line);
    }

    // spotless:off
    static Stream<Arguments> failures() {
        String file = "/etc/orgmilter/x";
        return Stream.of(
                arguments(new NoSuchFileException(file), "there is no " + file + "; correct the path, or create it"),
                arguments(new AccessDeniedException(file),
                        "no permission for " + file + "; run as a user who has it, or change the permissions there"),
                arguments(new FileAlreadyExistsException(file), file + " already exists; remove it, or name another place"),
                arguments(new NotDirectoryException(file), file + " is not a folder; correct the path"),
                arguments(new FileSystemException(file, null, "No space left on device"), file + ": No space left on device"),
                arguments(new IOException("cannot listen; choose another port"), "cannot listen; choose another port"));
    }
    // spotless:on
}
