package io.github.orgmilter.admin;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What a request is answered: a status, header fields, and a body. */
public final class Answer {

    static final int OK = 200;
    static final int BAD_REQUEST = 400;
    static final int UNAUTHORIZED = 401;
    static final int FORBIDDEN = 403;
    static final int NOT_FOUND = 404;
    static final int METHOD_NOT_ALLOWED = 405;
    static final int CONTENT_TOO_LARGE = 413;
    static final int URI_TOO_LONG = 414;
    static final int MISDIRECTED = 421;
    static final int UNPROCESSABLE = 422;
    static final int HEADER_TOO_LARGE = 431;
    static final int INTERNAL_ERROR = 500;
    static final int UNAVAILABLE = 503;
    static final int VERSION_NOT_SUPPORTED = 505;

    private final int status;
    private final Map<String, String> headers;
    private final byte[] body;
    private final Optional<EventStream> events;

    private Answer(int status, Map<String, String> headers, byte[] body) {
        this(status, headers, body, Optional.empty());
    }

    private Answer(int status, Map<String, String> headers, byte[] body, Optional<EventStream> events) {
        this.status = status;
        this.headers = headers;
        this.body = body;
        this.events = events;
    }

    /** Success, and the body with its media type. */
    public static Answer of(String type, byte[] body) {
        return new Answer(OK, Map.of("Content-Type", type), body);
    }

    /** Success, and events for as long as the peer stays. */
    public static Answer events(EventStream events) {
        return new Answer(
                OK, Map.of("Content-Type", "text/event-stream; charset=utf-8"), new byte[0], Optional.of(events));
    }

    /** Nothing is there. */
    public static Answer notFound(String type, byte[] body) {
        return new Answer(NOT_FOUND, Map.of("Content-Type", type), body);
    }

    /** Success, in words. */
    public static Answer ok(String text) {
        return text(OK, text);
    }

    /** The request cannot be carried out as things are, and why. */
    public static Answer unprocessable(String text) {
        return text(UNPROCESSABLE, text);
    }

    /** It cannot be done at the moment, and why. */
    public static Answer unavailable(String text) {
        return text(UNAVAILABLE, text);
    }

    static Answer text(int status, String text) {
        return new Answer(
                status,
                Map.of("Content-Type", "text/plain; charset=utf-8"),
                (text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** The same with a header field. */
    public Answer with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Answer(status, more, body, events);
    }

    Answer encoded(String encoding, byte[] encoded) {
        return new Answer(status, headers, encoded, events).with("Content-Encoding", encoding);
    }

    int status() {
        return status;
    }

    Map<String, String> headers() {
        return headers;
    }

    byte[] body() {
        return body;
    }

    /** What follows, if it does not end by itself. */
    Optional<EventStream> events() {
        return events;
    }
}
