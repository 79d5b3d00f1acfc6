package io.github.orgmilter.console;

import io.github.orgmilter.organization.AcceptedDomain;
import io.github.orgmilter.organization.Organization;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The names and domains of some organizations, gathered before any is compared. What takes the time is memory: each text is at the
 * end of a chain of objects, and a short loop over arrays lets the processor follow many chains at once.
 */
final class SearchedTexts {

    private static final int MOST = 512; // organizations

    private final Organization[] organizations = new Organization[MOST];
    private final int[] ends = new int[MOST]; // of their texts
    private String[] texts = new String[4 * MOST]; // of each, the name and then the domains
    private int count;

    /** Takes the next organizations in place of those before. */
    void gather(Iterator<Organization> rest) {
        count = 0;
        int next = 0;
        while (count < MOST && rest.hasNext()) {
            Organization organization = rest.next();
            List<AcceptedDomain> domains = organization.acceptedDomains();
            int size = domains.size();
            if (next + 1 + size > texts.length) {
                texts = Arrays.copyOf(texts, 2 * (next + 1 + size));
            }
            texts[next++] = organization.name();
            for (int i = 0; i < size; i++) {
                texts[next++] = domains.get(i).domain().ascii();
            }
            organizations[count] = organization;
            ends[count++] = next;
        }
    }

    /**
     * Adds, by name, those that have a text anywhere in their names or domains, until there are enough.
     *
     * @param lower in lower case
     */
    void search(String lower, int most, Map<String, Organization> found) {
        int first = 0;
        for (int i = 0; i < count && found.size() < most; i++) {
            if (contains(first, ends[i], lower)) {
                found.putIfAbsent(organizations[i].name(), organizations[i]);
            }
            first = ends[i];
        }
    }

    private boolean contains(int name, int end, String lower) {
        if (texts[name].toLowerCase(Locale.ROOT).contains(lower)) {
            return true;
        }
        for (int domain = name + 1; domain < end; domain++) {
            if (texts[domain].contains(lower)) {
                return true;
            }
        }
        return false;
    }
}
