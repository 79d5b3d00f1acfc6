package io.github.orgmilter.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** One of the commands, run with a configuration file of its own. What it prints adds up from run to run. */
final class CommandRun {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final String command;
    private final Path config;

    /** Writes the file into the folder. */
    CommandRun(String command, Path folder, String configuration) throws IOException {
        this.command = command;
        config = folder.resolve("orgmilter.conf");
        configure(configuration);
    }

    Path config() {
        return config;
    }

    String configuration() throws IOException {
        return Files.readString(config);
    }

    void configure(String configuration) throws IOException {
        Files.writeString(config, configuration);
    }

    /** Writes another file beside it. */
    Path write(String name, String text) throws IOException {
        return Files.writeString(config.resolveSibling(name), text);
    }

    /** The exit status. */
    int run(String... arguments) {
        return Main.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(Stream.concat(Stream.of(command, "--config", config.toString()), Stream.of(arguments))
                        .toArray(String[]::new));
    }

    int run(String[] arguments, String... more) {
        return run(Stream.of(arguments, more).flatMap(Stream::of).toArray(String[]::new));
    }

    String out() {
        return out.toString();
    }

    String err() {
        return err.toString();
    }

    /** Begins anew with what is printed. */
    void forget() {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
    }
}
