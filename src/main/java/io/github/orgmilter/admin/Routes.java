package io.github.orgmilter.admin;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The table of requests that are answered, by path and method. */
final class Routes {

    private static final String GET = "GET";
    private static final String HEAD = "HEAD";

    private final Map<String, Map<String, Route>> byPath = new TreeMap<>();

    Routes(Collection<Route> routes) {
        for (Route route : routes) {
            byPath.computeIfAbsent(route.path(), path -> new TreeMap<>()).put(route.method(), route);
        }
    }

    boolean has(String path) {
        return byPath.containsKey(path);
    }

    Optional<Route> find(String method, String path) {
        return Optional.ofNullable(byPath.getOrDefault(path, Map.of()).get(method.equals(HEAD) ? GET : method));
    }

    /** The methods of a path, as the header field Allow has them. */
    String allowed(String path) {
        return byPath.getOrDefault(path, Map.of()).keySet().stream()
                .flatMap(method -> method.equals(GET) ? Stream.of(GET, HEAD) : Stream.of(method))
                .collect(Collectors.joining(", "));
    }
}
