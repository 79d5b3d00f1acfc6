package io.github.orgmilter.postfix;

import java.util.ArrayList;
import java.util.List;

/** All restrictions of a service, in the order in which Postfix applies them, with those of its classes in their place. */
public final class Restrictions {

    private static final List<String> LISTS = List.of("client", "helo", "sender", "relay", "recipient");

    private Restrictions() {}

    public static List<String> words(Service service) {
        List<String> words = new ArrayList<>();
        for (String list : LISTS) {
            add(service.settings().words("smtpd_" + list + "_restrictions"), service, words, 0);
        }
        return words;
    }

    private static void add(List<String> more, Service service, List<String> words, int depth) {
        List<String> classes = service.settings().words("smtpd_restriction_classes");
        for (String word : more) {
            if (classes.contains(word) && depth < classes.size()) {
                add(service.settings().words(word), service, words, depth + 1);
            } else {
                words.add(word);
            }
        }
    }

    /** Whether any of them is this one. */
    public static boolean have(Service service, String restriction) {
        return words(service).stream().anyMatch(restriction::equalsIgnoreCase);
    }

    /** The tables of all lists. */
    public static List<String> tables(Service service) {
        return words(service).stream().filter(Tables::isTable).distinct().toList();
    }
}
