package io.github.orgmilter.map;

import io.github.orgmilter.net.ConnectionMemory;
import io.github.orgmilter.net.Limit;
import io.github.orgmilter.net.Limits;
import io.github.orgmilter.net.ProtocolHandler;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Turns the netstrings of one connection into look-ups, and answers into netstrings: {@code 13:clients ::1,} with the length of what
 * is between colon and comma. Octets that no netstring begins with are taken as a frame, so that there is one place to refuse them.
 */
final class RequestHandler extends ProtocolHandler {

    private static final Logger LOG = LoggerFactory.getLogger(RequestHandler.class);

    private static final int MAX_DIGITS = 7; // the largest frame-size is 1 MiB
    private static final int OVERHEAD = MAX_DIGITS + 2; // the length, the colon and the comma

    private final Lookup lookup;
    private boolean unknownMapLogged;

    RequestHandler(Limits limits, ConnectionMemory memory, Lookup lookup, MapObserver observer) {
        super(limits, OVERHEAD, memory, observer::limited);
        this.lookup = lookup;
    }

    @Override
    protected long frameLength(ByteBuf octets) {
        int start = octets.readerIndex();
        int readable = octets.readableBytes();
        long content = 0;
        for (int digits = 0; digits < readable; digits++) {
            int octet = octets.getByte(start + digits);
            if (octet == ':' && digits > 0) {
                return digits + content + 2;
            }
            boolean leadingZero = digits == 1 && content == 0;
            if (octet < '0' || octet > '9' || digits == MAX_DIGITS || leadingZero) {
                return digits + 1L;
            }
            content = content * 10 + octet - '0';
        }
        return UNKNOWN;
    }

    @Override
    protected void frame(ChannelHandlerContext channel, ByteBuf octets, int start, int end) {
        MapRequest request;
        try {
            request = MapRequest.parse(content(octets, start, end));
        } catch (MalformedRequestException e) {
            // Postfix asks again on a new connection, and then answers 451; Sendmail answers 451 at once.
            close(channel, Level.WARN, String.valueOf(e.getMessage()));
            return;
        }
        send(channel, Unpooled.wrappedBuffer(answer(request).netstring()));
    }

    private static byte[] content(ByteBuf octets, int start, int end) throws MalformedRequestException {
        int colon = octets.indexOf(start, end, (byte) ':');
        if (colon < 0 || octets.getByte(end - 1) != ',') {
            throw new MalformedRequestException("octets that are not a netstring");
        }
        return ByteBufUtil.getBytes(octets, colon + 1, end - 1 - (colon + 1));
    }

    private Answer answer(MapRequest request) {
        try {
            Answer answer = lookup.answer(request);
            if (answer.kind() == Answer.Kind.PERM && !unknownMapLogged) {
                unknownMapLogged = true;
                LOG.warn(
                        "map look-up: the MTA asks for a map that does not exist; correct its name in the MTA's"
                                + " configuration: {}",
                        MapName.ALL);
            }
            return answer;
        } catch (Throwable e) {
            LOG.error("map look-up failed", e);
            if (e instanceof VirtualMachineError error) {
                throw error;
            }
            return lookup.failed(request);
        }
    }

    @Override
    protected void logLimit(Limit limit) {
        LOG.warn("map look-ups: limit={} action={}", limit.key(), limit.action());
    }

    @Override
    protected void logClosed(Level level, String reason) {
        LOG.atLevel(level).log("map look-ups: connection closed: {}", reason);
    }
}
