package io.github.orgmilter.config;

import static io.github.orgmilter.config.ConfigurationFixture.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.certificate.TestCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PermissionsTest {

    @TempDir
    private Path folder;

    @Test
    void whatEveryUserCanChangeIsDoubtful() throws Exception {
        Path file = write(folder, "orgmilter.conf", """
                include "a.conf"
                organizations-dir = "orgs"
                listen = [ { socket = "unix:%1$s/own/a.sock", mode = "0666" }, "unix:%1$s/shared/b.sock" ]
                policy-listen = [
                  { socket = "unix:%1$s/own/c.sock", mode = "0666" }
                  { socket = "unix:%1$s/private/d.sock", mode = "0666" }
                ]
                organizations.contoso {
                  accepted-domains-file = "lists/domains.txt"
                  connectors.hq { addresses-file = "lists/addresses.txt", certificate-files = [ "contoso.pem" ] }
                  connectors.branch { addresses-file = "private/addresses.txt" }
                }
                """.formatted(folder));
        write(folder, "a.conf", "");
        write(folder, "orgs/b.conf", "");
        write(folder, "lists/domains.txt", "contoso.com\n");
        write(folder, "lists/addresses.txt", "192.0.2.1\n");
        write(folder, "private/addresses.txt", "192.0.2.2\n");
        write(folder, "contoso.pem", new TestCertificate("mail.contoso.com").pem());
        for (String name : List.of("own", "shared", "lists", "orgs", "private", "")) {
            mode(0755, Files.createDirectories(folder.resolve(name)));
        }
        assertThat(doubts(file))
                .filteredOn(doubt -> doubt.contains("every user"))
                .containsExactly(
                        "orgmilter.conf:4: policy-listen: unix:own/c.sock lets every user of this machine connect, and claim any"
                                + " certificate for a session; use mode = \"0660\", and the MTA's group, as in group = \"postfix\"",
                        "orgmilter.conf:4: policy-listen: unix:private/d.sock lets every user of this machine connect, and claim any"
                                + " certificate for a session; use mode = \"0660\", and the MTA's group, as in group = \"postfix\"");

        mode(0700, folder.resolve("private"));
        List<String> files = List.of(
                "a.conf",
                "contoso.pem",
                "lists/addresses.txt",
                "lists/domains.txt",
                "orgmilter.conf",
                "orgs/b.conf",
                "private/addresses.txt");
        for (String name : files) {
            mode(0666, folder.resolve(name));
        }
        assertThat(doubts(file))
                .filteredOn(doubt -> doubt.contains("write"))
                .containsExactlyElementsOf(files.stream()
                        .filter(name -> !name.startsWith("private"))
                        .map(name -> name + ": every user of this machine can write to it; run chmod o-w " + name)
                        .toList());
        for (String name : files) {
            mode(0664, folder.resolve(name));
        }
        for (int mode : List.of(0777, 01777)) {
            for (String name : List.of("shared", "lists", "orgs", "")) {
                mode(mode, folder.resolve(name));
            }
            assertThat(doubts(file))
                    .filteredOn(doubt -> doubt.contains("every user") && !doubt.contains("connect"))
                    .containsExactlyElementsOf(Stream.of(
                                    ": every user of this machine can replace the files in it; run chmod o-w " + folder,
                                    "lists: every user of this machine can replace the files in it; run chmod o-w lists",
                                    "orgmilter.conf:3: listen: every user of this machine can add a socket to shared;"
                                            + " use a folder that only orgmilter can write to, such as /run/orgmilter",
                                    "orgs: every user of this machine can add files to it; run chmod o-w orgs")
                            .map(doubt -> doubt.startsWith(":") ? folder + doubt : doubt)
                            .filter(doubt ->
                                    mode == 0777 || !doubt.contains("replace")) // nor can they where it is sticky
                            .toList());
        }
        mode(0700, folder);
        assertThat(doubts(file)).noneMatch(doubt -> doubt.contains("every user"));
    }

    private static void mode(int mode, Path path) throws IOException {
        Files.setAttribute(path, "unix:mode", mode);
    }

    private List<String> doubts(Path file) throws ConfigurationException {
        return Configuration.load(file).warnings().stream()
                .map(doubt -> doubt.toString().replace(folder + "/", ""))
                .toList();
    }
}
