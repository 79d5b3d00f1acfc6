package io.github.orgmilter.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.directory.DirectorySettings;
import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.identity.InvalidValueException;
import io.github.orgmilter.organization.AcceptedDomain;
import io.github.orgmilter.rows.RowRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a configuration keeps the rows of its directory from claiming. */
class ClaimRulesTest {

    private static final String DIRECTORY = """
            directory { url = "jdbc:postgresql://127.0.0.1/mail", queries { settings = "SELECT" } }
            """;

    @TempDir
    private Path folder;

    private Configuration load(String text) throws IOException, ConfigurationException {
        Path file = folder.resolve("orgmilter.conf");
        Files.writeString(file, DIRECTORY + text);
        return Configuration.load(file);
    }

    private static RowRules rules(Configuration configuration) {
        return configuration
                .settings()
                .directory()
                .map(DirectorySettings::rules)
                .orElseThrow();
    }

    private static AcceptedDomain domain(String name) throws InvalidValueException {
        return new AcceptedDomain(DomainName.parse(name), false);
    }

    // spotless:off
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                                                                                             | gmail.com | true
                                                                                             | a.hoster.example | false
        directory.reserved-domains += { domain = "hoster.example", subdomains = true }       | gmail.com | true
        directory.reserved-domains += { domain = "hoster.example", subdomains = true }       | a.hoster.example | true
        directory.reserved-domains = [ "hoster.example" ]                                    | gmail.com | false
        directory.reserved-domains = [ "hoster.example" ]                                    | hoster.example | true
        directory.reserved-domains = []                                                      | gmail.com | false
        """)
    // spotless:on
    void theListCanBeReplacedAndExtended(String text, String claim, boolean reserved) throws Exception {
        RowRules rules = rules(load(text == null ? "" : text));
        assertThat(rules.reserved().problem(domain(claim)).isPresent()).isEqualTo(reserved);
    }

    @Test
    void aFileOfPublicSuffixesAddsToThoseInTheProgram() throws Exception {
        Path list = folder.resolve("suffixes.dat");
        Files.writeString(list, suffixes("contoso.example"));
        Configuration first = load("public-suffix-file = \"suffixes.dat\"");
        assertThat(rules(first).suffixes().problem(domain("contoso.example"))).isPresent();
        assertThat(rules(first).suffixes().problem(domain("co.uk"))).isPresent();
        assertThat(rules(first).suffixes().problem(domain("fabrikam.example"))).isEmpty();

        Files.writeString(list, suffixes("fabrikam.example"));
        Configuration second = load("public-suffix-file = \"suffixes.dat\"");
        assertThat(rules(second).suffixes().problem(domain("fabrikam.example"))).isPresent();
        assertThat(second.policy().revision()).isNotEqualTo(first.policy().revision());
        assertThat(rules(second))
                .isNotEqualTo(rules(first))
                .isEqualTo(rules(load("public-suffix-file = \"suffixes.dat\"")));
    }

    private static String suffixes(String one) {
        return IntStream.range(0, 1_000).mapToObj(i -> "s" + i + ".example\n").collect(Collectors.joining()) + one;
    }
}
