package io.github.orgmilter.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** docs/rules.md, section 2.3: comparison of domain names. */
class DomainNameTest {

    private static final String LABEL_63 = "a".repeat(63);
    private static final String NAME_253 = (LABEL_63 + ".").repeat(3) + "a".repeat(61);
    private static final String NAME_254 = (LABEL_63 + ".").repeat(3) + "a".repeat(62);
    private static final String ODD_NAME_253 = "ab--cd." + (LABEL_63 + ".").repeat(3) + "a".repeat(54);
    private static final String CONTOSO = "write \"contoso.com\"";
    private static final String FORM =
            "use letters, digits and inner hyphens, labels of 1 to 63 octets with single dots between";

    @ParameterizedTest(name = "{0}: \"{1}\" is {2}", quoteTextArguments = false)
    @MethodSource
    void readsAConfiguredName(String what, String text, String ascii) throws InvalidValueException {
        assertThat(DomainName.parse(text).ascii()).isEqualTo(ascii);
    }

    static Stream<Arguments> readsAConfiguredName() {
        // spotless:off
        return Stream.of(
                arguments("a plain name stays as it is", "contoso.com", "contoso.com"),
                arguments("upper case is lowered", "Mail.ConToso.COM", "mail.contoso.com"),
                arguments("one label is a name", "localhost", "localhost"),
                arguments("one trailing dot goes", "contoso.com.", "contoso.com"),
                arguments("one trailing dot of a U-label name goes", "müller.de.", "xn--mller-kva.de"),
                arguments("a trailing ideographic full stop goes", "müller.de。", "xn--mller-kva.de"),
                arguments("an ideographic full stop is a dot", "contoso。com", "contoso.com"),
                arguments("a full-width full stop is a dot", "contoso．com", "contoso.com"),
                arguments("a U-label becomes an A-label", "müller.de", "xn--mller-kva.de"),
                arguments("an upper-case U-label as well", "MÜLLER.de", "xn--mller-kva.de"),
                arguments("a decomposed U-label as well", "mu\u0308ller.de", "xn--mller-kva.de"),
                arguments("an A-label stays", "xn--mller-kva.de", "xn--mller-kva.de"),
                arguments("an upper-case A-label is lowered", "XN--MLLER-KVA.de", "xn--mller-kva.de"),
                arguments("sharp s is not ss (non-transitional)", "faß.de", "xn--fa-hia.de"),
                arguments("final sigma is not sigma (non-transitional)", "βόλος.com", "xn--nxasmm1c.com"),
                arguments("full-width letters are letters", "ｃｏｎｔｏｓｏ.com", "contoso.com"),
                arguments("long s is s", "contoſo.com", "contoso.com"),
                arguments("a Kelvin sign is k", "\u212Aontoso.com", "kontoso.com"),
                arguments("Hangul is letters", "한국.kr", "xn--3e0b707e.kr"),
                arguments("Devanagari has marks", "हिन्दी.com", "xn--j2bd4cyah0f.com"),
                arguments("a middle dot between two l", "paral·lel.cat", "xn--parallel-koa.cat"),
                arguments("a joiner after a virama", "ශ්‍රී.com", "xn--10cl1a0b660p.com"),
                arguments("a geresh after a Hebrew letter", "צ׳יפס.com", "xn--eebqig9d.com"),
                arguments("a katakana middle dot among katakana", "ア・イ.com", "xn--ccke4x.com"),
                arguments("Arabic-Indic digits", "س١٢.com", "xn--ygb6gd.com"),
                arguments("an ideographic zero", "二〇.com", "xn--w6jt23g.com"),
                arguments("an A-label of what no U-label may be here", "xn--i-7iq.ws", "xn--i-7iq.ws"),
                arguments("an underscore is kept", "_mta.contoso.com", "_mta.contoso.com"),
                arguments("hyphens in third and fourth place are kept", "ab--cd.contoso.com", "ab--cd.contoso.com"),
                arguments("a digit label under a name", "4.contoso.com", "4.contoso.com"),
                arguments("a label of 63 octets", LABEL_63 + ".com", LABEL_63 + ".com"),
                arguments("a name of 253 octets", NAME_253, NAME_253),
                arguments("an odd name of 253 octets", ODD_NAME_253, ODD_NAME_253),
                arguments("a name of 253 octets and a trailing dot", NAME_253 + ".", NAME_253));
        // spotless:on
    }

