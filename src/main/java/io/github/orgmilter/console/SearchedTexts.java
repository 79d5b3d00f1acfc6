package io.github.orgmilter.console;

import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.organization.AcceptedDomain;
import io.github.orgmilter.organization.Organization;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The names and domains of some organizations, gathered before any is compared. What takes the time is memory: each text is at the
 * end of a chain of objects, and a short loop over arrays lets the processor follow many chains at once.
 *
 * <p>Domains are kept in A-labels, which have all that is ASCII; for any other text they are compared in U-labels.
 */
final class SearchedTexts {

    private static final int MOST = 512; // organizations
    private static final int MAX_ASCII = 0x7f;

    private final boolean unicode; // whether the text has letters beyond ASCII
    private final String wanted; // folded

    private final Organization[] organizations = new Organization[MOST];
    private final int[] ends = new int[MOST]; // of their texts
    private String[] texts = new String[4 * MOST]; // of each, the name and then the domains
    private int count;

    /** @param wanted what to search for, in any case */
    SearchedTexts(String wanted) {
        unicode = wanted.chars().anyMatch(c -> c > MAX_ASCII);
        this.wanted = fold(wanted);
    }

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
                texts[next++] = text(domains.get(i).domain());
            }
            organizations[count] = organization;
            ends[count++] = next;
        }
    }

    /** Adds, by name, those that have the text anywhere in their names or domains, until there are enough. */
    void search(int most, Map<String, Organization> found) {
        int first = 0;
        for (int i = 0; i < count && found.size() < most; i++) {
            if (contains(first, ends[i])) {
                found.putIfAbsent(organizations[i].name(), organizations[i]);
            }
            first = ends[i];
        }
    }

    private boolean contains(int name, int end) {
        if (fold(texts[name]).contains(wanted)) {
            return true;
        }
        for (int domain = name + 1; domain < end; domain++) {
            if (texts[domain].contains(wanted)) {
                return true;
            }
        }
        return false;
    }

    private String text(DomainName domain) {
        return unicode ? oneSigma(domain.unicode()) : domain.ascii(); // in lower case and composed already
    }

    /** In lower case; beyond ASCII also composed. */
    private String fold(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        return unicode ? oneSigma(Normalizer.normalize(lower, Normalizer.Form.NFC)) : lower;
    }

    /** A capital sigma has two small ones. */
    private static String oneSigma(String lower) {
        return lower.replace('ς', 'σ');
    }
}
