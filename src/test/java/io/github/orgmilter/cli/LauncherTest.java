package io.github.orgmilter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
@DisplayName("bin/orgmilter")
final class LauncherTest {

    @TempDir
    private Path folder;

    private Path home = Path.of("");

    /** The folder of the distribution, in a place with a space. */
    @BeforeEach
    void install() throws IOException {
        home = folder.toRealPath().resolve("a place/orgmilter");
        Files.createDirectories(home.resolve("lib"));
        Files.createDirectories(home.resolve("bin"));
        Files.createDirectories(home.resolve("conf"));
        for (String script : List.of("orgmilter", "orgmilter-archive")) {
            executable(Files.copy(
                    Path.of("src/main/bin", script), home.resolve("bin").resolve(script)));
        }
        Files.copy(Path.of("conf/logback.xml"), home.resolve("conf/logback.xml"));
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, Main.class.getName());
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        manifest.getMainAttributes()
                .put(
                        Attributes.Name.CLASS_PATH,
                        Stream.of(classPath.split(File.pathSeparator))
                                .map(entry -> Path.of(entry).toUri().toString())
                                .collect(Collectors.joining(" ")));
        try (OutputStream jar = Files.newOutputStream(home.resolve("lib/orgmilter.jar"))) {
            new JarOutputStream(jar, manifest).close();
        }
    }

    private static Path executable(Path file) throws IOException {
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** A Java that prints the words it is started with. */
    private Path printingJava() throws IOException {
        Path java = Files.createDirectories(folder.resolve("java/bin")).resolve("java");
        return executable(Files.writeString(java, "#!/bin/sh\nprintf '%s\\n' \"$@\"\n"))
                .getParent()
                .getParent();
    }

    /** What a command says that a shell runs in the folder of the distribution; names in it are UTF-8. */
    private String run(String command, Map<String, String> environment, int status) throws Exception {
        Path script = Files.writeString(folder.resolve("script"), command + "\n");
        ProcessBuilder builder = new ProcessBuilder("sh", script.toString())
                .directory(home.toFile())
                .redirectErrorStream(true);
        List.of("LC_ALL", "LC_CTYPE", "LANG", "JAVA_OPTS", "ORGMILTER_LOGBACK").forEach(builder.environment()::remove);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("JAVA_OPTS", "-XX:TieredStopAtLevel=1"); // of what ends soon
        builder.environment().putAll(environment);
        try (ChildProcess process = ChildProcess.start(builder)) {
            assertThat(process.exitValue()).as(process.said()).isEqualTo(status);
            return process.said();
        }
    }

    /** The words that Java is started with. */
    private List<String> java(String options) throws Exception {
        return run("bin/orgmilter check 'two words'", printing(options), 0)
                .lines()
                .toList();
    }

    private Map<String, String> printing(String options) throws IOException {
        return Map.of("JAVA_HOME", printingJava().toString(), "JAVA_OPTS", options);
    }

    @Test
    @DisplayName("says that JAVA_HOME is wrong, and not that there is no Java")
    void wrongJavaHome() throws Exception {
        Path javaHome = folder.resolve("java");
        Path java = javaHome.resolve("bin/java");
        String wrong = "orgmilter: JAVA_HOME is wrong: there is no program " + java
                + "; correct it, or unset it for the Java on the PATH";
        assertThat(launch(javaHome, 1)).containsExactly(wrong);
        Files.createDirectories(java);
        assertThat(launch(javaHome, 1)).as("a folder").containsExactly(wrong);
        Files.delete(java);
        Files.createFile(java);
        assertThat(launch(javaHome, 1)).as("not to be executed").containsExactly(wrong);
        printingJava();
        for (String old : List.of("1.8.0_292", "9", "11.0.20", "16")) {
            Files.writeString(javaHome.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + old + "\"\n");
            assertThat(launch(javaHome, 1))
                    .containsExactly("orgmilter: JAVA_HOME is wrong: " + java + " is Java " + old
                            + ", and 17 or newer is needed");
        }
        for (String recent : List.of("17", "17.0.8", "21.0.1", "100")) {
            Files.writeString(javaHome.resolve("release"), "JAVA_VERSION=\"" + recent + "\"\nOS_ARCH=\"x86_64\"\n");
            assertThat(launch(javaHome, 0)).endsWith("check", "two words");
        }
    }

    private List<String> launch(Path javaHome, int status) throws Exception {
        return run("bin/orgmilter check 'two words'", Map.of("JAVA_HOME", javaHome.toString()), status)
                .lines()
                .toList();
    }

    @Test
    void namesACollectorAndAHeap() throws Exception {
        assertThat(java(""))
                .contains("-XX:+UseSerialGC", "-Xms40m", "-XX:NewSize=32m")
                .endsWith("check", "two words");
    }

    @Test
    @DisplayName("begins small where the heap is bounded, so that the bound holds")
    void boundedHeap() throws Exception {
        assertThat(java("-Dx=y -Xmx32m"))
                .containsSubsequence("-XX:+UseSerialGC", "-Xms24m", "-XX:NewSize=16m", "-Dx=y", "-Xmx32m");
        assertThat(java("-XX:MaxHeapSize=32m")).contains("-Xms24m");
    }

    @Test
    void leavesTheHeapToAnotherCollector() throws Exception {
        assertThat(java("-Xmx4g -XX:+UseShenandoahGC"))
                .contains("-XX:+UseShenandoahGC", "-Xmx4g")
                .noneMatch(
                        option -> option.startsWith("-Xms") || option.contains("NewSize") || option.contains("Serial"));
    }

    @Test
    @DisplayName("takes the words of JAVA_OPTS as they are, and not for patterns of file names")
    void patterns() throws Exception {
        Files.createFile(home.resolve("-Dx=1"));
        assertThat(java("-Dx=* -Dx=? -Dx=[1] -XX:+Use*GC")).contains("-Dx=*", "-Dx=?", "-Dx=[1]", "-XX:+Use*GC");
    }

    @Test
    @DisplayName("and its archive of classes may be in a folder whose name has a space")
    void archive() throws Exception {
        Path java = printingJava();
        // As Java: lists its classes until it is ended, then makes the archive of them.
        Files.writeString(java.resolve("bin/java"), """
                #!/bin/sh
                list= archive=
                for word; do
                    case $word in
                        -XX:DumpLoadedClassList=*)
                            echo classes >"${word#*=}"
                            echo orgmilter listening on
                            trap 'exit 0' TERM
                            while :; do sleep 0.1; done
                            ;;
                        -XX:SharedClassListFile=*) list=${word#*=} ;;
                        -XX:SharedArchiveFile=*) archive=${word#*=} ;;
                    esac
                done
                cat "$list" >"$archive"
                """);
        assertThat(run("bin/orgmilter-archive", Map.of("JAVA_HOME", java.toString()), 0))
                .isEmpty();
        assertThat(home.resolve("lib/orgmilter.jsa")).hasContent("classes");
        try (Stream<Path> lib = Files.list(home.resolve("lib"))) {
            assertThat(lib)
                    .map(file -> file.getFileName().toString())
                    .containsExactlyInAnyOrder("orgmilter.jar", "orgmilter.jsa");
        }
    }

    @Test
    void takesNoOtherOptionForACollector() throws Exception {
        assertThat(java("-XX:+UseStringDeduplication -Xlog:gc:GC")).contains("-XX:+UseSerialGC", "-Xms40m");
    }

    @Test
    @DisplayName("starts with one compiler what ends soon, and with both all else")
    void compilers() throws Exception {
        Set<String> soon = Set.of(
                "--help",
                "--version",
                "check",
                "doctor",
                "explain",
                "fingerprint",
                "generate-completion",
                "reload",
                "schema",
                "who");
        List<String> words = new ArrayList<>(Main.commandLine().getSubcommands().keySet());
        words.addAll(List.of("--help", "--version", "''"));
        String command = words.stream()
                .map(word -> "bin/orgmilter " + word + " | grep -qx -- -XX:TieredStopAtLevel=1 && echo " + word)
                .collect(Collectors.joining("\n", "", "\ntrue"));
        assertThat(run(command, printing(""), 0).lines()).containsExactlyInAnyOrderElementsOf(soon);
    }

    @Test
    @DisplayName("leaves the compilers to JAVA_OPTS")
    void otherCompilers() throws Exception {
        assertThat(run("bin/orgmilter --version", printing("-XX:TieredStopAtLevel=4"), 0)
                        .lines())
                .containsSubsequence("-XX:TieredStopAtLevel=1", "-XX:TieredStopAtLevel=4");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "bin/orgmilter check, false",
        "script -qec \"bin/orgmilter check\" /dev/null, true",
        "script -qec \"bin/orgmilter check | cat\" /dev/null, false",
        "script -qec \"bin/orgmilter check 2>errors\" /dev/null, false"
    })
    @DisplayName("leaves colours to picocli only where both outputs are terminals")
    void colours(String command, boolean coloured) throws Exception {
        String words = run(command, Map.of("JAVA_HOME", printingJava().toString()), 0);
        assertThat(words).contains("-jar");
        assertThat(words.contains("-Dpicocli.ansi=false")).isNotEqualTo(coloured);
    }

    @Tag("slow")
    @Test
    @DisplayName("has errors in red on a terminal, and without colours in a file, whatever the other output is")
    void errors() throws Exception {
        String command = "bin/orgmilter check --config none.conf";
        assertThat(run("script -qec '" + command + "' /dev/null", Map.of(), 1)).contains("none.conf", "\u001b[31");
        assertThat(run("script -qec '" + command + " 2>errors' /dev/null || cat errors", Map.of(), 0))
                .contains("none.conf")
                .doesNotContain("\u001b");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bin/orgmilter",
                "cd bin && ./orgmilter",
                "cd bin && sh orgmilter",
                "ln -s orgmilter bin/-x && cd bin && PATH=.:$PATH && -x",
                "ln -s ../bin/orgmilter lib/link && ln -s lib/link link && ./link",
                "PATH=bin:$PATH orgmilter"
            })
    @DisplayName("finds its folder by any way to it, whatever CDPATH is")
    void folder(String command) throws Exception {
        Map<String, String> environment = Map.of("JAVA_HOME", printingJava().toString(), "CDPATH", ".:" + home + ":/");
        assertThat(run(command, environment, 0).lines())
                .containsSubsequence("-jar", home + "/lib/orgmilter.jar")
                .contains("-Dlogback.configurationFile=" + home + "/conf/logback.xml");
        // The archive is made by starting it, which this Java does not.
        String archive = command.replace("orgmilter", "orgmilter-archive").replace("ln -s ", "ln -sf ");
        assertThat(run(archive, environment, 1).lines())
                .contains("orgmilter-archive: orgmilter does not start:")
                .containsSubsequence("-jar", home + "/lib/orgmilter.jar");
    }

    @Test
    @DisplayName("as every script of the repository, does not follow CDPATH")
    void scripts() throws IOException {
        List<Path> wrong = new ArrayList<>();
        for (String place : List.of(".ci", "integration-tests", "postfix-example", "src")) {
            try (Stream<Path> files = Files.walk(Path.of(place))) {
                for (Path file : files.filter(Files::isRegularFile)
                        .filter(Files::isExecutable)
                        .toList()) {
                    String text = Files.readString(file);
                    if (text.matches("(?s)#!\\S*sh\n.*\\bcd \"?(-- )?[^/\\s].*")
                            && !text.contains("\nunset CDPATH\n")) {
                        wrong.add(file);
                    }
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"LC_ALL, C", "LC_ALL, POSIX", "LANG, ''", "LANG, C", "LC_CTYPE, de_DE.ISO-8859-1", "LC_ALL, xx_XX.UTF-8"
    })
    @DisplayName("starts Java in the same locale, whatever its own is")
    void locale(String variable, String value) throws Exception {
        Path java = printingJava();
        Files.writeString(java.resolve("bin/java"), "#!/bin/sh\necho \"locale: $LC_ALL\"\n");
        assertThat(run("bin/orgmilter check", Map.of("JAVA_HOME", java.toString(), variable, value), 0))
                .isEqualTo("locale: C.UTF-8\n");
    }

    @Test
    @Tag("slow")
    @DisplayName("reads and writes UTF-8 in a locale that does not")
    void utf8() throws Exception {
        String command = """
                cat >müller.conf <<'END'
                organizations.müller {
                  accepted-domains = [ "müller.example" ]
                  connectors.a.addresses = [ "192.0.2.1" ]
                }
                END
                bin/orgmilter explain --config müller.conf --client-address 192.0.2.1 --from 'jürgen@müller.example' --to 'д@почта.example'
                bin/orgmilter check --config fehlt-ü.conf 2>&1 || true
                """;
        assertThat(run(command, Map.of("LC_ALL", "C"), 0))
                .contains("müller/a", "jürgen@müller.example", "accept", "fehlt-ü.conf")
                .contains("почта");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "missing | rm 'lög.xml' | : the configuration of the log cannot be read: there is no ",
                "a pipe | rm 'lög.xml'; mkfifo 'lög.xml' | : the configuration of the log cannot be read: lög.xml is a named pipe",
                "empty | : >'lög.xml' | :1: Premature end of file",
                "broken XML | sed -i 's/level=\"INFO\">/level=\"INFO\"/' 'lög.xml' | :20: Element type",
                "a folder | rm 'lög.xml'; mkdir 'lög.xml' | : the configuration of the log cannot be read: ",
                "an unknown appender | sed -i s/StandardOutput/StandardInput/ 'lög.xml' | :4: Could not create an Appender",
                "an unknown word of the pattern | sed -i s/%msg/%mgs/ 'lög.xml' | :8: [mgs] is not a valid conversion word",
                "nothing that writes | sed -i 's/ref=\"log\"/ref=\"lag\"/' 'lög.xml' | :20: Appender named [lag] could not be found"
            })
    @Tag("slow")
    @DisplayName("ends with 1 where the configuration of the log is not one, and says where")
    void logConfiguration(String name, String change, String problem) throws Exception {
        String command = "cp conf/logback.xml 'lög.xml'; " + change
                + "\nORGMILTER_LOGBACK='lög.xml' exec bin/orgmilter serve --allow-root --config none.conf";
        assertThat(run(command, Map.of(), 1).lines())
                .isNotEmpty()
                .allMatch(line -> line.startsWith("lög.xml:")
                        && line.endsWith("; correct it, or name another file by ORGMILTER_LOGBACK"))
                .anyMatch(line -> line.startsWith("lög.xml" + problem));
    }
}
