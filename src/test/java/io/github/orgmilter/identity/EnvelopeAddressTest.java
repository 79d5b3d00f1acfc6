package io.github.orgmilter.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.orgmilter.identity.EnvelopeAddress.Mailbox;
import io.github.orgmilter.identity.EnvelopeAddress.Malformed;
import io.github.orgmilter.identity.EnvelopeAddress.Null;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/rules.md, sections 6.1, 6.3 and 6.5: the syntax of envelope addresses. */
class EnvelopeAddressTest {

    private static final String NONE = "";

    @ParameterizedTest(name = "{0}: {1} is in \"{3}\"", quoteTextArguments = false)
    @MethodSource
    void aPlainAddressHasALocalPartAndADomain(String what, String argument, String localPart, String domain) {
        Mailbox mailbox = mailbox(argument);
        assertThat(mailbox.localPart()).isEqualTo(localPart);
        assertThat(domain(mailbox)).isEqualTo(domain);
        assertThat(mailbox.qualified()).isTrue();
        assertThat(mailbox.hasRoutingCharacters()).isFalse();
        assertThat(mailbox.isPostmaster()).isFalse();
    }

    static Stream<Arguments> aPlainAddressHasALocalPartAndADomain() {
        // spotless:off
        return Stream.of(
                arguments("the usual form", "<a@contoso.com>", "a", "contoso.com"),
                arguments("no brackets", "a@contoso.com", "a", "contoso.com"),
                arguments("a space before the bracket", "  <a@contoso.com>", "a", "contoso.com"),
                arguments("a space before no bracket", " a@contoso.com", "a", "contoso.com"),
                arguments("upper case in the domain", "<A@Contoso.COM>", "A", "contoso.com"),
                arguments("a trailing dot", "<a@contoso.com.>", "a", "contoso.com"),
                arguments("parameters in the same argument", "<a@contoso.com> SIZE=1000 SMTPUTF8", "a", "contoso.com"),
                arguments("an address in a parameter", "<a@contoso.com> ORCPT=rfc822;b@evil.example", "a", "contoso.com"),
                arguments("a bracket in a parameter", "<a@contoso.com> X=<b@evil.example>", "a", "contoso.com"),
                arguments("parameters after no bracket", "a@contoso.com SIZE=1000", "a", "contoso.com"),
                arguments("a plus address", "<a+list=x@contoso.com>", "a+list=x", "contoso.com"),
                arguments("a VERP address", "<list-a=b.example@contoso.com>", "list-a=b.example", "contoso.com"),
                arguments("an SRS address", "<SRS0=HHH=TT=b.example=a@contoso.com>", "SRS0=HHH=TT=b.example=a", "contoso.com"),
                arguments("every atom character", "<#$&'*+-/=?^_`{|}~@contoso.com>", "#$&'*+-/=?^_`{|}~", "contoso.com"),
                arguments("a quoted local part", "<\"a b\"@contoso.com>", "\"a b\"", "contoso.com"),
                arguments("a quoted bracket", "<\"a>b\"@contoso.com>", "\"a>b\"", "contoso.com"),
                arguments("a quoted pair inside quotes", "<\"a\\\"b\"@contoso.com>", "\"a\\\"b\"", "contoso.com"),
                arguments("a quoted pair outside quotes", "<a\\\"b@contoso.com>", "a\\\"b", "contoso.com"),
                arguments("a quoted postmaster", "<\"postmaster\"@contoso.com>", "\"postmaster\"", "contoso.com"),
                arguments("an empty local part", "<@contoso.com>", "", "contoso.com"),
                arguments("an empty local part without brackets", "@contoso.com", "", "contoso.com"),
                arguments("an empty quoted local part", "<\"\"@contoso.com>", "\"\"", "contoso.com"),
                arguments("a dot at either end of the local part", "<.a.@contoso.com>", ".a.", "contoso.com"),
                arguments("a UTF-8 local part", "<jürgen@contoso.com>", "jürgen", "contoso.com"),
                arguments("a UTF-8 domain", "<a@Müller.de>", "a", "xn--mller-kva.de"),
                arguments("an A-label domain", "<a@XN--MLLER-KVA.de>", "a", "xn--mller-kva.de"),
                arguments("sharp s", "<a@faß.de>", "a", "xn--fa-hia.de"),
                arguments("an ideographic full stop", "<a@contoso。com>", "a", "contoso.com"),
                arguments("an emoji", "<\ud83d\ude00@contoso.com>", "\ud83d\ude00", "contoso.com"),
                arguments("a full-width percent sign, which no MTA routes by", "<u％evil.example@contoso.com>",
                        "u％evil.example", "contoso.com"),
                arguments("an underscore", "<a@_x.contoso.com>", "a", "_x.contoso.com"),
                arguments("brackets in the local part", "<[a]@contoso.com>", "[a]", "contoso.com"),
                arguments("a comment in the local part", "<a(hello)@contoso.com>", "a(hello)", "contoso.com"),
                arguments("a single-label domain", "<a@localhost>", "a", "localhost"));
        // spotless:on
    }

