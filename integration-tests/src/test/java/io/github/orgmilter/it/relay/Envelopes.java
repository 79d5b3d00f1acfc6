package io.github.orgmilter.it.relay;

import static io.github.orgmilter.it.relay.Envelope.dialogue;
import static io.github.orgmilter.it.relay.Envelope.from;
import static io.github.orgmilter.it.relay.Envelope.rcpt;
import static io.github.orgmilter.it.relay.Envelope.utf8;

import java.util.ArrayList;
import java.util.List;

// spotless:off
/** What relay checkers try, and some more. None of it may leave the MTA for any recipient but {@code {inside}}. */
final class Envelopes {

    private static final String BODY = "Subject: relay\r\n\r\nHello.\r\n.";
    private static final String CHUNK = "Subject: relay\r\n\r\nHello.\r\n";

    /** What one server may take for the end of DATA, and another one for text. */
    static final List<String> ENDS =
            List.of("\n.\n", "\n.\r\n", "\r\n.\n", "\r.\r", "\r\n.\r", "\r\n\0.\r\n", "\n\n.\r\r\n");

    private Envelopes() {}

    static List<Envelope> all() {
        List<Envelope> all = new ArrayList<>();
        all.addAll(plain());
        all.addAll(routes());
        all.addAll(quoted());
        all.addAll(several());
        all.addAll(domains());
        all.addAll(letters());
        all.addAll(mapped());
        all.addAll(octets());
        all.addAll(senders());
        all.addAll(dialogues());
        all.addAll(smuggled());
        return all;
    }

    /** What an MTA may read otherwise where the accepted domains are its own. */
    static List<Envelope> readByDomain() {
        List<Envelope> some = new ArrayList<>(routes());
        some.addAll(quoted());
        return some;
    }

    /** What one version of an MTA may read otherwise than another one. */
    static List<Envelope> readByVersion() {
        List<Envelope> some = new ArrayList<>(letters());
        some.addAll(octets());
        some.addAll(dialogues());
        some.addAll(smuggled());
        return some;
    }

    private static List<Envelope> plain() {
        return List.of(
                rcpt("an address outside", "<{victim}>"),
                rcpt("without brackets", "{victim}"),
                rcpt("in capitals", "<VICTIM@OUTSIDE.EXAMPLE>"),
                rcpt("a blank after the colon", " <{victim}>"),
                rcpt("a tab after the colon", "\t<{victim}>"),
                rcpt("blanks within the brackets", "< {victim} >"),
                rcpt("nested brackets", "<<{victim}>>"),
                rcpt("a bracket that is never closed", "<{victim}"),
                rcpt("a bracket that was never opened", "{victim}>"),
                rcpt("a name before it", "\"inside@contoso.com\" <{victim}>"),
                rcpt("a comment before it", "(inside@contoso.com)<{victim}>"),
                rcpt("a comment in the local part", "<victim(@contoso.com)@outside.example>"),
                rcpt("a comment before the domain", "<victim@(contoso.com)outside.example>"),
                rcpt("a comment behind the domain", "<victim@outside.example(@contoso.com)>"),
                rcpt("a group", "contoso.com:{victim};"),
                rcpt("postmaster elsewhere", "<postmaster@outside.example>"),
                rcpt("with NOTIFY", "<{victim}> NOTIFY=NEVER"),
                rcpt("with ORCPT of somebody inside", "<{victim}> ORCPT=rfc822;inside@contoso.com"),
                rcpt("with an unknown parameter", "<{victim}> RELAY=YES"));
    }

