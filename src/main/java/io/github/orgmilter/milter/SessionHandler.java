package io.github.orgmilter.milter;

import io.github.orgmilter.config.Limit;
import io.github.orgmilter.config.Limits;
import io.github.orgmilter.identity.EnvelopeAddress;
import io.github.orgmilter.policy.SmtpReply;
import io.github.orgmilter.policy.Verdict;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.io.IOException;
import java.util.EnumSet;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.nightcode.milter.AbstractMilterHandler;
import org.nightcode.milter.CommandCode;
import org.nightcode.milter.MilterContext;
import org.nightcode.milter.MilterException;
import org.nightcode.milter.ProtocolSteps;
import org.nightcode.milter.codec.MilterPacket;
import org.nightcode.milter.command.CommandEngine;
import org.nightcode.milter.net.MilterPacketSender;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Turns the frames of one connection into calls of its {@link Session}, and verdicts into frames.
 *
 * <p>The library's command engine runs the protocol. Frames whose octets matter (CONNECT, macros, MAIL, RCPT) are read here, since
 * the engine would resolve host names, drop what it cannot pair, and decode leniently. Whatever goes wrong in here becomes a
 * temporary failure for the recipients that it concerns; the connection stays.
 */
final class SessionHandler extends SimpleChannelInboundHandler<MilterPacket> {

    private static final Logger LOG = LoggerFactory.getLogger(SessionHandler.class);

    private final Session session;
    private final Limits limits;
    private final SessionObserver observer;
    private final ProtocolSteps steps;
    private final Commands commands;
    private final Set<Limit> limitsSaid = EnumSet.noneOf(Limit.class);
    private @Nullable MilterContext milter; // from OPTNEG on
    private boolean closing;

    SessionHandler(Session session, Limits limits, SessionObserver observer) {
        this.session = session;
        this.limits = limits;
        this.observer = observer;
        this.steps = Negotiation.steps(session.isFoundByConnection());
        this.commands = new Commands();
    }

    @Override
    public void channelActive(ChannelHandlerContext channel) throws Exception {
        observer.sessionOpened();
        super.channelActive(channel);
    }

    @Override
    public void channelInactive(ChannelHandlerContext channel) throws Exception {
        session.close();
        observer.sessionClosed();
        super.channelInactive(channel);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext channel, MilterPacket packet) {
        if (closing || !channel.channel().isActive()) {
            return; // frames that came together with the one that closed the connection
        }
        Optional<CommandCode> command = command(packet);
        if (command.isEmpty() || (milter == null && command.get() != CommandCode.SMFIC_OPTNEG)) {
            LOG.warn("session={} closed: unexpected milter command 0x{}", session.id(), Integer.toHexString(packet.command()));
            close(channel);
            return;
        }
        try {
            dispatch(channel, command.get(), packet);
        } catch (LimitReachedException e) {
            session.fail();
            reached(channel, e.limit());
        } catch (Throwable e) {
            fail(command.get(), packet.payload(), e);
            if (e instanceof VirtualMachineError error) {
                throw error;
            }
        }
    }

    private static Optional<CommandCode> command(MilterPacket packet) {
        try {
            return Optional.of(CommandCode.valueOf(packet.command()));
        } catch (IllegalArgumentException | NoSuchElementException e) {
            return Optional.empty();
        }
    }

    private void dispatch(ChannelHandlerContext channel, CommandCode command, MilterPacket packet)
            throws MalformedFrameException, LimitReachedException, MilterException {
        if (command == CommandCode.SMFIC_OPTNEG) {
            boolean macroLists = Negotiation.offersMacroLists(packet.payload());
            session.reset(macroLists);
            milter = Negotiation.context(commands, macroLists, steps, sender(channel));
            CommandEngine.instance().submit(milter, packet);
            return;
        }
        MilterContext context = negotiated();
        switch (command) {
            case SMFIC_MACRO -> {
                Payload payload = new Payload(packet.payload());
                session.macros(payload.octet(), Macros.parse(payload, limits));
            }
            case SMFIC_CONNECT -> {
                session.connect(ConnectCommand.parse(packet.payload()));
                reply(context, command, null);
            }
            case SMFIC_MAIL -> {
                session.mail(EnvelopeAddress.parse(new Payload(packet.payload()).string()));
                reply(context, command, null);
            }
            case SMFIC_RCPT -> {
                Verdict verdict = session.recipient(new Payload(packet.payload()).string());
                reply(context, command, ReplyFrames.of(verdict));
            }
            default -> CommandEngine.instance().submit(context, packet);
        }
    }

    private MilterContext negotiated() {
        if (milter == null) {
            throw new IllegalStateException("no OPTNEG yet");
        }
        return milter;
    }

