package io.github.orgmilter.admin;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A request that has come in whole, as its route sees it. */
public final class Request {

    private final String path;
    private final Map<String, List<String>> parameters;
    private final HttpHeaders headers;

    /**
     * Makes one.
     *
     * @param target what the request line has: a path, and perhaps a query
     * @throws IllegalArgumentException if the query is not well escaped
     */
    Request(String target, HttpHeaders headers) {
        QueryStringDecoder decoder = new QueryStringDecoder(target.replaceFirst("#.*", ""));
        this.path = decoder.rawPath();
        this.parameters = decoder.parameters();
        this.headers = headers;
    }

    /** Without the query. */
    public String path() {
        return path;
    }

    /** The first parameter of that name in the query. */
    public Optional<String> parameter(String name) {
        return parameters.getOrDefault(name, List.of()).stream().findFirst();
    }

    /** The first header field of that name. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    List<String> headers(String name) {
        return headers.getAll(name);
    }
}