    private static List<Envelope> routes() {
        return List.of(
                rcpt("percent, at an accepted domain", "<victim%outside.example@contoso.com>"),
                rcpt("percent, at the MTA's own name", "<victim%outside.example@mx1.example.net>"),
                rcpt("percent, at the MTA's address", "<victim%outside.example@[127.0.0.1]>"),
                rcpt("percent alone", "<victim%outside.example>"),
                rcpt("percent twice", "<victim%outside.example%contoso.com@contoso.com>"),
                rcpt("percent, and outside all the same", "<victim%contoso.com@outside.example>"),
                rcpt("percent and a trailing dot", "<victim%outside.example@contoso.com.>"),
                rcpt("postmaster by percent", "<postmaster%outside.example>"),
                rcpt("bang", "<outside.example!victim>"),
                rcpt("bang, at an accepted domain", "<outside.example!victim@contoso.com>"),
                rcpt("bang, at the MTA's own name", "<outside.example!victim@mx1.example.net>"),
                rcpt("bang, at the MTA's address", "<outside.example!victim@[127.0.0.1]>"),
                rcpt("bang, by way of an accepted domain", "<contoso.com!outside.example!victim>"),
                rcpt("bang, and outside all the same", "<contoso.com!victim@outside.example>"),
                rcpt("bang and percent", "<outside.example!victim%contoso.com@contoso.com>"),
                rcpt("at twice, an accepted domain last", "<victim@outside.example@contoso.com>"),
                rcpt("at twice, an accepted domain first", "<victim@contoso.com@outside.example>"),
                rcpt("at twice, the MTA's own name last", "<victim@outside.example@mx1.example.net>"),
                rcpt("at twice, the MTA's address last", "<victim@outside.example@[127.0.0.1]>"),
                rcpt("a source route by an accepted domain", "<@contoso.com:{victim}>"),
                rcpt("a source route by the MTA's own name", "<@mx1.example.net:{victim}>"),
                rcpt("a source route by the MTA's address", "<@[127.0.0.1]:{victim}>"),
                rcpt("a source route of two", "<@contoso.com,@mx1.example.net:{victim}>"),
                rcpt("a source route without brackets", "@contoso.com:{victim}"),
                rcpt("a source route and percent", "<@contoso.com:victim%outside.example@contoso.com>"),
                rcpt("an empty source route", "<@:{victim}>"));
    }

    private static List<Envelope> quoted() {
        return List.of(
                rcpt("a quoted address", "<\"{victim}\">"),
                rcpt("a quoted local part", "<\"victim\"@outside.example>"),
                rcpt("a quoted address at an accepted domain", "<\"{victim}\"@contoso.com>"),
                rcpt("a quoted address at the MTA's own name", "<\"{victim}\"@mx1.example.net>"),
                rcpt("quoted percent", "<\"victim%outside.example\"@contoso.com>"),
                rcpt("quoted bang", "<\"outside.example!victim\"@contoso.com>"),
                rcpt("quotes in quotes", "<\"\\\"{victim}\\\"\"@contoso.com>"),
                rcpt("a quoted at that is escaped", "<\"victim\\@outside.example\"@contoso.com>"),
                rcpt("an escaped at", "<victim\\@outside.example@contoso.com>"),
                rcpt("an escaped percent", "<victim\\%outside.example@contoso.com>"),
                rcpt("a quoted route", "<\"@contoso.com:victim\"@outside.example>"),
                rcpt("quoted and not closed", "<\"victim@outside.example>"),
                rcpt("a quoted bracket", "<\"inside@contoso.com>\"@outside.example>"));
    }

    private static List<Envelope> several() {
        return List.of(
                rcpt("two, the outside one second, a comma between", "<{inside},{victim}>"),
                rcpt("two, the outside one first, a comma between", "<{victim},{inside}>"),
                rcpt("two in brackets, a comma between", "<{inside}>,<{victim}>"),
                rcpt("two in brackets", "<{inside}><{victim}>"),
                rcpt("two in brackets, a blank between", "<{inside}> <{victim}>"),
                rcpt("two without brackets", "{inside} {victim}"),
                rcpt("two, a semicolon between", "<{inside};{victim}>"),
                rcpt("a comma and nothing, then the outside one", "<u,>,<{victim}>"),
                rcpt("an escaped comma", "<u\\,{victim}>"),
                rcpt("a route with a comma and no brackets", "@a,@b:{victim}"),
                rcpt("a route with a comma before brackets", "@a,@b:<{victim}>"),
                rcpt("percent, bang, comma", "%!,<{victim}>"));
    }

