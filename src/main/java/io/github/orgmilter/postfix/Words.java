package io.github.orgmilter.postfix;

import java.util.ArrayList;
import java.util.List;

/** The words of a setting: between commas and blanks, and whole where they are in braces (postconf(5)). */
final class Words {

    private Words() {}

    static List<String> of(String value) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        int depth = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (depth == 0 && (c == ',' || Character.isWhitespace(c))) {
                add(words, word);
                continue;
            }
            depth += c == '{' ? 1 : c == '}' ? -1 : 0;
            word.append(c);
        }
        add(words, word);
        return words;
    }

    /** Without the braces around it, if it has such. */
    static String bare(String word) {
        return word.startsWith("{") && word.endsWith("}")
                ? word.substring(1, word.length() - 1).strip()
                : word;
    }

    private static void add(List<String> words, StringBuilder word) {
        if (!word.isEmpty()) {
            words.add(word.toString());
            word.setLength(0);
        }
    }
}
