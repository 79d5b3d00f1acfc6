package io.github.orgmilter.document;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Suggests the word that was probably meant. */
final class Spelling {

    private Spelling() {}

    /** The nearest of the words, if it is near enough. */
    static Optional<String> nearest(String written, Collection<String> words) {
        String comparable = written.toLowerCase(Locale.ROOT).replace('_', '-');
        return words.stream()
                .min(Comparator.comparingInt(word -> distance(comparable, word)))
                .filter(word -> distance(comparable, word) <= Math.max(2, word.length() / 3)
                        || word.startsWith(comparable)
                        || comparable.startsWith(word));
    }

    /** Levenshtein's: how many letters must be added, removed or changed. */
    private static int distance(String one, String other) {
        int[] previous = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int[] current = new int[other.length() + 1];
            current[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int changed = previous[j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(changed, Math.min(previous[j], current[j - 1]) + 1);
            }
            previous = current;
        }
        return previous[other.length()];
    }
}
