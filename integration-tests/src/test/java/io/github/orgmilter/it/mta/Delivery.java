package io.github.orgmilter.it.mta;

/** One recipient of one message as it left the MTA; addresses without angle brackets. */
public record Delivery(String sender, String recipient) {
    @Override
    public String toString() {
        return "<" + sender + "> -> <" + recipient + ">";
    }
}
