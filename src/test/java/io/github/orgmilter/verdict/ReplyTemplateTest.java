package io.github.orgmilter.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.orgmilter.identity.InvalidValueException;
import io.github.orgmilter.verdict.Cause.Refusing;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** docs/rules.md, section 10.3: replies. */
class ReplyTemplateTest {

    private static final int TEXT = 512 - "550 5.7.1 \r\n".length();
    private static final String FORM = "write it like \"550 5.7.1 Relay access denied\"";

    @ParameterizedTest(name = "{0}", quoteTextArguments = false)
    @MethodSource
    void readsAReply(String what, List<String> lines, List<String> sent) throws InvalidValueException {
        assertThat(ReplyTemplate.parse(lines).render("192.0.2.7", "contoso.com").lines())
                .isEqualTo(sent);
    }

    static Stream<Arguments> readsAReply() {
        String full = "550 5.7.1 " + "x".repeat(TEXT);
        // spotless:off
        return Stream.of(
                arguments("one line", List.of("550 5.7.64 No"), List.of("550 5.7.64 No")),
                arguments("a temporary one", List.of("450 4.7.1 Later"), List.of("450 4.7.1 Later")),
                arguments("the first code", List.of("400 4.0.0 Later"), List.of("400 4.0.0 Later")),
                arguments("the last code", List.of("599 5.9.9 No"), List.of("599 5.9.9 No")),
                arguments("the client", List.of("550 5.7.1 {client}!"), List.of("550 5.7.1 192.0.2.7!")),
                arguments("the sender's domain", List.of("550 5.7.1 <{sender-domain}>"), List.of("550 5.7.1 <contoso.com>")),
                arguments("both, twice", List.of("550 5.7.1 {client} {sender-domain} {client} {sender-domain}"),
                        List.of("550 5.7.1 192.0.2.7 contoso.com 192.0.2.7 contoso.com")),
                arguments("further lines without codes", List.of("550 5.7.1 No", "See https://example.net/{client}"),
                        List.of("550-5.7.1 No", "550 5.7.1 See https://example.net/192.0.2.7")),
                arguments("further lines that repeat the codes", List.of("550-5.7.1 No", "550-5.7.1 really", "550 5.7.1 not"),
                        List.of("550-5.7.1 No", "550-5.7.1 really", "550 5.7.1 not")),
                arguments("a percent sign", List.of("550 5.7.1 100% no"), List.of("550 5.7.1 100% no")),
                arguments("a brace by itself", List.of("550 5.7.1 }{ no"), List.of("550 5.7.1 }{ no")),
                arguments("512 octets", List.of(full), List.of(full)));
        // spotless:on
    }

    @ParameterizedTest(name = "{0}", quoteTextArguments = false)
    @MethodSource
    void refusesAReply(String what, List<String> lines, String problem, String repair) {
        assertThatThrownBy(() -> ReplyTemplate.parse(lines)).isInstanceOfSatisfying(InvalidValueException.class, e -> {
            assertThat(e.problem()).isEqualTo(problem);
            assertThat(e.repair()).isEqualTo(repair);
        });
    }

