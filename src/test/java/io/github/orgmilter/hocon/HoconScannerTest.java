package io.github.orgmilter.hocon;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HoconScannerTest {

    private static Stream<Arguments> texts() {
        return Stream.of(
                Arguments.of("nothing", "", ""),
                Arguments.of("one key", "a = 1", "a:1"),
                Arguments.of("each separator", "a = 1\nb : 2\nc += 3\nd { }\ne={}", "a:1 b:2 c:3 d:4 e:5"),
                Arguments.of("a root in braces", "{ \"a\" : 1, \"b\" : { \"c\" : null } }", "a:1 b:1 b.c:1"),
                Arguments.of("a dotted key defines its parents", "a.b.c = 1", "a:1 a.b:1 a.b.c:1"),
                Arguments.of("dots in quotes part nothing", "\"a.b\".c\"d.e\"f = 1", "a.b:1 a.b.cd.ef:1"),
                Arguments.of("blanks inside a key", " a b . c = 1", "a b :1 a b . c:1"),
                Arguments.of("escapes in a key", "\"\\\"\\\\\\u0041\\n\" = 1", "\"\\A\n:1"),
                Arguments.of("commas and newlines alike", "a = 1, b = 2\n,c = 3,\n\nd = 4", "a:1 b:1 c:2 d:4"),
                Arguments.of(
                        "comments of both kinds",
                        "# a = 1\n// b = 2\nc = 3 # d = 4\ne = x // f = 5\ng = 6",
                        "c:3 e:4 g:5"),
                Arguments.of("a comment before the brace", "a # why\n{ b = 1 }", "a:1 a.b:2"),
                Arguments.of("no comment in quotes", "a = \"# // {\"\nb = 1", "a:1 b:2"),
                Arguments.of("values on the next line", "a\n=\n1\nb\n{\nc = 2\n}", "a:1 b:4 b.c:6"),
                Arguments.of("joined values", "a = ${x} { b = 1 } { c = 2 }\nd = 3", "a:1 a.b:1 a.c:1 d:2"),
                Arguments.of(
                        "braces in text that three quotes enclose", "a = \"\"\"}\n\" { \"\"\"\"\nb = 1", "a:1 b:3"),
                Arguments.of(
                        "keys of objects in lists have no path",
                        "a = [ { b = 1 }, [ { c { d = 2 } } ]\n3, ${x} { f = 5 } ]\ne = 4",
                        "a:1 e:3"),
                Arguments.of("a substitution with a brace in quotes", "a = ${\"}\".b}\nc = 1", "a:1 c:2"),
                Arguments.of(
                        "keys that only start with include",
                        "included = 1\ninclude.a = 2\ninclude-b = 3",
                        "included:1 include:2 include.a:2 include-b:3"),
                Arguments.of("a byte order mark", "\uFEFFa = 1", "a:1"),
                Arguments.of("carriage returns", "a = 1\r\nb { c = 2 }\r\n", "a:1 b:2 b.c:2"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("texts")
    void findsKeysAndTheirLines(String name, String text, String expected) {
        List<String> keys = HoconScanner.scan(text, List.of()).keys().stream()
                .map(key -> String.join(".", key.path()) + ":" + key.line())
                .toList();
        assertThat(String.join(" ", keys)).isEqualTo(expected);
    }

    @Test
    void findsIncludesWithTheObjectTheyStandIn() {
        HoconKeys scanned = HoconScanner.scan("""
                include "a.conf"
                b {
                  include required( "c.conf" ), d = 1
                  e.f { include file("g.conf") }
                }
                include required(file("h.conf"))
                include url("http://192.0.2.1/") # include "no.conf"
                include
                  classpath("i.conf")
                j = "include \\"no.conf\\""
                """, List.of("base"));
        assertThat(scanned.includes())
                .extracting(
                        include -> include.kind() + " " + include.name() + " " + include.path() + " " + include.line())
                .containsExactly(
                        "ANY a.conf [base] 1",
                        "ANY c.conf [base, b] 3",
                        "FILE g.conf [base, b, e, f] 4",
                        "FILE h.conf [base] 6",
                        "URL http://192.0.2.1/ [base] 7",
                        "CLASSPATH i.conf [base] 8");
        assertThat(scanned.keys())
                .extracting(key -> String.join(".", key.path()))
                .containsExactly("base.b", "base.b.d", "base.b.e", "base.b.e.f", "base.j");
    }

    @Test
    void findsSubstitutionsThatMustBeDefined() {
        HoconKeys scanned = HoconScanner.scan("a = ${x.y} ${?z}\nb = [ ${ \"q\" }, \"${no}\" ] # ${no}\n", List.of());
        assertThat(scanned.substitutions())
                .containsExactly(new HoconKeys.Substitution("x.y", 1), new HoconKeys.Substitution("\"q\"", 2));
    }

    @Test
    void nestingHasALimit() {
        int most = HoconScanner.MAX_DEPTH - 1; // the root is a level, too
        assertThat(HoconScanner.scan("a=" + "[".repeat(most) + "]".repeat(most), List.of())
                        .tooDeep())
                .isFalse();
        assertThat(HoconScanner.scan("a=" + "[".repeat(most + 1), List.of()).tooDeep())
                .isTrue();
        assertThat(HoconScanner.scan("a{".repeat(1_000_000), List.of()).tooDeep())
                .isTrue();
    }

    @Tag("slow")
    @Test
    void findsEveryKeyThatTheLibraryFinds() {
        Random random = new Random(2);
        List<String> tokens = List.of(
                "a",
                "b",
                "\"c\"",
                "\"d.e\"",
                ".",
                ":",
                "=",
                "+=",
                "{",
                "}",
                "{",
                "}",
                "[",
                "]",
                ",",
                "\n",
                "\n",
                " ",
                "1",
                "# x\n",
                "// y =\n",
                "\"\"\"z = {\"\"\"",
                "\"\\\"\"");
        int accepted = 0;
        for (int i = 0; i < 60_000; i++) {
            StringBuilder text = new StringBuilder("a=");
            for (int k = random.nextInt(14); k > 0; k--) {
                text.append(tokens.get(random.nextInt(tokens.size())));
            }
            ConfigObject found;
            try {
                found = ConfigFactory.parseString(text.toString()).root();
            } catch (ConfigException e) {
                continue;
            }
            accepted++;
            Set<List<String>> written = HoconScanner.scan(text.toString(), List.of()).keys().stream()
                    .map(HoconKeys.Key::path)
                    .collect(Collectors.toSet());
            assertThat(written).as(text.toString()).containsAll(paths(List.of(), found));
        }
        assertThat(accepted).isGreaterThan(3_000);
    }

    private static List<List<String>> paths(List<String> parent, ConfigObject object) {
        List<List<String>> paths = new ArrayList<>();
        object.forEach((key, value) -> {
            List<String> path = new ArrayList<>(parent);
            path.add(key);
            paths.add(path);
            if (value instanceof ConfigObject child) {
                paths.addAll(paths(path, child));
            }
        });
        return paths;
    }

    @Test
    void endsWithAnyText() {
        Random random = new Random(1);
        String letters = "a.\"\"\"{}[]=:+,\n#/$?\\u0 include(\"file";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int k = random.nextInt(60); k > 0; k--) {
                int from = random.nextInt(letters.length());
                text.append(letters, from, Math.min(letters.length(), from + 1 + random.nextInt(3)));
            }
            HoconKeys scanned = HoconScanner.scan(text.toString(), List.of());
            int lines = (int) text.chars().filter(c -> c == '\n').count() + 1;
            assertThat(scanned.keys()).allMatch(key -> key.line() >= 1 && key.line() <= lines);
        }
    }
}
