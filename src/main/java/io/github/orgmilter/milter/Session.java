package io.github.orgmilter.milter;

import io.github.orgmilter.identity.EnvelopeAddress;
import io.github.orgmilter.milter.LiveSessions.LiveSession;
import io.github.orgmilter.policy.Address;
import io.github.orgmilter.policy.Authentication;
import io.github.orgmilter.policy.Cause;
import io.github.orgmilter.policy.Client;
import io.github.orgmilter.policy.Envelope;
import io.github.orgmilter.policy.Policy;
import io.github.orgmilter.policy.Replies;
import io.github.orgmilter.policy.SmtpReply;
import io.github.orgmilter.policy.Verdict;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One SMTP session as the MTA reports it: what is known of the client for as long as the connection lasts, and of the message for
 * as long as that lasts. It knows no bytes on a wire, and no reply but a verdict.
 *
 * <p>Macros hold for the one command that they precede and are used up by it, so none can outlive its message; those of CONNECT
 * and HELO are facts of the connection.
 */
final class Session {

    /** What a character takes that the MTA has sent: Java has up to two octets for it, and a name is kept in several forms. */
    private static final long CHARACTER = 8;

    private final Supplier<Policy> currentPolicy;
    private final SessionObserver observer;
    private final Optional<LiveSessions> liveSessions;
    private final String id;
    private boolean macrosAsAsked;

    // The connection.
    private @Nullable ConnectCommand connect;
    private Macros connectMacros = Macros.NONE;
    private int connectOctets; // of the macros, as they came
    private Dialect dialect = Dialect.of(Macros.NONE);
    private @Nullable LiveSession live; // where Postfix's policy delegation leaves what it says of this client
    private Macros heloMacros = Macros.NONE;
    private int heloOctets;
    private String helo = "";
    private boolean remarked;
    private boolean failed;

    // The message; see resetMessage.
    private @Nullable Message message;
    private String queueId = "";
    private int messageOctets; // that the message was made of
    private Macros mailMacros = Macros.NONE;
    private int mailOctets;
    private Macros recipientMacros = Macros.NONE;
    private int recipientOctets;

    Session(Supplier<Policy> currentPolicy, SessionObserver observer, Optional<LiveSessions> liveSessions, String id) {
        this.currentPolicy = currentPolicy;
        this.observer = observer;
        this.liveSessions = liveSessions;
        this.id = id;
    }

    String id() {
        return id;
    }

    /** Whether others look for this session by the SMTP connection that it is about. */
    boolean isFoundByConnection() {
        return liveSessions.isPresent();
    }

    String queueId() {
        return queueId;
    }

    /** About how many octets are kept of what the MTA has said. */
    long kept() {
        long characters = (long) helo.length()
                + queueId.length()
                + connectOctets
                + heloOctets
                + messageOctets
                + mailOctets
                + recipientOctets
                + (connect == null ? 0 : connect.display().length());
        return CHARACTER * characters;
    }

    /**
     * Begins anew, at OPTNEG.
     *
     * @param macrosAsAsked whether the MTA took our macro lists: then the TLS macros at MAIL are the whole truth
     */
    void reset(boolean macrosAsAsked) {
        this.macrosAsAsked = macrosAsAsked;
        nextConnection();
    }

    /** Forgets the client: the MTA hands the connection to another one. */
    void nextConnection() {
        close();
        connect = null;
        connectMacros = Macros.NONE;
        connectOctets = 0;
        dialect = Dialect.of(Macros.NONE);
        heloMacros = Macros.NONE;
        heloOctets = 0;
        helo = "";
        remarked = false;
        failed = false;
        resetMessage();
    }

    /** Ends: what is said from now on of a connection between the same two ends is said of another one. */
    void close() {
        if (live != null) {
            live.close();
            live = null;
        }
    }

    private void resetMessage() {
        message = null;
        queueId = "";
        mailMacros = Macros.NONE;
        recipientMacros = Macros.NONE;
        messageOctets = 0;
        mailOctets = 0;
        recipientOctets = 0;
    }

    /** Nothing more is known for sure about this session: every recipient is to be tried again later. */
    void fail() {
        failed = true;
        resetMessage();
    }

    /**
     * Takes the macros for the command that follows.
     *
     * @param stage that command's octet
     * @param octets how long the frame was that they came in
     */
    void macros(int stage, Macros macros, int octets) {
        macros.get(Macro.QUEUE_ID).ifPresent(i -> queueId = i);
        switch (stage) {
            case 'C' -> {
                connectMacros = macros;
                connectOctets = octets;
            }
            case 'H' -> {
                heloMacros = macros;
                heloOctets = octets;
            }
            case 'M' -> {
                mailMacros = macros;
                mailOctets = octets;
            }
            case 'R' -> {
                recipientMacros = macros;
                recipientOctets = octets;
            }
            default -> {
                // the other stages have nothing that the rules use
            }
        }
    }

    /** Another client begins; an MTA that hands a connection over without saying so leaves nothing to it. */
    void connect(ConnectCommand command) {
        close();
        connect = command;
        dialect = Dialect.of(connectMacros);
        live = dialect.connection(command, connectMacros)
                .flatMap(connection -> liveSessions.map(sessions -> sessions.open(connection, id)))
                .orElse(null);
        heloMacros = Macros.NONE;
        heloOctets = 0;
        helo = "";
        remarked = false;
        resetMessage();
    }

