package io.github.orgmilter.probe;

import io.github.orgmilter.probe.smtp.Envelope;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

// spotless:off
/**
 * What relay checkers try, and some more: each writes to somebody outside, however it looks. None is a name without a domain and
 * without routing characters, which an MTA may well take for one of its own users.
 */
final class Envelopes {

    /** A template of an address; see {@link OddName} and {@link Addresses#fill}. */
    private record Row(String name, String text, boolean utf8) {}

    /** What is sent between MAIL and RCPT. */
    private record Dialogue(String name, List<String> between) {
        Dialogue(String name, String... between) {
            this(name, List.of(between));
        }
    }

    private static final List<Row> PLAIN = List.of(
            row("an address outside", "<{victim}>"),
            row("in capitals", "<ORGMILTER-PROBE@{OUTSIDE}>"),
            row("without brackets", "{victim}"),
            row("a blank after the colon", " <{victim}>"),
            row("a tab after the colon", "\t<{victim}>"),
            row("blanks within the brackets", "< {victim} >"),
            row("nested brackets", "<<{victim}>>"),
            row("a bracket that is never closed", "<{victim}"),
            row("a bracket that was never opened", "{victim}>"),
            row("a name before it", "\"{inside}\" <{victim}>"),
            row("a comment before it", "({inside})<{victim}>"),
            row("a comment in the local part", "<{user}(@{own})@{outside}>"),
            row("a comment before the domain", "<{user}@({own}){outside}>"),
            row("a comment behind the domain", "<{user}@{outside}(@{own})>"),
            row("a group", "{own}:{victim};"),
            row("postmaster elsewhere", "<postmaster@{outside}>"),
            row("with NOTIFY", "<{victim}> NOTIFY=NEVER"),
            row("with ORCPT of somebody inside", "<{victim}> ORCPT=rfc822;{inside}"),
            row("with an unknown parameter", "<{victim}> RELAY=YES"));

    private static final List<Row> ROUTES = List.of(
            row("percent, at an accepted domain", "<{user}%{outside}@{own}>"),
            row("percent, at the server's name", "<{user}%{outside}@{server}>"),
            row("percent, at the server's address", "<{user}%{outside}@{literal}>"),
            row("percent alone", "<{user}%{outside}>"),
            row("percent twice", "<{user}%{outside}%{own}@{own}>"),
            row("percent, and outside all the same", "<{user}%{own}@{outside}>"),
            row("percent and a trailing dot", "<{user}%{outside}@{own}.>"),
            row("postmaster by percent", "<postmaster%{outside}>"),
            row("bang", "<{outside}!{user}>"),
            row("bang, at an accepted domain", "<{outside}!{user}@{own}>"),
            row("bang, at the server's name", "<{outside}!{user}@{server}>"),
            row("bang, at the server's address", "<{outside}!{user}@{literal}>"),
            row("bang, by way of an accepted domain", "<{own}!{outside}!{user}>"),
            row("bang, and outside all the same", "<{own}!{user}@{outside}>"),
            row("bang and percent", "<{outside}!{user}%{own}@{own}>"),
            row("at twice, an accepted domain last", "<{victim}@{own}>"),
            row("at twice, an accepted domain first", "<{inside}@{outside}>"),
            row("at twice, the server's name last", "<{victim}@{server}>"),
            row("at twice, the server's address last", "<{victim}@{literal}>"),
            row("a source route by an accepted domain", "<@{own}:{victim}>"),
            row("a source route by the server's name", "<@{server}:{victim}>"),
            row("a source route by the server's address", "<@{literal}:{victim}>"),
            row("a source route of two", "<@{own},@{server}:{victim}>"),
            row("a source route without brackets", "@{own}:{victim}"),
            row("a source route and percent", "<@{own}:{user}%{outside}@{own}>"),
            row("an empty source route", "<@:{victim}>"));