    private static List<Envelope> domains() {
        return List.of(
                rcpt("a trailing dot", "<{victim}.>"),
                rcpt("two trailing dots", "<{victim}..>"),
                rcpt("two dots within", "<victim@contoso.com..outside.example>"),
                rcpt("a leading dot", "<victim@.contoso.com>"),
                rcpt("a name that ends like an accepted one", "<victim@evilcontoso.com>"),
                rcpt("a name below an accepted one", "<victim@sub.contoso.com>"),
                rcpt("a name that begins like an accepted one", "<victim@contoso.com.outside.example>"),
                rcpt("a slash in the domain", "<victim@outside.example/contoso.com>"),
                rcpt("a number sign in the domain", "<victim@outside.example#contoso.com>"),
                rcpt("a question mark before an accepted domain", "<victim@outside.example?@contoso.com>"),
                rcpt("an IPv4 literal", "<victim@[192.0.2.1]>"),
                rcpt("an IPv4 literal of the MTA's own", "<victim@[127.0.0.1]>"),
                rcpt("an IPv6 literal", "<victim@[IPv6:2001:db8::1]>"),
                rcpt("an address without brackets", "<victim@192.0.2.1>"),
                rcpt("an address as one number", "<victim@3221225985>"),
                rcpt("a literal of a name", "<victim@[outside.example]>"),
                rcpt("a literal of an accepted name", "<victim@[contoso.com]@outside.example>"),
                rcpt("a local part of 300 octets", "<" + "v".repeat(300) + "@outside.example>"),
                rcpt("a domain of 600 octets", "<victim@" + "a.".repeat(300) + "outside.example>"),
                rcpt("a label of 80 octets", "<victim@" + "a".repeat(80) + ".outside.example>"),
                rcpt("an address of 1,800 octets", "<" + "v".repeat(1_800) + "@outside.example>"),
                rcpt("an accepted domain behind 900 blanks", "<{victim}" + " ".repeat(900) + "@contoso.com>"),
                rcpt("a hundred routes", "<" + "@contoso.com,".repeat(100) + "@contoso.com:{victim}>"));
    }

    private static List<Envelope> letters() {
        return List.of(
                utf8("a Cyrillic letter in an accepted name", "<victim@c\u043entoso.com>"),
                utf8("the same as an A-label", "<victim@" + java.net.IDN.toASCII("c\u043entoso.com") + ">"),
                utf8("a dotless i in an accepted name", "<victim@ta\u0131lspin.example>"),
                utf8("an accent on an accepted name", "<victim@cont\u00f3so.com>"),
                utf8("an accepted name without its umlaut", "<victim@bucher.example>"),
                utf8("an umlaut that is not the accepted domain's", "<victim@b\u0171cher.example>"),
                utf8("an invalid A-label", "<victim@xn--bcher-kvb\u00fc.example>"),
                utf8("an at of full width", "<victim\uff20outside.example>"),
                utf8("an at of full width, at an accepted domain", "<@contoso.com:victim\uff20outside.example>"),
                utf8("a percent of full width, outside", "<victim\uff05contoso.com@outside.example>"),
                utf8("a local part in letters of its own", "<\u0436\u0435\u0440\u0442\u0432\u0430@outside.example>"),
                utf8("a domain in letters of its own", "<victim@\u4f8b\u3048.outside.example>"),
                utf8("percent and letters", "<\u0436\u0435\u0440\u0442\u0432\u0430%outside.example@contoso.com>"),
                utf8("SMTPUTF8 and nothing that needs it", "<{victim}>"),
                rcpt("letters without SMTPUTF8", "<victim@c\u043entoso.com>"),
                rcpt("a right-to-left override", "<moc.osotnoc@\u202evictim@outside.example>"));
    }

