package io.github.orgmilter.milter;

import java.nio.ByteBuffer;
import org.nightcode.milter.Actions;
import org.nightcode.milter.MilterContext;
import org.nightcode.milter.MilterContextImpl;
import org.nightcode.milter.MilterHandler;
import org.nightcode.milter.MilterMacros;
import org.nightcode.milter.ProtocolSteps;
import org.nightcode.milter.net.MilterPacketSender;

/**
 * What this milter asks of an MTA: no message content, no replies before RCPT, and the macros that the rules need.
 *
 * <p>The decision falls at RCPT, so an answer to CONNECT, HELO or MAIL would only be a round trip to wait for. But Postfix keeps
 * the frames to which it wants no answer until it wants one, and asks its policy service before RCPT: where that is to find the
 * session, CONNECT has to be answered.
 */
final class Negotiation {

    private static final ProtocolSteps STEPS = steps().noReplyForConnect().build();
    private static final ProtocolSteps STEPS_ANSWERING_CONNECT = steps().build();

    private static final String TLS = "{tls_version} {verify} {cert_subject} {cert_issuer} {cn_subject} {cn_issuer}";

    /**
     * A list replaces the MTA's own for that stage, so each names the defaults that the rules use as well. The TLS macros come at
     * MAIL, because a client may go on after STARTTLS without a second EHLO.
     */
    static final MilterMacros MACROS = MilterMacros.builder()
            .connectMacros("v {daemon_addr} {daemon_port}")
            .heloMacros(TLS)
            .envfromMacros("i {auth_type} {auth_authen} {mail_addr} {mail_mailer} " + TLS)
            .envrcptMarcos("i {rcpt_addr} {rcpt_mailer}")
            .eomMacros("i")
            .build();

    private static final Actions SET_MACRO_LISTS = Actions.builder().setSymList().build();
    static final Actions NO_ACTIONS = Actions.builder().build();
    private static final int ACTIONS_OFFSET = Integer.BYTES; // behind the protocol version

    private Negotiation() {}

    private static ProtocolSteps.Builder steps() {
        return ProtocolSteps.builder()
                .noReplyForHelo()
                .noReplyForMailFrom()
                .noData()
                .noHeaders()
                .noEoh()
                .noBody()
                .noUnknownCommands();
    }

    /**
     * What is asked of the MTA.
     *
     * @param seenAtOnce whether CONNECT is to come when it happens, and not when the next answer is wanted
     */
    static ProtocolSteps steps(boolean seenAtOnce) {
        return seenAtOnce ? STEPS_ANSWERING_CONNECT : STEPS;
    }

    /** Whether an OPTNEG payload offers to take macro lists. An action that is not offered must not be asked for. */
    static boolean offersMacroLists(byte[] optneg) {
        return optneg.length >= ACTIONS_OFFSET + Integer.BYTES
                && (ByteBuffer.wrap(optneg).getInt(ACTIONS_OFFSET) & SET_MACRO_LISTS.bitmap()) != 0;
    }

    static MilterContext context(
            MilterHandler handler, boolean macroLists, ProtocolSteps steps, MilterPacketSender sender) {
        return macroLists
                ? new MilterContextImpl(handler, SET_MACRO_LISTS, steps, MACROS, sender)
                : new MilterContextImpl(handler, NO_ACTIONS, steps, sender);
    }
}
