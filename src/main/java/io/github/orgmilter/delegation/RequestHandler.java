package io.github.orgmilter.delegation;

import io.github.orgmilter.milter.LiveSessions;
import io.github.orgmilter.net.ConnectionMemory;
import io.github.orgmilter.net.Limit;
import io.github.orgmilter.net.Limits;
import io.github.orgmilter.net.ProtocolHandler;
import io.github.orgmilter.net.Server;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Turns the requests of one connection into queries, and answers into lines. A request ends with an empty line; no octet is looked
 * at twice, in however small pieces they come.
 */
final class RequestHandler extends ProtocolHandler {

    private static final Logger LOG = LoggerFactory.getLogger(RequestHandler.class);

    private static final int END_OCTETS = 2; // the last line's newline, and the empty line

    private final Delegation delegation;
    private int searched; // of the request that has begun: octets before which no empty line ends
    private boolean draining;

    RequestHandler(Limits limits, ConnectionMemory memory, Delegation delegation, DelegationObserver observer) {
        super(limits, END_OCTETS, memory, observer::limited);
        this.delegation = delegation;
    }

    @Override
    protected long frameLength(ByteBuf octets) {
        int start = octets.readerIndex();
        int newline = octets.indexOf(start + searched, octets.writerIndex(), (byte) '\n');
        while (newline >= 0 && newline + 1 < octets.writerIndex()) {
            if (octets.getByte(newline + 1) == '\n') {
                searched = 0;
                return (long) newline - start + END_OCTETS;
            }
            newline = octets.indexOf(newline + 1, octets.writerIndex(), (byte) '\n');
        }
        searched = newline < 0 ? octets.readableBytes() : newline - start;
        return UNKNOWN;
    }

    @Override
    protected void frame(ChannelHandlerContext channel, ByteBuf octets, int start, int end) {
        PolicyRequest request;
        try {
            request =
                    PolicyRequest.parse(octets.toString(start, end - END_OCTETS - start, StandardCharsets.ISO_8859_1));
        } catch (MalformedRequestException e) {
            // Postfix repeats the query on a new connection, and then answers 451.
            close(channel, Level.WARN, String.valueOf(e.getMessage()));
            return;
        }
        answer(channel, request);
    }

    private void answer(ChannelHandlerContext channel, PolicyRequest request) {
        Answer answer;
        try {
            Optional<LiveSessions.Found> session = delegation.report(request);
            if (draining && session.isEmpty()) {
                // Another process has its session, and gets the connection on which Postfix repeats the query.
                close(channel);
                return;
            }
            answer = delegation.answer(request, session);
        } catch (Throwable e) {
            LOG.error("policy query failed", e);
            answer = delegation.failed();
            if (e instanceof VirtualMachineError error) {
                throw error;
            }
        }
        send(channel, Unpooled.copiedBuffer("action=" + answer.action() + "\n\n", StandardCharsets.US_ASCII));
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext channel, Object event) throws Exception {
        if (event == Server.DRAINING) {
            draining = true;
        } else {
            super.userEventTriggered(channel, event);
        }
    }

    @Override
    protected void logLimit(Limit limit) {
        LOG.warn("policy delegation: limit={} action={}", limit.key(), limit.action());
    }

    @Override
    protected void logClosed(Level level, String reason) {
        LOG.atLevel(level).log("policy delegation: connection closed: {}", reason);
    }
}
