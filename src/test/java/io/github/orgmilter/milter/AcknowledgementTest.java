package io.github.orgmilter.milter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.orgmilter.milter.header.HeaderRules;
import io.github.orgmilter.net.ConnectionLimit;
import io.github.orgmilter.net.Limits;
import io.github.orgmilter.net.ListenAddress;
import io.github.orgmilter.net.Server;
import io.github.orgmilter.net.Service;
import io.github.orgmilter.policy.Policy;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.epoll.EpollTcpInfo;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Over real TCP, as the kernel tells it. */
@Timeout(60)
@DisplayName("What is answered by nothing")
final class AcknowledgementTest {

    /** Linux delays an acknowledgement by this at least (tcp.h, TCP_DELACK_MIN). */
    private static final long DELAY_MILLIS = 40;

    private static final int TRIES = 20;

    private final BlockingQueue<Boolean> answers = new LinkedBlockingQueue<>();

    private void send(EpollSocketChannel mta, char command, String payload) {
        byte[] octets = payload.getBytes(StandardCharsets.ISO_8859_1);
        mta.writeAndFlush(Unpooled.buffer()
                        .writeInt(1 + octets.length)
                        .writeByte(command)
                        .writeBytes(octets))
                .syncUninterruptibly();
    }

    private void ask(EpollSocketChannel mta, char command, String payload) throws InterruptedException {
        send(mta, command, payload);
        assertThat(answers.poll(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    @DisplayName("is acknowledged at once, though the system would wait for an answer to send along")
    void atOnce() throws Exception {
        assumeTrue(Epoll.isAvailable(), "the native transport");
        Policy policy = Policies.twoOrganizations();
        Service milter = MilterService.of(
                List.of(new ListenAddress.Tcp("127.0.0.1", 0)),
                () -> policy,
                () -> Limits.DEFAULT,
                Policies.ROOM,
                new CountsNothing(),
                Optional.empty(),
                Optional.empty(),
                HeaderRules.NONE);
        EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        try (Server server =
                Server.start(List.of(milter), false, new ConnectionLimit(() -> 10, Integer.MAX_VALUE, limit -> {}))) {
            int port = ((ListenAddress.Tcp) server.addresses(milter).get(0)).port();
            EpollSocketChannel mta = (EpollSocketChannel) new Bootstrap()
                    .group(loop)
                    .channel(EpollSocketChannel.class)
                    .handler(new SimpleChannelInboundHandler<ByteBuf>() {
                        @Override
                        protected void channelRead0(ChannelHandlerContext channel, ByteBuf octets) {
                            answers.add(true); // whole, since the next one is asked for only then
                        }
                    })
                    .connect("127.0.0.1", port)
                    .syncUninterruptibly()
                    .channel();
            ask(mta, 'O', "\0\0\0\6\0\0\1\377\0\37\377\377");
            send(mta, 'C', "client\0" + "4\060\071192.0.2.7\0");
            send(mta, 'M', "<a@example.org>\0");
            // A busy machine may be late at any one of them; without more ado, the system is at each.
            long shortest = Long.MAX_VALUE;
            for (int i = 0; i < TRIES && shortest >= DELAY_MILLIS / 2; i++) {
                shortest = Math.min(shortest, millisToAcknowledgement(mta));
            }
            assertThat(shortest).isLessThan(DELAY_MILLIS / 2);
        } finally {
            loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }

    private long millisToAcknowledgement(EpollSocketChannel mta) throws InterruptedException {
        for (int i = 0; i < 10; i++) {
            ask(mta, 'R', "<b@contoso.com>\0"); // a dialogue is what the system takes for a reason to wait
        }
        send(mta, 'D', "T");
        Thread.sleep(5 * DELAY_MILLIS);
        EpollTcpInfo ages = mta.tcpInfo();
        return ages.lastDataSent() - ages.lastAckRecv();
    }
}
