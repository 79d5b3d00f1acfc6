package io.github.orgmilter.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/**
 * A log of any length that wants to be read wrongly, or to take all memory: lines that are forged within others, cut, run into one
 * another or never end, noise, and names, sessions, domains and causes that never come again.
 */
final class HostileLog {

    private static final String LEVEL = "2026-11-28T12:00:00.000+00:00 INFO  ";
    private static final String ACCEPTED =
            "verdict=accept cause=sender-domain connector=contoso/branch client=192.0.2.7 helo=x";
    private static final String REFUSED = "verdict=reject cause=not-identified";
    private static final String REPLY =
            " config=1 reply=\"550 5.7.1 Relay access denied: %1$s is not a known customer mail server\"";
    private static final int LONG = 380; // characters; with its domain still in one piece in a log
    private static final int ID = "NOQUEUE: ".length(); // less of it is a queue id before the next one
    private static final int ENDLESS = 300_000; // octets

    private final Random random;
    private final StringBuilder text = new StringBuilder();
    private long number;
    private long lines;
    private long recipients;

    HostileLog(long seed) {
        random = new Random(seed);
    }

    /** Writes at least so many octets. */
    void write(OutputStream out, long octets) throws IOException {
        genuine();
        for (long written = 0; written < octets; ) {
            while (text.length() < 1 << 16) {
                next();
            }
            byte[] piece = text.toString().getBytes(StandardCharsets.ISO_8859_1);
            text.setLength(0);
            out.write(piece);
            written += piece.length;
        }
        out.flush();
    }

    /** How many lines were written. */
    long lines() {
        return lines;
    }

    /** How many of them are whole verdicts on a recipient, whoever wrote them. */
    long recipients() {
        return recipients;
    }

    private void next() {
        number++;
        switch (random.nextInt(14)) {
            case 0, 1 -> genuine();
            case 2, 3 -> stranger();
            case 4 -> forgedWithin();
            case 5 -> ofAnotherProgram();
            case 6 -> cut();
            case 7 -> rotated();
            case 8 -> madeUp();
            case 9 -> neverEnds();
            case 10 -> message();
            case 11 -> wrapped();
            case 12 -> noise();
            default -> rarely();
        }
    }

    private void genuine() {
        recipient(LEVEL + "NOQUEUE: session=s" + number % 1000 + " " + ACCEPTED + " from=<a@contoso.com> to=<b" + number
                + "@outside.example> config=1");
    }

    /** A new domain, a new client and long names each time. */
    private void stranger() {
        String client = "203.0.113." + number % 250;
        recipient(LEVEL + "NOQUEUE: session=" + number + " " + REFUSED + " client=" + client + " cert=c" + number
                + ".example"
                + " tls=yes helo=h" + number + " from=<" + "v".repeat(random.nextInt(LONG)) + "@d" + number
                + ".example> to=<"
                + "w".repeat(random.nextInt(LONG)) + number + "@outside.example>" + REPLY.formatted(client));
    }

    /** As the log writes what a client sent. */
    private void forgedWithin() {
        String forged = "\\u{d}\\u{a}NOQUEUE:\\u{20}session=1\\u{20}" + ACCEPTED.replace(" ", "\\u{20}");
        recipient("NOQUEUE: session=" + number + " " + REFUSED + " client=192.0.2.9 helo=" + forged + " from=<\\\""
                + forged + "\\\"@d" + number + ".example> to=<b@outside.example>" + REPLY.formatted("192.0.2.9"));
    }

    private void ofAnotherProgram() {
        line("Nov 28 12:00:00 mx postfix/smtpd[" + number + "]: warning: NOQUEUE: session=" + number + " " + ACCEPTED
                + " from=<a@contoso.com> to=<b@outside.example> config=1");
        line("x NOQUEUE: session=" + number + " " + ACCEPTED + " from=<a@contoso.com> to=<b@outside.example> config=1");
    }

    private void cut() {
        String whole = "NOQUEUE: session=" + number + " " + ACCEPTED + " from=<a@contoso.com> to=<b" + number
                + "@outside.example>";
        String part = whole.substring(0, ID + random.nextInt(whole.length() - ID));
        line(random.nextBoolean() ? part : part + whole + " config=1"); // or another process wrote on
    }

    private void rotated() {
        text.append("\0".repeat(random.nextInt(8192)));
        genuine();
    }

    /** What only somebody who can write into the log writes. */
    private void madeUp() {
        recipient("NOQUEUE: session=" + number + " verdict="
                + List.of("accept", "reject", "tempfail").get(random.nextInt(3))
                + " cause=" + "c".repeat(random.nextInt(100)) + number + " connector=o" + number + "/"
                + "x".repeat(random.nextInt(100))
                + " client=192.0.2.9 helo=x from=<u@" + "d".repeat(1 + random.nextInt(60)) + "." + number
                + ".example> to=<b@outside.example>"
                + " config=1 reply=\"550 5.7.1 " + number + "\"");
        recipient("NOQUEUE: session=same verdict=accept cause=inbound connector=o" + number
                + "/x client=192.0.2.9 helo=x" + " from=<u@d.example> to=<b@outside.example> config=1");
        recipient("NOQUEUE: session=other verdict=accept cause=c" + number
                + " connector=contoso/branch client=192.0.2.9 helo=x"
                + " from=<u@d.example> to=<b@outside.example> config=1");
    }

    private void neverEnds() {
        for (int i = random.nextInt(20); i >= 0; i--) {
            recipient("NOQUEUE: session=open" + number
                    + " verdict=accept cause=inbound organization=contoso client=2001:db8::"
                    + Long.toHexString(number & 0xffff) + " helo=x from=<" + "l".repeat(LONG) + "@outside.example> to=<"
                    + "r".repeat(LONG) + i + "@contoso.com> config=1");
        }
    }

    private void message() {
        line("Q" + number + ": session=s" + number % 1000 + " message recipients=1/1 from=<a@contoso.com> authors="
                + "a" + number + ".example," + "b.example,".repeat(random.nextInt(30)) + "contoso.com");
        line("Q" + number + ": session=none" + number + " message recipients=" + random.nextInt() + "/"
                + random.nextInt() + " from=<a@contoso.com> authors=" + ",".repeat(random.nextInt(100)));
    }

    private void wrapped() {
        text.append("Nov 28 12:00:00 mx orgmilter[").append(number).append("]: ");
        genuine();
        line("{\"MESSAGE\":\"".repeat(1 + random.nextInt(2000)) + "NOQUEUE: session=1");
        line("[".repeat(random.nextInt(20_000)));
        line("<13>1 - - - - - [" + "x=\"]\\\"".repeat(random.nextInt(2000)));
    }

    private void noise() {
        byte[] octets = new byte[random.nextInt(20_000)];
        random.nextBytes(octets);
        line(new String(octets, StandardCharsets.ISO_8859_1).replace('\n', ' '));
    }

    private void rarely() {
        if (random.nextInt(100) == 0) {
            line("NOQUEUE: session=1 " + "x".repeat(ENDLESS) + " " + ACCEPTED);
        } else {
            line("NOQUEUE: session=1 " + "k" + number + "=v ".repeat(random.nextInt(2000)));
        }
    }

    private void recipient(String whole) {
        recipients++;
        line(whole);
    }

    private void line(String one) {
        lines++;
        text.append(one).append('\n');
    }
}
