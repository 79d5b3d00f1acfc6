package io.github.orgmilter.it.directory;

/**
 * What a client asks an MTA for.
 *
 * @param source its address
 * @param certificate the name in its certificate, which the MTA verifies; empty for a session without TLS
 * @param sender its envelope sender
 * @param domain where the recipient is
 */
record Mail(String source, String certificate, String sender, String domain) {

    Mail(String source, String sender, String domain) {
        this(source, "", sender, domain);
    }

    @Override
    public String toString() {
        return (certificate.isEmpty() ? source : certificate) + " as " + sender + " to " + domain;
    }
}
