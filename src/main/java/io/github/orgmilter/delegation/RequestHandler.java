package io.github.orgmilter.delegation;

import io.github.orgmilter.net.Limit;
import io.github.orgmilter.net.MemoryExhaustion;
import io.github.orgmilter.net.Server;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Turns the requests of one connection into questions, and answers into lines. */
final class RequestHandler extends SimpleChannelInboundHandler<ByteBuf> {

    private static final Logger LOG = LoggerFactory.getLogger(RequestHandler.class);

    private final Delegation delegation;
    private final DelegationObserver observer;
    private final Set<Limit> limitsSaid = EnumSet.noneOf(Limit.class);
    private boolean draining;
    private boolean closing;

    RequestHandler(Delegation delegation, DelegationObserver observer) {
        this.delegation = delegation;
        this.observer = observer;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext channel, ByteBuf octets) throws MalformedRequestException {
        if (closing || !channel.channel().isActive()) {
            return; // requests that came together with the one that closed the connection
        }
        PolicyRequest request = PolicyRequest.parse(octets.toString(StandardCharsets.ISO_8859_1));
        Answer answer;
        try {
            Optional<String> session = delegation.tell(request);
            if (draining && session.isEmpty()) {
                // Its session is with another process, and so will be the connection by which Postfix asks again.
                channel.close();
                return;
            }
            answer = delegation.answer(request, session);
        } catch (Throwable e) {
            LOG.error("a question of Postfix's policy delegation failed", e);
            answer = delegation.failed();
            if (e instanceof VirtualMachineError error) {
                throw error;
            }
        }
        ByteBuf line = Unpooled.copiedBuffer("action=" + answer.action() + "\n\n", StandardCharsets.US_ASCII);
        channel.writeAndFlush(line, channel.voidPromise()); // so that a failure is caught below
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext channel, Object event) throws Exception {
        if (event == Server.DRAINING) {
            draining = true;
        } else if (event instanceof Limit limit) {
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
            LOG.warn("policy delegation: limit={} action={}", limit.key(), limit.isFinal() ? "close" : "wait");
        }
    }

    private void close(ChannelHandlerContext channel) {
        closing = true;
        channel.close();
    }

    /** What comes next could not be told apart any more; Postfix asks again on a new connection, and then answers 451. */
    @Override
    public void exceptionCaught(ChannelHandlerContext channel, Throwable cause) {
        MemoryExhaustion.endIfCauseOf(cause);
        if (closing) {
            return;
        }
        Level level = cause instanceof IOException ? Level.DEBUG : Level.WARN;
        LOG.atLevel(level).log("policy delegation: connection closed: {}", cause.toString());
        close(channel);
    }
}
