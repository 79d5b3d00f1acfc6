package io.github.orgmilter.header;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.header.FromDomains.Syntax;
import io.github.orgmilter.header.FromTable.Row;
import io.github.orgmilter.identity.DomainName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("The domains of From fields")
final class FromDomainsTest {

    static List<Row> rows() throws IOException {
        List<Row> rows = FromTable.rows();
        assertThat(rows).hasSizeGreaterThan(200); // or the table is not read any more
        return rows;
    }

    private static FromDomains from(List<byte[]> fields) {
        HeaderFields header = new HeaderFields(Set.of(FieldName.FROM), 1000, 1024 * 1024);
        fields.forEach(field -> header.add("From".getBytes(StandardCharsets.US_ASCII), field));
        assertThat(header.isPastLimit()).isFalse();
        return header.from();
    }

    private static FromDomains from(String field) {
        return from(List.of(field.getBytes(StandardCharsets.UTF_8)));
    }

    private static Set<String> names(FromDomains from) {
        return from.domains().stream().map(DomainName::ascii).collect(Collectors.toSet());
    }

    @ParameterizedTest(name = "{0}", quoteTextArguments = false)
    @MethodSource("rows")
    @DisplayName("are those of the table")
    void table(Row row) {
        FromDomains from = from(row.fields());
        assertThat(names(from)).isEqualTo(row.domains());
        assertThat(from.syntax()).isEqualTo(row.syntax());
    }

    @ParameterizedTest(name = "{0}", quoteTextArguments = false)
    @MethodSource("rows")
    @DisplayName("hold whatever the parser of Apache Mime4j finds in a field that is valid or nearly so")
    void judged(Row row) {
        for (byte[] field : row.fields()) {
            FromDomains from = FromDomains.of(field);
            if (from.syntax() != Syntax.INVALID) {
                String text = FieldText.unfold(new String(field, StandardCharsets.UTF_8));
                Mime4j.domains(text).ifPresent(found -> assertThat(names(from)).containsAll(found));
            }
        }
    }

    static Stream<Arguments> large() {
        String many = IntStream.range(0, 2000)
                .mapToObj(i -> "a" + i + "@d" + i + ".example")
                .collect(Collectors.joining(",\n "));
        String padding = "x".repeat(64 * 1024);
        return Stream.of(
                Arguments.of("two thousand mailboxes", many, 2000, Syntax.VALID),
                Arguments.of("and something wrong at their end", many + ",<", 2000, Syntax.INVALID),
                Arguments.of("64 KiB of display name", padding + " <a@contoso.com>", 1, Syntax.VALID),
                Arguments.of("64 KiB of local part", padding + "@contoso.com", 1, Syntax.VALID),
                Arguments.of("64 KiB of comment", "(" + padding + ") a@contoso.com", 1, Syntax.VALID),
                Arguments.of("64 KiB of domain", "a@contoso.com, a@" + padding + ".example", 1, Syntax.INVALID),
                Arguments.of(
                        "comments 30,000 deep",
                        "(".repeat(30_000) + ")".repeat(30_000) + "a@contoso.com",
                        1,
                        Syntax.VALID),
                Arguments.of(
                        "one of them open", "(".repeat(30_001) + ")".repeat(30_000) + "a@b.example", 1, Syntax.INVALID),
                Arguments.of("30,000 empty elements", ",".repeat(30_000) + "a@contoso.com", 1, Syntax.VALID),
                Arguments.of("10,000 empty groups", "a:;,".repeat(10_000) + "a@contoso.com", 1, Syntax.VALID),
                Arguments.of("20,000 folds", "\n ".repeat(20_000) + "a@contoso.com", 1, Syntax.VALID),
                Arguments.of("60,000 at signs", "@".repeat(60_000) + "contoso.com", 1, Syntax.INVALID));
    }

    @ParameterizedTest(name = "{0}", quoteTextArguments = false)
    @MethodSource("large")
    @DisplayName("are found in a field of any size")
    void size(String what, String field, int domains, Syntax syntax) {
        FromDomains from = from(field);
        assertThat(from.domains()).hasSize(domains);
        assertThat(from.syntax()).isEqualTo(syntax);
    }

    @Test
    @DisplayName("are not there without a field, which is no mistake")
    void missing() {
        FromDomains from = from(List.of());
        assertThat(from.domains()).isEmpty();
        assertThat(from.syntax()).isEqualTo(Syntax.VALID);
    }
}
