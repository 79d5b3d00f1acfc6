package io.github.orgmilter.activity;

import io.github.orgmilter.identification.Client;
import io.github.orgmilter.identity.EnvelopeAddress;
import io.github.orgmilter.identity.Mta;
import io.github.orgmilter.policy.Address;
import io.github.orgmilter.verdict.Ending;
import io.github.orgmilter.verdict.Verdict;
import java.time.Instant;
import java.util.Optional;

/**
 * A verdict with all that it depended on.
 *
 * @param mta who asked; empty if it did not name itself
 * @param session the id of the milter session, as in the log
 * @param queueId empty if the MTA had none yet
 * @param helo empty if there was none
 * @param recipient empty for a verdict on a whole message
 * @param ending what became of an accepted recipient, or of a message whose header was not refused; empty for a refusal
 * @param revision the short id of the configuration that decided
 * @param nanoseconds how long the decision took; 0 if it was not measured
 */
public record RecentVerdict(
        Instant when,
        Optional<Mta> mta,
        String session,
        String queueId,
        Client client,
        String helo,
        Address sender,
        Optional<Address> recipient,
        Verdict verdict,
        Optional<Ending> ending,
        String revision,
        long nanoseconds) {

    /** Characters of a text that a client chose; a real one has fewer (RFC 5321, section 4.5.3.1). */
    public static final int LONGEST = 1024;

    /** The same, to be kept for long: a longer text is cut, and counts as malformed. */
    RecentVerdict bounded() {
        return fits(client.display()) && fits(helo) && fits(sender) && (recipient.isEmpty() || fits(recipient.get()))
                ? this
                : new RecentVerdict(
                        when,
                        mta,
                        session,
                        queueId,
                        new Client(
                                cut(client.display()),
                                client.address(),
                                client.encrypted(),
                                client.certificateName(),
                                client.certificateIssuer(),
                                client.presented(),
                                client.authentication()),
                        cut(helo),
                        cut(sender),
                        recipient.map(RecentVerdict::cut),
                        verdict,
                        ending,
                        revision,
                        nanoseconds);
    }

    private static boolean fits(String text) {
        return text.length() <= LONGEST;
    }

    private static boolean fits(Address address) {
        return fits(address.given().text())
                && (address.resolved().isEmpty()
                        || fits(address.resolved().get().text()));
    }

    private static String cut(String text) {
        if (fits(text)) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
        return text.substring(0, end) + "...";
    }

    private static Address cut(Address address) {
        return fits(address)
                ? address
                : new Address(new EnvelopeAddress.Malformed(cut(address.given().text())), Optional.empty());
    }

    /** {@code accept}, {@code reject}, {@code tempfail}, or {@code audit} for what is accepted only by {@code mode = audit}. */
    public String action() {
        return verdict.isAudited() ? "audit" : verdict.action();
    }
}
