package io.github.orgmilter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("The documents")
final class DocumentsTest {

    private static final int README_OCTETS = 9 * 1024;
    private static final Path RULES = Path.of("docs/rules.md");
    private static final Path MTA_BEHAVIOUR = Path.of("docs/mta-behaviour.md");

    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} (.+)$");
    private static final Pattern TEST_CLASS = Pattern.compile("\\b[A-Z][a-z][A-Za-z]*(?:Test|IT|Fuzz)\\b");

    /** All pages that link to each other: those at the top, and the folders with pages. */
    static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>();
        for (String folder : List.of("docs", "postfix-example")) {
            try (Stream<Path> files = Files.walk(Path.of(folder))) {
                files.filter(file -> file.toString().endsWith(".md")).forEach(pages::add);
            }
        }
        try (Stream<Path> files = Files.list(Path.of(""))) {
            files.filter(file -> file.toString().endsWith(".md")).forEach(pages::add);
        }
        return pages;
    }

    private static String prose(Path page) throws IOException {
        return Files.readString(page).replaceAll("(?ms)^```.*?^```$", "");
    }

    /** The anchors that GitHub gives the headings of a page. */
    private static Set<String> anchors(Path page) throws IOException {
        Set<String> anchors = new TreeSet<>();
        Map<String, Integer> seen = new HashMap<>();
        HEADING.matcher(prose(page)).results().map(heading -> heading.group(1)).forEach(heading -> {
            String slug = heading.replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1")
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("[^\\p{L}\\p{N}_ -]", "")
                    .replace(' ', '-');
            int count = seen.merge(slug, 1, Integer::sum);
            anchors.add(count == 1 ? slug : slug + "-" + (count - 1));
        });
        return anchors;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pages")
    @DisplayName("link to pages, files and headings that exist")
    void links(Path page) throws IOException {
        List<String> broken = new ArrayList<>();
        for (MatchResult link : LINK.matcher(prose(page)).results().toList()) {
            String target = link.group(1);
            if (target.matches("[a-z]+:.*")) {
                continue;
            }
            String[] parts = target.split("#", 2);
            Path file =
                    parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
            boolean found = Files.exists(file)
                    && (parts.length == 1
                            || (Files.isRegularFile(file) && anchors(file).contains(parts[1])));
            if (!found) {
                broken.add(target);
            }
        }
        assertThat(broken).as(page.toString()).isEmpty();
    }

    @Test
    @DisplayName("begin with a README that can be read in one go")
    void readme() throws IOException {
        assertThat(Files.size(Path.of("README.md"))).isLessThanOrEqualTo(README_OCTETS);
    }

    @Test
    @DisplayName("list every decision by its number and title")
    void decisions() throws IOException {
        String index = Files.readString(Path.of("docs/decisions/README.md"));
        List<String> records = new ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of("docs/decisions"))) {
            for (Path file : files.filter(any -> any.getFileName().toString().matches("[0-9]{4}-.*\\.md"))
                    .sorted()
                    .toList()) {
                String title = Files.readAllLines(file).get(0).substring("# ".length());
                records.add("- [" + title + "](" + file.getFileName() + ")");
            }
        }
        assertThat(index.lines().filter(line -> line.startsWith("- ["))).containsExactlyElementsOf(records);
    }

    @Test
    @DisplayName("number the rules one after the other")
    void numbers() throws IOException {
        List<String> numbers = Pattern.compile("(?m)^#{2,3} ([0-9.]+) ")
                .matcher(prose(RULES))
                .results()
                .map(heading -> heading.group(1))
                .toList();
        int section = 0;
        int part = 0;
        for (String number : numbers) {
            boolean whole = !number.contains(".");
            section += whole ? 1 : 0;
            part = whole ? 0 : part + 1;
            assertThat(number).isEqualTo(whole ? String.valueOf(section) : section + "." + part);
        }
        assertThat(section).isGreaterThanOrEqualTo(12);
    }

    @Test
    @DisplayName("name rules by numbers that exist")
    void ruleNumbers() throws IOException {
        Set<String> known = Pattern.compile("(?m)^#{2,3} ([0-9.]+) ")
                .matcher(prose(RULES))
                .results()
                .map(heading -> heading.group(1))
                .collect(Collectors.toSet());
        for (Path page : pages()) {
            Pattern.compile("\\brules? ([0-9]+(?:\\.[0-9]+)?)")
                    .matcher(Files.readString(page))
                    .results()
                    .forEach(rule -> assertThat(known).as(page.toString()).contains(rule.group(1)));
        }
    }

    @Test
    @DisplayName("name test classes that exist")
    void testClasses() throws IOException {
        Set<String> known = sources().keySet();
        for (Path page : pages()) {
            Set<String> named = TEST_CLASS
                    .matcher(prose(page))
                    .results()
                    .map(MatchResult::group)
                    .collect(Collectors.toCollection(TreeSet::new));
            assertThat(known).as(page.toString()).containsAll(named);
        }
    }

    @Test
    @DisplayName("name, for each fact about an MTA, tests and rows that exist, or say that there is none")
    void facts() throws IOException {
        Map<String, String> sources = sources();
        String tests = String.join("\n", sources.values());
        List<String> facts = Files.readAllLines(MTA_BEHAVIOUR).stream()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| fact |"))
                .toList();
        assertThat(facts).hasSizeGreaterThan(40);
        for (String fact : facts) {
            String shownBy = fact.replaceFirst("\\s*\\|$", "");
            shownBy = shownBy.substring(shownBy.lastIndexOf(" | ") + 3);
            assertThat(shownBy.contains("**no test**")
                            || TEST_CLASS.matcher(shownBy).find()
                            || shownBy.contains("`Scenarios`"))
                    .as(fact)
                    .isTrue();
            Pattern.compile("\"([^\"]+)\"|`([a-zA-Z_]+)`")
                    .matcher(shownBy.replace("`Scenarios`", "").replaceAll("`(?:unix|\\{)[^`]*`", ""))
                    .results()
                    .map(named -> named.group(1) == null ? named.group(2) : named.group(1))
                    .filter(named -> !sources.containsKey(named))
                    .forEach(named -> assertThat(tests).as(fact).contains(named));
        }
    }

    /** The tests of both projects by their class names, with the breaks in their literals taken out. */
    private static Map<String, String> sources() throws IOException {
        Map<String, String> sources = new HashMap<>();
        for (String folder : List.of("src/test/java", "integration-tests/src/test/java")) {
            try (Stream<Path> files = Files.walk(Path.of(folder))) {
                for (Path file :
                        files.filter(any -> any.toString().endsWith(".java")).toList()) {
                    String name = String.valueOf(file.getFileName()).replace(".java", "");
                    sources.put(name, Files.readString(file).replaceAll("\"\\s*\\+\\s*\"", ""));
                }
            }
        }
        return sources;
    }

    @Test
    @DisplayName("list no library in the package's copyright that is not there, and none is there that nothing uses")
    void libraries() throws IOException {
        List<String> jars = Stream.of(
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                                .split(File.pathSeparator))
                .map(entry -> Path.of(entry).getFileName().toString())
                .toList();
        String copyright = Files.readString(Path.of("src/deb/copyright"));
        assertThat(Pattern.compile("usr/share/orgmilter/lib/(\\S+-)\\*\\.jar")
                        .matcher(copyright)
                        .results()
                        .map(library -> library.group(1)))
                .hasSizeGreaterThan(10)
                .allSatisfy(prefix -> assertThat(jars).anyMatch(jar -> jar.startsWith(prefix)));
        assertThat(jars).noneMatch(jar -> jar.matches(".*(compression|marshalling|protobuf|otel|httpserver).*"));
    }
}
