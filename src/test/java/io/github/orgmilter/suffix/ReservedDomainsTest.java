package io.github.orgmilter.suffix;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.identity.InvalidValueException;
import io.github.orgmilter.organization.AcceptedDomain;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReservedDomainsTest {

    // spotless:off
    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(textBlock = """
            # reserved,                          claim,                  is
            gmail.com,                           gmail.com,              "gmail.com" is reserved
            gmail.com,                           gmail.com +,            "gmail.com" is reserved
            gmail.com,                           mail.gmail.com,         -
            gmail.com,                           notgmail.com,           -
            gmail.com,                           contoso.com +,          -
            hoster.example +,                    hoster.example,         "hoster.example" is reserved
            hoster.example +,                    a.b.hoster.example,     "a.b.hoster.example" is reserved
            hoster.example +,                    shoster.example,        -
            mail.hoster.example,                 hoster.example,         -
            mail.hoster.example,                 hoster.example +,       '"hoster.example" with its subdomains includes "mail.hoster.example", which is reserved'
            a.b.hoster.example +,                hoster.example +,       '"hoster.example" with its subdomains includes "a.b.hoster.example", which is reserved'
            hoster.example hoster.example +,     a.hoster.example,       "a.hoster.example" is reserved
            hoster.example + hoster.example,     a.hoster.example,       "a.hoster.example" is reserved
            '',                                  gmail.com,              -
            """, quoteCharacter = '\'')
    // spotless:on
    void isReserved(String reserved, String claim, String problem) throws InvalidValueException {
        ReservedDomains domains = ReservedDomains.of(domains(reserved));
        assertThat(domains.problem(domains(claim).get(0))
                        .map(InvalidValueException::problem)
                        .orElse("-"))
                .isEqualTo(problem);
    }

    // A + behind a domain is for its subdomains.
    private static List<AcceptedDomain> domains(String text) throws InvalidValueException {
        List<AcceptedDomain> domains = new ArrayList<>();
        for (String word :
                text.isEmpty() ? new String[0] : text.replace(" +", "+").split(" ")) {
            domains.add(new AcceptedDomain(DomainName.parse(word.replace("+", "")), word.endsWith("+")));
        }
        return domains;
    }
}
