package io.github.orgmilter.milter;

import io.github.orgmilter.milter.header.HeaderAccess;
import io.github.orgmilter.milter.header.MessageHeader;
import io.github.orgmilter.milter.wire.Negotiation;
import io.github.orgmilter.milter.wire.ReplyFrames;
import io.github.orgmilter.mta.ConnectCommand;
import io.github.orgmilter.mta.LimitReachedException;
import io.github.orgmilter.mta.MacroReader;
import io.github.orgmilter.mta.MalformedFrameException;
import io.github.orgmilter.mta.Payload;
import io.github.orgmilter.net.ConnectionMemory;
import io.github.orgmilter.net.Limit;
import io.github.orgmilter.net.Limits;
import io.github.orgmilter.net.ProtocolHandler;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.nightcode.milter.CommandCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Turns the frames of one connection into calls of its {@link Session}, and verdicts into frames. Whatever fails in here
 * becomes a tempfail for the recipients that it concerns; the connection stays.
 */
final class SessionHandler extends ProtocolHandler {

    private static final Logger LOG = LoggerFactory.getLogger(SessionHandler.class);

    /** Postfix hands a field over in one frame, of up to 100 KiB by default (header_size_limit). */
    private static final int HEADER_FRAME = 128 * 1024;

    private static final int LENGTH_OCTETS = Integer.BYTES; // in front of each frame

    /** Few frames are longer. */
    private static final int COMMON_FRAME = 4096;

    /** What an event loop uses for one frame after the other: all that is kept of them is copied. */
    private record Reading(Payload payload, MacroReader macros) {}

    private static final FastThreadLocal<Reading> READING = new FastThreadLocal<>() {
        @Override
        protected Reading initialValue() {
            return new Reading(new Payload(new byte[COMMON_FRAME], 0), new MacroReader());
        }
    };

    private final Session session;
    private final Limits limits;
    private final SessionObserver observer;
    private @Nullable Negotiation negotiation; // from OPTNEG on

    SessionHandler(Session session, Limits limits, ConnectionMemory memory, SessionObserver observer) {
        super(limits, LENGTH_OCTETS, memory, observer::limited);
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
        observer.sessionClosed();
        session.close();
        super.channelInactive(channel);
    }

    @Override
    protected long kept() {
        return session.kept();
    }

    @Override
    protected long frameLength(ByteBuf octets) {
        if (octets.readableBytes() < LENGTH_OCTETS) {
            return UNKNOWN;
        }
        int length = octets.getInt(octets.readerIndex());
        if (length <= 0) {
            throw new CorruptedFrameException("a frame of " + length + " octets");
        }
        return (long) LENGTH_OCTETS + length;
    }

    @Override
    protected void frame(ChannelHandlerContext channel, ByteBuf octets, int start, int end) {
        int command = start + LENGTH_OCTETS;
        int length = end - command - 1;
        Payload payload = length <= COMMON_FRAME ? READING.get().payload() : new Payload(new byte[length], 0);
        octets.getBytes(command + 1, payload.restart(length), 0, length);
        frame(channel, octets.getUnsignedByte(command), payload);
    }