    @ParameterizedTest(name = "{0}", quoteTextArguments = false)
    @MethodSource
    void refusesAConfiguredName(String what, String text, String problem, String repair) {
        assertThatThrownBy(() -> DomainName.parse(text)).isInstanceOfSatisfying(InvalidValueException.class, e -> {
            assertThat(e.problem()).isEqualTo(problem);
            assertThat(e.repair()).isEqualTo(repair);
            assertThat(e).hasMessage(problem + "; " + repair);
        });
    }

    static Stream<Arguments> refusesAConfiguredName() {
        String label = "\"%s\" is not a domain name";
        String empty = label + ": it has an empty label";
        String address = "\"%s\" is an address, not a domain name";
        String name = "write a name such as contoso.com; addresses belong in a connector's addresses";
        String wildcard = "\"%s\" has a wildcard where a domain name is wanted";
        String below = "list each name separately";
        String broken = "\"%s\" has the A-label \"%s\", which does not encode a valid U-label";
        String unicode = "write the name in Unicode, or correct the A-label";
        // spotless:off
        return Stream.of(
                refused("an empty name", "", "empty domain name", "write a name such as contoso.com"),
                refused("a dot", ".", address, name),
                refused("two trailing dots", "contoso.com..", empty, FORM),
                refused("two trailing dots of a U-label name", "müller.de..", label, FORM),
                refused("a dot and an ideographic one at the end", "contoso.com。.", label, FORM),
                refused("a leading dot", ".contoso.com", "\"%s\" starts with a dot", CONTOSO),
                refused("an empty label", "a..contoso.com", empty, FORM),
                refused("a star", "*", wildcard, below),
                refused("a wildcard", "*.contoso.com", wildcard, below),
                refused("a mail address", "a@contoso.com", "\"%s\" is a mail address, not a domain name", CONTOSO),
                refused("an at sign before it", "@contoso.com", "\"%s\" is a mail address, not a domain name", CONTOSO),
                refused("an at sign alone", "@", "\"%s\" is a mail address, not a domain name", "write only what follows the @"),
                refused("a control character in a name with a letter beyond ASCII", "con\u007ftoso.müller.de", label, FORM),
                refused("an address literal", "[192.0.2.1]", address, name),
                refused("an IPv6 address literal", "[IPv6:2001:db8::1]", address, name),
                refused("an IPv4 address", "192.0.2.1", address, name),
                refused("an IPv4 address in full-width digits", "１９２.0.2.1", address, name),
                refused("a number", "42", address, name),
                refused("an IPv6 address", "2001:db8::1", address, name),
                refused("a host and port", "contoso.com:25", "\"%s\" has a port", CONTOSO),
                refused("a URL", "http://contoso.com/", "\"%s\" is a URL, not a domain name", CONTOSO),
                refused("a URL with a port", "https://contoso.com:443/x", "\"%s\" has a port", CONTOSO),
                refused("a mail address in brackets", "<a@contoso.com>", "\"%s\" is a mail address, not a domain name", CONTOSO),
                refused("a comma at the end", "contoso.com,", "\"%s\" has quotes or punctuation around it", CONTOSO),
                refused("two names", "contoso.com, contoso.net", "\"%s\" is more than one value",
                        CONTOSO + ", and each further one as a separate entry"),
                refused("an IPv4 address and a port", "192.0.2.1:25", address, name),
                refused("an IPv4 block", "192.0.2.0/24", address, name),
                refused("an IPv6 block", "2001:db8::/32", address, name),
                refused("a space", "con toso.com", label, FORM),
                refused("a space at the end", "contoso.com ", label, FORM),
                refused("a leading hyphen", "-contoso.com", label, FORM),
                refused("a trailing hyphen", "contoso-.com", label, FORM),
                refused("a slash", "contoso.com/x", "\"%s\" has a slash", CONTOSO),
                refused("a control character", "contoso\u0000.com", label, FORM),
                quoted("a pair of typographic quotes", "“contoso.com”", "U+201C LEFT DOUBLE QUOTATION MARK"),
                quoted("German quotes", "„contoso.com“", "U+201E DOUBLE LOW-9 QUOTATION MARK"),
                quoted("single quotes", "‘contoso.com’", "U+2018 LEFT SINGLE QUOTATION MARK"),
                quoted("guillemets", "«contoso.com»", "U+00AB LEFT-POINTING DOUBLE ANGLE QUOTATION MARK"),
                foreign("a prime", "contoso.com′", "U+2032 PRIME"),
                foreign("an en dash", "con–toso.com", "U+2013 EN DASH"),
                foreign("a non-breaking hyphen", "con\u2011toso.com", "U+2011 NON-BREAKING HYPHEN"),
                foreign("a full-width hyphen", "con－toso.com", "U+FF0D FULLWIDTH HYPHEN-MINUS"),
                foreign("a full-width comma", "contoso.com，", "U+FF0C FULLWIDTH COMMA"),
                foreign("a bullet", "•contoso.com", "U+2022 BULLET"),
                foreign("an ellipsis", "mail…com", "U+2026 HORIZONTAL ELLIPSIS"),
                foreign("a trade mark sign", "contoso™.com", "U+2122 TRADE MARK SIGN"),
                foreign("a fraction", "¼.com", "U+00BC VULGAR FRACTION ONE QUARTER"),
                foreign("a letter's ring", "ⓐ.com", "U+24D0 CIRCLED LATIN SMALL LETTER A"),
                foreign("an emoji", "😀.com", "U+1F600 GRINNING FACE"),
                foreign("a snowman", "\u2603\u2028.com", "U+2603 SNOWMAN"),
                foreign("a no-break space", "contoso.com\u00a0", "U+00A0 NO-BREAK SPACE"),
                foreign("a soft hyphen", "con\u00adtoso.com", "U+00AD SOFT HYPHEN"),
                foreign("a zero-width space", "contoso.com\u200b", "U+200B ZERO WIDTH SPACE"),
                foreign("a byte order mark", "\ufeffcontoso.com", "U+FEFF ZERO WIDTH NO-BREAK SPACE"),
                foreign("a variation selector", "contoso.com\ufe0f", "U+FE0F VARIATION SELECTOR-16"),
                foreign("a grapheme joiner", "con\u034ftoso.com", "U+034F COMBINING GRAPHEME JOINER"),
                foreign("a right-to-left override", "\u202emoc.contoso", "U+202E RIGHT-TO-LEFT OVERRIDE"),
                foreign("a lone surrogate", "\ud800.com", "U+D800 HIGH SURROGATES D800"),
                misplaced("a middle dot that is not between two l", "con·toso.com", "U+00B7 MIDDLE DOT"),
                misplaced("a joiner without a virama", "con\u200dtoso.com", "U+200D ZERO WIDTH JOINER"),
                misplaced("a geresh after a Latin letter", "contoso׳s.com", "U+05F3 HEBREW PUNCTUATION GERESH"),
                misplaced("a katakana middle dot among Latin letters", "con・toso.com", "U+30FB KATAKANA MIDDLE DOT"),
                misplaced("Arabic digits of two kinds", "س١۲.com", "U+0661 ARABIC-INDIC DIGIT ONE"),
                misplaced("the first Arabic digit before one of the other kind", "س٠۱.com", "U+0660 ARABIC-INDIC DIGIT ZERO"),
                misplaced("the last Arabic digit before one of the other kind", "س٩۱.com", "U+0669 ARABIC-INDIC DIGIT NINE"),
                misplaced("the first extended digit before one of the other kind", "س۰١.com", "U+06F0 EXTENDED ARABIC-INDIC DIGIT ZERO"),
                misplaced("the last extended digit before one of the other kind", "س۹١.com", "U+06F9 EXTENDED ARABIC-INDIC DIGIT NINE"),
                refused("an underscore beside a U-label", "_x.müller.de", label, FORM),
                refused("a label of 64 octets", LABEL_63 + "a.com", label, FORM),
                refused("a name of 254 octets", NAME_254, "\"%s\" is longer than 253 octets", "write a shorter name"),
                refused("a U-label that is longer than IDNA takes", "ü".repeat(2000),
                        "\"%s\" is longer than 253 octets", "write a shorter name"),
                refused("a U-label that becomes longer than IDNA takes", "\ufdfa".repeat(500),
                        "\"%s\" is longer than 253 octets", "write a shorter name"),
                refused("an A-label that decodes to nothing", "xn--.com", label, FORM),
                refused("an A-label that does not decode", "xn--a.com", broken.replace("\"%s\",", "\"xn--a\","), unicode),
                refused("an A-label of a name with upper case", "xn--mller-kvaX9999999999.de",
                        broken.replace("\"%s\",", "\"xn--mller-kvax9999999999\","), unicode),
                refused("an A-label of plain ASCII", "xn--contoso-.com", label, FORM));
        // spotless:on
    }

