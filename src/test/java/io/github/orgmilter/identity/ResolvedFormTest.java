package io.github.orgmilter.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** docs/rules.md, section 6.2: the form to which the MTA resolved an address. */
class ResolvedFormTest {

    @ParameterizedTest(name = "{0}: {1} ends at \"{2}\"", quoteTextArguments = false)
    @MethodSource
    void endsAtItsLastAtSign(String what, String address, String domain) {
        assertThat(ResolvedForm.of(address, false)
                        .domain()
                        .map(DomainName::ascii)
                        .orElse(""))
                .isEqualTo(domain);
    }

    static Stream<Arguments> endsAtItsLastAtSign() {
        // spotless:off
        return Stream.of(
                arguments("a plain address", "u@Contoso.com", "contoso.com"),
                arguments("a trailing dot", "u@contoso.com.", "contoso.com"),
                arguments("a U-label domain", "u@müller.de", "xn--mller-kva.de"),
                arguments("internal form with an at sign", "u@evil.example@contoso.com", "contoso.com"),
                arguments("external form with an at sign", "\"u@evil.example\"@contoso.com", "contoso.com"),
                arguments("no user", "@contoso.com", "contoso.com"),
                arguments("a bare user", "u", ""),
                arguments("nothing", "", ""),
                arguments("no domain", "u@", ""),
                arguments("a literal", "u@[192.0.2.1]", ""),
                arguments("a bracket too many", "<u@contoso.com>", ""),
                arguments("an odd domain", "u@evil.example .contoso.com", ""),
                arguments("an empty label", "u@.contoso.com", ""));
        // spotless:on
    }

    @Test
    void isTheSameWhateverWasResolved() {
        Random random = new Random(6);
        String[] parts = {
            "a",
            "@",
            "@",
            "contoso.com",
            "Contoso.com",
            "\"",
            ".",
            "%",
            "x",
            "m\u00fcller.de",
            "con\u00adtoso.com",
            "[",
            "]",
            " "
        };
        for (int i = 0; i < 100_000; i++) {
            String given = random(random, parts);
            String address = random.nextInt(3) == 0 ? given : random(random, parts);
            for (EnvelopeAddress of : List.of(
                    EnvelopeAddress.parse("<" + given + ">"),
                    EnvelopeAddress.parse(given),
                    EnvelopeAddress.ofInternal(given.getBytes(StandardCharsets.UTF_8)))) {
                assertThat(ResolvedForm.of(of, address, true))
                        .as("%s resolved to %s", of, address)
                        .isEqualTo(ResolvedForm.of(address, true));
            }
        }
    }

    private static String random(Random random, String... parts) {
        StringBuilder text = new StringBuilder("a@");
        int count = random.nextInt(6);
        for (int i = 0; i < count; i++) {
            text.append(parts[random.nextInt(parts.length)]);
        }
        return text.toString();
    }

    @Test
    void knowsWhetherTheMtaDeliversItItself() {
        assertThat(ResolvedForm.of("root", true).local()).isTrue();
        assertThat(ResolvedForm.of("root@mx1.example.net", false).local()).isFalse();
    }
}
