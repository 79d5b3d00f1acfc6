package io.github.orgmilter.activity;

import io.github.orgmilter.identification.Authentication;
import io.github.orgmilter.identification.Client;
import io.github.orgmilter.identification.PresentedCertificate;
import io.github.orgmilter.identity.CertificateName;
import io.github.orgmilter.identity.EnvelopeAddress;
import io.github.orgmilter.identity.IpAddress;
import io.github.orgmilter.identity.Mta;
import io.github.orgmilter.identity.ResolvedForm;
import io.github.orgmilter.policy.Address;
import io.github.orgmilter.verdict.Ending;
import io.github.orgmilter.verdict.Verdict;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A verdict with all that it depended on. It is kept in few objects, and given out in as many as it takes: thousands are kept, and
 * the collector of a busy service copies them all each time, while mail waits (docs/decisions/0030-recent-verdicts.md).
 */
public final class RecentVerdict {

    /** Characters of a text that a client chose; a real one has fewer (RFC 5321, section 4.5.3.1). A longer one is cut. */
    public static final int LONGEST = 1024;

    private static final String CUT = "...";

    // The texts, in their order.
    private static final int SESSION = 0;
    private static final int QUEUE_ID = 1;
    private static final int DISPLAY = 2;
    private static final int HELO = 3;
    private static final int SENDER = 4;
    private static final int RESOLVED_SENDER = 5;
    private static final int RECIPIENT = 6;
    private static final int RESOLVED_RECIPIENT = 7;
    private static final int CERTIFICATE_NAME = 8;
    private static final int ISSUER = 9;
    private static final int LOGIN = 10;
    private static final int MECHANISM = 11;

    private static final int NONE = 0xffff; // the length of a text that there is not

    private final long milliseconds;
    private final long nanoseconds;
    private final @Nullable Mta mta;
    /** All texts, one behind the other, and their lengths, 16 bits each. */
    private final String texts;

    private final long lengthsTo3;
    private final long lengthsTo7;
    private final long lengthsTo11;
    private final @Nullable IpAddress address;
    private final @Nullable PresentedCertificate presented;
    private final boolean encrypted;
    private final short senderKind;
    private final short recipientKind;
    private final boolean senderIsLocal;
    private final boolean recipientIsLocal;
    private final Verdict verdict;
    private final @Nullable Ending ending;
    private final String revision;

    /**
     * A verdict.
     *
     * @param when to the millisecond
     * @param mta who asked; empty if it did not name itself
     * @param session the id of the milter session, as in the log
     * @param queueId empty if the MTA had none yet
     * @param helo empty if there was none
     * @param recipient empty for a verdict on a whole message
     * @param ending what became of an accepted recipient, or of a message whose header was not refused; empty for a refusal
     * @param revision the short id of the configuration that decided
     * @param nanoseconds how long the decision took; 0 if it was not measured
     */
    public RecentVerdict(
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
        this.milliseconds = when.toEpochMilli();
        this.mta = mta.orElse(null);
        this.address = client.address().orElse(null);
        this.presented = client.presented().orElse(null);
        this.encrypted = client.encrypted();
        this.senderKind = kind(sender.given());
        this.senderIsLocal = isLocal(sender);
        this.recipientKind = recipient.isPresent() ? kind(recipient.get().given()) : AddressKind.NULL;
        this.recipientIsLocal = recipient.isPresent() && isLocal(recipient.get());
        this.verdict = verdict;
        this.ending = ending.orElse(null);
        this.revision = revision;
        this.nanoseconds = nanoseconds;
        String display = cut(client.display());
        String from = cut(sender.given().text());
        String resolvedFrom = resolved(sender);
        String to = recipient.isPresent() ? cut(recipient.get().given().text()) : null;
        String resolvedTo = recipient.isPresent() ? resolved(recipient.get()) : null;
        String name = client.certificateName().isPresent()
                ? client.certificateName().get().text()
                : null;
        String issuer = client.certificateIssuer().isPresent()
                ? cut(client.certificateIssuer().get())
                : null;
        Authentication authentication = client.authentication().orElse(null);
        String login = authentication == null ? null : cut(authentication.login());
        String mechanism = authentication == null ? null : cut(authentication.mechanism());
        String id = cut(session);
        String queue = cut(queueId);
        String greeting = cut(helo);
        this.texts = id
                + queue
                + display
                + greeting
                + from
                + some(resolvedFrom)
                + some(to)
                + some(resolvedTo)
                + some(name)
                + some(issuer)
                + some(login)
                + some(mechanism);
        this.lengthsTo3 = lengths(id, queue, display, greeting);
        this.lengthsTo7 = lengths(from, resolvedFrom, to, resolvedTo);
        this.lengthsTo11 = lengths(name, issuer, login, mechanism);
    }