    /**
     * A recipient could not be decided: the MTA may or may not keep it, so its message is to be tried again as a whole.
     *
     * @return what to answer
     */
    SmtpReply failRecipient() {
        recipientMacros = Macros.NONE;
        SmtpReply reply = internal();
        if (message != null) {
            message.refuseAtEnd(Optional.of(reply));
        }
        return reply;
    }

    /** The reply to a failure of our own, as the policy has it; the default one if no policy can be had. */
    SmtpReply internal() {
        return policy().flatMap(policy -> policy.tempfail().reply()).orElseGet(Replies.DEFAULT::internal);
    }

    private Optional<Policy> policy() {
        try {
            return Optional.of(message == null ? currentPolicy.get() : message.policy());
        } catch (RuntimeException e) {
            return Optional.empty(); // said by whoever needed it first
        }
    }

    /**
     * Logs and counts a recipient that {@link #failRecipient} has put off.
     *
     * @param argument the argument of RCPT; empty if not even that could be read
     */
    void recipientFailed(Optional<byte[]> argument) {
        undecided(
                new Verdict.Tempfail(Cause.INTERNAL, internal()),
                policy().map(Policy::revision).orElse("none"),
                argument.map(octets -> EnvelopeAddress.parse(octets).text()));
    }

    void helo(String name) {
        helo = name;
    }

    /**
     * Begins a message, under the policy that is current now.
     *
     * @throws MalformedFrameException if there is no client
     */
    void mail(EnvelopeAddress sender) throws MalformedFrameException {
        Macros macros = mailMacros;
        int octets = mailOctets + heloOctets;
        String i = macros.get(Macro.QUEUE_ID).orElse("");
        resetMessage(); // Sendmail sends no ABORT between two messages
        queueId = i;
        if (connect == null) {
            throw new MalformedFrameException("MAIL before CONNECT");
        }
        Macros tls = macrosAsAsked ? macros : macros.or(heloMacros);
        Client client = dialect.client(connect, tls);
        remark(client, tls);
        Optional<Authentication> authentication = macros.get(Macro.AUTH_AUTHEN)
                .map(login ->
                        new Authentication(login, macros.get(Macro.AUTH_TYPE).orElse("")));
        Address address = dialect.address(sender, macros.get(Macro.MAIL_ADDRESS), macros.get(Macro.MAIL_MAILER));
        Policy policy = currentPolicy.get();
        message = new Message(policy, policy.identify(client), new Envelope(address, authentication));
        messageOctets = sender.text().length() + octets;
    }

    private void remark(Client client, Macros tls) {
        Optional<String> remark = remarked ? Optional.empty() : dialect.remark(tls);
        remark.ifPresent(text -> {
            SessionLog.remark(id, client, text);
            remarked = true;
        });
    }

    /**
     * Decides a recipient. Without a message that began well, it is a temporary failure.
     *
     * @param argument the argument of RCPT, as it came
     */
    Verdict recipient(byte[] argument) {
        EnvelopeAddress recipient = EnvelopeAddress.parse(argument);
        Macros macros = recipientMacros;
        recipientMacros = Macros.NONE;
        Message current = message;
        if (failed || current == null) {
            Policy policy = currentPolicy.get();
            Verdict tempfail = policy.tempfail();
            undecided(tempfail, policy.revision(), Optional.of(recipient.text()));
            return tempfail;
        }
        boolean mayBeKept = dialect.mayKeepRefused(argument);
        Optional<SmtpReply> earlierRefusal = current.refusalAtEnd();
        if (mayBeKept) {
            current.refuseAtEnd(currentPolicy.get().tempfail().reply()); // should anything in here throw
        }
        long start = System.nanoTime();
        Address address =
                dialect.address(recipient, macros.get(Macro.RECIPIENT_ADDRESS), macros.get(Macro.RECIPIENT_MAILER));
        if (live != null) {
            current.presented(live.take());
        }
        Verdict verdict = current.decide(address);
        if (mayBeKept) {
            current.refuseAtEnd(verdict.reply().or(() -> earlierRefusal));
        }
        long nanoseconds = System.nanoTime() - start;
        SessionLog.verdict(id, queueId, verdict, current, helo, recipient);
        observer.decided(
                verdict, dialect.mta(), current.revision(), nanoseconds); // last: what failed is counted as put off
        return verdict;
    }

    private void undecided(Verdict tempfail, String revision, Optional<String> recipient) {
        observer.undecided(tempfail, dialect.mta(), revision);
        SessionLog.undecided(id, queueId, tempfail, revision, recipient);
    }

    /** Ends the message; what it is refused with if nothing is known for sure about it, or a recipient was refused in vain. */
    Optional<SmtpReply> endOfMessage() {
        Message ended = message;
        if (ended != null) {
            SessionLog.endOfMessage(id, queueId, ended);
        }
        resetMessage();
        return failed || ended == null || ended.accepted() == 0
                ? currentPolicy.get().tempfail().reply()
                : ended.refusalAtEnd();
    }

    /** The message ends without being sent; the connection's facts stay, also those of a HELO that came just before. */
    void abort() {
        resetMessage();
    }
}
