package io.github.orgmilter.milter.wire;

import io.github.orgmilter.milter.header.HeaderAccess;
import io.github.orgmilter.mta.Macro;
import io.github.orgmilter.mta.MalformedFrameException;
import io.github.orgmilter.mta.Payload;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.nightcode.milter.Actions;
import org.nightcode.milter.CommandCode;
import org.nightcode.milter.MilterMacros;
import org.nightcode.milter.ProtocolSteps;

/**
 * What this milter and an MTA agree on at OPTNEG: no message content but, where a rule needs it, the header; no replies before RCPT;
 * and the macros that the rules need, each as far as the MTA offers it.
 *
 * <p>The decision is made at RCPT, so an answer to CONNECT, HELO or MAIL would only be a round trip to wait for. But Postfix keeps
 * the frames to which it expects no answer until it expects one, and queries its policy service before RCPT: where that must find
 * the session, CONNECT is answered.
 *
 * @param version of the protocol
 * @param steps the protocol steps that are left out or not answered, as bits
 * @param macroLists whether the MTA takes our macro lists
 * @param headers what the session may do with header fields
 */
public record Negotiation(int version, int steps, boolean macroLists, HeaderAccess headers) {

    private static final int OLDEST_VERSION = 2;
    private static final int NEWEST_VERSION = 6;
    private static final int OPTNEG_OCTETS = 3 * Integer.BYTES;

    private static final int SET_MACRO_LISTS =
            Actions.builder().setSymList().build().bitmap();
    private static final int STEPS = ProtocolSteps.builder()
            .noReplyForHelo()
            .noReplyForMailFrom()
            .noData()
            .noBody()
            .noUnknownCommands()
            .build()
            .bitmap();
    private static final int NO_HEADER =
            ProtocolSteps.builder().noHeaders().noEoh().build().bitmap();
    private static final int FIELDS_UNANSWERED =
            ProtocolSteps.builder().noReplyForHeaders().build().bitmap();
    private static final int CHANGE_HEADER =
            Actions.builder().addHeader().changeDeleteHeaders().build().bitmap();
    private static final int CONNECT_UNANSWERED =
            ProtocolSteps.builder().noReplyForConnect().build().bitmap();

    private static final String TLS = Macro.list(
            Macro.TLS_VERSION, Macro.VERIFY, Macro.CERT_SUBJECT, Macro.CERT_ISSUER, Macro.CN_SUBJECT, Macro.CN_ISSUER);

    /**
     * A list replaces the MTA's own for that stage, so each names the defaults that the rules use as well. The TLS macros come at
     * MAIL, because a client may go on after STARTTLS without a second EHLO.
     */
    private static final byte[] MACRO_LISTS = MilterMacros.builder()
            .connectMacros(Macro.list(Macro.VERSION, Macro.DAEMON_ADDRESS, Macro.DAEMON_PORT))
            .heloMacros(TLS)
            .envfromMacros(Macro.list(
                            Macro.QUEUE_ID, Macro.AUTH_TYPE, Macro.AUTH_AUTHEN, Macro.MAIL_ADDRESS, Macro.MAIL_MAILER)
                    + " " + TLS)
            .envrcptMarcos(Macro.list(Macro.QUEUE_ID, Macro.RECIPIENT_ADDRESS, Macro.RECIPIENT_MAILER))
            .eomMacros(Macro.list(Macro.QUEUE_ID))
            .build()
            .array();

    private record Answer(Negotiation negotiation, ByteBuf frame) {}

    /** The one that was given last: all sessions of an MTA get the same. */
    private static volatile @Nullable Answer lastAnswer;

    /**
     * Reads what an MTA offers. An action that is not offered is not requested.
     *
     * @param connectAnswered whether CONNECT must arrive when it happens, and not with the next command that is answered
     * @param headers what the rules need of header fields
     * @throws MalformedFrameException if it is not an OPTNEG, or of a version before 2
     */
    public static Negotiation of(Payload optneg, boolean connectAnswered, HeaderAccess headers)
            throws MalformedFrameException {
        if (optneg.remaining() != OPTNEG_OCTETS) {
            throw new MalformedFrameException("OPTNEG of " + optneg.remaining() + " octets");
        }
        int version = optneg.integer();
        int actions = optneg.integer();
        int offered = optneg.integer();
        if (version < OLDEST_VERSION) {
            throw new MalformedFrameException("protocol version " + version);
        }
        boolean changes = (actions & CHANGE_HEADER) == CHANGE_HEADER;
        int steps = offered == 0 ? ProtocolSteps.DEF_PROTOCOL_STEPS.bitmap() : offered; // as libmilter reads it
        return new Negotiation(
                Math.min(version, NEWEST_VERSION),
                steps
                        & (STEPS
                                | (connectAnswered ? 0 : CONNECT_UNANSWERED)
                                | (headers == HeaderAccess.NONE ? NO_HEADER : FIELDS_UNANSWERED)),
                (actions & SET_MACRO_LISTS) != 0,
                headers == HeaderAccess.CHANGE && !changes ? HeaderAccess.READ : headers);
    }

    /** Whether the MTA waits for an answer to this command. */
    public boolean isAnswered(CommandCode command) {
        return (steps & command.noReplyBit()) == 0;
    }

    /** The answer to OPTNEG. */
    public ByteBuf frame() {
        Answer answer = lastAnswer;
        if (answer == null || !answer.negotiation.equals(this)) {
            answer = new Answer(this, ReplyFrames.constant(newFrame()));
            lastAnswer = answer;
        }
        return answer.frame.duplicate();
    }

    private ByteBuf newFrame() {
        byte[] lists = macroLists ? MACRO_LISTS : new byte[0];
        return ReplyFrames.frame(
                CommandCode.SMFIC_OPTNEG.code(),
                ByteBuffer.allocate(OPTNEG_OCTETS + lists.length)
                        .putInt(version)
                        .putInt((macroLists ? SET_MACRO_LISTS : 0)
                                | (headers == HeaderAccess.CHANGE ? CHANGE_HEADER : 0))
                        .putInt(steps)
                        .put(lists)
                        .array());
    }
}
