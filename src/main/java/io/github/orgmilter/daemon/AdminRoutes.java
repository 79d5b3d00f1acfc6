package io.github.orgmilter.daemon;

import io.github.orgmilter.admin.Answer;
import io.github.orgmilter.admin.Request;
import io.github.orgmilter.admin.Route;
import io.github.orgmilter.admin.Route.Access;
import io.github.orgmilter.admin.Route.Turn;
import io.github.orgmilter.live.ReloadResult;
import io.github.orgmilter.live.ServedDirectory;
import io.github.orgmilter.metrics.Exposition;
import io.github.orgmilter.metrics.ServiceMetrics;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** What the admin listener answers. */
final class AdminRoutes {

    private AdminRoutes() {}

    static List<Route> of(
            BooleanSupplier ready,
            ServedDirectory directory,
            ServiceMetrics metrics,
            Supplier<ReloadResult> reload,
            List<Route> pages) {
        Exposition exposition = new Exposition(metrics);
        List<Route> routes = new ArrayList<>(pages);
        routes.addAll(List.of(
                new Route("GET", "/healthz", Access.PROBE, Turn.AT_ONCE, request -> Answer.ok("alive")),
                new Route(
                        "GET",
                        "/readyz",
                        Access.PROBE,
                        Turn.AT_ONCE,
                        request -> ready.getAsBoolean()
                                ? directory.readiness(headersMissed(metrics))
                                : Answer.unavailable("stopping")),
                new Route("GET", "/-/directory", Access.OPERATOR, Turn.READING, request -> directory.report()),
                new Route("GET", "/-/problems", Access.OPERATOR, Turn.READING, request -> directory.problems()),
                new Route("GET", "/metrics", Access.PROBE, Turn.READING, request -> exposed(exposition, request)),
                new Route(
                        "POST",
                        "/-/reload",
                        Access.OPERATOR,
                        Turn.CHANGING,
                        request -> directory.reload(request, reload))));
        return routes;
    }

    private static Optional<String> headersMissed(ServiceMetrics metrics) {
        long missed = metrics.headersMissed();
        return missed == 0
                ? Optional.empty()
                : Optional.of("header fields: " + missed
                        + " recipients deferred since the start; their sessions had not negotiated header fields");
    }

    private static Answer exposed(Exposition exposition, Request request) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        String type = exposition.write(request.header("Accept").orElse(""), text);
        return Answer.of(type, text.toByteArray());
    }
}
