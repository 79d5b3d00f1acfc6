package io.github.orgmilter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.verdict.Cause.Accepting;
import io.github.orgmilter.verdict.Cause.Refusing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

@DisplayName("The man page orgmilter(8)")
final class ManualTest {

    private static final Path PAGE = Path.of("src/man/orgmilter.8");

    private static String section(String name) throws IOException {
        String text = Files.readString(PAGE);
        int start = text.indexOf("\n.Sh " + name + "\n");
        assertThat(start).as(name).isNotNegative();
        int end = text.indexOf("\n.Sh ", start + 1);
        return end < 0 ? text.substring(start) : text.substring(start, end + 1);
    }

    private static Set<String> matches(String pattern, String text) {
        return Pattern.compile(pattern, Pattern.MULTILINE)
                .matcher(text)
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The commands with options of their own, by the words that call them. */
    private static Map<String, CommandSpec> commands() {
        Map<String, CommandSpec> commands = new LinkedHashMap<>();
        collect("", Main.commandLine(), commands);
        return commands;
    }

    private static void collect(String words, CommandLine command, Map<String, CommandSpec> commands) {
        if (command.getSubcommands().isEmpty()) {
            commands.put(words.strip(), command.getCommandSpec());
        }
        command.getSubcommands().forEach((name, subcommand) -> {
            if (!subcommand.getCommandSpec().usageMessage().hidden()) {
                collect(words + " " + name, subcommand, commands);
            }
        });
    }

    /** As mdoc writes them: {@code -config Ar file}, without those that every command has. */
    private static Set<String> options(CommandSpec command) {
        return command.options().stream()
                .filter(option -> !option.usageHelp() && !option.versionHelp() && !option.hidden())
                .map(ManualTest::option)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String option(OptionSpec option) {
        String name = option.longestName().substring(1);
        return option.arity().max() == 0
                ? name
                : name + " Ar " + option.paramLabel().toLowerCase(Locale.ROOT);
    }

    @Test
    @DisplayName("has a synopsis for every command, with all its options and no other")
    void synopsis() throws IOException {
        Map<String, Set<String>> described = new LinkedHashMap<>();
        for (String usage : section("SYNOPSIS").split("\n\\.Nm\n")) {
            List<String> lines = usage.lines().toList();
            if (!lines.isEmpty() && lines.get(0).startsWith(".Cm ")) {
                described.put(
                        lines.get(0).substring(".Cm ".length()).replace("Cm ", ""),
                        matches("^\\.(?:Op )?Fl (-[a-z-]+(?: Ar [a-z]+)?)(?: \\.\\.\\.)?$", usage));
            }
        }
        Map<String, Set<String>> expected = new LinkedHashMap<>();
        commands().forEach((words, command) -> expected.put(words, options(command)));
        assertThat(described).isEqualTo(expected);
    }

    @Test
    @DisplayName("puts in brackets what may be left out, and nothing else")
    void optional() throws IOException {
        String synopsis = section("SYNOPSIS");
        commands()
                .forEach((words, command) -> command.options().stream()
                        .filter(option -> !option.usageHelp() && !option.versionHelp() && !option.hidden())
                        .forEach(option -> assertThat(synopsis)
                                .as(words)
                                .containsPattern("\\.Cm " + words.replace(" ", " (?:Cm )?")
                                        + "\n(?:\\.(?:Fl|Op|Ar).*\n)*" + (option.required() ? "\\.Fl " : "\\.Op Fl ")
                                        + option(option) + "\\b")));
    }

    @Test
    @DisplayName("describes every command and each of its options, and no other")
    void description() throws IOException {
        String text = section("DESCRIPTION");
        List<MatchResult> items = Pattern.compile("^\\.It Cm ((?:[a-z-]|Cm| )+)\n", Pattern.MULTILINE)
                .matcher(text.substring(0, text.indexOf("\n.Ss ")))
                .results()
                .toList();
        Map<String, Set<String>> described = new LinkedHashMap<>();
        for (int i = 0; i < items.size(); i++) {
            int end =
                    i + 1 < items.size() ? items.get(i + 1).start() : text.indexOf("\n.Pp\nOptions without a command");
            described.put(
                    items.get(i).group(1).replace("Cm ", ""),
                    matches(
                            "^\\.It Fl (-[a-z-]+(?: Ar [a-z]+)?)$",
                            text.substring(items.get(i).end(), end)));
        }
        Map<String, Set<String>> expected = new LinkedHashMap<>();
        commands().forEach((words, command) -> expected.put(words, options(command)));
        assertThat(described).isEqualTo(expected);
        assertThat(matches(
                        "^\\.It Fl ([a-zA-Z]) , Fl -[a-z]+$",
                        text.substring(text.indexOf("\nOptions without a command"))))
                .isEqualTo(Set.of("h", "V"));
    }

    @Test
    @DisplayName("explains every cause that a verdict can have, and no other")
    void causes() throws IOException {
        String text = section("DESCRIPTION");
        Set<String> described = Pattern.compile("^\\.It Cm (.+)$", Pattern.MULTILINE)
                .matcher(text.substring(text.indexOf("\nAn accepted recipient")))
                .results()
                .flatMap(match -> Stream.of(match.group(1).split(" , ")))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> expected = Stream.concat(
                        Stream.of(Accepting.values()).map(Accepting::key),
                        Stream.of(Refusing.values()).map(Refusing::key))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(described).isEqualTo(expected);
    }

    @Test
    @DisplayName("and docs/rules.md explain the same causes")
    void causesOfTheRules() throws IOException {
        String rules = Files.readString(Path.of("docs/rules.md"));
        Set<String> accepted = matches("^\\| `([a-z-]+)` \\|", between(rules, "### 10.1 ", "### 10.2 "));
        Set<String> refused = matches("^\\| `([a-z-]+)` \\|", between(rules, "### 10.2 ", "### 10.3 "));
        assertThat(accepted).isEqualTo(keys(Stream.of(Accepting.values()).map(Accepting::key)));
        assertThat(refused).isEqualTo(keys(Stream.of(Refusing.values()).map(Refusing::key)));
        assertThat(matches("^\\| `([a-z-]+)` \\|.*\\| tempfail \\|$", rules))
                .isEqualTo(keys(Stream.of(Refusing.values())
                        .filter(Refusing::isTemporary)
                        .map(Refusing::key)));
    }

    private static Set<String> keys(Stream<String> keys) {
        return keys.collect(Collectors.toCollection(TreeSet::new));
    }

    private static String between(String text, String start, String end) {
        assertThat(text).contains(start, end);
        return text.substring(text.indexOf(start), text.indexOf(end));
    }

    @Test
    @DisplayName("and the other documents name commands and options that exist")
    void commandsOfTheDocuments() throws IOException {
        Map<String, CommandSpec> commands = commands();
        try (Stream<Path> docs = Files.walk(Path.of("docs"))) {
            for (Path page : Stream.concat(
                            docs,
                            Stream.of("README.md", "CONTRIBUTING.md", "SECURITY.md")
                                    .map(Path::of))
                    .filter(file -> file.toString().endsWith(".md"))
                    .toList()) {
                String text = Files.readString(page).replace("\\\n", " ");
                Pattern.compile("(?:^|`|\\bbin/| && )orgmilter ([a-z][a-z-]+)([^`\n#]*)", Pattern.MULTILINE)
                        .matcher(text)
                        .results()
                        .forEach(call -> {
                            assertThat(commands.keySet().stream().map(words -> words.split(" ")[0]))
                                    .as(page + ": " + call.group())
                                    .contains(call.group(1));
                            Set<String> options = commands.entrySet().stream()
                                    .filter(command ->
                                            command.getKey().split(" ")[0].equals(call.group(1)))
                                    .flatMap(command -> command.getValue().options().stream())
                                    .flatMap(option -> Stream.of(option.names()))
                                    .collect(Collectors.toSet());
                            assertThat(options)
                                    .as(page + ": " + call.group())
                                    .containsAll(matches("(--[a-z-]+)", call.group(2)));
                        });
            }
        }
    }

    @Test
    @DisplayName("and docs/operating.md explain the same keys of log lines, which are all that there are")
    void logKeys() throws IOException {
        Set<String> written = new TreeSet<>(Set.of("session"));
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            for (Path file :
                    files.filter(any -> any.toString().endsWith(".java")).toList()) {
                written.addAll(
                        matches("\\badd(?:Text|Address)?\\((?:Form\\.PLAIN, )?\"([a-z-]+)\",", Files.readString(file)));
            }
        }
        String table = between(Files.readString(Path.of("docs/operating.md")), "## The log", "## Metrics");
        Set<String> documented = matches("^\\| (`[a-z-]+`(?:, `[a-z-]+`)*) \\|", table).stream()
                .flatMap(keys -> Stream.of(keys.replace("`", "").split(", ")))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(documented).isEqualTo(written);
        String page = between(section("DESCRIPTION"), "\n.Ss The log", "\nAn accepted recipient");
        Set<String> described = matches("^\\.It Cm (.+)$", page).stream()
                .flatMap(keys -> Stream.of(keys.split(" , ")))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(described).isEqualTo(written);
    }

    @Test
    @DisplayName("names the variables that the start script reads")
    void environment() throws IOException {
        Set<String> read = matches("\\$\\{([A-Z_]+)", Files.readString(Path.of("src/main/bin/orgmilter")));
        assertThat(matches("^\\.It Ev ([A-Z_]+)", section("ENVIRONMENT"))).containsAll(read);
        assertThat(read).contains("JAVA_HOME");
    }
}