    @ParameterizedTest(name = "{0}: {1}", quoteTextArguments = false)
    @MethodSource
    void aPathByWhichAnMtaMayRouteIsTold(String what, String argument, String domain) {
        Mailbox mailbox = mailbox(argument);
        assertThat(mailbox.hasRoutingCharacters()).isTrue();
        assertThat(domain(mailbox)).isEqualTo(domain);
    }

    static Stream<Arguments> aPathByWhichAnMtaMayRouteIsTold() {
        // spotless:off
        return Stream.of(
                arguments("percent", "<u%evil.example@contoso.com>", "contoso.com"),
                arguments("percent without a domain", "<u%evil.example>", NONE),
                arguments("bang", "<evil.example!u@contoso.com>", "contoso.com"),
                arguments("bang without a domain", "<evil.example!u>", NONE),
                arguments("two at signs", "<u@evil.example@contoso.com>", "contoso.com"),
                arguments("a quoted at sign", "<\"u@evil.example\"@contoso.com>", "contoso.com"),
                arguments("a quoted at sign without a domain", "<\"u@evil.example\">", NONE),
                arguments("a quoted percent", "<\"u%evil.example\"@contoso.com>", "contoso.com"),
                arguments("a quoted bang", "<\"evil.example!u\"@contoso.com>", "contoso.com"),
                arguments("an escaped at sign", "<u\\@evil.example@contoso.com>", "contoso.com"),
                arguments("an escaped percent", "<u\\%evil.example@contoso.com>", "contoso.com"),
                arguments("an escaped at sign inside quotes", "<\"u\\@evil.example\"@contoso.com>", "contoso.com"),
                arguments("a source route", "<@hop.example:u@evil.example>", "evil.example"),
                arguments("a long source route", "<@contoso.com,@hop.example:u@evil.example>", "evil.example"),
                arguments("a source route that ends at an accepted domain", "<@evil.example:u@contoso.com>", "contoso.com"),
                arguments("percent inside a source route", "<@hop.example:u%evil.example@contoso.com>", "contoso.com"),
                arguments("nested quotes", "<\"\\\"u@evil.example\\\"\"@contoso.com>", "contoso.com"),
                arguments("nested brackets", "<<u@evil.example>@contoso.com>", "contoso.com"),
                arguments("an address in a comment", "<u@evil.example(@contoso.com>", "contoso.com"),
                arguments("a literal first", "<u@[192.0.2.1]@contoso.com>", "contoso.com"),
                arguments("an at sign in a literal", "<u@[evil@contoso.com]>", NONE),
                arguments("no brackets", "u@evil.example@contoso.com", "contoso.com"),
                arguments("a name before brackets", "x@contoso.com<u@evil.example>", NONE),
                arguments("only at signs", "<@@contoso.com>", "contoso.com"));
        // spotless:on
    }

    @ParameterizedTest(name = "{0}: {1}", quoteTextArguments = false)
    @MethodSource
    void anOddDomainParsesAndIsNone(String what, String argument) {
        Mailbox mailbox = mailbox(argument);
        assertThat(mailbox.domain()).isEmpty();
        assertThat(mailbox.qualified()).isTrue();
        assertThat(mailbox.isPostmaster()).isFalse();
    }

