package io.github.orgmilter.probe.smtp;

/**
 * A sender and a recipient that a probe writes.
 *
 * @param name what is odd about it
 * @param sender the argument of MAIL
 * @param recipient the argument of RCPT
 * @param behind a recipient inside that comes before it; empty for none
 * @param utf8 whether it needs SMTPUTF8 (RFC 6531)
 */
public record Envelope(String name, String sender, String recipient, String behind, boolean utf8) {

    public String mail() {
        return "MAIL FROM:" + sender + (utf8 ? " SMTPUTF8" : "");
    }

    public String rcpt() {
        return "RCPT TO:" + recipient;
    }
}
