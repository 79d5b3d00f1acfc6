package io.github.orgmilter.mta;

import io.github.orgmilter.identification.Client;
import io.github.orgmilter.identity.EnvelopeAddress;
import io.github.orgmilter.identity.Mta;
import io.github.orgmilter.policy.Address;
import io.github.orgmilter.policy.Envelope;
import io.github.orgmilter.verdict.SmtpReply;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What an MTA would report of a session, made from facts: in the same macros, read by the same dialect as in the daemon.
 */
public final class MtaReport {

    /** With these codes Sendmail names the recipient (err.c, fmtmsg). */
    private static final Set<Integer> SENDMAIL_NAMES_RECIPIENT = Set.of(450, 550, 553);
    /** What Sendmail shows of a recipient at most: as much of its beginning as of its end (shortenstring). */
    private static final int SENDMAIL_LONGEST = 203;

    private final Mta mta;
    private final Dialect dialect;
    private final ConnectCommand connect;
    private final Macros tls;

    /**
     * Takes what the MTA would know of the client.
     *
     * @param clientAddress a literal; anything else is an unknown address
     * @param encrypted whether the connection is encrypted; a certificate implies it
     * @param certificateSubject the subject common name: for Postfix only of a verified certificate
     * @param certificateIssuer the issuer's common name
     * @param verify Sendmail's {@code {verify}}
     */
    public MtaReport(
            Mta mta,
            String clientAddress,
            boolean encrypted,
            Optional<String> certificateSubject,
            Optional<String> certificateIssuer,
            Optional<String> verify) {
        this.mta = mta;
        boolean sendmail = mta == Mta.SENDMAIL;
        dialect = Dialect.of(Macros.of(Map.of(Macro.VERSION, sendmail ? "8.18.1" : "Postfix 3.10.4")));
        connect = ConnectCommand.from(clientAddress, 0);
        Map<Macro, String> macros = new EnumMap<>(Macro.class);
        if (encrypted || certificateSubject.isPresent()) {
            macros.put(Macro.TLS_VERSION, "TLSv1.3");
        }
        Macro subject = sendmail ? Macro.CN_SUBJECT : Macro.CERT_SUBJECT;
        Macro issuer = sendmail ? Macro.CN_ISSUER : Macro.CERT_ISSUER;
        certificateSubject.ifPresent(name -> macros.put(subject, sendmail ? encode(name) : name));
        certificateIssuer.ifPresent(name -> macros.put(issuer, sendmail ? encode(name) : name));
        verify.ifPresent(value -> macros.put(Macro.VERIFY, value));
        tls = Macros.of(macros);
    }

    /** Whether an MTA may report this: an address, or that it does not know it. */
    public static boolean isClientAddress(String text) {
        return text.equals(Client.UNKNOWN)
                || ConnectCommand.from(text, 0).address().isPresent();
    }

    // As Sendmail writes the octet that it uses for its own encoding.
    private static String encode(String name) {
        return name.replace("+", "+2B");
    }

    public Client client() {
        return dialect.client(connect, tls);
    }

    /** Why the certificate does not count, if there is one and it does not. */
    public Optional<String> remark() {
        return dialect.remark(tls);
    }

    /**
     * The envelope of a message.
     *
     * @param sender with or without angle brackets; empty for the null sender
     */
    public Envelope envelope(String sender, Optional<String> resolved, Optional<String> mailer) {
        return new Envelope(address(sender, resolved, mailer));
    }

    /**
     * A sender or recipient.
     *
     * @param address with or without angle brackets
     * @param resolved what the MTA makes of it
     * @param mailer by what the MTA would deliver to it
     */
    public Address address(String address, Optional<String> resolved, Optional<String> mailer) {
        return dialect.address(EnvelopeAddress.parse(path(address)), resolved, mailer);
    }

    private static String path(String address) {
        return address.startsWith("<") ? address : "<" + address + ">";
    }

    /** The lines of a reply as the MTA hands them to the client: Sendmail puts the recipient behind the codes of the first. */
    public List<String> replyLines(SmtpReply reply, String recipient) {
        List<String> lines = new ArrayList<>(reply.lines());
        if (mta == Mta.SENDMAIL && SENDMAIL_NAMES_RECIPIENT.contains(reply.code())) {
            int text = "550 ".length() + reply.enhancedCode().length() + 1;
            String first = lines.get(0);
            lines.set(0, first.substring(0, text) + shortened(path(recipient)) + "... " + first.substring(text));
        }
        return lines;
    }

    private static String shortened(String text) {
        int part = (SENDMAIL_LONGEST - "...".length()) / 2;
        return text.length() < SENDMAIL_LONGEST
                ? text
                : text.substring(0, part) + "..." + text.substring(text.length() - part);
    }
}
