package io.github.orgmilter.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.orgmilter.cli.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

@Timeout(120)
@DisplayName("The daemon with a directory")
final class DirectoryCommandsTest extends DirectoryDaemons {

    private String run(int exit, String... arguments) {
        StringWriter out = new StringWriter();
        CommandLine command = Main.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(out))
                .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--config");
        all.add(file().toString());
        assertThat(command.execute(all.toArray(String[]::new)))
                .as(out.toString())
                .isEqualTo(exit);
        return out.toString();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"unix", "inet"})
    @DisplayName("is asked by commands over its admin socket")
    void commands(String kind) throws Exception {
        store.put("contoso", "accepted-domains=contoso.com", "hq/addresses=192.0.2.7", "sender-protection=perhaps");
        String admin = kind.equals("unix") ? "unix:" + folder.resolve("a") : "inet:" + FreePort.any() + "@127.0.0.1";
        write(admin, directory(MAIL));
        Daemon daemon = start();
        await().untilAsserted(() -> assertThat(run(0, "directory", "status")).contains("version: 1\n"));
        assertThat(run(0, "directory", "problems"))
                .startsWith("directory: organization contoso, sender-protection: \"perhaps\" is not a possible value");
        assertThat(run(0, "reload")).startsWith("nothing changed\nreloaded ");
        assertThat(run(0, "reload", "--accept-shrink", "1")).contains("what is gone in version 1 is taken");
        write(admin, directory(MAIL) + "nonsense = 1\n");
        assertThat(run(1, "reload")).contains("nonsense: unknown key").contains("kept ");
        assertThat(run(0, "directory", "status")).contains("version: 1\n");
        stop(daemon);
        assertThat(run(1, "directory", "status"))
                .contains("nothing answers at ")
                .contains("start the service");
        write("", directory(MAIL));
        assertThat(run(1, "reload")).contains("has no admin-listen");
    }

    @Test
    @DisplayName("leaves a snapshot by which commands decide, and which they print")
    void offline() throws Exception {
        store.put(
                "contoso",
                "accepted-domains=contoso.com",
                "accepted-domains=fabrikam.net subdomains",
                "hq/addresses=192.0.2.7",
                "sender-protection=perhaps");
        stop(startReady(directory(MAIL)));
        Files.writeString(file(), directory(MAIL)); // export wants the port of the milter
        assertThat(run(0, "directory", "dump").lines())
                .containsExactlyInAnyOrder(
                        "contoso\t\taccepted-domains\tcontoso.com",
                        "contoso\t\taccepted-domains\tfabrikam.net subdomains",
                        "contoso\thq\taddresses\t192.0.2.7");
        assertThat(run(0, "check", "--offline"))
                .contains(
                        "warning: directory: organization contoso, sender-protection: \"perhaps\" is not a possible value")
                .contains("/1: 1 organization, 1 connector, 2 accepted domains,");
        run(1, "check", "--offline", "--strict");
        assertThat(run(0, "check", "--no-directory", "--strict")).contains(": 0 organizations,");
        assertThat(run(
                        0,
                        "explain",
                        "--offline",
                        "--client-address",
                        "192.0.2.7",
                        "--from",
                        "a@contoso.com",
                        "--to",
                        "b@example.net"))
                .contains("warning: the directory has 1 problem; run `orgmilter check`")
                .contains("contoso/hq");
        assertThat(run(0, "export", "postfix", "--offline"))
                .contains("192.0.2.7")
                .contains("contoso.com");
        Files.delete(folder.resolve("snapshot"));
        assertThat(run(1, "explain", "--offline", "--from", "a@contoso.com", "--to", "b@example.net"))
                .contains("there is no snapshot " + folder.resolve("snapshot") + "; start the service");
        assertThat(run(1, "directory", "dump")).contains("there is no snapshot");
    }
}