    private static Arguments foreign(String what, String text, String character) {
        return arguments(
                what, text, "\"" + text + "\" contains " + character, "use letters, digits, hyphens and dots only");
    }

    private static Arguments quoted(String what, String text, String character) {
        return arguments(what, text, "\"" + text + "\" contains " + character, CONTOSO);
    }

    private static Arguments misplaced(String what, String text, String character) {
        return arguments(
                what,
                text,
                "\"" + text + "\" contains " + character + " where IDNA 2008 does not allow it",
                "remove it, or correct the characters next to it");
    }

    private static Arguments refused(String what, String text, String problem, String repair) {
        return arguments(what, text, problem.replace("%s", text), repair);
    }

    @ParameterizedTest(name = "{0}: \"{1}\" is {2}", quoteTextArguments = false)
    @MethodSource
    void comparesADomainOfAnEnvelope(String what, String text, String ascii) {
        assertThat(DomainName.ofEnvelope(text)).hasValue(new DomainName(ascii));
    }

    static Stream<Arguments> comparesADomainOfAnEnvelope() {
        // spotless:off
        return Stream.of(
                arguments("upper case is lowered", "CONTOSO.com", "contoso.com"),
                arguments("one trailing dot goes", "contoso.com.", "contoso.com"),
                arguments("one trailing ideographic full stop goes", "contoso.com。", "contoso.com"),
                arguments("a U-label becomes an A-label", "Müller.de", "xn--mller-kva.de"),
                arguments("one trailing dot of a U-label name goes", "müller.de.", "xn--mller-kva.de"),
                arguments("sharp s is not ss", "faß.de", "xn--fa-hia.de"),
                arguments("full-width letters are letters", "ｃontoso.com", "contoso.com"),
                arguments("a soft hyphen is nothing", "con\u00adtoso.com", "contoso.com"),
                arguments("an underscore, which UTS #46 refuses, is compared as it is", "_X.contoso.com", "_x.contoso.com"),
                arguments("so are hyphens in third and fourth place", "AB--cd.com", "ab--cd.com"),
                arguments("so is a broken A-label", "XN--a.com", "xn--a.com"),
                arguments("so are hyphens at either end", "-contoso-.com", "-contoso-.com"),
                arguments("an IPv4 address is a name like any other", "192.0.2.1", "192.0.2.1"),
                arguments("a label of 63 octets", LABEL_63 + ".com", LABEL_63 + ".com"),
                arguments("a text of three times the length of a name", "\u00ad".repeat(748) + "contoso.com", "contoso.com"),
                arguments("a Turkish dotless i is no i", "cıntoso.com", "xn--cntoso-p9a.com"),
                arguments("a Cyrillic homograph is another name", "contоso.com", "xn--contso-zqf.com"));
        // spotless:on
    }