    static Stream<Arguments> anOddDomainParsesAndIsNone() {
        // spotless:off
        return Stream.of(
                arguments("no domain after the at sign", "<a@>"),
                arguments("an IPv4 literal", "<a@[192.0.2.1]>"),
                arguments("an IPv6 literal", "<a@[IPv6:2001:db8::1]>"),
                arguments("a name in brackets", "<a@[contoso.com]>"),
                arguments("half a literal", "<a@contoso.com[]>"),
                arguments("two trailing dots", "<a@contoso.com..>"),
                arguments("a leading dot", "<a@.contoso.com>"),
                arguments("a space in the domain", "<u@evil.example .contoso.com>"),
                arguments("a space after the domain", "<a@contoso.com >"),
                arguments("a space before the domain", "<a@ contoso.com>"),
                arguments("an open comment in the domain", "<u@evil.example(.contoso.com>"),
                arguments("a comment after the domain", "<a@contoso.com(hello)>"),
                arguments("a quoted domain", "<a@\"contoso.com\">"),
                arguments("a quoted at sign in the domain", "<u@evil.example\"@contoso.com\">"),
                arguments("an escaped at sign in the domain", "<u@evil.example\\@contoso.com>"),
                arguments("a list", "<u@evil.example,x.contoso.com>"),
                arguments("a group", "<u@evil.example;x.contoso.com>"),
                arguments("a port", "<u@contoso.com:25>"),
                arguments("a percent sign in the domain", "<u@evil%contoso.com>"),
                arguments("a slash in the domain", "<u@evil.example/.contoso.com>"),
                arguments("an address glued to the bracket", "<u@contoso.com>@evil.example"),
                arguments("a word glued to the bracket", "<u@contoso.com>x"),
                arguments("parameters glued to the bracket", "<u@contoso.com>SIZE=1"),
                arguments("an address glued to the postmaster", "<postmaster>@evil.example"),
                arguments("an address glued to the null sender", "<>a@contoso.com"),
                arguments("the postmaster before brackets", "postmaster<u@evil.example>"),
                arguments("a right-to-left override", "<a@\u202emoc.contoso.com>"),
                arguments("a domain of 254 octets", "<a@" + "a.".repeat(126) + "aa>"));
        // spotless:on
    }

    @ParameterizedTest(name = "{0}: {1}", quoteTextArguments = false)
    @MethodSource
    void anUnqualifiedAddressHasNoDomain(String what, String argument, boolean postmaster) {
        Mailbox mailbox = mailbox(argument);
        assertThat(mailbox.domain()).isEmpty();
        assertThat(mailbox.qualified()).isFalse();
        assertThat(mailbox.hasRoutingCharacters()).isFalse();
        assertThat(mailbox.isPostmaster()).isEqualTo(postmaster);
    }

    static Stream<Arguments> anUnqualifiedAddressHasNoDomain() {
        // spotless:off
        return Stream.of(
                arguments("the postmaster", "<postmaster>", true),
                arguments("the postmaster in any case", "<PostMaster>", true),
                arguments("the postmaster with parameters", "<postmaster> NOTIFY=NEVER", true),
                arguments("the postmaster without brackets", "postmaster", true),
                arguments("a quoted postmaster is any local part", "<\"postmaster\">", false),
                arguments("root", "<root>", false),
                arguments("a space", "<post master>", false),
                arguments("a Turkish postmaster is none", "<postmaster\u0131>", false),
                arguments("long s makes no postmaster", "<poſtmaſter>", false));
        // spotless:on
    }

    @ParameterizedTest(name = "\"{0}\"", quoteTextArguments = false)
    @ValueSource(strings = {"<>", " <>", "<> BODY=8BITMIME", ""})
    void theNullPathIsNull(String argument) {
        assertThat(EnvelopeAddress.parse(argument)).isEqualTo(new Null());
        assertThat(new Null().text()).isEmpty();
    }

