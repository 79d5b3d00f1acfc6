package io.github.orgmilter.console.html;

import static j2html.TagCreator.dd;
import static j2html.TagCreator.dl;
import static j2html.TagCreator.dt;
import static j2html.TagCreator.each;

import j2html.tags.DomContent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Names with their values, as a list. A value may come from the wire. */
public final class Facts {

    private static final int MOST = 100; // values of a name

    private final List<DomContent> pairs = new ArrayList<>();

    /** Adds one. */
    public Facts with(String name, String value) {
        return with(name, Show.wire(value));
    }

    /** Adds one with a value that is more than a text. */
    public Facts with(String name, DomContent value) {
        pairs.add(dt(name));
        pairs.add(dd(value));
        return this;
    }

    /** Adds it only if there is something to show. */
    public Facts with(String name, Optional<String> value) {
        value.filter(text -> !text.isEmpty()).ifPresent(text -> with(name, text));
        return this;
    }

    /** Adds each value under the same name; of very many, the first ones. */
    public Facts withAll(String name, Collection<?> values) {
        values.stream().limit(MOST).forEach(value -> with(name, value.toString()));
        if (values.size() > MOST) {
            with(name, "and " + Show.count(values.size() - MOST) + " more");
        }
        return this;
    }

    /** What was added, in that order. */
    public DomContent list() {
        return dl(each(pairs, pair -> pair));
    }
}
