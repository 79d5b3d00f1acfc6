package io.github.orgmilter.milter;

import io.github.orgmilter.activity.RecentVerdicts;
import io.github.orgmilter.identification.Client;
import io.github.orgmilter.identity.EnvelopeAddress;
import io.github.orgmilter.milter.LiveSessions.LiveSession;
import io.github.orgmilter.milter.header.HeaderAccess;
import io.github.orgmilter.milter.header.HeaderRules;
import io.github.orgmilter.milter.header.MessageHeader;
import io.github.orgmilter.milter.wire.EndOfMessage;
import io.github.orgmilter.mta.ConnectCommand;
import io.github.orgmilter.mta.Dialect;
import io.github.orgmilter.mta.Macro;
import io.github.orgmilter.mta.Macros;
import io.github.orgmilter.mta.MalformedFrameException;
import io.github.orgmilter.net.Limits;
import io.github.orgmilter.policy.Address;
import io.github.orgmilter.policy.Envelope;
import io.github.orgmilter.policy.Policy;
import io.github.orgmilter.verdict.Ending;
import io.github.orgmilter.verdict.SmtpReply;
import io.github.orgmilter.verdict.Verdict;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One SMTP session as the MTA reports it: a {@link Connection}, and a {@link Message} while there is one. It knows no octets on a
 * wire, and no reply but a verdict.
 *
 * <p>Macros hold for the command that follows them and for no other, so none can outlive its message.
 *
 * <p>A recipient, a message or a connection can <em>fail</em>. Recipients of what has failed are <em>undecided</em>, and answered
 * with a <em>tempfail</em>.
 */
final class Session {

    /** What a character of the MTA's takes: Java has up to two octets for it, and a name is kept in several forms. */
    private static final long CHARACTER = 8;

    private final Supplier<Policy> currentPolicy;
    private final Undecided undecided;
    private final SessionObserver observer;
    private final Reporter reporter;
    private final Optional<LiveSessions> liveSessions;
    private final HeaderRules headerRules;
    private final Limits limits;
    private final String id;
    private boolean macrosAsAsked;
    private HeaderAccess headerAccess = HeaderAccess.NONE;
    private final MissedHeaders missedHeaders;
    private Connection connection = Connection.none();
    private @Nullable Message message;
    private Macros pending = Macros.NONE; // for the command that follows

    Session(
            Supplier<Policy> currentPolicy,
            SessionObserver observer,
            Optional<RecentVerdicts> verdicts,
            Optional<LiveSessions> liveSessions,
            HeaderRules headerRules,
            Limits limits,
            String id) {
        this.currentPolicy = currentPolicy;
        this.observer = observer;
        reporter = new Reporter(verdicts, id);
        this.liveSessions = liveSessions;
        this.headerRules = headerRules;
        this.limits = limits;
        this.id = id;
        undecided = new Undecided(currentPolicy, observer, id);
        missedHeaders = new MissedHeaders(observer, id);
    }

    String id() {
        return id;
    }

    /** Whether policy queries look for this session by its SMTP connection. */
    boolean isFoundByConnection() {
        return liveSessions.isPresent();
    }

    /** Empty while the MTA has none. */
    String queueId() {
        return message == null ? pending.get(Macro.QUEUE_ID).orElse("") : message.queueId();
    }

    /** About how many octets are kept of what the MTA sent. */
    long kept() {
        long characters = connection.characters() + pending.octets() + (message == null ? 0 : message.characters());
        return CHARACTER * characters + (message == null ? 0 : message.kept());
    }

    /** What the rules need of header fields now, which the MTA may not allow. */
    HeaderAccess wantedHeaderAccess() {
        return headerRules.access();
    }

    /** Whether header fields come in for the messages of this session. */
    boolean seesHeaders() {
        return headerAccess != HeaderAccess.NONE;
    }

    /**
     * Begins anew, at OPTNEG.
     *
     * @param macrosAsAsked whether the MTA took our macro lists: then the TLS macros at MAIL are the whole truth
     * @param access what the session may do with header fields
     */
    void reset(boolean macrosAsAsked, HeaderAccess access) {
        this.macrosAsAsked = macrosAsAsked;
        this.headerAccess = access;
        close();
    }

    /** Forgets the client: the session ends, or the MTA hands it to another client. */
    void close() {
        begin(Connection.none());
    }

    private void begin(Connection next) {
        connection.close();
        end(Ending.LOST, Optional.empty());
        connection = next;
    }

    /** Forgets the message: it ends, or is not sent. */
    void abort() {
        end(Ending.RESET, Optional.empty());
    }

    private void end(Ending ending, Optional<SmtpReply> refusal) {
        Message ended = message;
        message = null;
        pending = Macros.NONE;
        if (ended != null) {
            reporter.ended(connection.dialect().mta(), ended, ending, refusal);
        }
    }

    /** Nothing more is known for sure about this client: all its recipients are undecided. */
    void fail() {
        connection.fail();
        end(Ending.DEFERRED, tempfail().reply());
    }

    /** Lets a command pass that decides nothing, and its macros with it. */
    void pass() {
        pending = Macros.NONE;
    }

    /** Takes the macros for the command that follows. */
    void macros(Macros macros) {
        pending = macros;
        Message current = message;
        if (current != null && !macros.isFor('M')) { // else they are the next message's
            Optional<String> queueId = macros.get(Macro.QUEUE_ID);
            if (queueId.isPresent()) {
                current.queueId(queueId.get());
            }
        }
    }

    /** Another client begins; an MTA that hands its connection over without reporting it leaves nothing to the next client. */
    void connect(ConnectCommand command) {
        boolean failed = connection.hasFailed(); // perhaps in the macros for this command
        connection.close(); // first: the next client may have the same ports
        begin(Connection.of(command, pending.forCommand('C'), liveSessions, id, seesHeaders()));
        if (failed) {
            connection.fail();
        }
    }