    /** What Unicode mapping or folding makes an accepted domain or the MTA's own, and an MTA may take for another one. */
    private static List<Envelope> mapped() {
        return List.of(
                utf8("a soft hyphen in an accepted name", "<victim@con\u00adtoso.com>"),
                utf8("a zero-width space in it", "<victim@con\u200btoso.com>"),
                utf8("a byte order mark in it", "<victim@con\ufefftoso.com>"),
                utf8("a combining grapheme joiner in it", "<victim@con\u034ftoso.com>"),
                utf8("a variation selector in it", "<victim@contoso\ufe0f.com>"),
                utf8("a Mongolian variation selector in it", "<victim@contoso\u180b.com>"),
                utf8("a word joiner in it", "<victim@con\u2060toso.com>"),
                utf8("full-width letters", "<victim@\uff43\uff4f\uff4e\uff54\uff4f\uff53\uff4f.com>"),
                utf8("a Kelvin sign", "<victim@fabri\u212aam.com>"),
                utf8("a long s", "<victim@conto\u017fo.com>"),
                utf8("an ideographic full stop", "<victim@contoso\u3002com>"),
                utf8("a full-width full stop", "<victim@contoso\uff0ecom>"),
                utf8("a half-width full stop", "<victim@contoso\uff61com>"),
                utf8("an ideographic full stop behind it", "<victim@contoso.com\u3002>"),
                utf8("a soft hyphen in an included subdomain", "<victim@sub.fabri\u00adkam.com>"),
                utf8("a soft hyphen in a name with an umlaut", "<victim@b\u00fc\u00adcher.example>"),
                utf8("a decomposed umlaut", "<victim@bu\u0308cher.example>"),
                utf8("a full-width A-label", "<victim@\uff58n--bcher-kva.example>"),
                utf8("a soft hyphen in the MTA's own name", "<victim@mx1.ex\u00adample.net>"),
                utf8("the MTA's own name in full width", "<victim@\uff4dx1.example.net>"),
                utf8("an ideographic full stop in the MTA's own name", "<victim@mx1\u3002example.net>"),
                utf8("a soft hyphen and percent", "<victim%outside.example@con\u00adtoso.com>"),
                rcpt("a soft hyphen without SMTPUTF8", "<victim@con\u00adtoso.com>"),
                rcpt("full-width letters without SMTPUTF8", "<victim@\uff43ontoso.com>"),
                from("a sender with a soft hyphen in its domain", "<a@con\u00adtoso.com> SMTPUTF8"),
                from("a sender in full width", "<a@\uff43ontoso.com> SMTPUTF8"),
                from("a sender with an ideographic full stop", "<a@contoso\u3002com> SMTPUTF8"));
    }

    private static List<Envelope> octets() {
        return List.of(
                rcpt("NUL before an accepted domain", "<{victim}\0@contoso.com>"),
                rcpt("NUL behind the domain", "<{victim}\0>"),
                rcpt("NUL behind an accepted domain", "<victim@contoso.com\0.outside.example>"),
                rcpt("NUL behind the brackets", "<{victim}>\0<{inside}>"),
                rcpt("CR before an accepted domain", "<{victim}\r@contoso.com>"),
                rcpt("a bell in the local part", "<victim\u0007@outside.example>"),
                rcpt("octets that are not UTF-8", "<victim\uE0FF\uE0FE@outside.example>"),
                rcpt("octets that are not UTF-8, then an accepted domain", "<{victim}\uE0FF@contoso.com>"),
                rcpt("an overlong at", "<victim\uE0C1\uE080outside.example@contoso.com\uE0FF>"),
                rcpt("a second command behind LF", "<{inside}>\nRCPT TO:<{victim}>"),
                rcpt("a second command behind CR", "<{inside}>\rRCPT TO:<{victim}>"));
    }

