package io.github.orgmilter.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.epoll.EpollSocketChannel;

/** An acknowledgement of what a TCP connection has read, without an answer to carry it. */
public final class Acknowledgement {

    private Acknowledgement() {}

    /**
     * Acknowledges what was read at once. The system would wait some 40 ms for an answer to send along, and a peer whose next frame
     * is small waits for the acknowledgement (RFC 1122, section 4.2.3.4): both together cost every message of Postfix that time,
     * whose cleanup goes on where its smtpd left off without an answer. The setting lasts for one time (tcp(7), TCP_QUICKACK).
     */
    public static void send(Channel channel) {
        if (channel instanceof EpollSocketChannel tcp && tcp.isActive()) {
            try {
                tcp.config().setTcpQuickAck(true);
            } catch (ChannelException e) {
                // The connection has ended meanwhile, and nothing waits for it.
            }
        }
    }
}
