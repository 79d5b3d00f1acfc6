package io.github.orgmilter.header;

/**
 * Cuts the text of an address list into tokens (RFC 5322, sections 3.2 and 4.1; RFC 6532), passing over blanks and comments. One
 * pass, no recursion: comments may be nested as deep as a field is long.
 */
final class AuthorLexer {

    /** Kinds of tokens; every other special character is a token of its own. */
    enum Token {
        ATOM,
        QUOTED_STRING,
        LITERAL,
        SPECIAL,
        END,
        BROKEN
    }

    private static final String SPECIALS = "@<>,;:.";
    private static final String ATOM_SYMBOLS = "!#$%&'*+-/=?^_`{|}~";
    private static final int DELETE = 0x7f;

    private final String text;
    private Token token = Token.END;
    private int start;
    private int end;

    AuthorLexer(String text) {
        this.text = text;
        advance();
    }

    Token token() {
        return token;
    }

    /** Where the current token begins. */
    int start() {
        return start;
    }

    /** The current token as it is written. */
    String written() {
        return text.substring(start, end);
    }

    boolean is(Token expected) {
        return token == expected;
    }

    boolean is(char special) {
        return token == Token.SPECIAL && text.charAt(start) == special;
    }

    /** Whether the current token is a word: an atom or a quoted string. */
    boolean isWord() {
        return token == Token.ATOM || token == Token.QUOTED_STRING;
    }

    /** Goes on behind this position, which is not inside a comment or a quoted string. */
    void moveTo(int position) {
        end = position;
        advance();
    }

    /** Goes on to the next token. Nothing follows a broken one. */
    void advance() {
        if (token == Token.BROKEN) {
            return;
        }
        int next = skipBlanks(end);
        start = next;
        if (next < 0) {
            token = Token.BROKEN;
        } else if (next == text.length()) {
            token = Token.END;
            end = next;
        } else {
            read(text.charAt(next));
        }
    }

    private void read(char first) {
        if (first == '"') {
            enclosed(Token.QUOTED_STRING, '"');
        } else if (first == '[') {
            enclosed(Token.LITERAL, ']');
        } else if (SPECIALS.indexOf(first) >= 0) {
            token = Token.SPECIAL;
            end = start + 1;
        } else {
            end = start;
            while (end < text.length() && isAtomText(text.charAt(end))) {
                end++;
            }
            token = end > start ? Token.ATOM : Token.BROKEN;
        }
    }

    private void enclosed(Token kind, char close) {
        for (int i = start + 1; i < text.length() && isEnclosable(text.charAt(i)); i++) {
            char c = text.charAt(i);
            if (c == close) {
                token = kind;
                end = i + 1;
                return;
            }
            if (c == '\\' && (++i == text.length() || !isEnclosable(text.charAt(i)))) {
                break;
            }
        }
        token = Token.BROKEN;
    }

    /** Behind blanks and comments; negative if a comment does not end. */
    private int skipBlanks(int from) {
        int depth = 0;
        int i = from;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c == '(') {
                depth++;
            } else if (depth == 0) {
                if (!FieldText.isBlank(c)) {
                    return i;
                }
            } else if (c == ')') {
                depth--;
            } else if (!isEnclosable(c)) {
                return -1;
            } else if (c == '\\' && (++i == text.length() || !isEnclosable(text.charAt(i)))) {
                return -1;
            }
            i++;
        }
        return depth == 0 ? text.length() : -1;
    }

    static boolean isAtomText(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c > DELETE
                || ATOM_SYMBOLS.indexOf(c) >= 0;
    }

    /** What quoted strings, comments and literals may hold: other controls as well (section 4.1), but no NUL or line break. */
    private static boolean isEnclosable(char c) {
        return c != '\0' && c != '\r' && c != '\n';
    }
}