    private static final List<Row> QUOTED = List.of(
            row("a quoted address", "<\"{victim}\">"),
            row("a quoted local part", "<\"{user}\"@{outside}>"),
            row("a quoted address at an accepted domain", "<\"{victim}\"@{own}>"),
            row("a quoted address at the server's name", "<\"{victim}\"@{server}>"),
            row("quoted percent", "<\"{user}%{outside}\"@{own}>"),
            row("quoted bang", "<\"{outside}!{user}\"@{own}>"),
            row("quotes in quotes", "<\"\\\"{victim}\\\"\"@{own}>"),
            row("a quoted at that is escaped", "<\"{user}\\@{outside}\"@{own}>"),
            row("an escaped at", "<{user}\\@{outside}@{own}>"),
            row("an escaped percent", "<{user}\\%{outside}@{own}>"),
            row("a quoted route", "<\"@{own}:{user}\"@{outside}>"),
            row("quoted and not closed", "<\"{victim}>"),
            row("a quoted bracket", "<\"{inside}>\"@{outside}>"));

    /** The first one is outside: an MTA that reads the other one alone would accept it rightly. */
    private static final List<Row> SEVERAL = List.of(
            row("two, a comma between", "<{victim},{inside}>"),
            row("two in brackets, a comma between", "<{victim}>,<{inside}>"),
            row("two in brackets", "<{victim}><{inside}>"),
            row("two in brackets, a blank between", "<{victim}> <{inside}>"),
            row("two without brackets", "{victim} {inside}"),
            row("two, a semicolon between", "<{victim};{inside}>"),
            row("an escaped comma", "<u\\,{victim}>"),
            row("a route with a comma and no brackets", "@a,@b:{victim}"),
            row("a route with a comma before brackets", "@a,@b:<{victim}>"));

    private static final List<Row> DOMAINS = List.of(
            row("a trailing dot", "<{victim}.>"),
            row("two trailing dots", "<{victim}..>"),
            row("two dots within", "<{user}@{own}..{outside}>"),
            row("a leading dot", "<{user}@.{own}>"),
            row("a name that ends like an accepted one", "<{user}@{outside}{own}>"),
            row("a name below an accepted one", "<{user}@{user}.{own}>"),
            row("a name that begins like an accepted one", "<{user}@{own}.{outside}>"),
            row("a slash in the domain", "<{user}@{outside}/{own}>"),
            row("a number sign in the domain", "<{user}@{outside}#{own}>"),
            row("a question mark before an accepted domain", "<{user}@{outside}?@{own}>"),
            row("an accepted domain behind 900 blanks", "<{victim}" + " ".repeat(900) + "@{own}>"),
            row("an IPv4 literal", "<{user}@[192.0.2.1]>"),
            row("an IPv6 literal", "<{user}@[IPv6:2001:db8::1]>"),
            row("an address without brackets", "<{user}@192.0.2.1>"),
            row("an address as one number", "<{user}@3221225985>"),
            row("a literal of a name", "<{user}@[{outside}]>"),
            row("a literal of an accepted name", "<{user}@[{own}]@{outside}>"),
            row("a local part of 300 octets", "<" + "v".repeat(300) + "@{outside}>"),
            row("a domain of 600 octets", "<{user}@" + "a.".repeat(300) + "{outside}>"),
            row("a label of 80 octets", "<{user}@" + "a".repeat(80) + ".{outside}>"),
            row("an address of 1,800 octets", "<" + "v".repeat(1_800) + "@{outside}>"),
            row("a hundred routes", "<" + "@{own},".repeat(100) + "@{own}:{victim}>"));

