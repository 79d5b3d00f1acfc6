package io.github.orgmilter.admin;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.Optional;

/** A request that has come in whole, as its route sees it. */
public final class Request {

    private final String path;
    private final HttpHeaders headers;

    Request(String path, HttpHeaders headers) {
        this.path = path;
        this.headers = headers;
    }

    /** Without the query. */
    public String path() {
        return path;
    }

    /** The first header field of that name. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    List<String> headers(String name) {
        return headers.getAll(name);
    }
}
