package io.github.orgmilter.milter;

import io.github.orgmilter.identity.EnvelopeAddress;
import io.github.orgmilter.net.Limit;
import io.github.orgmilter.net.Limits;
import io.github.orgmilter.net.MemoryExhaustion;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import java.io.IOException;
import java.util.EnumSet;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.nightcode.milter.CommandCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Turns the frames of one connection into calls of its {@link Session}, and verdicts into frames. Whatever goes wrong in here
 * becomes a temporary failure for the recipients that it concerns; the connection stays.
 */
final class SessionHandler extends FrameHandler {

    private static final Logger LOG = LoggerFactory.getLogger(SessionHandler.class);

    private final Session session;
    private final Limits limits;
    private final SessionObserver observer;
    private final Set<Limit> limitsSaid = EnumSet.noneOf(Limit.class);
    private @Nullable Negotiation negotiation; // from OPTNEG on

    SessionHandler(Session session, Limits limits, SessionObserver observer) {
        super(limits);
        this.session = session;
        this.limits = limits;
        this.observer = observer;
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
    long kept() {
        return session.kept();
    }

    @Override
    void frame(ChannelHandlerContext channel, int octet, Payload payload) {
        CommandCode command = command(octet);
        if (command == null || (negotiation == null && command != CommandCode.SMFIC_OPTNEG)) {
            LOG.warn("session={} closed: unexpected milter command 0x{}", session.id(), Integer.toHexString(octet));
            close(channel);
            return;
        }
        try {
            dispatch(channel, command, payload);
        } catch (LimitReachedException e) {
            session.fail();
            reached(channel, e.limit());
        } catch (Throwable e) {
            fail(channel, command, payload, e);
            if (e instanceof VirtualMachineError error) {
                throw error;
            }
        }
    }

    private static @Nullable CommandCode command(int octet) {
        try {
            return CommandCode.valueOf(octet);
        } catch (IllegalArgumentException | NoSuchElementException e) {
            return null;
        }
    }

    private void dispatch(ChannelHandlerContext channel, CommandCode command, Payload payload)
            throws MalformedFrameException, LimitReachedException {
        switch (command) {
            case SMFIC_OPTNEG -> {
                Negotiation agreed = Negotiation.of(payload, session.isFoundByConnection());
                session.reset(agreed.macroLists());
                negotiation = agreed;
                send(channel, agreed.frame());
            }
            case SMFIC_MACRO -> session.macros(Macros.parse(payload, limits));
            case SMFIC_CONNECT -> {
                session.connect(ConnectCommand.parse(payload));
                answer(channel, command, ReplyFrames.carryOn());
            }
            case SMFIC_HELO -> {
                session.helo(payload.text());
                answer(channel, command, ReplyFrames.carryOn());
            }
            case SMFIC_MAIL -> {
                session.mail(EnvelopeAddress.parse(payload.string()));
                answer(channel, command, ReplyFrames.carryOn());
            }
            case SMFIC_RCPT -> answer(channel, command, ReplyFrames.of(session.recipient(payload.string())));
            case SMFIC_EOB -> answer(channel, command, ReplyFrames.of(session.endOfMessage()));
            case SMFIC_ABORT -> session.abort();
            case SMFIC_QUIT_NC -> session.close();
            case SMFIC_QUIT -> {
                session.close(); // the client's port may be in use again before this connection is closed
                close(channel);
            }
            // Content, and commands that are none: what was not asked for is not looked at.
            default -> answer(channel, command, ReplyFrames.carryOn());
        }
    }

    /** Answers a command, unless the MTA was told not to wait for that. */
    private void answer(ChannelHandlerContext channel, CommandCode command, ByteBuf answer) {
        if (negotiation != null && negotiation.isAnswered(command)) {
            send(channel, answer);
        } else {
            answer.release();
        }
    }

    private void fail(ChannelHandlerContext channel, CommandCode command, Payload payload, Throwable cause) {
        String queueId = session.queueId();
        answerFailure(channel, command);
        // Only now, so that a log that fails as well leaves nothing unsaid to the MTA.
        observer.failed();
        SessionLog.failure(session.id(), queueId, command.name(), cause);
        if (command == CommandCode.SMFIC_RCPT) {
            session.recipientFailed(recipient(payload));
        }
    }

    private static Optional<byte[]> recipient(Payload payload) {
        try {
            payload.rewind();
            return Optional.of(payload.string());
        } catch (MalformedFrameException e) {
            return Optional.empty();
        }
    }

    private void answerFailure(ChannelHandlerContext channel, CommandCode command) {
        switch (command) {
            case SMFIC_OPTNEG -> close(channel);
            case SMFIC_RCPT -> answer(channel, command, ReplyFrames.of(session.failRecipient()));
            case SMFIC_EOB -> answer(channel, command, ReplyFrames.of(session.tempfail()));
            case SMFIC_MAIL -> {
                session.abort(); // without a message, its recipients are undecided
                answer(channel, command, ReplyFrames.carryOn());
            }
            case SMFIC_MACRO -> session.fail();
            case SMFIC_ABORT, SMFIC_QUIT, SMFIC_QUIT_NC -> {
                session.fail();
                close(channel);
            }
            default -> {
                session.fail();
                answer(channel, command, ReplyFrames.carryOn());
            }
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext channel, Object event) throws Exception {
        if (event instanceof Limit limit) {
            reached(channel, limit);
        } else {
            super.userEventTriggered(channel, event);
        }
    }

    @Override
    void reached(ChannelHandlerContext channel, Limit limit) {
        if (isClosing()) {
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

    /** A broken frame or connection: what the MTA sends next could not be told apart any more. */
    @Override
    public void exceptionCaught(ChannelHandlerContext channel, Throwable cause) {
        MemoryExhaustion.endIfCauseOf(cause);
        if (isClosing()) {
            return;
        }
        // An MTA that goes away does so in its own time, with a reset as often as not: nothing to look after.
        Level level = cause instanceof IOException ? Level.DEBUG : Level.WARN;
        LOG.atLevel(level).log("session={} closed: {}", session.id(), cause.toString());
        close(channel);
    }
}