    private void frame(ChannelHandlerContext channel, int octet, Payload payload) {
        CommandCode command = command(octet);
        if (command == null || (negotiation == null && command != CommandCode.SMFIC_OPTNEG)) {
            close(channel, Level.WARN, "unexpected milter command 0x" + Integer.toHexString(octet));
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
                Negotiation agreed =
                        Negotiation.of(payload, session.isFoundByConnection(), session.wantedHeaderAccess());
                session.reset(agreed.macroLists(), agreed.headers());
                allowLongFrames(agreed.headers() == HeaderAccess.NONE ? 0 : HEADER_FRAME);
                negotiation = agreed;
                send(channel, agreed.frame());
            }
            case SMFIC_MACRO -> session.macros(READING.get().macros().read(payload, limits));
            case SMFIC_CONNECT -> {
                session.connect(ConnectCommand.parse(payload));
                carryOn(channel, command);
            }
            case SMFIC_HELO -> {
                session.helo(payload.text());
                carryOn(channel, command);
            }
            case SMFIC_MAIL -> {
                session.mail(payload.string());
                carryOn(channel, command);
            }
            case SMFIC_RCPT -> answer(channel, command, ReplyFrames.of(session.recipient(payload.string())));
            case SMFIC_HEADER -> {
                session.pass();
                if (session.seesHeaders()) {
                    byte[] name = payload.string();
                    byte[] value = payload.lastString();
                    session.header().ifPresent(header -> header.field(name, value));
                }
                carryOn(channel, command);
            }
            case SMFIC_EOH -> {
                session.pass();
                answer(channel, command, ReplyFrames.of(session.endOfHeader()));
                session.header().flatMap(MessageHeader::limit).ifPresent(limit -> reached(channel, limit));
            }
            case SMFIC_EOB -> answer(channel, command, ReplyFrames.of(session.endOfMessage()));
            case SMFIC_ABORT -> session.abort();
            case SMFIC_QUIT_NC -> session.close();
            case SMFIC_QUIT -> {
                session.close(); // the client's port may be in use again before this connection is closed
                close(channel);
            }
            // Other content and unknown commands, which were not requested.
            default -> {
                session.pass();
                carryOn(channel, command);
            }
        }
    }

    @Override
    protected boolean longFrame(ChannelHandlerContext channel, ByteBuf octets, int start, int end, long length) {
        int command = start + LENGTH_OCTETS;
        if (octets.getUnsignedByte(command) != CommandCode.SMFIC_HEADER.code()) {
            return false;
        }
        int name = command + 1;
        int nul = octets.indexOf(name, end, (byte) 0);
        byte[] head = ByteBufUtil.getBytes(octets, name, (nul < 0 ? end : nul) - name);
        try {
            session.pass();
            session.header().ifPresent(header -> header.longField(head, length - LENGTH_OCTETS));
            carryOn(channel, CommandCode.SMFIC_HEADER);
        } catch (RuntimeException e) {
            fail(channel, CommandCode.SMFIC_HEADER, new Payload(head, head.length), e);
        }
        return true;
    }

    /** Answers a command, unless the MTA agreed not to wait for the answer. */
    private void answer(ChannelHandlerContext channel, CommandCode command, ByteBuf answer) {
        if (isAnswered(command)) {
            send(channel, answer);
        } else {
            answer.release();
        }
    }

    /** Answers that the MTA is to go on, likewise. */
    private void carryOn(ChannelHandlerContext channel, CommandCode command) {
        if (isAnswered(command)) {
            send(channel, ReplyFrames.carryOn());
        }
    }

    private boolean isAnswered(CommandCode command) {
        return negotiation != null && negotiation.isAnswered(command);
    }

    private void fail(ChannelHandlerContext channel, CommandCode command, Payload payload, Throwable cause) {
        String queueId = session.queueId();
        answerFailure(channel, command);
        // Only now, so that a log that fails as well leaves nothing unanswered.
        observer.failed();
        SessionLog.failure(session.id(), queueId, command.name(), cause);
        switch (command) {
            case SMFIC_RCPT -> session.recipientFailed(recipient(payload));
            case SMFIC_EOH -> session.messageFailed();
            case SMFIC_EOB -> {
                session.messageFailed();
                session.abort();
            }
            default -> {}
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
            case SMFIC_HEADER -> {
                session.header().ifPresent(MessageHeader::fail);
                carryOn(channel, command);
            }
            case SMFIC_EOH -> {
                session.header().ifPresent(MessageHeader::fail);
                answer(channel, command, ReplyFrames.of(session.tempfail()));
            }
            case SMFIC_MAIL -> {
                carryOn(channel, command);
                session.abort(); // without a message, its recipients are undecided
            }
            case SMFIC_MACRO -> session.fail();
            case SMFIC_ABORT, SMFIC_QUIT, SMFIC_QUIT_NC -> {
                session.fail();
                close(channel);
            }
            default -> {
                carryOn(channel, command);
                session.fail();
            }
        }
    }

    @Override
    protected void logLimit(Limit limit) {
        SessionLog.limit(session.id(), session.queueId(), limit);
    }

    @Override
    protected void logClosed(Level level, String reason) {
        LOG.atLevel(level).log("session={} closed: {}", session.id(), reason);
    }
}
