package io.github.orgmilter.milter;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.milter.header.HeaderRules;
import io.github.orgmilter.policy.Policy;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every frame in every state has the answer that states.txt says, however its octets arrive; and whatever comes after it, nothing
 * is ever accepted that {@link CheckedMta} knows must not be.
 */
@DisplayName("The protocol")
@ExtendWith(FakeMta.Release.class)
final class StateMachineTest {

    private static final String CLOSED = "closed";
    private static final String SILENT = "-";

    private final Policy policy = Policies.twoOrganizations();

    private static byte[] frame(int command, byte[] payload) {
        return ByteBuffer.allocate(5 + payload.length)
                .putInt(1 + payload.length)
                .put((byte) command)
                .put(payload)
                .array();
    }

    private static byte[] frame(int command, String payload) {
        return frame(command, payload.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static byte[] optneg(int version, int actions, int steps) {
        return frame(
                'O',
                ByteBuffer.allocate(12)
                        .putInt(version)
                        .putInt(actions)
                        .putInt(steps)
                        .array());
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        Stream.of(parts).forEach(all::writeBytes);
        return all.toByteArray();
    }

    // A stranger, so that nothing may ever be relayed, whatever is tried.
    private static final byte[] CONNECT =
            join(frame('D', "Cv\0Postfix 3.7.11\0"), frame('C', "client\0" + "4\060\071192.0.2.7\0"));
    private static final byte[] MAIL = frame('M', "<a@example.org>\0");
    private static final byte[] INBOUND = frame('R', "<b@contoso.com>\0");
    private static final byte[] RELAY = frame('R', "<b@example.net>\0");
    private static final byte[] BROKEN_MACROS = frame('D', "Mi\0");

    /** The states, each as what leads to it. */
    private static Map<String, byte[]> states(byte[] negotiation) {
        Map<String, byte[]> states = new LinkedHashMap<>();
        states.put("new", new byte[0]);
        states.put("negotiated", negotiation);
        states.put("connected", join(negotiation, CONNECT));
        states.put("greeted", join(negotiation, CONNECT, frame('H', "client\0")));
        states.put("mail", join(negotiation, CONNECT, MAIL));
        states.put("accepted", join(negotiation, CONNECT, MAIL, INBOUND));
        states.put("refused", join(negotiation, CONNECT, MAIL, RELAY));
        states.put("sent", join(negotiation, CONNECT, MAIL, INBOUND, frame('E', "")));
        states.put("aborted", join(negotiation, CONNECT, MAIL, INBOUND, frame('A', "")));
        states.put("failed", join(negotiation, CONNECT, BROKEN_MACROS, MAIL));
        states.put("handed-over", join(negotiation, CONNECT, MAIL, frame('K', "")));
        states.put("over", join(negotiation, CONNECT, MAIL, frame('Q', "")));
        return states;
    }

    private static Map<String, byte[]> frames() {
        Map<String, byte[]> frames = new LinkedHashMap<>();
        frames.put("OPTNEG", optneg(6, 0x1ff, 0x1fffff));
        frames.put("OPTNEG-version-2", optneg(2, 0x0f, 0x7f));
        frames.put("OPTNEG-version-1", optneg(1, 0x0f, 0x7f));
        frames.put("OPTNEG-version-0x7fffffff", optneg(Integer.MAX_VALUE, 0x1ff, 0x1fffff));
        frames.put("OPTNEG-nothing-offered", optneg(6, 0, 0));
        frames.put("OPTNEG-empty", frame('O', ""));
        frames.put("OPTNEG-11-octets", frame('O', new byte[11]));
        frames.put("OPTNEG-13-octets", frame('O', "\0\0\0\6\0\0\1\377\0\37\377\377\0"));
        frames.put("MACRO", frame('D', "Mi\0" + "4Cj\0"));
        frames.put("MACRO-no-pairs", frame('D', "M"));
        frames.put("MACRO-empty", frame('D', ""));
        frames.put("MACRO-odd", frame('D', "M{auth_authen}\0joe\0{auth_type}\0"));
        frames.put("MACRO-no-NUL", frame('D', "M{auth_authen}\0joe"));
        frames.put("MACRO-no-UTF-8", frame('D', "M{auth_type}\0\377\376\0"));
        frames.put("MACRO-unknown-stage", frame('D', "?{auth_authen}\0joe\0"));
        frames.put("CONNECT", CONNECT);
        frames.put("CONNECT-empty", frame('C', ""));
        frames.put("CONNECT-no-family", frame('C', "client\0"));
        frames.put("CONNECT-family-U", frame('C', "client\0U"));
        frames.put("CONNECT-family-5", frame('C', "client\0" + "5\060\071192.0.2.7\0"));
        frames.put("CONNECT-no-port", frame('C', "client\0" + "4"));
        frames.put("CONNECT-no-NUL", frame('C', "client\0" + "4\060\071198.51.100.3"));
        frames.put("CONNECT-no-UTF-8", frame('C', "\377\0" + "4\060\071\377\0"));
        frames.put("HELO", frame('H', "client\0"));
        frames.put("HELO-empty", frame('H', ""));
        frames.put("HELO-no-NUL", frame('H', "client"));
        frames.put("HELO-no-UTF-8", frame('H', "\377\0"));
        frames.put("MAIL", MAIL);
        frames.put("MAIL-empty", frame('M', ""));
        frames.put("MAIL-no-NUL", frame('M', "<a@example.org>"));
        frames.put("MAIL-no-UTF-8", frame('M', "<\377@example.org>\0"));
        frames.put("RCPT-inbound", INBOUND);
        frames.put("RCPT-relay", RELAY);
        frames.put("RCPT-empty", frame('R', ""));
        frames.put("RCPT-no-NUL", frame('R', "<b@contoso.com>"));
        frames.put("RCPT-no-UTF-8", frame('R', "<\377@contoso.com>\0"));
        frames.put("DATA", frame('T', ""));
        frames.put("HEADER", frame('L', "Subject\0x\0"));
        frames.put("HEADER-no-NUL", frame('L', "Subject"));
        frames.put("EOH", frame('N', ""));
        frames.put("BODY", frame('B', "x"));
        frames.put("EOB", frame('E', ""));
        frames.put("EOB-with-body", frame('E', "x"));
        frames.put("ABORT", frame('A', ""));
        frames.put("ABORT-with-payload", frame('A', "x"));
        frames.put("UNKNOWN", frame('U', "XYZZY\0"));
        frames.put("QUIT_NC", frame('K', ""));
        frames.put("QUIT", frame('Q', ""));
        frames.put("ACCEPT-of-the-other-side", frame('a', ""));
        frames.put("CONTINUE-of-the-other-side", frame('c', ""));
        frames.put("command-0x00", frame(0, ""));
        frames.put("command-0xff", frame(0xff, "x\0"));
        frames.put("length-0", new byte[4]);
        frames.put("length--1", new byte[] {-1, -1, -1, -1});
        frames.put("length-2-GiB", new byte[] {0x7f, -1, -1, -1});
        frames.put("length--2-GiB", new byte[] {(byte) 0x80, 0, 0, 0});
        frames.put("length-128-KiB", new byte[] {0, 2, 0, 0});
        frames.put("length-0-then-more", join(new byte[4], RELAY));
        frames.put("half-a-frame", new byte[] {0, 0, 0, 9, 'R', '<'});
        return frames;
    }

    private String answer(byte[] before, byte[] frame, int chop, HeaderRules headerRules) {
        CheckedMta mta = new CheckedMta(policy, chop, headerRules);
        mta.feed(before);
        List<String> answers = mta.feed(frame);
        String answer = !mta.mta.isOpen()
                ? CLOSED
                : answers.isEmpty()
                        ? SILENT
                        : answers.get(0)
                                .substring(0, Math.min(4, answers.get(0).length()))
                                .replaceAll("^O.*", "O")
                                .replaceAll("^m.*", "changes c");
        // Whatever it was, it opens no way.
        for (byte[] next : List.of(
                RELAY, INBOUND, frame('E', ""), MAIL, RELAY, frame('A', ""), CONNECT, MAIL, RELAY, frame('E', ""))) {
            mta.feed(next);
        }
        mta.mta.channel.finishAndReleaseAll();
        return answer.replaceFirst("\0.*", "").replaceFirst("^y", "");
    }

    private static List<String> table(Map<String, byte[]> states, Cell cells) {
        List<String> lines = new ArrayList<>();
        lines.add(line("", List.copyOf(states.keySet())));
        frames().forEach((name, frame) -> lines.add(line(
                name,
                states.values().stream().map(before -> cells.of(before, frame)).toList())));
        return lines;
    }

    private interface Cell {
        String of(byte[] before, byte[] frame);
    }

    private static String line(String name, List<String> cells) {
        StringBuilder line = new StringBuilder(String.format("%-28s", name));
        cells.forEach(cell -> line.append(String.format("%-12s", cell)));
        return line.toString().stripTrailing();
    }

    private static List<String> expected(String section) throws IOException {
        try (InputStream in = StateMachineTest.class.getResourceAsStream("/milter/states.txt")) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return text.substring(text.indexOf("== " + section + "\n"))
                    .lines()
                    .skip(1)
                    .takeWhile(line -> !line.isBlank())
                    .toList();
        }
    }

    private static Stream<Integer> pieces() {
        return Stream.of(Integer.MAX_VALUE, 1, 2, 3, 7);
    }

    @ParameterizedTest(name = "{0} octets at a time")
    @MethodSource("pieces")
    @DisplayName("has an answer to every frame in every state, to an MTA of today")
    void today(int chop) throws IOException {
        assertThat(table(
                        states(optneg(6, 0x1ff, 0x1fffff)),
                        (before, frame) -> answer(before, frame, chop, HeaderRules.NONE)))
                .containsExactlyElementsOf(expected("an MTA of today"));
    }

    @ParameterizedTest(name = "{0} octets at a time")
    @MethodSource("pieces")
    @DisplayName("has an answer to every frame in every state, to an MTA that wants an answer to each")
    void old(int chop) throws IOException {
        assertThat(table(
                        states(optneg(2, 0x0f, 0x7f)),
                        (before, frame) -> answer(before, frame, chop, HeaderRules.NONE)))
                .containsExactlyElementsOf(expected("an MTA that wants an answer to each"));
    }

    @ParameterizedTest(name = "{0} octets at a time")
    @MethodSource("pieces")
    @DisplayName("has an answer to every frame in every state, to an MTA that hands over the header")
    void header(int chop) throws IOException {
        assertThat(table(
                        headerStates(optneg(6, 0x1ff, 0x1fffff)),
                        (before, frame) -> answer(before, frame, chop, new TestHeaderRules())))
                .containsExactlyElementsOf(expected("an MTA that hands over the header"));
    }

    private static Map<String, byte[]> headerStates(byte[] negotiation) {
        byte[] accepted = join(negotiation, CONNECT, MAIL, INBOUND);
        byte[] field = frame('L', "From\0a@example.org\0");
        Map<String, byte[]> states = new LinkedHashMap<>();
        states.put("negotiated", negotiation);
        states.put("connected", join(negotiation, CONNECT));
        states.put("mail", join(negotiation, CONNECT, MAIL));
        states.put("accepted", accepted);
        states.put("refused", join(negotiation, CONNECT, MAIL, RELAY));
        states.put("header", join(accepted, field));
        states.put("broken", join(accepted, frame('L', "From")));
        states.put("forged", join(accepted, frame('L', "From\0ceo@contoso.com\0")));
        states.put("ended", join(accepted, field, frame('N', "")));
        states.put("rejected", join(accepted, frame('L', "From\0ceo@contoso.com\0"), frame('N', "")));
        states.put("sent", join(accepted, field, frame('N', ""), frame('E', "")));
        states.put("failed", join(negotiation, CONNECT, BROKEN_MACROS, MAIL));
        return states;
    }

    @Tag("slow")
    @Test
    @DisplayName("says the same wherever a conversation is cut in two")
    void cut() {
        byte[] conversation = join(
                optneg(6, 0x1ff, 0x1fffff),
                CONNECT,
                frame('H', "client\0"),
                frame('D', "Mi\0" + "4Cj\0"),
                MAIL,
                INBOUND,
                RELAY,
                frame('E', ""));
        for (int at = 0; at <= conversation.length; at++) {
            FakeMta mta = new FakeMta(policy);
            mta.sendRaw(Arrays.copyOfRange(conversation, 0, at));
            mta.sendRaw(Arrays.copyOfRange(conversation, at, conversation.length));
            assertThat(mta.takeAnswers()).as("cut at %d", at).hasSize(4).satisfies(answers -> {
                assertThat(answers.get(0)).startsWith("O");
                assertThat(answers.get(1)).isEqualTo("c");
                assertThat(answers.get(2)).startsWith("y550 5.7.1 ");
                assertThat(answers.get(3)).isEqualTo("c");
            });
        }
    }
}
