package io.github.orgmilter.it;

/** One recipient of one message as it left the MTA; addresses without angle brackets. */
record Delivery(String sender, String recipient) {
    @Override
    public String toString() {
        return "<" + sender + "> -> <" + recipient + ">";
    }
}
