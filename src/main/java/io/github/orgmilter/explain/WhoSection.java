package io.github.orgmilter.explain;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Lines about one kind of mail.
 *
 * @param code its key in JSON
 * @param more how many lines were left out
 */
record WhoSection(String code, String title, List<WhoEntry> entries, long more) {

    private static final int RULE_WIDTH = 13;

    static WhoSection of(String code, String title, Stream<WhoEntry> entries) {
        return new WhoSection(code, title, entries.toList(), 0);
    }

    /**
     * Takes the lines in front, then as many of the others as the limit allows, and counts the rest without holding them.
     *
     * @param limit 0 for all
     */
    static <T> WhoSection of(
            String code,
            String title,
            List<WhoEntry> first,
            Stream<T> others,
            Function<T, WhoEntry> words,
            List<WhoEntry> last,
            int limit) {
        List<WhoEntry> entries = new ArrayList<>(first);
        long more = 0;
        int taken = 0;
        for (Iterator<T> rest = others.iterator(); rest.hasNext(); ) {
            T next = rest.next();
            if (limit == 0 || taken < limit) {
                entries.add(words.apply(next));
                taken++;
            } else {
                more++;
            }
        }
        entries.addAll(last);
        return new WhoSection(code, title, List.copyOf(entries), more);
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    void print(PrintWriter out) {
        out.println();
        out.println(title);
        for (WhoEntry entry : entries) {
            out.println("  " + padded(entry.rule()) + entry.text());
        }
        if (more > 0) {
            out.println("  " + padded("") + "and " + more + " more; --limit=0 lists all");
        }
    }

    private static String padded(String rule) {
        return rule + " ".repeat(Math.max(1, RULE_WIDTH - rule.length()));
    }

    Map<String, Object> json() {
        Map<String, Object> section = new LinkedHashMap<>();
        section.put("entries", entries.stream().map(WhoEntry::json).toList());
        section.put("more", more);
        return section;
    }
}