    static Stream<Arguments> refusesAReply() {
        String start = "\"%s\" does not start with a reply code and an enhanced status code";
        String placeholders = "use {client} or {sender-domain}";
        // spotless:off
        return Stream.of(
                arguments("nothing", List.of(), "an empty reply", FORM),
                arguments("an empty line", List.of(""), start.replace("%s", ""), FORM),
                arguments("text alone", List.of("No"), start.replace("%s", "No"), FORM),
                arguments("no enhanced code", List.of("550 No"), start.replace("%s", "550 No"), FORM),
                arguments("codes alone", List.of("550 5.7.1"), start.replace("%s", "550 5.7.1"), FORM),
                arguments("a code of four digits", List.of("5500 5.7.1 No"), start.replace("%s", "5500 5.7.1 No"), FORM),
                arguments("a line break in the first line", List.of("550 5.7.1 No\r\n250 ok"),
                        start.replace("%s", "550 5.7.1 No\r\n250 ok"), FORM),
                arguments("a positive code", List.of("250 2.0.0 Yes"), "reply code 250 is not for refusing a recipient",
                        "use a 4xx or 5xx code"),
                arguments("a code beyond", List.of("600 6.0.0 No"), "reply code 600 is not for refusing a recipient",
                        "use a 4xx or 5xx code"),
                arguments("421", List.of("421 4.3.0 Bye"), "reply code 421 is not for refusing a recipient",
                        "use 450 or 451; 421 would end the client's session"),
                arguments("another class", List.of("550 4.7.1 No"), "enhanced status code 4.7.1 is of another class than reply code 550",
                        "use 5.7.1"),
                arguments("another class the other way", List.of("450 5.7.64 No"),
                        "enhanced status code 5.7.64 is of another class than reply code 450", "use 4.7.64"),
                arguments("513 octets", List.of("550 5.7.1 " + "x".repeat(TEXT + 1)), "a reply line is longer than 512 octets",
                        "break it into several lines"),
                arguments("513 octets in a later line", List.of("550 5.7.1 No", "x".repeat(TEXT + 1)),
                        "a reply line is longer than 512 octets", "break it into several lines"),
                arguments("513 octets with percent signs doubled", List.of("550 5.7.1 " + "x".repeat(TEXT - 1) + "%"),
                        "a reply line is longer than 512 octets", "break it into several lines"),
                arguments("an umlaut", List.of("550 5.7.1 Nö"), "the reply line \"Nö\" holds more than printable ASCII",
                        "use English, or transliterate"),
                arguments("a tab", List.of("550 5.7.1 N\to"), "the reply line \"N\to\" holds more than printable ASCII",
                        "use English, or transliterate"),
                arguments("a line break in a later line", List.of("550 5.7.1 No", "x\r\n250 ok"),
                        "the reply line \"x\r\n250 ok\" holds more than printable ASCII", "use English, or transliterate"),
                arguments("an unknown placeholder", List.of("550 5.7.1 {organization}"), "unknown placeholder {organization}",
                        placeholders),
                arguments("a placeholder in another case", List.of("550 5.7.1 {Client}"), "unknown placeholder {Client}", placeholders),
                arguments("an empty placeholder", List.of("550 5.7.1 {} no"), "unknown placeholder {}", placeholders),
                arguments("an unknown placeholder in a later line", List.of("550 5.7.1 {client}", "{recipient}"),
                        "unknown placeholder {recipient}", placeholders));
        // spotless:on
    }

    @ParameterizedTest(name = "{0}", quoteTextArguments = false)
    @MethodSource
    void aStrangersTextDoesNoHarm(String what, String stranger, String shown) throws InvalidValueException {
        ReplyTemplate template = ReplyTemplate.parse(List.of("550 5.7.1 <{sender-domain}> {client}", "{client}"));
        assertThat(template.render(stranger, stranger).lines())
                .containsExactly("550-5.7.1 <" + shown + "> " + shown, "550 5.7.1 " + shown);
    }

    static Stream<Arguments> aStrangersTextDoesNoHarm() {
        // spotless:off
        return Stream.of(
                arguments("a line break", "a\r\n250 ok", "a??250?ok"),
                arguments("NUL", "a\u0000b", "a?b"),
                arguments("DEL and C1", "\u007f\u0085", "??"),
                arguments("a line separator", "a\u2028b", "a?b"),
                arguments("more than ASCII", "müller.de", "m?ller.de"),
                arguments("beyond the basic plane", "\ud83d\ude00", "?"),
                arguments("a lone surrogate", "\ud83d", "?"),
                arguments("a placeholder", "{sender-domain}{client}", "{sender-domain}{client}"),
                arguments("what a pattern would take for a group", "$1\\1${x}", "$1\\1${x}"),
                arguments("a percent sign", "%s%n%%", "%s%n%%"),
                arguments("the first and the last printable character", "!~", "!~"),
                arguments("nothing", "", ""));
        // spotless:on
    }

    @ParameterizedTest(name = "{0} times {1}", quoteTextArguments = false)
    @CsvSource({"x, 600", "x, 1000000", "%, 300", "%, 1000000", "%x, 5000"})
    void aLongTextIsCut(String stranger, int times) throws InvalidValueException {
        ReplyTemplate template = ReplyTemplate.parse(List.of("550 5.7.1 {client} and no more"));
        SmtpReply reply = template.render(stranger.repeat(times), "");
        assertThat(reply.lines()).hasSize(1);
        String line = reply.lines().get(0);
        assertThat(line).startsWith("550 5.7.1 " + stranger);
        // As much as fits: at most one character of two octets less.
        assertThat(line.replace("%", "%%").length() + 2).isBetween(511, 512);
    }

