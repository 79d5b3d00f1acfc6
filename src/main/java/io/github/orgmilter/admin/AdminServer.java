package io.github.orgmilter.admin;

import io.github.orgmilter.net.ListenAddress;
import io.github.orgmilter.net.Server;
import io.github.orgmilter.net.Service;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.stream.ChunkedWriteHandler;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The admin listener, for HTTP. Who can reach it on loopback or a Unix socket, or has the token, is an operator. It has threads of
 * its own, and none of those for mail.
 */
public final class AdminServer implements AutoCloseable {

    /**
     * Who may make requests of operators. Both are read with every request.
     *
     * @param hosts further names by which the listener may be reached
     * @param token the one that is asked for; empty if none is
     */
    public record Access(Supplier<Set<String>> hosts, Supplier<Optional<String>> token) {}

    private static final WriteBufferWaterMark WRITE_AHEAD = new WriteBufferWaterMark(8 * 1024, 32 * 1024);

    private final Routes routes;
    private final Entrance entrance;
    private final AdminLimits limits;
    private final Connections connections;
    private final Turns turns;
    private final Service service;
    private final Server server;

    private AdminServer(
            ListenAddress address, boolean takeOver, AdminLimits limits, Access access, Collection<Route> routes)
            throws IOException {
        this.routes = new Routes(routes);
        this.limits = limits;
        this.connections = new Connections(limits);
        this.entrance = new Entrance(
                new SiteGuard(address, access.hosts()), new TokenGuard(address, access.token()), connections);
        this.turns = new Turns(limits.queue());
        this.service = new Service(List.of(address), this::initialize, false);
        this.server = Server.startApart(service, takeOver, connections);
    }

    /**
     * Starts to listen.
     *
     * @param takeOver whether a Unix socket at which another process listens is replaced
     * @param connections how many there may be at once
     * @throws IOException if the address cannot be bound
     */
    public static AdminServer start(
            ListenAddress address, boolean takeOver, int connections, Access access, Collection<Route> routes)
            throws IOException {
        return start(address, takeOver, AdminLimits.standard(connections), access, routes);
    }

    static AdminServer start(
            ListenAddress address, boolean takeOver, AdminLimits limits, Access access, Collection<Route> routes)
            throws IOException {
        return new AdminServer(address, takeOver, limits, access, routes);
    }

    private void initialize(Channel channel) {
        channel.config()
                .setOption(ChannelOption.ALLOW_HALF_CLOSURE, true); // a client may end its side after the request
        channel.config().setWriteBufferWaterMark(WRITE_AHEAD);
        RequestHandler handler = new RequestHandler(routes, entrance, turns, connections, limits);
        HttpDecoderConfig decoder = new HttpDecoderConfig()
                .setMaxInitialLineLength(limits.lineSize())
                .setMaxHeaderSize(limits.headerSize());
        channel.pipeline()
                .addLast(new HttpRequestDecoder(decoder))
                .addLast(new HttpResponseEncoder())
                .addLast(new HttpObjectAggregator(limits.bodySize()) {
                    @Override
                    protected @Nullable Object newContinueResponse(
                            HttpMessage start, int most, ChannelPipeline pipeline) {
                        // Nothing for one that is too long, which is answered below.
                        return isContentLengthInvalid(start, most)
                                ? null
                                : super.newContinueResponse(start, most, pipeline);
                    }

                    @Override
                    protected void handleOversizedMessage(ChannelHandlerContext context, HttpMessage oversized) {
                        handler.tooLarge(context.pipeline().context(handler));
                    }
                })
                .addLast(new ChunkedWriteHandler())
                .addLast(handler);
    }

    /** The address that is bound. */
    public ListenAddress address() {
        return server.addresses(service).get(0);
    }

    @Override
    public void close() {
        server.close();
        turns.close();
    }
}
