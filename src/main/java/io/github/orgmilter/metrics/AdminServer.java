package io.github.orgmilter.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.prometheus.metrics.exporter.httpserver.MetricsHandler;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** The HTTP listener of the operator: metrics, health, and reload. It has no authentication: keep it on loopback. */
public final class AdminServer implements AutoCloseable {

    /** What an HTTP call comes to: its text, and whether it is a success. */
    public record Outcome(boolean success, String text) {}

    private static final int BACKLOG = 16;
    /** Enough for a probe to be answered while a reload takes its time and others wait for it. */
    private static final int THREADS = 8;

    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int UNPROCESSABLE = 422;
    private static final int UNAVAILABLE = 503;

    private final HttpServer server;
    private final ExecutorService threads;

    /**
     * Starts to listen.
     *
     * @param ready whether new sessions are taken
     * @param reload loads the configuration anew
     * @throws IOException if the address cannot be bound
     */
    public AdminServer(
            InetSocketAddress address, ServiceMetrics metrics, BooleanSupplier ready, Supplier<Outcome> reload)
            throws IOException {
        server = HttpServer.create(address, BACKLOG);
        // Not before somebody can ask: they start the whole of JMX.
        JvmMetrics.builder().register(metrics.registry());
        MetricsHandler exposition = new MetricsHandler(metrics.registry());
        serve("/metrics", exchange -> {
            metrics.chooseBusiest();
            exposition.handle(exchange);
        });
        serve("/healthz", exchange -> answer(exchange, "GET", () -> new Outcome(true, "alive"), OK));
        serve(
                "/readyz",
                exchange -> answer(
                        exchange,
                        "GET",
                        () -> ready.getAsBoolean()
                                ? new Outcome(true, "ready")
                                : new Outcome(false, "takes no new sessions"),
                        UNAVAILABLE));
        serve("/-/reload", exchange -> answer(exchange, "POST", reload, UNPROCESSABLE));
        threads = Executors.newFixedThreadPool(THREADS, task -> {
            Thread thread = new Thread(task, "admin");
            thread.setDaemon(true);
            return thread;
        });
        server.setExecutor(threads);
        server.start();
    }

    // A context of the server's takes every path that begins like its own.
    private void serve(String path, HttpHandler handler) {
        server.createContext(path, exchange -> {
            if (path.equals(exchange.getRequestURI().getPath())) {
                handler.handle(exchange);
            } else {
                try (exchange) {
                    exchange.sendResponseHeaders(NOT_FOUND, -1);
                }
            }
        });
    }

    private static void answer(HttpExchange exchange, String method, Supplier<Outcome> work, int failureStatus)
            throws IOException {
        try (exchange) {
            if (!exchange.getRequestMethod().equals(method)) {
                exchange.getResponseHeaders().set("Allow", method);
                exchange.sendResponseHeaders(METHOD_NOT_ALLOWED, -1);
                return;
            }
            Outcome result = work.get();
            byte[] text = (result.text() + "\n").getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
            exchange.sendResponseHeaders(result.success() ? OK : failureStatus, text.length);
            exchange.getResponseBody().write(text);
        }
    }

    /** The address that is bound. */
    public InetSocketAddress address() {
        return server.getAddress();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdown();
    }
}