    private static final List<Row> LETTERS = List.of(
            utf8("a Cyrillic letter in an accepted name", "<{user}@{own:alike}>"),
            row("the same as an A-label", "<{user}@{own:alike-ascii}>"),
            row("the same without SMTPUTF8", "<{user}@{own:alike}>"),
            utf8("an accent on an accepted name", "<{user}@{own:+0301}>"),
            utf8("a percent of full width, outside", "<{user}\uff05{own}@{outside}>"),
            utf8("a local part in letters of its own", "<\u0436\u0435\u0440\u0442\u0432\u0430@{outside}>"),
            utf8("a domain in letters of its own", "<{user}@\u4f8b\u3048.{outside}>"),
            utf8("percent and letters", "<\u0436\u0435\u0440\u0442\u0432\u0430%{outside}@{own}>"),
            row("a right-to-left override", "<moc.elpmaxe@\u202e{victim}>"),
            row("a bell in the local part", "<{user}\u0007@{outside}>"),
            utf8("SMTPUTF8 and nothing that needs it", "<{victim}>"));

    /** What Unicode mapping or folding makes an accepted domain or the server's own, and an MTA may take for another one. */
    private static final List<Row> MAPPED = List.of(
            utf8("a soft hyphen in an accepted name", "<{user}@{own:+00ad}>"),
            utf8("a zero-width space in it", "<{user}@{own:+200b}>"),
            utf8("a byte order mark in it", "<{user}@{own:+feff}>"),
            utf8("a combining grapheme joiner in it", "<{user}@{own:+034f}>"),
            utf8("a variation selector in it", "<{user}@{own:+fe0f}>"),
            utf8("a Mongolian variation selector in it", "<{user}@{own:+180b}>"),
            utf8("a word joiner in it", "<{user}@{own:+2060}>"),
            utf8("a letter of full width", "<{user}@{own:wide}>"),
            utf8("a Kelvin sign or a long s", "<{user}@{own:folded}>"),
            utf8("an ideographic full stop", "<{user}@{own:.3002}>"),
            utf8("a full-width full stop", "<{user}@{own:.ff0e}>"),
            utf8("a half-width full stop", "<{user}@{own:.ff61}>"),
            utf8("an ideographic full stop behind it", "<{user}@{own}\u3002>"),
            utf8("a soft hyphen in the server's name", "<{user}@{server:+00ad}>"),
            utf8("the server's name in full width", "<{user}@{server:wide}>"),
            utf8("an ideographic full stop in the server's name", "<{user}@{server:.3002}>"),
            utf8("a soft hyphen and percent", "<{user}%{outside}@{own:+00ad}>"),
            row("a soft hyphen without SMTPUTF8", "<{user}@{own:+00ad}>"),
            row("a letter of full width without SMTPUTF8", "<{user}@{own:wide}>"));

    private static final List<Row> SENDERS = List.of(
            row("a null sender", "<>"),
            row("a null sender with AUTH=", "<> AUTH={inside}"),
            row("nothing for a sender", ""),
            row("AUTH= somebody inside", "<{user}@{outside}> AUTH={inside}"),
            row("a sender without brackets", "{inside}"),
            row("a sender with a bracket that is never closed", "<{inside}"),
            row("a sender in capitals", "<{INSIDE}>"),
            row("a sender with parameters", "<{inside}> SIZE=100 BODY=8BITMIME"),
            row("a sender behind a route", "<@{server}:{inside}>"),
            row("a sender by percent", "<{user}%{other}@{own}>"),
            row("a sender by bang", "<{other}!{user}@{own}>"),
            row("a quoted sender", "<\"{user}@{other}\"@{own}>"),
            row("a sender with two ats", "<{user}@{other}@{own}>"),
            row("a sender with a comment", "<{user}(@{other})@{own}>"),
            row("a sender with a trailing dot", "<{inside}.>"),
            row("a sender at the server's name", "<root@{server}>"),
            utf8("a sender with a soft hyphen in its domain", "<{user}@{own:+00ad}>"),
            utf8("a sender in full width", "<{user}@{own:wide}>"),
            utf8("a sender with an ideographic full stop", "<{user}@{own:.3002}>"));

