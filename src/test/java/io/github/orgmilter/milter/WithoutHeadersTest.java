package io.github.orgmilter.milter;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.milter.header.HeaderAccess;
import io.github.orgmilter.milter.header.PolicyHeaderRules;
import io.github.orgmilter.net.Limits;
import io.github.orgmilter.policy.Policy;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** without-headers.txt has what was on the wire before there were rules about header fields, recorded with that version. */
@DisplayName("A session in which no rule looks at header fields")
@ExtendWith(FakeMta.Release.class)
final class WithoutHeadersTest {

    @ParameterizedTest(name = "version {0}, actions {1}, steps {2}")
    @CsvSource({"6, 0x1ff, 0x1fffff", "6, 0x13f, 0x1fffff", "6, 0x3f, 0x3ff", "2, 0x0f, 0x7f", "4, 0, 0"})
    @DisplayName("has the same octets on the wire as it always had")
    void octets(int version, String actions, String steps) throws IOException {
        assertThat(conversation(version, Integer.decode(actions), Integer.decode(steps)))
                .isEqualTo(recorded(version + " " + actions + " " + steps));
    }

    private static List<String> recorded(String name) throws IOException {
        try (InputStream in = WithoutHeadersTest.class.getResourceAsStream("/milter/without-headers.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .dropWhile(line -> !line.equals("== " + name))
                    .skip(1)
                    .takeWhile(line -> !line.startsWith("== "))
                    .toList();
        }
    }

    /** All that is answered, a line of hexadecimal octets for each frame that is sent. */
    static List<String> conversation(int version, int actions, int steps) {
        Policy policy = Policies.twoOrganizations();
        FakeMta mta = new FakeMta(
                () -> policy,
                Limits.DEFAULT,
                Policies.ROOM,
                Integer.MAX_VALUE,
                new CountsNothing(),
                Optional.empty(),
                new PolicyHeaderRules(
                        () -> policy, () -> HeaderAccess.NONE)); // the rules of the service, of which none is in use
        List<String> answers = new ArrayList<>();
        byte[] optneg = ByteBuffer.allocate(12)
                .putInt(version)
                .putInt(actions)
                .putInt(steps)
                .array();
        send(mta, answers, 'O', new String(optneg, StandardCharsets.ISO_8859_1));
        send(mta, answers, 'D', "Cv\0Postfix 3.7.11\0");
        send(mta, answers, 'C', "client\0" + "4\060\071198.51.100.3\0");
        send(mta, answers, 'H', "client\0");
        for (String recipient : List.of("b@example.net", "b@contoso.com")) {
            send(mta, answers, 'D', "Mi\0" + "4CjqCQ2W\0");
            send(mta, answers, 'M', "<a@fabrikam.com>\0");
            send(mta, answers, 'R', "<" + recipient + ">\0");
            send(mta, answers, 'T', "");
            send(mta, answers, 'L', "From\0ceo@contoso.com\0");
            send(mta, answers, 'L', "X-OrgMilter-Result");
            send(mta, answers, 'N', "");
            send(mta, answers, 'B', "x\r\n");
            send(mta, answers, 'E', "");
        }
        send(mta, answers, 'M', "<a@contoso.com>\0");
        send(mta, answers, 'R', "<b@example.net>\0");
        send(mta, answers, 'R', "\"b\0");
        send(mta, answers, 'E', "");
        send(mta, answers, 'A', "");
        send(mta, answers, 'E', "");
        send(mta, answers, 'K', "");
        send(mta, answers, 'R', "<b@example.net>\0");
        send(mta, answers, 'L', "x".repeat(70_000));
        answers.add(mta.isOpen() ? "open" : "closed");
        return answers;
    }

    private static void send(FakeMta mta, List<String> answers, char command, String payload) {
        mta.send(command, payload.getBytes(StandardCharsets.ISO_8859_1));
        StringBuilder line = new StringBuilder(command + ":");
        for (ByteBuf octets = mta.channel.readOutbound(); octets != null; octets = mta.channel.readOutbound()) {
            line.append(' ').append(ByteBufUtil.hexDump(octets));
            octets.release();
        }
        answers.add(line.toString());
    }
}
