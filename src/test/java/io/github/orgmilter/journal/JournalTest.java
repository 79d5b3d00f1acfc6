package io.github.orgmilter.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A log that is read again")
final class JournalTest {

    private static final String VERDICT = "NOQUEUE: session=a1 verdict=accept cause=sender-domain"
            + " connector=contoso/mail client=192.0.2.7 tls=yes helo=mx from=<a@contoso.com> to=<b@example.net> config=f00d";
    private static final String REFUSAL =
            "4Cj: session=a1 verdict=reject cause=not-identified client=192.0.2.7 helo=\"mx from=<a@contoso.com>"
                    + " to=<b@example.net> config=f00d reply=\"550 5.7.1 No \\\"relay\\\" for verdict=accept\"";
    private static final String TIMED = "2026-11-28T12:00:00.123+01:00 INFO  " + VERDICT;
    private static final long TIME = 1795863600123L;

    private final List<String> read = new ArrayList<>();
    private final Journal journal = new Journal(
            Set.of("orgmilter"),
            entry -> read.add(entry.kind() + " " + entry.outcome().verdict() + " " + entry.summary()));

    private void read(String log) throws IOException {
        read(log.getBytes(StandardCharsets.UTF_8));
    }

    private void read(byte[] log) throws IOException {
        journal.read("log", new ByteArrayInputStream(log));
    }

    private static final String READ =
            "RECIPIENT accept client=192.0.2.7 tls=yes from=<a@contoso.com> to=<b@example.net>";

