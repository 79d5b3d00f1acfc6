package io.github.orgmilter.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.orgmilter.identity.EnvelopeAddress.Mailbox;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("An address that is read again from its text")
final class ReadingTest {

    private static final int ROUNDS = 200_000;
    private static final List<String> PIECES = List.of(
            "<",
            ">",
            "@",
            "@",
            "\"",
            "\\",
            "[",
            "]",
            " ",
            ",",
            ":",
            "%",
            "!",
            "a",
            "b",
            ".",
            "postmaster",
            "contoso.com",
            "[192.0.2.1]",
            "\u00e4",
            "\u00ad",
            "\ufffd",
            "\t");

    static Stream<Arguments> spellings() {
        // spotless:off
        return Stream.of(
                arguments("<a@contoso.com>", Reading.PLAIN),
                arguments("a@contoso.com", Reading.PLAIN),
                arguments("<>", Reading.PLAIN),
                arguments("", Reading.PLAIN),
                arguments("<postmaster>", Reading.PLAIN),
                arguments("<\"a b\"@contoso.com>", Reading.PLAIN),
                arguments("<@hop:a@contoso.com> SIZE=5", Reading.PLAIN),
                arguments("<a@contoso.com>b@outside.example", Reading.NO_DOMAIN),
                arguments("<>b@outside.example", Reading.NO_DOMAIN),
                arguments("a@b\\", Reading.NO_DOMAIN),
                arguments("abc\\", Reading.UNQUALIFIED),
                arguments("<a@contoso.com", Reading.MALFORMED),
                arguments("<a\t@contoso.com>", Reading.PLAIN));
        // spotless:on
    }

    @ParameterizedTest(name = "{0} is {1}", quoteTextArguments = false)
    @MethodSource("spellings")
    void known(String argument, Reading reading) {
        assertThat(Reading.of(EnvelopeAddress.parse(argument), false)).isEqualTo(reading);
        assertThat(Reading.of(reading.key())).contains(reading);
    }

    @Tag("slow")
    @Test
    @DisplayName("decides as the first one did, however odd it is")
    void same() {
        Random random = new Random(17);
        for (int round = 0; round < ROUNDS; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(10); i >= 0; i--) {
                text.append(PIECES.get(random.nextInt(PIECES.size())));
            }
            byte[] octets = text.toString().getBytes(StandardCharsets.UTF_8);
            if (octets.length > 0 && random.nextInt(10) == 0) {
                octets[random.nextInt(octets.length)] = (byte) 0xff; // no UTF-8
            }
            same(EnvelopeAddress.parse(octets), false);
            same(EnvelopeAddress.ofInternal(octets), true);
        }
    }

    private static void same(EnvelopeAddress first, boolean internal) {
        EnvelopeAddress again = Reading.of(first, internal).read(first.text(), internal);
        assertThat(again).hasSameClassAs(first);
        if (first instanceof Mailbox one && again instanceof Mailbox other) {
            assertThat(other.text()).isEqualTo(one.text());
            assertThat(other.domain()).as(one.toString()).isEqualTo(one.domain());
            assertThat(other.mapped()).isEqualTo(one.mapped());
            assertThat(other.qualified()).isEqualTo(one.qualified());
            assertThat(other.isPostmaster()).isEqualTo(one.isPostmaster());
            assertThat(isUncertain(other)).as(one.toString()).isEqualTo(isUncertain(one));
            if (one.domain().isPresent() || !one.qualified()) { // else it is never inbound (docs/rules.md, 6)
                assertThat(other.hasRoutingCharacters()).as(one.toString()).isEqualTo(one.hasRoutingCharacters());
            }
        }
    }

    // docs/rules.md, 5.2, where the MTA reports no domain
    private static boolean isUncertain(Mailbox mailbox) {
        boolean plain = mailbox.domain().isPresent() || mailbox.isLiteral() || !mailbox.qualified();
        return mailbox.hasRoutingCharacters() || !plain;
    }
}