    private static List<Envelope> senders() {
        return List.of(
                from("a null sender", "<>"),
                from("a null sender with AUTH=", "<> AUTH=a@contoso.com"),
                from("nothing for a sender", ""),
                from("blanks for a sender", "  "),
                from("AUTH= somebody inside", "<{from}> AUTH=a@contoso.com"),
                from("a sender without brackets", "{from}"),
                from("a sender behind a route", "<@mx1.example.net:{from}>"),
                from("a sender by percent", "<a%northwind.example@contoso.com>"),
                from("a sender by bang", "<northwind.example!a@contoso.com>"),
                from("a quoted sender", "<\"a@northwind.example\"@contoso.com>"),
                from("a sender with two ats", "<a@northwind.example@contoso.com>"),
                from("a sender with a comment", "<a(@northwind.example)@contoso.com>"),
                from("a sender with a trailing dot", "<a@contoso.com.>"),
                from("a sender in capitals", "<A@CONTOSO.COM>"),
                from("a sender with NUL", "<a@contoso.com\0@northwind.example>"),
                from("the victim's own address", "<victim@contoso.com> SIZE=100 BODY=8BITMIME"),
                from("a sender with a bracket that is never closed", "<{from}"));
    }

    private static List<Envelope> dialogues() {
        return List.of(
                dialogue("everything in one piece",
                        "MAIL FROM:<{from}>\r\nRCPT TO:<{victim}>\r\nRCPT TO:<{inside}>\r\nDATA\r\n" + BODY),
                dialogue("everything in one piece, and no recipient inside",
                        "MAIL FROM:<{from}>\r\nRCPT TO:<{victim}>\r\nDATA\r\n" + BODY),
                dialogue("two messages in one piece, the second one outside",
                        "MAIL FROM:<{from}>\r\nRCPT TO:<{inside}>\r\nDATA\r\n" + BODY
                                + "\r\nMAIL FROM:<{from}>\r\nRCPT TO:<{victim}>\r\nDATA\r\n" + BODY),
                dialogue("RSET in between", "MAIL FROM:<{from}>", "RCPT TO:<{inside}>", "RSET", "RCPT TO:<{victim}>", "DATA"),
                dialogue("RSET, then another sender and the same recipient",
                        "MAIL FROM:<{from}>", "RCPT TO:<{inside}>", "RSET", "MAIL FROM:<{from}>", "RCPT TO:<{victim}>"),
                dialogue("EHLO in between", "MAIL FROM:<{from}>", "RCPT TO:<{inside}>", "EHLO mail.contoso.com", "RCPT TO:<{victim}>"),
                dialogue("EHLO in between, and all of it again",
                        "MAIL FROM:<{from}>", "RCPT TO:<{inside}>", "EHLO mail.contoso.com", "MAIL FROM:<{from}>", "RCPT TO:<{victim}>"),
                dialogue("the name of an identified server in EHLO",
                        "EHLO mail.contoso.com", "MAIL FROM:<{from}>", "RCPT TO:<{victim}>"),
                dialogue("the address of an identified server in HELO",
                        "HELO [127.0.1.10]", "MAIL FROM:<{from}>", "RCPT TO:<{victim}>"),
                dialogue("MAIL twice", "MAIL FROM:<inside@contoso.com>", "MAIL FROM:<{from}>", "RCPT TO:<{victim}>"),
                dialogue("RCPT before MAIL", "RCPT TO:<{victim}>", "MAIL FROM:<{from}>", "DATA"),
                dialogue("the recipient once more, once it was refused",
                        "MAIL FROM:<{from}>", "RCPT TO:<{victim}>", "RCPT TO:<{victim}>", "RCPT TO:<{inside}>", "RCPT TO:<{victim}>"),
                dialogue("thirty victims before one inside",
                        "MAIL FROM:<{from}>\r\n" + "RCPT TO:<{victim}>\r\n".repeat(30) + "RCPT TO:<{inside}>"),
                dialogue("STARTTLS between RCPT and DATA",
                        "MAIL FROM:<{from}>", "RCPT TO:<{inside}>", Envelope.STARTTLS, "RCPT TO:<{victim}>", "DATA"),
                dialogue("STARTTLS between MAIL and RCPT", "MAIL FROM:<{from}>", Envelope.STARTTLS, "RCPT TO:<{victim}>"),
                dialogue("STARTTLS, no second EHLO", Envelope.STARTTLS, "MAIL FROM:<{from}>", "RCPT TO:<{victim}>"),
                dialogue("commands behind STARTTLS, in the same packet",
                        "STARTTLS\r\nMAIL FROM:<{from}>\r\nRCPT TO:<{victim}>", Envelope.HANDSHAKE, "DATA"),
                dialogue("AUTH that fails", "AUTH PLAIN AGFsaWNlAHdyb25n", "MAIL FROM:<{from}>", "RCPT TO:<{victim}>"),
                dialogue("XFORWARD", "XFORWARD ADDR=127.0.1.10 NAME=mail.contoso.com", "MAIL FROM:<{from}>", "RCPT TO:<{victim}>"),
                dialogue("BDAT", "MAIL FROM:<{from}>", "RCPT TO:<{victim}>", "BDAT " + CHUNK.length() + " LAST\r\n" + CHUNK),
                dialogue("BDAT, somebody inside as well",
                        "MAIL FROM:<{from}>", "RCPT TO:<{victim}>", "RCPT TO:<{inside}>",
                        "BDAT " + CHUNK.length() + "\r\n" + CHUNK + "RCPT TO:<{victim}>\r\nBDAT 0 LAST"),
                dialogue("BDAT, everything in one piece",
                        "MAIL FROM:<{from}>\r\nRCPT TO:<{inside}>\r\nRCPT TO:<{victim}>\r\nBDAT " + CHUNK.length() + " LAST\r\n" + CHUNK),
                dialogue("BDAT, then RSET, then DATA",
                        "MAIL FROM:<{from}>", "RCPT TO:<{inside}>", "BDAT " + CHUNK.length() + "\r\n" + CHUNK + "RSET",
                        "MAIL FROM:<{from}>", "RCPT TO:<{victim}>", "DATA"),
                dialogue("SEND, SOML, SAML", "SEND FROM:<{from}>", "RCPT TO:<{victim}>", "SOML FROM:<{from}>", "RCPT TO:<{victim}>",
                        "SAML FROM:<{from}>", "RCPT TO:<{victim}>"),
                dialogue("verbs in any case", "mAiL fRoM:<{from}>", "rCpT tO:<{victim}>", "dAtA"),
                dialogue("blanks around the colon", "MAIL FROM : <{from}>", "RCPT TO : <{victim}>"),
                dialogue("recipients in the header",
                        "MAIL FROM:<{from}>", "RCPT TO:<{inside}>",
                        "DATA\r\nTo: {victim}\r\nCc: {victim}\r\nBcc: {victim}\r\nApparently-To: {victim}\r\nResent-To: {victim}\r\n"
                                + BODY));
    }

    static String name(String end) {
        return end.replace("\r", "CR ").replace("\n", "LF ").replace("\0", "NUL ").replace(".", ". ").strip();
    }

    /** Within one message, another one, behind an end that only one of two servers takes for one. */
    private static List<Envelope> smuggled() {
        List<Envelope> all = new ArrayList<>();
        for (String end : ENDS) {
            String name = "a message smuggled behind " + name(end);
            all.add(dialogue(name, "MAIL FROM:<{from}>\r\nRCPT TO:<{inside}>\r\nDATA\r\nSubject: one\r\n\r\nHello." + end
                    + "MAIL FROM:<{from}>\r\nRCPT TO:<{victim}>\r\nDATA\r\nSubject: two\r\n\r\nHello.\r\n."));
        }
        return all;
    }
}
// spotless:on
