package io.github.orgmilter.header;

/** The text of a field as an MTA hands it over. */
final class FieldText {

    private FieldText() {}

    static boolean isBlank(int c) {
        return c == ' ' || c == '\t';
    }

    /** Without the line breaks of its folds (RFC 5322, section 2.2.3); the blanks behind them stay, and so does any other break. */
    static String unfold(String text) {
        if (text.indexOf('\n') < 0) {
            return text;
        }
        StringBuilder unfolded = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            int lineFeed = text.startsWith("\r\n", i) ? i + 1 : i;
            boolean fold =
                    text.charAt(lineFeed) == '\n' && lineFeed + 1 < text.length() && isBlank(text.charAt(lineFeed + 1));
            if (fold) {
                i = lineFeed;
            } else {
                unfolded.append(text.charAt(i));
            }
        }
        return unfolded.toString();
    }

    /** Without outer blanks. */
    static String trim(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isBlank(text.charAt(start))) {
            start++;
        }
        while (end > start && isBlank(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }
}
