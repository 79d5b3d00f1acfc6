package io.github.orgmilter.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.orgmilter.certificate.TestCertificate;
import io.github.orgmilter.document.Location;
import io.github.orgmilter.document.Problem;
import io.github.orgmilter.document.Problems;
import io.github.orgmilter.identification.Client;
import io.github.orgmilter.identity.EnvelopeAddress;
import io.github.orgmilter.identity.IpAddress;
import io.github.orgmilter.net.ListenAddress;
import io.github.orgmilter.net.ListenAddress.Tcp;
import io.github.orgmilter.net.ListenAddress.Unix;
import io.github.orgmilter.organization.ConnectorName;
import io.github.orgmilter.policy.Address;
import io.github.orgmilter.policy.Envelope;
import io.github.orgmilter.verdict.Cause;
import io.github.orgmilter.verdict.Verdict;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ConfigurationTest {

    private static final String CONTOSO = "organizations.contoso.accepted-domains = [ \"contoso.com\" ]\n";

    @TempDir
    private Path folder;

    private static List<Case> problems() throws IOException {
        return Case.table("/config/problems.txt");
    }

    private static List<Case> warnings() throws IOException {
        return Case.table("/config/warnings.txt");
    }

    @ParameterizedTest
    @MethodSource({"problems", "warnings"})
    void saysWhatTheTableSays(Case entry) throws IOException {
        Path file = entry.writeTo(folder);
        List<Problem> said;
        boolean failed = false;
        try {
            said = Configuration.load(file).warnings();
        } catch (ConfigurationException e) {
            said = e.problems();
            failed = true;
        }
        assertThat(said)
                .extracting(problem -> problem.toString().replace(folder + "/", ""))
                .containsExactlyElementsOf(entry.expected());
        assertThat(failed).as("it could not be loaded").isEqualTo(entry.errors());
    }

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
        Path file = write("orgmilter.conf", CONTOSO + "include \"latin1.conf\"\n");
        Files.write(folder.resolve("latin1.conf"), "# comment\n# M\u00fcnchen\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(problemsOf(file))
                .extracting(Problem::toString)
                .containsExactly(folder + "/latin1.conf:2: not UTF-8; save the file as UTF-8");
    }

    @Test
    void aTextFileMayHaveAByteOrderMarkAndCarriageReturns() throws Exception {
        Path file = write("orgmilter.conf", "organizations.contoso.accepted-domains-file = \"domains.txt\"\n");
        write("domains.txt", "\uFEFFcontoso.com\r\n\r\n# more\r\nfabrikam.com subdomains\r\n");
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
        Path file = write("orgmilter.conf", """
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
        Path file = write("orgmilter.conf", CONTOSO.replace(" = [ \"contoso.com\" ]", "-file = \"mail.log\""));
        write("mail.log", ("x y " + "z".repeat(10_000) + "\n").repeat(1_000));
        List<Problem> problems = problemsOf(file);
        assertThat(problems)
                .hasSize(101)
                .allSatisfy(problem -> assertThat(problem.toString()).hasSizeLessThan(2_000));
        assertThat(problems.get(100))
                .hasToString(file + ":1: organizations.contoso.accepted-domains-file: only the first 100 errors in "
                        + folder + "/mail.log are reported; correct them, or name the right file");
    }

    @Test
    void whatEveryUserCanChangeIsDoubtful() throws Exception {
        Path file = write("orgmilter.conf", """
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
        write("a.conf", "");
        write("orgs/b.conf", "");
        write("lists/domains.txt", "contoso.com\n");
        write("lists/addresses.txt", "192.0.2.1\n");
        write("private/addresses.txt", "192.0.2.2\n");
        write("contoso.pem", new TestCertificate("mail.contoso.com").pem());
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

    @Test
    void theExceptionCarriesTheWarningsToo() throws IOException {
        Path file = write("orgmilter.conf", "exempt-clients = [ \"10.0.0.0/8\" ]\nlisten = []\n" + CONTOSO);
        ConfigurationException thrown =
                catchThrowableOfType(ConfigurationException.class, () -> Configuration.load(file));
        assertThat(thrown.warnings()).extracting(Problem::line).containsExactly(1);
        assertThat(thrown).hasMessage(thrown.problems().get(0).toString());
    }

    @Test
    void listenersAreWhatTheySay() throws Exception {
        Path file = write("orgmilter.conf", CONTOSO + """
                listen = [
                  "inet:10033@localhost"
                  "inet6:0@::1"
                  "inet:[2001:DB8:0::1]:10033"
                  "inet:127.0.0.1:10034"
                  "unix:/run/orgmilter/a.sock"
                  { socket = "unix:/run/../run/b.sock", mode = 0606, group = postfix }
                ]
                """);
        List<ListenAddress> listen = Configuration.load(file).settings().listen();
        assertThat(listen)
                .containsExactly(
                        new Tcp("localhost", 10033),
                        new Tcp("::1", 0),
                        new Tcp("2001:db8::1", 10033),
                        new Tcp("127.0.0.1", 10034),
                        new Unix(
                                Path.of("/run/orgmilter/a.sock"),
                                PosixFilePermissions.fromString("rw-rw----"),
                                Optional.empty()),
                        new Unix(
                                Path.of("/run/b.sock"),
                                PosixFilePermissions.fromString("rw----rw-"),
                                Optional.of("postfix")));
        assertThat(listen)
                .extracting(ListenAddress::toString)
                .containsExactly(
                        "inet:10033@localhost",
                        "inet6:0@::1",
                        "inet6:10033@2001:db8::1",
                        "inet:10034@127.0.0.1",
                        "unix:/run/orgmilter/a.sock",
                        "unix:/run/b.sock");
    }

    @Test
    void withoutListenersTheDefaultIsOnLoopback() throws Exception {
        assertThat(Configuration.load(write("orgmilter.conf", CONTOSO))
                        .settings()
                        .listen())
                .containsExactly(new Tcp("127.0.0.1", 10033));
    }

    @Test
    void policyQueriesHaveSocketsOfTheirOwn() throws Exception {
        Settings none = Configuration.load(write("orgmilter.conf", CONTOSO)).settings();
        assertThat(none.policyListen()).isEmpty();
        assertThat(none.policyGrantsRelay()).isFalse();
        Path file = write("orgmilter.conf", CONTOSO + """
                policy-listen = [ "inet:10034@127.0.0.1", "unix:/run/policy.sock" ]
                policy-grants-relay = true
                """);
        Settings settings = Configuration.load(file).settings();
        assertThat(settings.policyListen())
                .extracting(ListenAddress::toString)
                .containsExactly("inet:10034@127.0.0.1", "unix:/run/policy.sock");
        assertThat(settings.policyGrantsRelay()).isTrue();
    }

    @Test
    void thePolicyIsTheOneDescribed() throws Exception {
        Path file = write("orgmilter.conf", """
                exempt-clients = [ "192.0.2.99" ]
                local-domains = [ "mx1.example.net" ]
                unidentified-mail = reject
                replies.not-identified = [ "550 5.7.64 TenantAttribution", "from {client}" ]
                replies.unidentified-inbound = "450 4.7.1 Not you"
                organizations {
                  contoso {
                    accepted-domains = [ "contoso.com" ]
                    connectors {
                      off { enabled = false, addresses = [ "192.0.2.1" ] }
                      head-office { addresses = [ "192.0.2.1" ] }
                      any { addresses = [ "192.0.2.2" ], require-accepted-domain = false }
                      limited { addresses = [ "192.0.2.3" ], sender-domains = [ "contoso.com" ], allow-null-sender = true }
                      tls { addresses = [ "192.0.2.4" ], require-tls = true }
                    }
                  }
                  fabrikam { accepted-domains = [ "fabrikam.com" ], sender-protection = off }
                }
                """);
        Configuration loaded = Configuration.load(file);
        assertThat(outcome(loaded, "192.0.2.99", "a@x.example", "b@y.example")).isEqualTo("accept exempt-client");
        assertThat(outcome(loaded, "192.0.2.9", "a@x.example", "root@mx1.example.net"))
                .isEqualTo("reject unidentified-inbound");
        assertThat(outcome(loaded, "192.0.2.1", "a@x.example", "root@mx1.example.net"))
                .isEqualTo("accept inbound");
        assertThat(outcome(loaded, "192.0.2.1", "a@contoso.com", "b@y.example"))
                .isEqualTo("accept sender-domain contoso/head-office");
        assertThat(outcome(loaded, "192.0.2.2", "a@fabrikam.com", "b@y.example"))
                .isEqualTo("accept any-domain contoso/any");
        assertThat(outcome(loaded, "192.0.2.3", "", "b@y.example"))
                .isEqualTo("accept null-sender-allowed contoso/limited");
        assertThat(outcome(loaded, "192.0.2.4", "a@contoso.com", "b@y.example")).isEqualTo("reject tls-required");
        Verdict reject = verdict(loaded, "192.0.2.9", "a@contoso.com", "b@y.example");
        assertThat(reject.reply().orElseThrow().lines())
                .containsExactly("550-5.7.64 TenantAttribution", "550 5.7.64 from 192.0.2.9");
    }

    @Test
    void amongEqualConnectorsTheFirstAsWrittenIsTheOneByFileNameThenLine() throws Exception {
        Path file = write("orgmilter.conf", """
                organizations-dir = "a"
                organizations.zulu {
                  accepted-domains = [ "zulu.example" ]
                  connectors { b { addresses = [ "192.0.2.1" ] }, a { addresses = [ "192.0.2.1" ] } }
                }
                """);
        write(
                "a/y.conf",
                "yankee { accepted-domains = [ \"y.example\" ], connectors.c.addresses = [ \"192.0.2.2\" ] }\n");
        write("a/x.conf", """
                xray2 { accepted-domains = [ "x2.example" ], connectors.a.addresses = [ "192.0.2.1" ] }
                xray1 { accepted-domains = [ "x1.example" ], connectors.a.addresses = [ "192.0.2.2" ] }
                """);
        Configuration loaded = Configuration.load(file);
        assertThat(outcome(loaded, "192.0.2.1", "a@zulu.example", "b@y.net")).isEqualTo("accept sender-domain zulu/b");
        assertThat(outcome(loaded, "192.0.2.1", "a@nobody.example", "b@y.net"))
                .isEqualTo("reject domain-not-accepted xray2/a");
        assertThat(outcome(loaded, "192.0.2.2", "a@nobody.example", "b@y.net"))
                .isEqualTo("reject domain-not-accepted xray1/a");
    }

    @Test
    void filesReadSideBySideComeToTheSameAsOneAfterTheOther() throws Exception {
        Path file = write("orgmilter.conf", "organizations-dir = many\n");
        for (int i = 0; i < 200; i++) {
            write(
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

    @Test
    void environmentVariablesAreSubstituted() throws Exception {
        String path = System.getenv("PATH");
        assertThat(path).isNotEmpty();
        Path file = write("orgmilter.conf", CONTOSO + """
                unidentified-mail = ${PATH}
                trust-authenticated = ${?NOT_SET_ANYWHERE}
                """);
        assertThat(problemsOf(file))
                .containsExactly(new Problem(
                        Location.ofFile(file).source(),
                        2,
                        "unidentified-mail",
                        "\"" + path + "\" is not a possible value",
                        "write accept-inbound or reject"));
    }

    @Tag("slow")
    @Test
    void aDamagedConfigurationIsReportedAndNothingElse() throws Exception {
        List<Case> tables =
                Stream.concat(problems().stream(), warnings().stream()).toList();
        Random random = new Random(3);
        String letters = "{}[]\"\\$:=,.#\n *0a/@";
        int refused = 0;
        for (int i = 0; i < 1_000; i++) {
            Case entry = tables.get(random.nextInt(tables.size()));
            Path file = entry.writeTo(folder);
            StringBuilder text = new StringBuilder(entry.files().get("orgmilter.conf")).append('\n');
            for (int k = random.nextInt(3); k >= 0; k--) {
                int at = random.nextInt(text.length());
                int end = Math.min(text.length(), at + random.nextInt(3));
                text.replace(at, end, String.valueOf(letters.charAt(random.nextInt(letters.length()))));
            }
            Files.writeString(file, text);
            try {
                assertThat(Configuration.load(file).settings().listen()).isNotEmpty();
            } catch (ConfigurationException e) {
                refused++;
                int lines = (int) text.chars().filter(c -> c == '\n').count() + 1;
                assertThat(e.problems()).isNotEmpty().allSatisfy(problem -> {
                    assertThat(problem.problem()).isNotEmpty();
                    assertThat(problem.repair()).isNotEmpty();
                    if (problem.source().file().orElseThrow().equals(file)) {
                        assertThat(problem.line()).isBetween(0, lines);
                    }
                });
            }
        }
        assertThat(refused).isGreaterThan(300);
    }

    @Tag("slow")
    @Test
    void manyOrganizationsLoadInTimeThatGrowsWithTheirNumber() throws Exception {
        int count = 5_000;
        String organizations = IntStream.range(0, count)
                .mapToObj(i -> """
                        o%1$d {
                          accepted-domains = [ "d%1$d.example" ]
                          connectors.a { addresses = [ "10.%2$d.%3$d.%4$d" ], sender-domains = [ "d%1$d.example" ] }
                        }
                        """.formatted(i, i >> 16, i >> 8 & 255, i & 255))
                .collect(Collectors.joining());
        write("organizations/all.conf", organizations);
        // Every address of the first is shared with the others: the worst case for looking at pairs.
        write(
                "shared.txt",
                IntStream.range(0, count)
                        .mapToObj(i -> "10.0.0.0-10.%d.%d.%d\n".formatted(i >> 16, i >> 8 & 255, i & 255))
                        .collect(Collectors.joining()));
        Path file = write("orgmilter.conf", """
                organizations-dir = "organizations"
                organizations.contoso { accepted-domains = [ "contoso.com" ], connectors.a.addresses-file = "shared.txt" }
                """);
        long start = System.nanoTime();
        List<Problem> warnings = Configuration.load(file).warnings();
        assertThat(System.nanoTime() - start).as("nanoseconds").isLessThan(20_000_000_000L);
        assertThat(warnings).hasSizeGreaterThanOrEqualTo(count);
    }

    private Path write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private static List<Problem> problemsOf(Path file) {
        return catchThrowableOfType(ConfigurationException.class, () -> Configuration.load(file))
                .problems();
    }

    private static String outcome(Configuration configuration, String client, String sender, String recipient) {
        Verdict verdict = verdict(configuration, client, sender, recipient);
        return verdict.action() + " " + verdict.cause().key()
                + Optional.of(verdict.party())
                        .filter(ConnectorName.class::isInstance)
                        .filter(connector -> verdict.cause() != Cause.Accepting.INBOUND)
                        .map(connector -> " " + connector)
                        .orElse("");
    }

    private static Verdict verdict(Configuration configuration, String client, String sender, String recipient) {
        Client described = new Client(
                client, IpAddress.parse(client), false, Optional.empty(), Optional.empty(), Optional.empty());
        Envelope envelope = new Envelope(address(sender));
        return configuration.policy().decide(configuration.policy().identify(described), envelope, address(recipient));
    }

    private static Address address(String text) {
        return new Address(EnvelopeAddress.parse("<" + text + ">"), Optional.empty());
    }
}
