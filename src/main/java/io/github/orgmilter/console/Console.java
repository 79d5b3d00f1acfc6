package io.github.orgmilter.console;

import io.github.orgmilter.admin.Answer;
import io.github.orgmilter.admin.Request;
import io.github.orgmilter.admin.Route;
import io.github.orgmilter.admin.Route.Access;
import io.github.orgmilter.admin.Route.Turn;
import io.github.orgmilter.console.html.Page.Section;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/** The pages, by their paths. */
public final class Console {

    private Console() {}

    /** What the admin listener answers to browsers. */
    public static List<Route> routes(Sources sources) {
        OverviewPage overview = new OverviewPage(sources);
        ConfigurationPage configuration = new ConfigurationPage(sources);
        Verdicts verdicts = new Verdicts(sources.verdicts(), sources.clock());
        return List.of(
                page(Section.OVERVIEW.path(), request -> overview.page()),
                page(Section.ORGANIZATIONS.path(), new OrganizationsPage(sources)::page),
                page("/organization", new OrganizationPage(sources)::page),
                page(Section.VERDICTS.path(), verdicts::page),
                page("/verdict", new VerdictPage(sources)::page),
                new Route("GET", "/verdicts/events", Access.OPERATOR, Turn.AT_ONCE, verdicts::events),
                page(Section.EXPLAIN.path(), new ExplainPage(sources)::page),
                page(Section.CONFIGURATION.path(), request -> configuration.page()),
                file("style.css", "text/css; charset=utf-8"),
                file("console.js", "text/javascript; charset=utf-8"),
                file("icon.svg", "image/svg+xml"));
    }

    private static Route page(String path, Function<Request, Answer> page) {
        return new Route("GET", path, Access.OPERATOR, Turn.READING, page);
    }

    private static Route file(String name, String type) {
        Answer answer = Answer.of(type, content(name));
        return new Route("GET", "/" + name, Access.OPERATOR, Turn.AT_ONCE, request -> answer);
    }

    private static byte[] content(String name) {
        try (InputStream in = Objects.requireNonNull(Console.class.getResourceAsStream(name), name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