    void helo(String name) {
        connection.helo(name, pending.forCommand('H'));
        pending = Macros.NONE;
    }

    /**
     * Begins a message, under the policy that is current now.
     *
     * @param argument the argument of MAIL, as it came
     * @throws MalformedFrameException if there is no client
     */
    void mail(byte[] argument) throws MalformedFrameException {
        Macros macros = pending.forCommand('M');
        abort(); // Sendmail sends none between two messages
        Macros tls = macrosAsAsked ? macros : macros.or(connection.heloMacros());
        Dialect dialect = connection.dialect();
        Client client = connection.client(tls).authenticated(dialect.authentication(macros));
        Optional<String> remark = connection.remark(client, tls);
        if (remark.isPresent()) {
            SessionLog.remark(id, client, remark.get());
        }
        Optional<String> resolved = macros.get(Macro.MAIL_ADDRESS);
        EnvelopeAddress sender = EnvelopeAddress.parse(argument, resolved.orElse(""));
        Address address = dialect.address(sender, resolved, macros.get(Macro.MAIL_MAILER));
        Policy policy = currentPolicy.get();
        Envelope envelope = new Envelope(address);
        message = new Message(
                policy,
                policy.identify(client),
                envelope,
                new MessageHeader(headerRules.begin(policy, envelope), headerAccess, limits),
                connection.helo(),
                macros.get(Macro.QUEUE_ID).orElse(""),
                sender.text().length() + tls.octets());
    }

    /**
     * Decides a recipient. Without a message that began well, it is undecided.
     *
     * @param argument the argument of RCPT, as it came
     */
    Verdict recipient(byte[] argument) {
        String queueId = queueId();
        Macros macros = pending.forCommand('R');
        Optional<String> resolved = macros.get(Macro.RECIPIENT_ADDRESS);
        EnvelopeAddress recipient = EnvelopeAddress.parse(argument, resolved.orElse(""));
        pending = Macros.NONE;
        Message current = message;
        if (connection.hasFailed() || current == null) {
            return undecided.recipient(
                    Optional.of(currentPolicy.get()), connection, queueId, Optional.of(recipient.text()));
        }
        Dialect dialect = connection.dialect();
        long start = System.nanoTime();
        Address address = dialect.address(recipient, resolved, macros.get(Macro.RECIPIENT_MAILER));
        LiveSession live = connection.live();
        if (live != null) {
            current.presented(live.take());
        }
        Verdict verdict = current.decide(address);
        if (dialect.mayKeepRefused(argument)) {
            current.refuseAtEnd(verdict);
        }
        long nanoseconds = System.nanoTime() - start;
        reporter.recipient(dialect.mta(), current, verdict, address, nanoseconds);
        // Last, because a recipient that fails is counted as undecided.
        observer.decided(verdict, dialect.mta(), current.policy().revision(), nanoseconds);
        missedHeaders.after(current, headerAccess);
        return verdict;
    }

    /**
     * A recipient failed: the MTA may or may not keep it, so its message is refused at its end.
     *
     * @return what to answer; {@link #recipientFailed} follows
     */
    Verdict failRecipient() {
        pending = Macros.NONE;
        Verdict tempfail = tempfail();
        if (message != null) {
            message.refuseAtEnd(tempfail);
        }
        return tempfail;
    }

    /**
     * Logs and counts a recipient that failed.
     *
     * @param argument the argument of RCPT; empty if not even that could be read
     */
    void recipientFailed(Optional<byte[]> argument) {
        undecided.recipient(
                undecided.policy(message),
                connection,
                queueId(),
                argument.map(octets -> EnvelopeAddress.parse(octets).text()));
    }

    /** Reports a message that failed at the end of its header, or at its own: its recipients are deferred. */
    void messageFailed() {
        if (message != null) {
            reporter.ended(
                    connection.dialect().mta(),
                    message,
                    Ending.DEFERRED,
                    tempfail().reply());
        }
    }

    /** The answer to a failure. */
    Verdict tempfail() {
        return undecided.tempfail(message);
    }

    /** What there is of the message's header; nothing without a message. */
    Optional<MessageHeader> header() {
        return Optional.ofNullable(message).map(Message::header);
    }

    /** Ends the header; what the message is refused with by its fields. One without a recipient is refused at its end. */
    Optional<SmtpReply> endOfHeader() {
        Message current = message;
        if (!seesHeaders() || current == null || connection.hasFailed() || current.accepted() == 0) {
            return Optional.empty();
        }
        Optional<SmtpReply> refusal;
        if (current.header().hasFailed()) {
            refusal = tempfail().reply();
        } else {
            Optional<Verdict> verdict = current.endOfHeader();
            verdict.ifPresent(decided -> observer.headerDecided(
                    decided, connection.dialect().mta(), current.policy().revision()));
            refusal = verdict.flatMap(Verdict::reply);
        }
        if (refusal.isPresent()) {
            reporter.ended(connection.dialect().mta(), current, Ending.of(refusal), refusal);
        }
        return refusal;
    }

    /**
     * Ends the message; it is refused if it has failed, has no recipient, has one that was refused in vain, or if its header was
     * refused or did not end.
     */
    EndOfMessage endOfMessage() {
        Message ended = message;
        EndOfMessage end = connection.hasFailed() || ended == null || ended.accepted() == 0 || ended.isUndecided()
                ? EndOfMessage.refused(tempfail().reply())
                : ended.end();
        end(Ending.of(end.refusal()), end.refusal());
        return end;
    }
}