    /** Sends the answer, or CONTINUE where there is none; the library drops it where the MTA was told not to wait. */
    private static void reply(MilterContext context, CommandCode command, @Nullable MilterPacket answer)
            throws MilterException {
        context.setSessionStep(command);
        if (answer == null) {
            context.sendContinue();
        } else {
            context.sendPacket(answer);
        }
    }

    private void fail(CommandCode command, byte[] payload, Throwable cause) {
        String queueId = session.queueId();
        MilterContext context = milter;
        if (context != null) {
            fail(context, command);
        }
        // Only now, so that a log that fails as well leaves nothing unsaid to the MTA.
        observer.failed();
        SessionLog.failure(session.id(), queueId, command.name(), cause);
        if (command == CommandCode.SMFIC_RCPT) {
            session.recipientFailed(recipient(payload));
        }
    }

    private static Optional<byte[]> recipient(byte[] payload) {
        try {
            return Optional.of(new Payload(payload).string());
        } catch (MalformedFrameException e) {
            return Optional.empty();
        }
    }

    private void fail(MilterContext context, CommandCode command) {
        switch (command) {
            case SMFIC_OPTNEG -> context.destroy();
            case SMFIC_RCPT -> answer(context, command, ReplyFrames.of(session.failRecipient()));
            case SMFIC_EOB -> answer(context, command, ReplyFrames.of(session.internal()));
            case SMFIC_MAIL -> {
                session.abort();
                answer(context, command, null);
            }
            case SMFIC_MACRO -> session.fail();
            case SMFIC_ABORT, SMFIC_QUIT, SMFIC_QUIT_NC -> {
                session.fail();
                context.destroy();
            }
            default -> {
                session.fail();
                answer(context, command, null);
            }
        }
    }

    private void answer(MilterContext context, CommandCode command, @Nullable MilterPacket answer) {
        try {
            reply(context, command, answer);
        } catch (MilterException e) {
            LOG.warn("session={} closed: no answer could be sent", session.id(), e);
            context.destroy();
        }
    }

    private MilterPacketSender sender(ChannelHandlerContext channel) {
        return new MilterPacketSender() {
            @Override
            public void send(MilterPacket packet) {
                channel.writeAndFlush(packet, channel.voidPromise());
            }

            @Override
            public void close() {
                SessionHandler.this.close(channel);
            }
        };
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext channel, Object event) throws Exception {
        if (event instanceof Limit limit) {
            reached(channel, limit);
        } else {
            super.userEventTriggered(channel, event);
        }
    }

    private void reached(ChannelHandlerContext channel, Limit limit) {
        if (closing) {
            return;
        }
        if (limit.isFinal()) {
            close(channel);
        }
        observer.limited(limit);
        if (limitsSaid.add(limit)) {
            SessionLog.limit(session.id(), session.queueId(), limit);
        }
    }

    private void close(ChannelHandlerContext channel) {
        closing = true;
        channel.close();
    }

    /** A broken frame or connection: what the MTA sends next could not be told apart any more. */
    @Override
    public void exceptionCaught(ChannelHandlerContext channel, Throwable cause) {
        if (closing) {
            return;
        }
        // An MTA that goes away does so in its own time, with a reset as often as not: nothing to look after.
        Level level = cause instanceof IOException ? Level.DEBUG : Level.WARN;
        LOG.atLevel(level).log("session={} closed: {}", session.id(), cause.toString());
        close(channel);
    }

    /** What the command engine calls. */
    private final class Commands extends AbstractMilterHandler {

        Commands() {
            super(Negotiation.NO_ACTIONS, steps);
        }

        @Override
        public void helo(MilterContext context, String name) throws MilterException {
            session.helo(name);
            context.sendContinue();
        }

        @Override
        public void eom(MilterContext context, byte @Nullable [] bodyChunk) throws MilterException {
            Optional<SmtpReply> refusal = session.endOfMessage();
            if (refusal.isPresent()) {
                context.sendPacket(ReplyFrames.of(refusal.get()));
            } else {
                context.sendContinue();
            }
        }

        @Override
        public void abort(MilterContext context, @Nullable MilterPacket packet) {
            session.abort();
        }

        @Override
        public void quit(MilterContext context) {
            session.abort();
            session.close(); // the client's port may be in use again before this connection is closed
        }

        @Override
        public void quitNc(MilterContext context) {
            session.nextConnection();
        }

        /** The engine could not make sense of a frame, or a call of ours threw. */
        @Override
        public void abortSession(MilterContext context, @Nullable MilterPacket packet) {
            CommandCode command = packet == null
                    ? CommandCode.SMFIC_OPTNEG
                    : command(packet).orElse(CommandCode.SMFIC_OPTNEG);
            fail(command, packet == null ? new byte[0] : packet.payload(), new MalformedFrameException("not understood"));
        }
    }
}
