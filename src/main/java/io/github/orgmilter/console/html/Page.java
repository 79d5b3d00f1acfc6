package io.github.orgmilter.console.html;

import static j2html.TagCreator.a;
import static j2html.TagCreator.body;
import static j2html.TagCreator.each;
import static j2html.TagCreator.h1;
import static j2html.TagCreator.head;
import static j2html.TagCreator.header;
import static j2html.TagCreator.html;
import static j2html.TagCreator.li;
import static j2html.TagCreator.link;
import static j2html.TagCreator.main;
import static j2html.TagCreator.meta;
import static j2html.TagCreator.nav;
import static j2html.TagCreator.script;
import static j2html.TagCreator.title;
import static j2html.TagCreator.ul;

import io.github.orgmilter.admin.Answer;
import j2html.tags.DomContent;
import j2html.tags.specialized.ATag;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The frame of all pages: navigation, title, and what a browser may load for them. */
public final class Page {

    private static final String TYPE = "text/html; charset=utf-8";

    /** Nothing from another host, and no script or style within a page, so that no text from the wire can become one. */
    private static final String CONTENT_SECURITY_POLICY = "default-src 'none'; style-src 'self'; script-src 'self';"
            + " img-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    /** The pages that the navigation has. */
    public enum Section {
        OVERVIEW("/", "Overview"),
        ORGANIZATIONS("/organizations", "Organizations"),
        VERDICTS("/verdicts", "Verdicts"),
        EXPLAIN("/explain", "Explain"),
        CONFIGURATION("/configuration", "Configuration");

        private final String path;
        private final String name;

        Section(String path, String name) {
            this.path = path;
            this.name = name;
        }

        /** Where it is. */
        public String path() {
            return path;
        }

        private ATag link(Section current) {
            ATag link = a(name).withHref(path);
            return this == current ? link.attr("aria-current", "page") : link;
        }
    }

    private Page() {}

    /** A page. */
    public static Answer of(Section section, String name, DomContent... content) {
        return secured(Answer.of(TYPE, render(section, name, content)));
    }

    /** A page about something that is not there. */
    public static Answer notFound(Section section, String name, DomContent... content) {
        return secured(Answer.notFound(TYPE, render(section, name, content)));
    }

    private static Answer secured(Answer answer) {
        return answer.with("Content-Security-Policy", CONTENT_SECURITY_POLICY)
                .with("Referrer-Policy", "same-origin")
                .with("Cross-Origin-Opener-Policy", "same-origin")
                .with("X-Frame-Options", "DENY");
    }

    private static byte[] render(Section section, String name, DomContent... content) {
        DomContent page = html().withLang("en")
                .with(
                        head(
                                meta().withCharset("utf-8"),
                                meta().withName("viewport").withContent("width=device-width, initial-scale=1"),
                                title(name + " - OrgMilter"),
                                link().withRel("icon").withHref("/icon.svg"),
                                link().withRel("stylesheet").withHref("/style.css"),
                                script().withSrc("/console.js").isDefer()),
                        body(
                                a("Skip to content").withHref("#content").withClass("skip"),
                                header(nav(ul(each(List.of(Section.values()), each -> li(each.link(section)))))
                                        .attr("aria-label", "Pages")),
                                main(h1(name)).withId("content").with(content)));
        return ("<!DOCTYPE html>\n" + page.render()).getBytes(StandardCharsets.UTF_8);
    }
}
