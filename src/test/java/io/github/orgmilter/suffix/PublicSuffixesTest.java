package io.github.orgmilter.suffix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.orgmilter.identity.CertificateNamePattern;
import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.identity.InvalidValueException;
import io.github.orgmilter.organization.AcceptedDomain;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PublicSuffixesTest {

    private static final PublicSuffixes SUFFIXES = PublicSuffixes.builtIn();

    // spotless:off
    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(textBlock = """
            # domain,               with subdomains, without
            co.uk,                  suffix,          suffix
            com.au,                 suffix,          suffix
            公司.cn,                suffix,          suffix
            xn--55qx5d.cn,          suffix,          suffix
            contoso.com,            -,               -
            contoso.co.uk,          -,               -
            contoso.internal,       -,               -
            deep.contoso.co.uk,     -,               -
            # every name below *.ck is one, but for !www.ck
            contoso.ck,             suffix,          suffix
            shop.contoso.ck,        -,               -
            www.ck,                 -,               -
            kawasaki.jp,            includes,        -
            city.kawasaki.jp,       -,               -
            other.kawasaki.jp,      suffix,          suffix
            # a registry has suffixes below suffixes
            k12.ma.us,              suffix,          suffix
            pvt.k12.ma.us,          suffix,          suffix
            # those of hosters, and what hosters have above theirs
            github.io,              suffix,          suffix
            blogspot.com,           suffix,          suffix
            contoso.github.io,      -,               -
            amazonaws.com,          -,               -
            """)
    // spotless:on
    void isASuffixOrIncludesSome(String domain, String withSubdomains, String without) throws InvalidValueException {
        assertThat(problem(domain, true)).isEqualTo(withSubdomains);
        assertThat(problem(domain, false)).isEqualTo(without);
    }

    private static String problem(String domain, boolean subdomains) throws InvalidValueException {
        return SUFFIXES.problem(new AcceptedDomain(DomainName.parse(domain), subdomains))
                .map(problem -> problem.problem().contains("is a public suffix") ? "suffix" : "includes")
                .orElse("-");
    }

    @ParameterizedTest
    @CsvSource({
        "*.co.uk, true",
        "*.github.io, true",
        "*.kawasaki.jp, true",
        "*.contoso.co.uk, false",
        "*.contoso.com, false",
        "co.uk, false"
    })
    void aCertificateNameIsForServersOfAnybody(String pattern, boolean anybody) throws InvalidValueException {
        assertThat(SUFFIXES.problem(CertificateNamePattern.parse(pattern)).isPresent())
                .isEqualTo(anybody);
    }

    @Test
    void theListIsWhole() {
        SuffixList list = SUFFIXES.lists().get(0);
        assertThat(list.names()).hasSizeGreaterThan(9_000).doesNotContain("");
        assertThat(list.wildcards()).hasSizeGreaterThan(50).doesNotContain("");
        assertThat(list.exceptions()).hasSizeGreaterThan(5).doesNotContain("");
    }

    @Test
    void whatIsNoDomainNameIsSkipped() throws InvalidValueException {
        SuffixList list = SuffixList.parse(Stream.concat(
                Stream.of(" // not a comment", "foo.*.example", "", "a.example trailing", "*", "!"),
                IntStream.range(0, 1_000).mapToObj(i -> "s" + i + ".example")));
        assertThat(list.names()).hasSize(1_001).contains("a.example");
        assertThat(list.wildcards()).isEmpty();
        assertThat(list.exceptions()).isEmpty();
    }

    @Test
    void anotherKindOfTextIsNoList() {
        assertThatThrownBy(() -> SuffixList.parse(Stream.of("contoso.com", "co.uk")))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("not a public suffix list");
    }
}