    @Test
    void asciiIsLowerCasedFromAToZ() {
        assertThat(DomainName.asciiLowerCase("@[`{~")).isEqualTo("@[`{~");
        assertThat(DomainName.asciiLowerCase("A")).isEqualTo("a");
        assertThat(DomainName.asciiLowerCase("Z")).isEqualTo("z");
        assertThat(DomainName.asciiLowerCase("BZ@A[Z`")).isEqualTo("bz@a[z`");
        assertThat(DomainName.isAscii("\u0000~\u007f")).isTrue();
        assertThat(DomainName.isAscii("a\u0080")).isFalse();
    }

    @ParameterizedTest(name = "{0}: \"{1}\" is written as {2}", quoteTextArguments = false)
    @MethodSource
    void aNameInItsOwnLettersIsNotMapped(String what, String text, String ascii) {
        assertThat(DomainName.ofEnvelope(text)).hasValue(new DomainName(ascii));
        assertThat(new DomainName(ascii).isMappedFrom(text)).isFalse();
    }

    static Stream<Arguments> aNameInItsOwnLettersIsNotMapped() {
        // spotless:off
        return Stream.of(
                arguments("ASCII", "contoso.com", "contoso.com"),
                arguments("upper case", "CONTOSO.COM", "contoso.com"),
                arguments("a trailing dot", "contoso.com.", "contoso.com"),
                arguments("an underscore", "_X.contoso.com", "_x.contoso.com"),
                arguments("an A-label", "XN--MLLER-KVA.de", "xn--mller-kva.de"),
                arguments("a U-label", "müller.de", "xn--mller-kva.de"),
                arguments("a U-label in upper case", "MÜLLER.DE", "xn--mller-kva.de"),
                arguments("a U-label and a trailing dot", "Müller.de.", "xn--mller-kva.de"),
                arguments("a sharp s", "faß.de", "xn--fa-hia.de"),
                arguments("a final sigma", "βόλος.com", "xn--nxasmm1c.com"),
                arguments("Greek in upper case, whose sigma is never a final one", "ΒΌΛΟΣ.com", "xn--nxasmq6b.com"),
                arguments("Cyrillic in upper case", "ПРИМЕР.example", "xn--e1afmkfd.example"),
                arguments("Han", "例え.example", "xn--r8jz45g.example"),
                arguments("Hangul", "한국.example", "xn--3e0b707e.example"),
                arguments("a middle dot between l and l", "l·l.example", "xn--ll-0ea.example"),
                arguments("a joiner where its script wants one", "\u0dc1\u0dca\u200d\u0dbb\u0dd3.com", "xn--10cl1a0b660p.com"),
                arguments("letters beyond the first plane", "\ud801\udc00.example", "xn--hj8c.example"));
        // spotless:on
    }

