package io.github.orgmilter.it.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.testcontainers.shaded.com.fasterxml.jackson.databind.JsonNode;
import org.testcontainers.shaded.com.fasterxml.jackson.databind.ObjectMapper;

/** A milter's log, decided again by {@code orgmilter replay}. */
public final class Replayed {

    private static final int PATIENCE = 5; // minutes

    private Replayed() {}

    /** Requires that the same configuration decides every recipient of the milter's log again, and each as it was. */
    public static void requireSame(MilterProcess milter, int mark) throws IOException {
        String log = milter.text(mark);
        JsonNode replay = by(milter.configuration(), log, 0);
        assertThat(replay.get("undecided")).as(log).isEmpty();
        assertThat(replay.get("remarks")).as(log).isEmpty();
        long recipients = log.lines()
                .map(LogLine::parse)
                .filter(line -> line.isVerdict() && !line.get("to").equals("-"))
                .filter(line -> !line.get("policy").equals("ok"))
                .count();
        assertThat(replay.get("recipients").asLong() + replay.get("failures").asLong())
                .as(log)
                .isEqualTo(recipients);
        System.out.println("replay: " + recipients + " recipients and "
                + replay.get("messages").asLong() + " messages decided again, no difference");
    }

    /**
     * Decides a log again.
     *
     * @param status how the command must exit: 0 without a difference, 1 with one
     * @return what it prints in JSON
     */
    public static JsonNode by(Path configuration, String log, int status) throws IOException {
        Path file = Files.createTempFile("orgmilter-it", ".log");
        Path output = Files.createTempFile("orgmilter-it", ".json");
        try {
            Files.writeString(file, log);
            Process process = new ProcessBuilder(
                            Command.ORGMILTER,
                            "replay",
                            "--json",
                            "--top",
                            "1000",
                            "--config",
                            configuration.toString(),
                            file.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(PATIENCE, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new IOException("orgmilter replay did not end within " + PATIENCE + " minutes");
            }
            String printed = new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
            assertThat(process.exitValue()).as(printed + "\n" + log).isEqualTo(status);
            return new ObjectMapper().readTree(printed);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        } finally {
            Files.delete(file);
            Files.delete(output);
        }
    }
}