    private static final String VICTIM = "<{victim}>";
    private static final String INSIDE = "<postmaster@{own}>";

    private static final List<Dialogue> DIALOGUES = List.of(
            new Dialogue("behind one inside", "RCPT TO:" + INSIDE),
            new Dialogue("behind RSET", "RCPT TO:" + INSIDE, "RSET"),
            new Dialogue("behind RSET and another sender", "RCPT TO:" + INSIDE, "RSET", "MAIL FROM:<{victim}>"),
            new Dialogue("behind a second sender", "MAIL FROM:<{inside}>"),
            new Dialogue("once more, after it was refused", "RCPT TO:" + VICTIM));

    private Envelopes() {}

    private static Row row(String name, String text) {
        return new Row(name, text, false);
    }

    private static Row utf8(String name, String text) {
        return new Row(name, text, true);
    }

    /** All that a stranger tries, with this sender wherever the sender is not what is odd. */
    static List<Envelope> all(Addresses addresses, String sender) {
        List<Envelope> all = new ArrayList<>(plain(addresses, sender));
        Stream.of(ROUTES, QUOTED, SEVERAL, DOMAINS, LETTERS, MAPPED)
                .flatMap(List::stream)
                .flatMap(row -> to(addresses, sender, row).stream())
                .forEach(all::add);
        return all;
    }

    /** What an MTA that is wired wrongly relays at once. */
    static List<Envelope> plain(Addresses addresses, String sender) {
        List<Envelope> all = new ArrayList<>();
        PLAIN.forEach(row -> to(addresses, sender, row).ifPresent(all::add));
        DIALOGUES.forEach(dialogue -> all.add(new Envelope(
                "an address outside, " + dialogue.name(),
                addresses.fill(sender),
                addresses.fill(VICTIM),
                dialogue.between().stream().map(addresses::fill).toList(),
                false)));
        return all;
    }

    /** Somebody outside, with odd senders. */
    static List<Envelope> senders(Addresses addresses) {
        return SENDERS.stream()
                .flatMap(row -> filled(addresses, row.text()).stream()
                        .map(sender -> new Envelope(
                                row.name(), sender, addresses.fill(VICTIM), List.of(), row.utf8())))
                .toList();
    }

    /** What a customer's server may send, and what it may not. */
    static List<Envelope> customer(Addresses addresses) {
        List<Envelope> all = new ArrayList<>();
        all.add(one(addresses, "in its own name, to somebody outside", "<{inside}>", VICTIM));
        all.add(one(addresses, "in a name of nobody here, to somebody outside", "<{victim}>", VICTIM));
        if (!addresses.own().equals(addresses.other())) {
            all.add(one(addresses, "in another organization's name, to somebody outside", "<{user}@{other}>", VICTIM));
        }
        all.add(one(addresses, "with the null sender, to somebody outside", "<>", VICTIM));
        return all;
    }

    /** Mail that anybody may send, to see that the server takes mail at all. */
    static Envelope inside(Addresses addresses) {
        return one(addresses, "to postmaster inside", "<{victim}>", INSIDE);
    }

    private static Envelope one(Addresses addresses, String name, String sender, String recipient) {
        return new Envelope(name, addresses.fill(sender), addresses.fill(recipient), List.of(), false);
    }

    private static Optional<Envelope> to(Addresses addresses, String sender, Row row) {
        return filled(addresses, row.text())
                .map(recipient -> new Envelope(row.name(), addresses.fill(sender), recipient, List.of(), row.utf8()));
    }

    private static Optional<String> filled(Addresses addresses, String template) {
        String capitals = template.replace("{OUTSIDE}", addresses.outside().toUpperCase(Locale.ROOT))
                .replace("{INSIDE}", addresses.fill("{inside}").toUpperCase(Locale.ROOT));
        return OddName.fill(capitals, addresses).map(addresses::fill);
    }
}
// spotless:on
