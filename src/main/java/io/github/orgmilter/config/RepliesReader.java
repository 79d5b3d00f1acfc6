package io.github.orgmilter.config;

import io.github.orgmilter.document.Key;
import io.github.orgmilter.document.Keys;
import io.github.orgmilter.document.Node;
import io.github.orgmilter.document.Section;
import io.github.orgmilter.identity.InvalidValueException;
import io.github.orgmilter.verdict.Cause.Refusing;
import io.github.orgmilter.verdict.Replies;
import io.github.orgmilter.verdict.ReplyTemplate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code replies}: what a refused recipient is answered, by cause. */
final class RepliesReader {

    static final Keys KEYS = Keys.nullable();

    private static final Map<Refusing, Key<Optional<ReplyTemplate>>> REPLIES = new EnumMap<>(Refusing.class);

    static {
        for (Refusing cause : Refusing.values()) {
            REPLIES.put(cause, KEYS.optional(cause.key(), node -> reply(cause, node)));
        }
    }

    private RepliesReader() {}

    static Optional<Replies> read(Node node) {
        return node.section(KEYS).map(RepliesReader::read);
    }

    private static Replies read(Section section) {
        Map<Refusing, ReplyTemplate> replies = new EnumMap<>(Refusing.class);
        REPLIES.forEach((cause, key) -> key.in(section).ifPresent(template -> replies.put(cause, template)));
        return new Replies(replies);
    }

    private static Optional<ReplyTemplate> reply(Refusing cause, Node node) {
        List<String> lines = new ArrayList<>();
        int errorsBefore = node.problems().errorCount();
        if (node.isText()) {
            node.text().ifPresent(text -> text.lines().forEach(lines::add));
        } else {
            node.elements().forEach(line -> line.text().ifPresent(lines::add));
        }
        if (node.problems().errorCount() > errorsBefore) {
            return Optional.empty();
        }
        try {
            ReplyTemplate template = ReplyTemplate.parse(lines);
            if (cause.isTemporary() && !template.isTemporary()) {
                node.error(
                        "a permanent reply to a temporary failure would lose mail",
                        "use a 4xx code, such as 451 4.3.0");
                return Optional.empty();
            }
            return Optional.of(template);
        } catch (InvalidValueException e) {
            node.error(e);
            return Optional.empty();
        }
    }
}
