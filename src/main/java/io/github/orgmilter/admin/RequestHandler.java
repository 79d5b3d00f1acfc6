package io.github.orgmilter.admin;

import io.github.orgmilter.net.MemoryExhaustion;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DateFormatter;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpChunkedInput;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.stream.ChunkedStream;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Date;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * One connection, which is one request and its answer: what comes behind the request is thrown away undecoded, so a peer costs no
 * more than that at a time.
 */
final class RequestHandler extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(RequestHandler.class);

    /** What the connection waits for: a request, its handler, the peer to take the answer, the peer to close, events. */
    private enum State {
        ASKING,
        WORKING,
        ANSWERING,
        ANSWERED,
        STREAMING
    }

    private final Routes routes;
    private final Entrance entrance;
    private final Turns turns;
    private final Connections connections;
    private final Deadline requestDeadline;
    private final Deadline answerDeadline;
    private final Deadline streamDeadline;
    private State state = State.ASKING;
    private boolean inputEnded;

    RequestHandler(Routes routes, Entrance entrance, Turns turns, Connections connections, AdminLimits limits) {
        this.routes = routes;
        this.entrance = entrance;
        this.turns = turns;
        this.connections = connections;
        requestDeadline = new Deadline(limits.requestTime(), channel -> late(channel, "request-time"));
        answerDeadline = new Deadline(limits.answerTime(), channel -> late(channel, "answer-time"));
        streamDeadline = new Deadline(limits.streamTime(), ChannelHandlerContext::close);
    }

    private void late(ChannelHandlerContext channel, String limit) {
        if (state != State.ANSWERED) {
            connections.reached(limit);
        }
        channel.close();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext channel) {
        requestDeadline.begin(channel);
    }

    @Override
    public void channelInactive(ChannelHandlerContext channel) throws Exception {
        requestDeadline.end();
        answerDeadline.end();
        streamDeadline.end();
        super.channelInactive(channel);
    }

    @Override
    public void channelRead(ChannelHandlerContext channel, Object message) {
        try {
            if (state == State.ASKING && message instanceof FullHttpRequest request) {
                begin(channel);
                take(channel, request);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void begin(ChannelHandlerContext channel) {
        state = State.WORKING;
        requestDeadline.end();
        connections.working(channel.channel());
        channel.pipeline().remove(HttpRequestDecoder.class);
    }

    private void take(ChannelHandlerContext channel, FullHttpRequest message) {
        String method = message.method().name();
        boolean head = method.equals("HEAD");
        Optional<Answer> malformed = malformed(message);
        if (malformed.isPresent()) {
            answer(channel, malformed.get(), head);
            return;
        }
        Request request;
        try {
            request = new Request(message.uri(), message.headers());
        } catch (IllegalArgumentException e) {
            answer(channel, Answer.text(Answer.BAD_REQUEST, "the query of the request is not well escaped"), head);
            return;
        }
        String path = request.path();
        Optional<Route> route = routes.find(method, path);
        boolean needsHost = message.protocolVersion().compareTo(HttpVersion.HTTP_1_1) >= 0;
        Optional<Answer> refusal =
                entrance.refusal(request, route, needsHost, channel.channel().localAddress());
        if (refusal.isPresent() || route.isEmpty()) {
            answer(channel, refusal.orElseGet(() -> unknown(path)), head);
        } else {
            handle(channel, route.get(), request, head);
        }
    }

    private static Optional<Answer> malformed(FullHttpRequest message) {
        Throwable cause = message.decoderResult().cause();
        if (cause instanceof TooLongHttpLineException) {
            return Optional.of(Answer.text(Answer.URI_TOO_LONG, "the request line is too long"));
        } else if (cause instanceof TooLongHttpHeaderException) {
            return Optional.of(Answer.text(Answer.HEADER_TOO_LARGE, "the header of the request is too long"));
        } else if (cause != null) {
            return Optional.of(Answer.text(Answer.BAD_REQUEST, "this is not an HTTP request"));
        } else if (message.protocolVersion().majorVersion() != 1) {
            return Optional.of(Answer.text(Answer.VERSION_NOT_SUPPORTED, "only HTTP/1.1 and HTTP/1.0 are supported"));
        } else if (!message.uri().startsWith("/")) {
            return Optional.of(Answer.text(Answer.BAD_REQUEST, "the request target must be a path that begins with /"));
        }
        return Optional.empty();
    }

    private Answer unknown(String path) {
        return routes.has(path)
                ? Answer.text(Answer.METHOD_NOT_ALLOWED, "allowed methods: " + routes.allowed(path))
                        .with("Allow", routes.allowed(path))
                : Answer.text(Answer.NOT_FOUND, "not found");
    }

    private void handle(ChannelHandlerContext channel, Route route, Request request, boolean head) {
        try {
            turns.run(route.turn(), () -> {
                if (!channel.channel().isActive()) {
                    return; // the client has gone
                }
                Answer answer = result(route, request);
                if (channel.executor().inEventLoop()) {
                    answer(channel, answer, head);
                } else if (!channel.executor().isShuttingDown()) { // then the connection is closed
                    channel.executor().execute(() -> answer(channel, answer, head));
                }
            });
        } catch (RejectedExecutionException e) {
            answer(
                    channel,
                    Answer.unavailable("too many such requests are waiting; try again later")
                            .with("Retry-After", "1"),
                    head);
        }
    }

    private static Answer result(Route route, Request request) {
        try {
            return Compression.apply(request, route.handler().apply(request));
        } catch (Throwable e) { // or the connection would wait forever
            LOG.error("admin: {} {} failed", route.method(), route.path(), e);
            MemoryExhaustion.endIfCauseOf(e);
            return Answer.text(Answer.INTERNAL_ERROR, "the request failed; the log has the cause");
        }
    }

    /** Answers a request that is too long to be read. */
    void tooLarge(ChannelHandlerContext channel) {
        if (state == State.ASKING) {
            begin(channel);
            answer(channel, Answer.text(Answer.CONTENT_TOO_LARGE, "the body of the request is too long"), false);
        }
    }

    private void answer(ChannelHandlerContext channel, Answer answer, boolean head) {
        if (!channel.channel().isActive()) {
            return;
        }
        if (answer.events().isPresent() && !head) {
            stream(channel, answer, answer.events().get());
            return;
        }
        state = State.ANSWERING;
        connections.answering(channel.channel(), head ? 0 : answer.body().length);
        answerDeadline.begin(channel);
        HttpResponse response = header(answer);
        response.headers().set(HttpHeaderNames.CONTENT_LENGTH, answer.body().length);
        channel.write(response);
        Object body = head
                ? LastHttpContent.EMPTY_LAST_CONTENT
                : new HttpChunkedInput(new ChunkedStream(new ByteArrayInputStream(answer.body())));
        channel.writeAndFlush(body).addListener(written -> {
            if (written.isSuccess()) {
                answered(channel.channel());
            } else {
                channel.close();
            }
        });
    }

    private void stream(ChannelHandlerContext channel, Answer answer, EventStream events) {
        if (!connections.streaming(channel.channel())) {
            answer(
                    channel,
                    Answer.unavailable("too many pages listen already; close some")
                            .with("Retry-After", "10"),
                    false);
            return;
        }
        state = State.STREAMING;
        streamDeadline.begin(channel);
        channel.writeAndFlush(header(answer));
        new EventSender(channel, events, () -> late(channel, "answer-time")).begin();
    }

    private static HttpResponse header(Answer answer) {
        HttpResponse response =
                new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(answer.status()));
        answer.headers().forEach((name, value) -> response.headers().set(name, value));
        response.headers()
                .set(HttpHeaderNames.CONNECTION, "close")
                .set(HttpHeaderNames.DATE, now())
                .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .set("X-Content-Type-Options", "nosniff");
        return response;
    }

    @SuppressWarnings("JavaUtilDate") // what Netty formats, and DateTimeFormatter loads all of CLDR for it
    private static String now() {
        return DateFormatter.format(new Date());
    }

    /** Waits for the peer to close: if we did, while it still sends, it could lose the answer (RFC 9112, section 9.6). */
    private void answered(Channel channel) {
        state = State.ANSWERED;
        if (inputEnded) {
            channel.close();
        } else {
            connections.answered(channel);
            ((DuplexChannel) channel).shutdownOutput();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext channel, Object event) throws Exception {
        if (event instanceof ChannelInputShutdownEvent) {
            inputEnded = true;
            if (state != State.WORKING && state != State.ANSWERING) {
                channel.close();
            }
        }
        super.userEventTriggered(channel, event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext channel, Throwable cause) {
        MemoryExhaustion.endIfCauseOf(cause);
        LOG.atLevel(cause instanceof IOException ? Level.DEBUG : Level.WARN)
                .log("admin: connection closed: {}", cause.toString());
        channel.close();
    }
}