    @ParameterizedTest(name = "{0}", quoteTextArguments = false)
    @MethodSource
    void whatCannotBeParsedIsMalformed(String what, String argument) {
        assertThat(EnvelopeAddress.parse(argument)).isInstanceOf(Malformed.class);
        assertThat(EnvelopeAddress.parse(argument.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(Malformed.class);
    }

    static Stream<Arguments> whatCannotBeParsedIsMalformed() {
        // spotless:off
        return Stream.of(
                arguments("a space", " "),
                arguments("an open bracket", "<"),
                arguments("no closing bracket", "<a@contoso.com"),
                arguments("no opening bracket", "a@contoso.com>"),
                arguments("a bracket too many inside", "<<a@contoso.com>"),
                arguments("an open quote", "<\"a@contoso.com>"),
                arguments("an open quote in the domain", "<a@contoso.com\">"),
                arguments("a quote that a backslash keeps open", "<\"a\\\"@contoso.com>"),
                arguments("a closing bracket that a backslash takes away", "<a@contoso.com\\>"),
                arguments("a backslash at the end", "a@contoso.com\"\\"),
                arguments("an open square bracket", "<a@[192.0.2.1>"),
                arguments("a closing square bracket alone", "<a@192.0.2.1]>"),
                arguments("square brackets the wrong way", "<a@]192.0.2.1[>"),
                arguments("NUL", "<a@contoso.com\u0000>"),
                arguments("NUL in the local part", "<a\u0000b@contoso.com>"),
                arguments("a line break", "<a@contoso.com>\r\nRCPT TO:<b@evil.example>"),
                arguments("a bare line feed", "<a\n@contoso.com>"),
                arguments("a tab", "<a\t@contoso.com>"),
                arguments("a quoted control character", "<\"a\u0001\"@contoso.com>"),
                arguments("a control character among the parameters", "<a@contoso.com> X=\u0007"),
                arguments("DEL", "<a\u007f@contoso.com>"),
                arguments("a C1 control character", "<a\u0085@contoso.com>"));
        // spotless:on
    }

    @ParameterizedTest(name = "{0}", quoteTextArguments = false)
    @MethodSource
    void whatIsNoUtf8IsMalformed(String what, byte[] octets) {
        assertThat(EnvelopeAddress.parse(octets)).isInstanceOf(Malformed.class);
    }

    static Stream<Arguments> whatIsNoUtf8IsMalformed() {
        // spotless:off
        return Stream.of(
                arguments("Latin-1", octets(0xfc)),
                arguments("a lone continuation octet", octets(0x80)),
                arguments("a cut sequence", octets(0xe2, 0x82)),
                arguments("an overlong at sign", octets(0xc1, 0x80)),
                arguments("an overlong NUL", octets(0xc0, 0x80)),
                arguments("a surrogate", octets(0xed, 0xa0, 0x80)),
                arguments("beyond Unicode", octets(0xf4, 0x90, 0x80, 0x80)),
                arguments("an octet that is none", octets(0xff)));
        // spotless:on
    }

    @ParameterizedTest(name = "{0}: {1}", quoteTextArguments = false)
    @MethodSource
    void theInternalFormHasNoQuotes(String what, String text, String localPart, String domain) {
        Mailbox mailbox = (Mailbox) EnvelopeAddress.ofInternal(text.getBytes(StandardCharsets.UTF_8));
        assertThat(mailbox.text()).isEqualTo(text);
        assertThat(mailbox.localPart()).isEqualTo(localPart);
        assertThat(domain(mailbox)).isEqualTo(domain);
        assertThat(mailbox.writtenDomain()).isEqualTo(domain);
        assertThat(mailbox.qualified()).isEqualTo(text.contains("@"));
    }

    static Stream<Arguments> theInternalFormHasNoQuotes() {
        // spotless:off
        return Stream.of(
                arguments("a plain address", "a@contoso.com", "a", "contoso.com"),
                arguments("a quoted at sign, without its quotes", "u@evil.example@contoso.com", "u@evil.example", "contoso.com"),
                arguments("an empty local part", "@contoso.com", "", "contoso.com"),
                arguments("no domain", "a@", "a", NONE),
                arguments("no at sign", "postmaster", "postmaster", NONE),
                arguments("a quotation mark and a bracket", "a\"<b@contoso.com", "a\"<b", "contoso.com"),
                arguments("the character that stands for what is not UTF-8", "\ufffd@contoso.com", "\ufffd", "contoso.com"));
        // spotless:on
    }

    @Test
    void theInternalFormMayBeNullOrMalformed() {
        assertThat(EnvelopeAddress.ofInternal(new byte[0])).isEqualTo(new Null());
        assertThat(EnvelopeAddress.ofInternal(octets(0xff))).isEqualTo(new Malformed("<a\ufffd@contoso.com>"));
        assertThat(EnvelopeAddress.ofInternal(octets(0x07))).isEqualTo(new Malformed("<a\u0007@contoso.com>"));
    }

    @Test
    void itsTextIsForTheLog() {
        assertThat(EnvelopeAddress.parse("<A@Contoso.com> SIZE=1").text()).isEqualTo("A@Contoso.com");
        assertThat(EnvelopeAddress.parse("<\"a@contoso.com>").text()).contains("a@contoso.com");
        assertThat(EnvelopeAddress.parse(octets(0xff)).text()).isEqualTo("<a\ufffd@contoso.com>");
    }

    @Test
    void aMegabyteParsesInNoTime() {
        int size = 1 << 20;
        for (String part :
                new String[] {"a", "@", ".", "\"", "\\", "<", "[", "(", "%", "a.", "@a", "ü", "ü.", "\u00ad", "a@b:"}) {
            String text = part.repeat(size / part.length());
            assertThatCode(() -> EnvelopeAddress.parse(("<" + text + ">").getBytes(StandardCharsets.UTF_8)))
                    .as(part)
                    .doesNotThrowAnyException();
            assertThatCode(() -> EnvelopeAddress.parse("<u@" + text + ".contoso.com>"))
                    .as(part)
                    .doesNotThrowAnyException();
        }
        assertThat(domain(mailbox("<u@" + "a".repeat(size) + ">"))).isEmpty();
        assertThat(domain(mailbox("<" + "u".repeat(size) + "@contoso.com>"))).isEqualTo("contoso.com");
    }

    @Test
    void anyOctetsParseIntoSomething() {
        Random random = new Random(4);
        byte[] alphabet = "<<>>@@\"\\[]()%!.:, ua\u0000ü".getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 20_000; i++) {
            byte[] octets = new byte[random.nextInt(24)];
            for (int k = 0; k < octets.length; k++) {
                octets[k] = alphabet[random.nextInt(alphabet.length)];
            }
            EnvelopeAddress address = EnvelopeAddress.parse(octets);
            assertThat(address.text()).isNotNull();
            if (address instanceof Mailbox mailbox && mailbox.domain().isPresent()) {
                String domain = mailbox.domain().get().ascii();
                assertThat(mailbox.qualified()).isTrue();
                assertThat(domain).as(Arrays.toString(octets)).matches("[a-z0-9_-]+([.][a-z0-9_-]+)*");
                assertThat(mailbox.text()).startsWith(mailbox.localPart() + "@");
            }
        }
    }

    /** The short way of octets gives what the parser gives of the text, whatever the MTA resolved it to. */
    @Test
    void aPlainPathIsReadAsAnyOther() {
        Random random = new Random(5);
        String alphabet = "aaabbAB@@.-_+=%!/'#\"\\<>[] \t\u0000\u007f\u00e9";
        int plain = 0;
        for (int i = 0; i < 200_000; i++) {
            StringBuilder inside = new StringBuilder();
            int distance = random.nextInt(12);
            for (int k = 0; k < distance; k++) {
                int among = random.nextInt(4) == 0 ? alphabet.length() : 16;
                inside.append(alphabet.charAt(random.nextInt(among)));
            }
            String argument = (random.nextInt(20) == 0 ? "" : "<") + inside + (random.nextInt(20) == 0 ? "" : ">");
            byte[] octets = argument.getBytes(StandardCharsets.UTF_8);
            EnvelopeAddress expected = EnvelopeAddress.parse(argument);
            assertThat(EnvelopeAddress.parse(octets)).as(argument).isEqualTo(expected);
            String likely = random.nextBoolean() ? inside.toString() : inside + "a";
            assertThat(EnvelopeAddress.parse(octets, likely)).as(argument).isEqualTo(expected);
            plain += PlainPath.at(octets) >= 0 ? 1 : 0;
        }
        assertThat(plain).isBetween(20_000, 180_000);
    }

    @Test
    void keepsALikelyTextOnlyIfItIsTheText() {
        byte[] argument = "<a@contoso.com>".getBytes(StandardCharsets.UTF_8);
        String likely = String.valueOf("a@contoso.com".toCharArray());
        assertThat(EnvelopeAddress.parse(argument, likely).text()).isSameAs(likely);
        for (String other : new String[] {"", "a@contoso.co", "a@contoso.con", "A@contoso.com", "\u00e1@contoso.com"}) {
            assertThat(EnvelopeAddress.parse(argument, other).text()).isEqualTo("a@contoso.com");
        }
    }

    private static Mailbox mailbox(String argument) {
        EnvelopeAddress address = EnvelopeAddress.parse(argument.getBytes(StandardCharsets.UTF_8));
        assertThat(address).isInstanceOf(Mailbox.class).isEqualTo(EnvelopeAddress.parse(argument));
        return (Mailbox) address;
    }

    private static String domain(Mailbox mailbox) {
        return mailbox.domain().map(DomainName::ascii).orElse(NONE);
    }

    /** A path with these octets in its local part. */
    private static byte[] octets(int... values) {
        byte[] head = "<a".getBytes(StandardCharsets.US_ASCII);
        byte[] tail = "@contoso.com>".getBytes(StandardCharsets.US_ASCII);
        byte[] octets = Arrays.copyOf(head, head.length + values.length + tail.length);
        for (int i = 0; i < values.length; i++) {
            octets[head.length + i] = (byte) values[i];
        }
        System.arraycopy(tail, 0, octets, head.length + values.length, tail.length);
        return octets;
    }
}