    @ParameterizedTest(name = "{0}: \"{1}\" is {2} by mapping", quoteTextArguments = false)
    @MethodSource
    void aNameThatOnlyMappingMakesIsMapped(String what, String text, String ascii) {
        assertThat(DomainName.ofEnvelope(text)).hasValue(new DomainName(ascii));
        assertThat(new DomainName(ascii).isMappedFrom(text)).isTrue();
    }

    static Stream<Arguments> aNameThatOnlyMappingMakesIsMapped() {
        // spotless:off
        return Stream.of(
                arguments("a soft hyphen", "con\u00adtoso.com", "contoso.com"),
                arguments("a zero-width space", "con\u200btoso.com", "contoso.com"),
                arguments("a byte order mark", "\ufeffcontoso.com", "contoso.com"),
                arguments("a combining grapheme joiner", "con\u034ftoso.com", "contoso.com"),
                arguments("a variation selector", "contoso\ufe0f.com", "contoso.com"),
                arguments("a Mongolian variation selector", "contoso\u180b.com", "contoso.com"),
                arguments("a word joiner", "con\u2060toso.com", "contoso.com"),
                arguments("a full-width letter", "ｃontoso.com", "contoso.com"),
                arguments("a full-width letter in upper case", "Ｃontoso.com", "contoso.com"),
                arguments("a mathematical letter", "\ud835\udc1c" + "ontoso.com", "contoso.com"),
                arguments("a ligature", "o\ufb03ce.example", "office.example"),
                arguments("a superscript", "a².example", "a2.example"),
                arguments("an ideographic full stop", "contoso。com", "contoso.com"),
                arguments("a full-width full stop", "contoso．com", "contoso.com"),
                arguments("a half-width ideographic full stop", "contoso｡com", "contoso.com"),
                arguments("an ideographic full stop at the end", "contoso.com。", "contoso.com"),
                arguments("an ideographic full stop behind a U-label", "müller。de", "xn--mller-kva.de"),
                arguments("a Kelvin sign, whose lower case is ASCII", "\u212Aontoso.com", "kontoso.com"),
                arguments("a dotted capital I, whose lower case begins with ASCII", "\u0130.example", "xn--i-9bb.example"),
                arguments("a long s, which folding makes s", "conto\u017fo.com", "contoso.com"),
                arguments("a decomposed letter", "mu\u0308ller.de", "xn--mller-kva.de"),
                arguments("a decomposed letter in upper case", "MU\u0308LLER.de", "xn--mller-kva.de"),
                arguments("a letter that is another one's canonical form", "\uf967.example", "xn--ihq.example"),
                arguments("an A-label beside a U-label", "xn--mller-kva.müller.de", "xn--mller-kva.xn--mller-kva.de"),
                arguments("a full-width A-label", "ｘn--mller-kva.de", "xn--mller-kva.de"),
                arguments("a soft hyphen in a U-label", "mül\u00adler.de", "xn--mller-kva.de"),
                arguments("a soft hyphen in place of the dot", "müller.\u00adde", "xn--mller-kva.de"));
        // spotless:on
    }

    @ParameterizedTest(name = "{0}: \"{1}\" is in no domain", quoteTextArguments = false)
    @MethodSource
    void anOddDomainOfAnEnvelopeIsNone(String what, String text) {
        assertThat(DomainName.ofEnvelope(text)).isEmpty();
    }