    @ParameterizedTest(name = "{0}", quoteTextArguments = false)
    @EnumSource(Refusing.class)
    void everyDefaultIsAReply(Refusing cause) {
        SmtpReply reply = ReplyTemplate.defaultOf(cause).render("192.0.2.7", "contoso.com");
        assertThat(reply.code() < 500).isEqualTo(cause.isTemporary());
        assertThat(reply.toString())
                .isEqualTo(cause.defaultReply()
                        .replace("{client}", "192.0.2.7")
                        .replace("{sender-domain}", "contoso.com"));
    }

    @Test
    void theDefaultsAreTheOnesOfTheManual() {
        assertThat(Arrays.stream(Refusing.values()).map(Refusing::defaultReply))
                .containsExactly(
                        "550 5.7.1 Relay access denied: {client} is not a known customer mail server",
                        "550 5.7.1 Relay access denied: {sender-domain} is not an accepted domain for this mail server",
                        "550 5.7.1 Relay access denied: the null sender requires a certificate for an accepted domain",
                        "550 5.7.1 Access denied: {sender-domain} may only be used by its own organization's servers",
                        "550 5.7.1 Access denied: {client} is not a known customer mail server",
                        "550 5.7.10 Encryption needed",
                        "550 5.7.1 Access denied: mail from {sender-domain} must come from its registered servers",
                        "550 5.1.3 Bad recipient address syntax",
                        "550 5.1.7 Bad sender address syntax",
                        "550 5.7.1 Relay access denied: this server may not send for {sender-domain}",
                        "550 5.7.1 Access denied: the From address may only be used by its own organization's servers",
                        "552 5.3.4 Too many or too long header fields",
                        "451 4.7.1 A domain of this message is in dispute or cannot be read, try again later",
                        "451 4.3.0 Temporary failure, try again later",
                        "451 4.7.0 The client certificate cannot be checked right now, try again later",
                        "451 4.3.0 Temporary failure, try again later");
    }

    @Test
    void aConfiguredReplyTakesTheDefaultsPlace() throws InvalidValueException {
        Replies replies = new Replies(
                Map.of(Refusing.NOT_IDENTIFIED, ReplyTemplate.parse(List.of("550 5.7.64 TenantAttribution"))));
        assertThat(replies.reply(Refusing.NOT_IDENTIFIED, "203.0.113.99", "<>"))
                .hasToString("550 5.7.64 TenantAttribution");
        assertThat(replies.reply(Refusing.PROTECTED_SENDER, "203.0.113.99", "<>"))
                .hasToString("550 5.7.1 Access denied: <> may only be used by its own organization's servers");
        assertThat(replies)
                .isEqualTo(new Replies(
                        Map.of(Refusing.NOT_IDENTIFIED, ReplyTemplate.parse(List.of("550 5.7.64 TenantAttribution")))));
        assertThat(replies).isNotEqualTo(Replies.DEFAULT).doesNotHaveSameHashCodeAs(Replies.DEFAULT);
    }

    @Test
    void aReplyIsTemporaryBelow500() throws InvalidValueException {
        ReplyTemplate temporary = ReplyTemplate.parse(List.of("499 4.0.0 Later"));
        ReplyTemplate permanent = ReplyTemplate.parse(List.of("500 5.0.0 No"));
        assertThat(temporary.isTemporary()).isTrue();
        assertThat(permanent.isTemporary()).isFalse();
        assertThat(permanent).doesNotHaveSameHashCodeAs(temporary);
        assertThat(permanent).hasSameHashCodeAs(ReplyTemplate.parse(List.of("500 5.0.0 No")));
    }

    @Test
    void ourOwnFailureRefusesNobodyForGood() throws InvalidValueException {
        ReplyTemplate permanent = ReplyTemplate.parse(List.of("550 5.3.0 Broken"));
        assertThatThrownBy(() -> new Replies(Map.of(Refusing.INTERNAL, permanent)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
