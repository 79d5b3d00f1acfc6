package io.github.orgmilter.console;

import static io.github.orgmilter.policy.PolicyFixture.connector;
import static io.github.orgmilter.policy.PolicyFixture.service;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.organization.AcceptedDomain;
import io.github.orgmilter.organization.Connector;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.policy.Policy;
import io.github.orgmilter.policy.PolicyFixture;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The search for organizations")
final class OrganizationSearchTest {

    private static final Policy POLICY = service()
            .organization("Contoso", List.of("contoso.com", "contoso.net and below"), connector("hq", "login a"))
            .organization("sub-contoso", List.of("other.example"), connector("hq", "login b"))
            .organization("contoso.com", List.of("third.example"), connector("hq", "login c"))
            .customer("a-customer", List.of("customer.example"), connector("hq", "login d"))
            .customer("b-customer", List.of("xn--bcher-kva.example"), connector("hq", "login e"))
            .policy();
    private static final Policy UNICODE = service()
            .organization("books", List.of("xn--bcher-kva.example", "books.example"), connector("hq", "login a"))
            .customer("road", List.of("plain.example", "shop.οδος.example"), connector("hq", "login b"))
            .customer("Straßen", List.of("straße.example"), connector("hq", "login c"))
            .customer("Bücher", List.of("reading.example"), connector("hq", "login d"))
            .policy();
    private static final Policy MANY = many();

    private static List<String> names(String wanted, int most) {
        return OrganizationSearch.find(POLICY, wanted, true, most).organizations().stream()
                .map(Organization::name)
                .toList();
    }

    @ParameterizedTest(name = "\"{0}\": {1}")
    @CsvSource({
        "Contoso,Contoso sub-contoso contoso.com",
        "CONTOSO,Contoso sub-contoso contoso.com",
        "contoso.com,contoso.com Contoso",
        "mail.contoso.net,Contoso",
        "CUSTOMER,a-customer b-customer",
        "bücher.example,b-customer",
        "third,contoso.com",
        "nobody,",
        "<b>,"
    })
    @DisplayName(
            "finds by name and domain, exactly, or by a part of them, whatever the case; what is exact comes first:")
    void finds(String wanted, String found) {
        assertThat(names(wanted, 10)).containsExactly(found == null ? new String[0] : found.split(" "));
    }

    @ParameterizedTest(name = "\"{0}\": {1}")
    @CsvSource({
        "Con,Contoso,false",
        "contoso.com,contoso.com Contoso,false",
        "info@mail.contoso.net,Contoso,false",
        "customer.example,a-customer,false",
        "a-,a-customer,false",
        "b,b-customer,false",
        "customer,a-customer b-customer,true",
        "OTHER,sub-contoso,true",
        "zzz,,true"
    })
    @DisplayName("looks at each organization only if the indexes have none:")
    void quickly(String wanted, String found, boolean everywhere) {
        OrganizationSearch.Found answer = OrganizationSearch.find(POLICY, wanted, false, 10);
        assertThat(answer.organizations().stream().map(Organization::name))
                .containsExactly(found == null ? new String[0] : found.split(" "));
        assertThat(answer.everywhere()).isEqualTo(everywhere);
    }

    @ParameterizedTest(name = "\"{0}\": {1}")
    @CsvSource({
        "bücher.example,books,false",
        "info@BÜCHER.example,books,false",
        "straße.example,Straßen,false",
        "Büch,Bücher,false",
        "büch,books Bücher,true",
        "ücher,books Bücher,true",
        "ÜCHER,books Bücher,true",
        "u\u0308cher,books Bücher,true",
        "bücher.exa,books,true",
        "BÜCHER.Exa,books,true",
        "ücher.example,books,true",
        "xn--bch,books,true",
        "cher-kva,books,true",
        "шоп,,true",
        "οδος,road,true",
        "ΟΔΟΣ,road,true",
        "p.Οδο,road,true",
        "raße.e,Straßen,true",
        "RAẞE.E,Straßen,true",
        "bûch,,true"
    })
    @DisplayName("finds domains by parts of their U-labels, in any case and form, and of their A-labels:")
    void unicode(String wanted, String found, boolean everywhere) {
        OrganizationSearch.Found answer = OrganizationSearch.find(UNICODE, wanted, false, 10);
        assertThat(answer.organizations().stream().map(Organization::name))
                .containsExactly(found == null ? new String[0] : found.split(" "));
        assertThat(answer.everywhere()).isEqualTo(everywhere);
    }

    @Test
    @DisplayName("ends when it has found enough")
    void bounded() {
        PolicyFixture many = service();
        for (int i = 0; i < 20; i++) {
            many.customer("customer-" + i, List.of("customer-" + i + ".example"), connector("hq", "login a" + i));
        }
        assertThat(OrganizationSearch.find(many.policy(), "customer", true, 7).organizations())
                .hasSize(7);
        assertThat(OrganizationSearch.find(many.policy(), "customer", false, 7).organizations())
                .hasSize(7);
        assertThat(names("e", 1)).hasSize(1);
    }

    @ParameterizedTest(name = "\"{0}\", at most {1}")
    @CsvSource({
        "99,5",
        "99,1000",
        "-1,50",
        "ÜBER,50",
        "ü,1200",
        "ΝΉΣΟΣ-1,50",
        ".TEST,1200",
        "13.example,3",
        "σ,50",
        "nobody,50"
    })
    @DisplayName("finds, among many, what a look at one after the other finds, in the same order:")
    void many(String wanted, int most) {
        String upper = wanted.toUpperCase(Locale.ROOT);
        List<Organization> expected = MANY.organizations().stream()
                .filter(each -> Stream.concat(
                                Stream.of(each.name()),
                                each.acceptedDomains().stream()
                                        .map(AcceptedDomain::domain)
                                        .flatMap(domain -> Stream.of(domain.ascii(), domain.unicode())))
                        .anyMatch(text -> text.toUpperCase(Locale.ROOT).contains(upper)))
                .limit(most)
                .toList();
        assertThat(OrganizationSearch.find(MANY, wanted, true, most).organizations())
                .containsExactlyElementsOf(expected);
    }

    /** Files and a directory, names and domains in several scripts and cases, and from one to four domains each. */
    private static Policy many() {
        List<String> names = List.of("customer-", "Über-", "ΟΔΟΣ-", "İzmir-");
        List<String> labels = List.of("d", "e", "bücher", "f", "νήσος", "g", "h");
        PolicyFixture many = service();
        for (int i = 0; i < 1300; i++) {
            int number = i;
            List<String> domains = IntStream.rangeClosed(0, i % 4)
                    .mapToObj(place -> labels.get(number % labels.size()) + "-" + place + "-" + number
                            + (place % 2 == 0 ? ".example" : ".test"))
                    .toList();
            String name = names.get(i % names.size()) + i;
            Connector login = connector("hq", "login a" + i);
            many = i % 100 == 0 ? many.organization(name, domains, login) : many.customer(name, domains, login);
        }
        return many.policy();
    }
}