    static Stream<Arguments> anOddDomainOfAnEnvelopeIsNone() {
        // spotless:off
        return Stream.of(
                arguments("empty", ""),
                arguments("a dot", "."),
                arguments("two trailing dots", "contoso.com.."),
                arguments("two trailing dots, one ideographic", "contoso.com。."),
                arguments("two trailing dots after a U-label", "müller.de.."),
                arguments("a leading dot", ".contoso.com"),
                arguments("an empty label", "evil.example..contoso.com"),
                arguments("a space", "evil.example .contoso.com"),
                arguments("a space at the end", "contoso.com "),
                arguments("an open comment", "evil.example(.contoso.com"),
                arguments("a comment", "contoso.com(hello)"),
                arguments("a quote", "evil.example\".\".contoso.com"),
                arguments("a comma", "evil.example,x.contoso.com"),
                arguments("a backslash", "contoso\\.com"),
                arguments("a star", "*.contoso.com"),
                arguments("an address literal", "[192.0.2.1]"),
                arguments("a colon", "evil.example:x.contoso.com"),
                arguments("a full-width at sign", "evil.example＠x.contoso.com"),
                arguments("an underscore beside a U-label, which UTS #46 refuses", "_x.müller.de"),
                arguments("what UTS #46 refuses and is not ASCII", "evil\u2028.contoso.com"),
                arguments("a lone surrogate", "\ud800.contoso.com"),
                arguments("a right-to-left override", "\u202emoc.contoso.com"),
                arguments("a label of 64 octets", LABEL_63 + "a.contoso.com"),
                arguments("254 octets", NAME_254));
        // spotless:on
    }

    @Test
    void anOverlongDomainOfAnEnvelopeCostsLittle() {
        assertThat(DomainName.ofEnvelope("a.".repeat(500_000))).isEmpty();
        assertThat(DomainName.ofEnvelope("ü.".repeat(500_000))).isEmpty();
        assertThat(DomainName.ofEnvelope("\u00ad".repeat(500_000) + "contoso.com"))
                .isEmpty();
    }

    // One character may be mapped to as many as eighteen.
    @ParameterizedTest(name = "{0}, {1} times", quoteTextArguments = false)
    @CsvSource({"¼, 759", "¼, 340", "\ufdfa, 759", "\ufdfa, 60", "\u3300, 400", "\u33a7, 700", "ü, 759", "ü, 1000"})
    void aDomainThatGrowsWhenMappedIsNone(String character, int times) {
        assertThat(DomainName.ofEnvelope(character.repeat(times))).isEmpty();
        assertThat(DomainName.ofEnvelope(character.repeat(times) + ".contoso.com"))
                .isEmpty();
    }

    @ParameterizedTest(name = "{0} at or below {1}: {2}", quoteTextArguments = false)
    @CsvSource({
        "contoso.com, contoso.com, true",
        "mail.contoso.com, contoso.com, true",
        "a.b.c.contoso.com, contoso.com, true",
        "evilcontoso.com, contoso.com, false",
        "contoso.com, mail.contoso.com, false",
        "contoso.com.evil.example, contoso.com, false",
        "com, contoso.com, false",
        "contoso.com, com, true"
    })
    void belowMeansBehindADot(String name, String domain, boolean below) {
        assertThat(new DomainName(name).isAtOrBelow(new DomainName(domain))).isEqualTo(below);
    }

    @Test
    void theParentLacksTheFirstLabel() {
        assertThat(new DomainName("mail.contoso.com").parent()).hasValue(new DomainName("contoso.com"));
        assertThat(new DomainName("com").parent()).isEmpty();
        assertThat(new DomainName("com").isSingleLabel()).isTrue();
        assertThat(new DomainName("contoso.com").isSingleLabel()).isFalse();
    }

    @ParameterizedTest(name = "{0} is shown as {1}", quoteTextArguments = false)
    @CsvSource({
        "xn--mller-kva.de, müller.de",
        "mail.xn--mller-kva.de, mail.müller.de",
        "xn--fa-hia.de, faß.de",
        "contoso.com, contoso.com",
        "ab--cd.contoso.com, ab--cd.contoso.com",
        "xn--a.com, xn--a.com"
    })
    void aNameHasAFormInULabels(String ascii, String unicode) {
        assertThat(new DomainName(ascii).unicode()).isEqualTo(unicode);
    }

    @Test
    void aNameIsShownInALabels() {
        assertThat(new DomainName("xn--mller-kva.de")).hasToString("xn--mller-kva.de");
    }
}