    static Stream<Arguments> wrappings() {
        // spotless:off
        return Stream.of(
                arguments("our text", "%s"),
                arguments("journalctl", "Nov 28 12:00:00 mx1 orgmilter[812]: %s"),
                arguments("journalctl -o short-precise", "Nov  8 12:00:00.123456 mx1 orgmilter[812]: %s"),
                arguments("journalctl -o short-iso", "2026-11-28T12:00:00+0100 mx1 orgmilter[812]: %s"),
                arguments("journalctl -o short-full", "Sat 2026-11-28 12:00:00 CET mx1 orgmilter[812]: %s"),
                arguments("journalctl -o short-unix", "1795863600.123456 mx1 orgmilter[812]: %s"),
                arguments("journalctl --no-hostname", "Nov 28 12:00:00 orgmilter[812]: %s"),
                arguments("journalctl -o export", "MESSAGE=%s"),
                arguments("journalctl -o json", "{ \"__REALTIME_TIMESTAMP\" : \"1795863600123456\", \"_PID\":\"1\", \"MESSAGE\" : \"%s\", \"SYSLOG_IDENTIFIER\":\"orgmilter\" }"),
                arguments("RFC 3164", "<22>Nov 28 12:00:00 mx1 orgmilter: %s"),
                arguments("rsyslog", "2026-11-28T12:00:00.123456+01:00 mx1 orgmilter[812]: %s"),
                arguments("RFC 5424", "<22>1 2026-11-28T12:00:00.123Z mx1 orgmilter 812 - - %s"),
                arguments("RFC 5424 with data", "<22>1 2026-11-28T12:00:00.123Z mx1 orgmilter 812 ID [a b=\"c\\\"] d\"][e f=\"g\"] \ufeff%s"),
                arguments("containerd", "2026-11-28T12:00:00.123456789Z stdout F %s"),
                arguments("docker compose", "orgmilter-1  | %s"),
                arguments("Docker", "{\"log\":\"%s\\n\",\"stream\":\"stdout\",\"time\":\"2026-11-28T12:00:00.123Z\"}"),
                arguments("our JSON", "{\"timestamp\":1795863600123,\"level\":\"INFO\",\"formattedMessage\":\"%s\",\"kvpList\": [{\"queue\":\"{\\\"\"},{\"a\":[1,{}]}],\"x\":null}"),
                arguments("our JSON by containerd", "2026-11-28T12:00:00.1Z stdout F {\"timestamp\":1795863600123,\"formattedMessage\":\"%s\"}"));
        // spotless:on
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrappings")
    @DisplayName("has its lines found in what was put around them")
    void wrapped(String what, String around) throws IOException {
        boolean json = around.contains("\"%s");
        read(around.formatted(VERDICT) + "\r\n"
                + around.formatted(json ? REFUSAL.replace("\\", "\\\\").replace("\"", "\\\"") : REFUSAL) + "\n");
        assertThat(read)
                .containsExactly(READ, "RECIPIENT reject client=192.0.2.7 from=<a@contoso.com> to=<b@example.net>");
        assertThat(journal.remarks()).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrappings")
    @DisplayName("has the time of its lines, nearest to our text")
    void times(String what, String around) throws IOException {
        List<Long> times = new ArrayList<>();
        Journal timed = new Journal(Set.of("orgmilter"), entry -> times.add(entry.time()));
        timed.read("log", new ByteArrayInputStream(around.formatted(TIMED).getBytes(StandardCharsets.UTF_8)));
        assertThat(times).containsExactly(TIME);
    }

    static Stream<String> strangers() {
        // spotless:off
        return Stream.of(
                "Nov 28 12:00:00 mx1 postfix/smtpd[9]: warning: non-SMTP command from x[192.0.2.9]: " + VERDICT,
                "Nov 28 12:00:00 mx1 postfix/smtpd[9]: NOQUEUE: reject: RCPT from x[192.0.2.9]: 550; from=<orgmilter: " + VERDICT,
                "Nov 28 12:00:00 mx1 a b orgmilter[1]: " + VERDICT,
                "Nov 28 12:00:00 mx1 sendmail[9]: orgmilter[1]: " + VERDICT,
                "{\"msg\":\"x\",\"kvpList\":[{\"message\":\"" + VERDICT + "\"}]}",
                "{\"x\":{\"message\":\"" + VERDICT + "\"}}",
                "{\"message\":\"" + VERDICT + "\"",
                "{\"message\":\"" + VERDICT + "\"} x",
                "<22>1 2026-11-28T12:00:00Z mx1 app 1 - [a b=\"] " + VERDICT,
                "x " + VERDICT,
                " " + VERDICT,
                "INFO " + VERDICT,
                "NOQUEUE: session=a1 client=192.0.2.7 remark=\"verdict=accept\"",
                "a1: session=x failure stage=MAIL reason=\"an \\\"odd\\\" one\"",
                "");
        // spotless:on
    }

    @ParameterizedTest
    @MethodSource("strangers")
    @DisplayName("has no line where others write what strangers send")
    void strangers(String line) throws IOException {
        read(line + "\n");
        assertThat(read).isEmpty();
        assertThat(journal.remarks()).isEmpty();
        assertThat(journal.lines()).isEqualTo(1);
    }

    static Stream<String> damaged() {
        // spotless:off
        return Stream.of(
                VERDICT.substring(0, VERDICT.indexOf(" config")),
                VERDICT.substring(0, VERDICT.indexOf(">")),
                REFUSAL.substring(0, REFUSAL.length() - 1),
                REFUSAL.substring(0, REFUSAL.indexOf(" reply")),
                VERDICT.substring(0, VERDICT.indexOf("to=<b") + 4) + TIMED,
                VERDICT + " to=<c@example.net>",
                VERDICT.replace("a@", "a\\q@"),
                VERDICT.replace("a@", "a\\u{110000}@"),
                VERDICT.replace("a@", "a\\u{}@"),
                VERDICT.replace("accept", "maybe"),
                VERDICT.replace("192.0.2.7", "1".repeat(516)),
                VERDICT.replace("a@contoso.com>", "a b@contoso.com>"),
                VERDICT.replace("helo=mx", "from-syntax=odd"),
                VERDICT.replace(" from=<a@contoso.com>", ""),
                VERDICT.replace(" client=", " outcome=odd client="),
                VERDICT.replace(" client=", " outcome=refused client="),
                VERDICT.replace(" config=", " recipients=1 config="),
                VERDICT.replace(" config=", " recipients=x/y config="),
                "4Cj: session=a1 message recipients=1 /1 from=<>",
                "4Cj: session=a1 message from=<>");
        // spotless:on
    }

    @ParameterizedTest
    @MethodSource("damaged")
    @DisplayName("has lines that are cut or damaged, which are counted and not read")
    void damaged(String line) throws IOException {
        read(TIMED + "\n" + line + "\n" + TIMED + "\n");
        assertThat(read).containsExactly(READ, READ);
        assertThat(journal.remarks())
                .containsExactly(
                        "lines of ours that are cut or damaged: 1, the first at log:2; each is a recipient or message"
                                + " that is missing here");
    }

    @Test
    @DisplayName("under another name is not ours, which is said")
    void otherName() throws IOException {
        read("Nov 28 12:00:00 mx1 gate[812]: " + VERDICT + "\n");
        assertThat(read).isEmpty();
        assertThat(journal.remarks())
                .containsExactly(
                        "lines that look like ours under another name, such as gate: 1; if the service logs under"
                                + " that name, give it by --tag");
    }

    @Test
    @DisplayName("has values that are cut, by which nothing can be decided")
    void cut() throws IOException {
        List<Set<String>> cut = new ArrayList<>();
        Journal noting = new Journal(Set.of(), entry -> cut.add(entry.cut()));
        String whole = "a".repeat(500) + "...";
        String log = Stream.of("a".repeat(512) + "...", "a".repeat(506) + "...", "a".repeat(503) + "\\u{20}...", whole)
                .map(address -> VERDICT.replace("b@example.net", address) + "\n")
                .reduce("", String::concat);
        noting.read("log", new ByteArrayInputStream(log.getBytes(StandardCharsets.UTF_8)));
        assertThat(cut).containsExactly(Set.of("to"), Set.of("to"), Set.of("to"), Set.of());
    }

    @Test
    @DisplayName("may be compressed, in several pieces, and cut off in the middle")
    void compressed() throws IOException {
        byte[] piece = gzip(TIMED + "\n");
        byte[] pieces = Arrays.copyOf(piece, 2 * piece.length);
        System.arraycopy(piece, 0, pieces, piece.length, piece.length);
        read(pieces);
        assertThat(read).containsExactly(READ, READ);
        assertThat(journal.remarks()).isEmpty();
        byte[] many = gzip((TIMED + "\n").repeat(50_000));
        read(Arrays.copyOf(many, many.length / 2));
        assertThat(read.size()).isBetween(10_000, 50_000);
        assertThat(journal.remarks())
                .singleElement()
                .asString()
                .endsWith(": the compressed file is cut or damaged behind this line");
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(octets)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return octets.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u00fd7zXZ\u0000", "(\u00b5/\u00fdxx", "BZh91A"})
    @DisplayName("that is compressed otherwise is refused")
    void otherCompression(String magic) {
        assertThatIOException()
                .isThrownBy(() -> read(magic.getBytes(StandardCharsets.ISO_8859_1)))
                .withMessageMatching("log is compressed with (xz|zstd|bzip2); decompress it first.*");
    }

    @Test
    @DisplayName("may lack its last newline, and have padding that a truncation left")
    void padding() throws IOException {
        read("\0".repeat(300_000) + TIMED + "\n\0\0" + TIMED);
        assertThat(read).containsExactly(READ, READ);
    }

    @Test
    @DisplayName("may have a line of any length, which costs no memory")
    void longLine() throws IOException {
        byte[] part = "x".repeat(1 << 20).getBytes(StandardCharsets.UTF_8);
        List<InputStream> parts = new ArrayList<>();
        parts.add(new ByteArrayInputStream((TIMED + "\n").getBytes(StandardCharsets.UTF_8)));
        for (int i = 0; i < 100; i++) {
            parts.add(new ByteArrayInputStream(part));
        }
        parts.add(new ByteArrayInputStream(("\n" + TIMED + "\n").getBytes(StandardCharsets.UTF_8)));
        journal.read("log", new SequenceInputStream(Collections.enumeration(parts)));
        assertThat(read).containsExactly(READ, READ);
        assertThat(journal.lines()).isEqualTo(3);
        assertThat(journal.remarks())
                .containsExactly(
                        "lines passed over because they are longer than 65536 octets, which none of ours is: 1");
    }

    @Test
    @DisplayName("has lines right at the end of what was read at once")
    void everyLength() throws IOException {
        StringBuilder log = new StringBuilder();
        int lines = 0;
        while (log.length() < 1_000_000) {
            log.append("x".repeat(lines * 7919 % 60_000))
                    .append('\n')
                    .append(TIMED)
                    .append('\n');
            lines++;
        }
        read(log.toString());
        assertThat(read).hasSize(lines);
    }
}
