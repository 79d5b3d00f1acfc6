package io.github.orgmilter.it.relay;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One attempt to get something out by way of a relay. In its texts {@code {from}} is the client's sender,
 * {@code {victim}} is {@code victim@outside.example}, and {@code {inside}} is a recipient that any client may write to.
 *
 * @param mail the argument of MAIL, with its brackets
 * @param rcpt the argument of RCPT, or {@code null} where there is a dialogue
 * @param dialogue pieces that are sent as they are, CRLF added; {@link #STARTTLS} is a piece that means a handshake
 * @param nullSender whether it has no sender, which a server that is known by certificate may do
 */
record Envelope(String name, String mail, String rcpt, List<String> dialogue, boolean nullSender) {

    /** Sends STARTTLS and shakes hands, if the server wants to. */
    static final String STARTTLS = "(STARTTLS)";

    /** Shakes hands, after STARTTLS has been sent with something behind it. */
    static final String HANDSHAKE = "(handshake)";

    private static final String USUAL = "<{from}>";

    /** U+E080 to U+E0FF are single octets from 0x80 on, which are not UTF-8. */
    private static final char FIRST_OCTET = '\uE000';

    static Envelope rcpt(String name, String argument) {
        return new Envelope(name, USUAL, argument, List.of(), false);
    }

    static Envelope utf8(String name, String argument) {
        return new Envelope(name, USUAL + " SMTPUTF8", argument, List.of(), false);
    }

    static Envelope from(String name, String argument) {
        return new Envelope(name, argument, "<{victim}>", List.of(), argument.startsWith("<>"));
    }

    static Envelope dialogue(String name, String... pieces) {
        return new Envelope(name, USUAL, null, List.of(pieces), false);
    }

    /** The octets of a piece. */
    static byte[] octets(String piece) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        piece.codePoints().forEach(c -> {
            if (c >= FIRST_OCTET + 0x80 && c <= FIRST_OCTET + 0xff) {
                octets.write(c - FIRST_OCTET);
            } else {
                octets.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
            }
        });
        return octets.toByteArray();
    }

    /** The extensions of SMTP that it is made of. */
    List<String> needs() {
        List<String> needs = new ArrayList<>();
        if (mail.endsWith(" SMTPUTF8")) {
            needs.add("SMTPUTF8");
        }
        if (dialogue.stream().anyMatch(piece -> piece.contains("BDAT"))) {
            needs.add("CHUNKING");
        }
        return needs;
    }

    /**
     * The transactions that it is tried in: an argument of RCPT by itself, and behind a recipient that is accepted.
     *
     * @param victim the name to use for {@code victim}
     */
    List<List<String>> transactions(String from, String inside, String victim) {
        List<List<String>> all = new ArrayList<>();
        if (rcpt == null) {
            all.add(dialogue);
        } else {
            all.add(List.of("MAIL FROM:" + mail, "RCPT TO:" + rcpt));
            all.add(List.of("MAIL FROM:" + mail, "RCPT TO:<{inside}>", "RCPT TO:" + rcpt));
            all.add(List.of("MAIL FROM:" + mail + "\r\nRCPT TO:" + rcpt + "\r\nRCPT TO:<{inside}>"));
        }
        return all.stream()
                .map(pieces -> pieces.stream()
                        .map(piece -> piece.replace("{from}", from)
                                .replace("{inside}", inside)
                                .replace("{victim}", "victim@outside.example")
                                .replace("victim", victim)
                                .replace("VICTIM", victim.toUpperCase(Locale.ROOT)))
                        .toList())
                .toList();
    }

    @Override
    public String toString() {
        return name;
    }
}
