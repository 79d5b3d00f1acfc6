package io.github.orgmilter.config;

import static io.github.orgmilter.config.ConfigurationFixture.CONTOSO;
import static io.github.orgmilter.config.ConfigurationFixture.problemsOf;
import static io.github.orgmilter.config.ConfigurationFixture.verdict;
import static io.github.orgmilter.config.ConfigurationFixture.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.orgmilter.document.Location;
import io.github.orgmilter.document.Problem;
import io.github.orgmilter.document.Problems;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ConfigurationFilesTest {

    @TempDir
    private Path folder;

    @Test
    void aFileThatIsNotThereIsOneProblemOfTheWholeFile() {
        Path file = folder.resolve("orgmilter.conf");
        assertThat(problemsOf(file))
                .containsExactly(new Problem(
                        Location.ofFile(file).source(),
                        0,
                        "",
                        "there is no such file",
                        "create it, or correct the path"));
        assertThat(problemsOf(folder))
                .extracting(Problem::toString)
                .containsExactly(folder + ": " + folder + " is a folder, not a file; name a file");
    }

    @Test
    void aFileThatIsNotUtf8IsAProblemAtItsLine() throws IOException {
        Path file = write(folder, "orgmilter.conf", CONTOSO + "include \"latin1.conf\"\n");
        Files.write(folder.resolve("latin1.conf"), "# comment\n# M\u00fcnchen\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(problemsOf(file))
                .extracting(Problem::toString)
                .containsExactly(folder + "/latin1.conf:2: not UTF-8; save the file as UTF-8");
    }

    @Test
    void aTextFileMayHaveAByteOrderMarkAndCarriageReturns() throws Exception {
        Path file = write(folder, "orgmilter.conf", "organizations.contoso.accepted-domains-file = \"domains.txt\"\n");
        write(folder, "domains.txt", "\uFEFFcontoso.com\r\n\r\n# more\r\nfabrikam.com subdomains\r\n");
        assertThat(verdict(Configuration.load(file), "192.0.2.1", "a@example.net", "b@mail.fabrikam.com")
                        .action())
                .isEqualTo("accept");
        assertThat(verdict(Configuration.load(file), "192.0.2.1", "a@example.net", "b@mail.contoso.com")
                        .action())
                .isEqualTo("reject");
    }

    private enum Unreadable {
        PIPE("is a named pipe, not a regular file; write its content to a file, and name that"),
        SOCKET("is a socket, not a regular file; write its content to a file, and name that"),
        DEVICE("is a device, not a regular file; write its content to a file, and name that"),
        FOLDER("is a folder, not a file; name a file"),
        LARGE("is larger than ");

        private final String problem;

        Unreadable(String problem) {
            this.problem = problem;
        }

        void create(Path file) throws Exception {
            Files.deleteIfExists(file);
            switch (this) {
                case PIPE ->
                    assertThat(new ProcessBuilder("mkfifo", file.toString())
                                    .start()
                                    .waitFor())
                            .isZero();
                case SOCKET ->
                    ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                            .bind(UnixDomainSocketAddress.of(file))
                            .close();
                case DEVICE -> Files.createSymbolicLink(file, Path.of("/dev/zero"));
                case FOLDER -> Files.createDirectory(file);
                case LARGE -> {
                    try (RandomAccessFile large = new RandomAccessFile(file.toFile(), "rw")) {
                        large.setLength(1L << 33);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @Timeout(30)
    void onlyRegularFilesOfABoundedSizeAreRead(Unreadable kind) throws Exception {
        Path file = write(folder, "orgmilter.conf", """
                include "a"
                organizations-dir = "orgs"
                organizations.contoso {
                  accepted-domains-file = "b"
                  connectors { hq { addresses-file = "c" }, pinned { certificate-files = [ "d" ] } }
                }
                """);
        Files.createDirectory(folder.resolve("orgs"));
        for (String name : List.of("a", "b", "c", "d", "orgs/e.conf")) {
            kind.create(folder.resolve(name));
        }
        List<String> places = List.of(
                "orgmilter.conf:1: ",
                "orgmilter.conf:4: ",
                "orgmilter.conf:5: ",
                "orgmilter.conf:5: ",
                "orgs/e.conf: ");
        List<String> names = List.of("a", "b", "c", "d", "orgs/e.conf");
        List<Problem> problems = problemsOf(file);
        assertThat(problems).hasSize(places.size());
        for (int i = 0; i < places.size(); i++) {
            assertThat(problems.get(i).toString())
                    .startsWith(folder + "/" + places.get(i))
                    .contains(folder + "/" + names.get(i) + " " + kind.problem);
        }
        kind.create(file);
        assertThat(problemsOf(file)).singleElement().asString().startsWith(file + ": " + file + " " + kind.problem);
        names.forEach(name -> assertThat(folder.resolve(name).toFile().delete()).isTrue());
        Files.delete(file);
    }

    @Test
    void theWrongTextFileIsNotReportedLineByLineToItsEnd() throws Exception {
        Path file = write(folder, "orgmilter.conf", CONTOSO.replace(" = [ \"contoso.com\" ]", "-file = \"mail.log\""));
        write(folder, "mail.log", ("x y " + "z".repeat(10_000) + "\n").repeat(1_000));
        List<Problem> problems = problemsOf(file);
        assertThat(problems)
                .hasSize(101)
                .allSatisfy(problem -> assertThat(problem.toString()).hasSizeLessThan(2_000));
        assertThat(problems.get(100))
                .hasToString(file + ":1: organizations.contoso.accepted-domains-file: only the first 100 errors in "
                        + folder + "/mail.log are reported; correct them, or name the right file");
    }

    @Test
    void filesReadSideBySideComeToTheSameAsOneAfterTheOther() throws Exception {
        Path file = write(folder, "orgmilter.conf", "organizations-dir = many\n");
        for (int i = 0; i < 200; i++) {
            write(
                    folder,
                    "many/" + i + ".conf",
                    "o%d { accepted-domains = [ %s.example ], connectors.a.addresses = [ 192.0.2.%d ] }\n"
                            .formatted(i, i % 50 == 7 ? "not a domain" : "d" + i, i));
        }
        List<Problem> problems = problemsOf(file);
        assertThat(problems).hasSize(4).isSortedAccordingTo(Problems.ORDER);
        assertThat(catchThrowableOfType(ConfigurationException.class, () -> Configuration.loadInBackground(file))
                        .problems())
                .isEqualTo(problems);
        for (Problem problem : problems) {
            Files.delete(problem.source().file().orElseThrow());
        }
        Configuration loaded = Configuration.load(file);
        Configuration again = Configuration.loadInBackground(file);
        assertThat(loaded.policy().organizations())
                .containsExactlyElementsOf(again.policy().organizations())
                .hasSize(196);
        assertThat(loaded.policy().revision()).isEqualTo(again.policy().revision());
    }
}