    private static String some(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static long lengths(
            @Nullable String first, @Nullable String second, @Nullable String third, @Nullable String fourth) {
        return length(first) | (length(second) << 16) | (length(third) << 32) | (length(fourth) << 48);
    }

    private static long length(@Nullable String text) {
        return text == null ? NONE : text.length();
    }

    private static short kind(EnvelopeAddress given) {
        return given.text().length() > LONGEST
                ? AddressKind.MALFORMED // what is left of it does not show what it was
                : AddressKind.of(given);
    }

    private static boolean isLocal(Address address) {
        return address.resolved().isPresent() && address.resolved().get().local();
    }

    private static @Nullable String resolved(Address address) {
        return address.given().text().length() <= LONGEST && address.resolved().isPresent()
                ? cut(address.resolved().get().text())
                : null;
    }

    private static String cut(String text) {
        if (text.length() <= LONGEST) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
        return text.substring(0, end) + CUT;
    }

    private int length(int text) {
        long lengths = text < 4 ? lengthsTo3 : text < 8 ? lengthsTo7 : lengthsTo11;
        return (int) (lengths >>> (16 * (text & 3))) & NONE;
    }

    /** Whether a text was too long to be kept whole, so that the same may not be decided of what is left. */
    public boolean isCut() {
        return IntStream.rangeClosed(SESSION, MECHANISM)
                .map(this::length)
                .anyMatch(length -> length > LONGEST && length != NONE);
    }

    private String text(int text) {
        return find(text).orElse("");
    }

    private Optional<String> find(int text) {
        int start = 0;
        for (int i = 0; i < text; i++) {
            start += length(i) == NONE ? 0 : length(i);
        }
        return length(text) == NONE ? Optional.empty() : Optional.of(texts.substring(start, start + length(text)));
    }

    /** When it was decided. */
    public Instant when() {
        return Instant.ofEpochMilli(milliseconds);
    }

    /** Who asked; empty if it did not name itself. */
    public Optional<Mta> mta() {
        return Optional.ofNullable(mta);
    }

    /** The id of the milter session, as in the log. */
    public String session() {
        return text(SESSION);
    }

    /** Empty if the MTA had none yet. */
    public String queueId() {
        return text(QUEUE_ID);
    }

    public Client client() {
        return new Client(
                text(DISPLAY),
                Optional.ofNullable(address),
                encrypted,
                find(CERTIFICATE_NAME).flatMap(CertificateName::of),
                find(ISSUER),
                Optional.ofNullable(presented),
                find(LOGIN).map(login -> new Authentication(login, text(MECHANISM))));
    }

    /** Empty if there was none. */
    public String helo() {
        return text(HELO);
    }

    public Address sender() {
        return address(SENDER, RESOLVED_SENDER, senderKind, senderIsLocal);
    }

    /** The sender as the client gave it, without brackets; cheaper than {@link #sender}. */
    public String senderText() {
        return text(SENDER);
    }

    /** Empty for a verdict on a whole message. */
    public Optional<Address> recipient() {
        return find(RECIPIENT).map(given -> address(RECIPIENT, RESOLVED_RECIPIENT, recipientKind, recipientIsLocal));
    }

    /** The recipient as the client gave it, without brackets; cheaper than {@link #recipient}. */
    public Optional<String> recipientText() {
        return find(RECIPIENT);
    }

    private Address address(int place, int resolved, short kind, boolean local) {
        EnvelopeAddress given = AddressKind.address(text(place), kind);
        return new Address(given, find(resolved).map(text -> ResolvedForm.of(given, text, local)));
    }

    public Verdict verdict() {
        return verdict;
    }

    /** What became of an accepted recipient, or of a message whose header was not refused; empty for a refusal. */
    public Optional<Ending> ending() {
        return Optional.ofNullable(ending);
    }

    /** The short id of the configuration that decided. */
    public String revision() {
        return revision;
    }

    /** How long the decision took; 0 if it was not measured. */
    public long nanoseconds() {
        return nanoseconds;
    }

    /** {@code accept}, {@code reject}, {@code tempfail}, or {@code audit} for what is accepted only by {@code mode = audit}. */
    public String action() {
        return verdict.isAudited() ? "audit" : verdict.action();
    }
}
