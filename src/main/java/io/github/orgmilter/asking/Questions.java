package io.github.orgmilter.asking;

import io.github.orgmilter.identity.IpAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Questions about a stranger who wants to relay: from nobody's domain to nobody's domain, and no message follows.
 *
 * @param patience until an answer must be there
 */
public record Questions(Duration patience) {

    /** The domain of both addresses, which can never exist (RFC 6761, section 6.4). */
    public static final String NOWHERE = "orgmilter-doctor.invalid";

    static final String ADDRESS = "nobody@" + NOWHERE;

    private static final int MOST_OCTETS = 8192;

    /** What a service is asked over a connection. */
    private interface Dialogue {
        Reply.Kind speak(Wire wire, StringBuilder text) throws IOException;
    }

    /** What the milter there would answer at RCPT. */
    public Reply milter(Place place, IpAddress client) {
        return ask(place, (wire, text) -> new MilterQuestion(wire, client).ask(text));
    }

    /** What the policy service there answers. */
    public Reply policy(Place place, IpAddress client) {
        return ask(place, (wire, text) -> {
            wire.write(("request=smtpd_access_policy\nprotocol_state=RCPT\nprotocol_name=ESMTP\nclient_address="
                            + client
                            + "\nclient_port=0\nserver_address=" + client + "\nserver_port=25\nclient_name=unknown\n"
                            + "helo_name=" + NOWHERE + "\nsender=" + ADDRESS + "\nrecipient=" + ADDRESS
                            + "\nsasl_method=\nsasl_username=\nccert_subject=\nccert_issuer=\n\n")
                    .getBytes(StandardCharsets.US_ASCII));
            StringBuilder answer = new StringBuilder();
            while (answer.indexOf("\n\n") < 0 && answer.length() < MOST_OCTETS) {
                answer.append((char) wire.read(1)[0]);
            }
            text.append(answer.toString().strip());
            String action = text.toString().replaceFirst("^action=", "").toUpperCase(java.util.Locale.ROOT);
            if (!text.toString().startsWith("action=")) {
                return Reply.Kind.STRANGE;
            }
            if (action.startsWith("OK") || action.startsWith("PERMIT")) {
                return Reply.Kind.PERMITTED;
            }
            return action.startsWith("4") || action.startsWith("DEFER") ? Reply.Kind.DEFERRED : Reply.Kind.REFUSED;
        });
    }

    /** What the socket map there has for a key. */
    public Reply map(Place place, String map, String key) {
        return ask(place, (wire, text) -> {
            String request = map + " " + key;
            wire.write((request.getBytes(StandardCharsets.UTF_8).length + ":" + request + ",")
                    .getBytes(StandardCharsets.UTF_8));
            StringBuilder length = new StringBuilder();
            for (char digit = (char) wire.read(1)[0]; digit != ':'; digit = (char) wire.read(1)[0]) {
                length.append(digit);
                if (!length.toString().matches("[0-9]{1,6}")) {
                    text.append("no netstring");
                    return Reply.Kind.STRANGE;
                }
            }
            text.append(new String(wire.read(Integer.parseInt("0" + length)), StandardCharsets.UTF_8));
            return switch (text.toString().split(" ")[0]) {
                case "OK" -> Reply.Kind.PERMITTED;
                case "NOTFOUND" -> Reply.Kind.REFUSED;
                case "TEMP", "TIMEOUT" -> Reply.Kind.DEFERRED;
                default -> Reply.Kind.STRANGE;
            };
        });
    }

    private Reply ask(Place place, Dialogue dialogue) {
        long start = System.nanoTime();
        StringBuilder text = new StringBuilder();
        try (Wire wire = Wire.connect(place, patience)) {
            Reply.Kind kind = dialogue.speak(wire, text);
            return new Reply(kind, text.toString(), since(start));
        } catch (IOException e) {
            return new Reply(Reply.Kind.SILENT, String.valueOf(e.getMessage()), since(start));
        }
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
