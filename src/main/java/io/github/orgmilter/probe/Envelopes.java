package io.github.orgmilter.probe;

import io.github.orgmilter.probe.smtp.Envelope;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

// spotless:off
/**
 * What relay checkers try, and some more: each writes to somebody outside, however it looks. None is a name without a domain and
 * without routing characters, which an MTA may well take for one of its own users.
 */
final class Envelopes {

    /** A template of an address; see {@link Addresses#fill}. */
    private record Row(String name, String text, boolean utf8) {}

    private static final List<Row> PLAIN = List.of(
            row("an address outside", "<{victim}>"),
            row("in capitals", "<ORGMILTER-PROBE@{OUTSIDE}>"),
            row("without brackets", "{victim}"),
            row("a blank after the colon", " <{victim}>"),
            row("blanks within the brackets", "< {victim} >"),
            row("nested brackets", "<<{victim}>>"),
            row("a bracket that is never closed", "<{victim}"),
            row("a name before it", "\"{inside}\" <{victim}>"),
            row("a comment before it", "({inside})<{victim}>"),
            row("a comment in the local part", "<{user}(@{own})@{outside}>"),
            row("a comment before the domain", "<{user}@({own}){outside}>"),
            row("a comment behind the domain", "<{user}@{outside}(@{own})>"),
            row("a group", "{own}:{victim};"),
            row("postmaster elsewhere", "<postmaster@{outside}>"),
            row("with NOTIFY", "<{victim}> NOTIFY=NEVER"),
            row("with ORCPT of somebody inside", "<{victim}> ORCPT=rfc822;{inside}"));

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
            row("a quoted bracket", "<\"{inside}>\"@{outside}>"));

    private static final List<Row> SEVERAL = List.of(
            row("two, the outside one first, a comma between", "<{victim},{inside}>"),
            row("an escaped comma", "<u\\,{victim}>"),
            row("a route with a comma and no brackets", "@a,@b:{victim}"),
            row("two without brackets", "{victim} {inside}"));

    private static final List<Row> DOMAINS = List.of(
            row("a trailing dot", "<{victim}.>"),
            row("two trailing dots", "<{victim}..>"),
            row("two dots within", "<{user}@{own}..{outside}>"),
            row("a name that ends like an accepted one", "<{user}@{outside}{own}>"),
            row("a name that begins like an accepted one", "<{user}@{own}.{outside}>"),
            row("a slash in the domain", "<{user}@{outside}/{own}>"),
            row("a number sign in the domain", "<{user}@{outside}#{own}>"),
            row("an accepted domain behind 900 blanks", "<{victim}" + " ".repeat(900) + "@{own}>"),
            row("a literal of an accepted name", "<{user}@[{own}]@{outside}>"),
            row("a hundred routes", "<" + "@{own},".repeat(100) + "@{own}:{victim}>"));

    /** What Unicode mapping makes an accepted domain, and an MTA may take for another one. */
    private static final List<Row> MAPPED = List.of(
            utf8("a soft hyphen in an accepted name", "<{user}@{soft-hyphen}>"),
            utf8("a zero-width space in it", "<{user}@{zero-width}>"),
            utf8("full-width letters", "<{user}@{full-width}>"),
            utf8("an ideographic full stop", "<{user}@{full-stop}>"),
            utf8("an ideographic full stop behind it", "<{user}@{own}\u3002>"),
            utf8("a soft hyphen and percent", "<{user}%{outside}@{soft-hyphen}>"),
            utf8("a local part in letters of its own", "<\u0436\u0435\u0440\u0442\u0432\u0430@{outside}>"),
            utf8("SMTPUTF8 and nothing that needs it", "<{victim}>"));

    private static final List<Row> SENDERS = List.of(
            row("a null sender", "<>"),
            row("a null sender with AUTH=", "<> AUTH={inside}"),
            row("AUTH= somebody inside", "<{user}@{outside}> AUTH={inside}"),
            row("a sender without brackets", "{inside}"),
            row("a sender behind a route", "<@{server}:{inside}>"),
            row("a sender by percent", "<{user}%{other}@{own}>"),
            row("a sender by bang", "<{other}!{user}@{own}>"),
            row("a quoted sender", "<\"{user}@{other}\"@{own}>"),
            row("a sender with two ats", "<{user}@{other}@{own}>"),
            row("a sender with a comment", "<{user}(@{other})@{own}>"),
            row("a sender with a trailing dot", "<{inside}.>"),
            row("a sender at the server's name", "<root@{server}>"),
            utf8("a sender with a soft hyphen in its domain", "<{user}@{soft-hyphen}>"));

    private static final String VICTIM = "<{victim}>";

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
        Stream.of(ROUTES, QUOTED, SEVERAL, DOMAINS, MAPPED)
                .flatMap(List::stream)
                .forEach(row -> all.add(to(addresses, sender, row)));
        return all;
    }

    /** What an MTA that is wired wrongly relays at once. */
    static List<Envelope> plain(Addresses addresses, String sender) {
        List<Envelope> all = new ArrayList<>();
        PLAIN.forEach(row -> all.add(to(addresses, sender, row)));
        all.add(new Envelope(
                "an address outside, behind one inside",
                fill(addresses, sender),
                fill(addresses, VICTIM),
                fill(addresses, "<postmaster@{own}>"),
                false));
        return all;
    }

    /** Somebody outside, with odd senders. */
    static List<Envelope> senders(Addresses addresses) {
        return SENDERS.stream()
                .map(row -> new Envelope(row.name(), fill(addresses, row.text()), fill(addresses, VICTIM), "", row.utf8()))
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
        return one(addresses, "to postmaster inside", "<{victim}>", "<postmaster@{own}>");
    }

    private static Envelope one(Addresses addresses, String name, String sender, String recipient) {
        return new Envelope(name, fill(addresses, sender), fill(addresses, recipient), "", false);
    }

    private static Envelope to(Addresses addresses, String sender, Row row) {
        return new Envelope(row.name(), fill(addresses, sender), fill(addresses, row.text()), "", row.utf8());
    }

    private static String fill(Addresses addresses, String template) {
        String own = addresses.own();
        String odd = template.replace("{soft-hyphen}", own.charAt(0) + "\u00ad" + own.substring(1))
                .replace("{zero-width}", own.charAt(0) + "\u200b" + own.substring(1))
                .replace("{full-width}", fullWidth(own.charAt(0)) + own.substring(1))
                .replace("{full-stop}", own.replaceFirst("\\.", "\u3002"))
                .replace("{OUTSIDE}", addresses.outside().toUpperCase(Locale.ROOT));
        return addresses.fill(odd);
    }

    /** U+FF01 to U+FF5E are the visible characters of ASCII in full width. */
    private static String fullWidth(char ascii) {
        return Character.toString(ascii - '!' + 0xff01);
    }
}
// spotless:on
