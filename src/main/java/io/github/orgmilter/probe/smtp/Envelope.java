package io.github.orgmilter.probe.smtp;

import java.util.List;

/**
 * A sender and a recipient that a probe writes.
 *
 * @param name what is odd about it
 * @param sender the argument of MAIL
 * @param recipient the argument of RCPT
 * @param between the commands between MAIL and RCPT, whatever they are answered
 * @param utf8 whether it needs SMTPUTF8 (RFC 6531)
 */
public record Envelope(String name, String sender, String recipient, List<String> between, boolean utf8) {

    public Envelope {
        between = List.copyOf(between);
    }

    public String mail() {
        return "MAIL FROM:" + sender + (utf8 ? " SMTPUTF8" : "");
    }

    public String rcpt() {
        return "RCPT TO:" + recipient;
    }
}
