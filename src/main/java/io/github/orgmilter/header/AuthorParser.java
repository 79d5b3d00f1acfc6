package io.github.orgmilter.header;

import io.github.orgmilter.header.AuthorLexer.Token;
import io.github.orgmilter.header.FromDomains.Syntax;
import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.identity.IpAddress;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Parses the value of a {@code From} field: mailboxes and groups (RFC 5322, sections 3.4 and 4.4; RFC 6854). Display names are passed
 * over. Each method takes what it is named after, and returns whether that was there.
 */
final class AuthorParser {

    private final String text;
    private final AuthorLexer lexer;
    private final Set<DomainName> domains = new LinkedHashSet<>();
    private boolean mistaken;

    /** The text is unfolded. */
    AuthorParser(String text) {
        this.text = text;
        this.lexer = new AuthorLexer(text);
    }

    Set<DomainName> domains() {
        return domains;
    }

    /** Reads the whole text; if it is invalid, {@link #domains} has those in front of what is wrong. */
    Syntax parse() {
        int addresses = 0;
        while (!lexer.is(Token.END)) {
            if (lexer.is(',')) { // empty elements are an obsolete form
                lexer.advance();
                continue;
            }
            if (!address() || !(lexer.is(',') || lexer.is(Token.END))) {
                return Syntax.INVALID;
            }
            addresses++;
        }
        return addresses == 0 ? Syntax.INVALID : mistaken ? Syntax.COMMON_MISTAKE : Syntax.VALID;
    }

    /** A mailbox or a group. */
    private boolean address() {
        int start = lexer.start();
        Words words = words();
        if (!lexer.is(':')) {
            return mailbox(start, words);
        }
        lexer.advance();
        return words.isPhrase() && members();
    }

    private boolean members() {
        while (!lexer.is(';')) {
            if (lexer.is(',')) {
                lexer.advance();
            } else if (!mailbox(lexer.start(), words()) || !(lexer.is(',') || lexer.is(';'))) {
                return false;
            }
        }
        lexer.advance();
        return true;
    }

    private boolean mailbox(int start, Words words) {
        if (lexer.is('<')) {
            return (words.count == 0 || words.isPhrase()) && angleAddress();
        }
        if (!lexer.is('@')) {
            return isEndOfMailbox() && withoutDomain(words);
        }
        boolean simple = !words.isEmpty() && addressAtDomain(words);
        return (simple && isEndOfMailbox()) || (displayNameWithAt(start) && angleAddress());
    }

    private boolean isEndOfMailbox() {
        return lexer.is(',') || lexer.is(';') || lexer.is(Token.END);
    }

    /** {@code <mail@contoso.com>}, perhaps with a source route. */
    private boolean angleAddress() {
        lexer.advance();
        if ((lexer.is('@') || lexer.is(',')) && !route()) {
            return false;
        }
        Words local = words();
        if (!(lexer.is('@') ? addressAtDomain(local) : withoutDomain(local)) || !lexer.is('>')) {
            return false;
        }
        lexer.advance();
        return true;
    }

    /** {@code @a,@b:}; there are programs that show one of its domains. */
    private boolean route() {
        while (!lexer.is(':')) {
            boolean at = lexer.is('@');
            if (!at && !lexer.is(',')) {
                return false;
            }
            lexer.advance();
            if (at && !domain()) {
                return false;
            }
        }
        lexer.advance();
        return true;
    }

    private boolean addressAtDomain(Words local) {
        if (local.isEmpty() || local.encoded) {
            return false;
        }
        if (local.hasAt) { // in quotes; it may end elsewhere than it looks
            DomainRuns.collect(text.substring(local.start, lexer.start()), domains);
        }
        mistaken |= !local.isLocalPart();
        lexer.advance();
        return domain();
    }

    /** A common mistake: the name of a local user, or a display name alone. */
    private boolean withoutDomain(Words words) {
        mistaken = true;
        return !words.isEmpty() && !words.encoded && !words.hasAt;
    }

    private boolean domain() {
        if (lexer.is(Token.LITERAL)) {
            String literal = lexer.written();
            lexer.advance();
            return isAddress(literal.substring(1, literal.length() - 1).strip());
        }
        StringBuilder name = new StringBuilder();
        boolean dot = true;
        while (dot ? lexer.is(Token.ATOM) : lexer.is('.')) {
            name.append(lexer.written());
            dot = !dot;
            lexer.advance();
        }
        mistaken |= dot; // at its end: it means the same to everybody
        String written = name.toString();
        Optional<DomainName> domain = DomainRuns.isOfWords(written) ? DomainName.ofEnvelope(written) : Optional.empty();
        domain.ifPresent(domains::add);
        return domain.isPresent();
    }

    private static boolean isAddress(String literal) {
        String tag = "IPv6:"; // RFC 5321, section 4.1.3
        boolean tagged = literal.regionMatches(true, 0, tag, 0, tag.length());
        return IpAddress.parse(tagged ? literal.substring(tag.length()) : literal)
                .isPresent();
    }

    /**
     * A common mistake: {@code a@contoso.com <b@contoso.com>}. Only where it is plain text, and then its domains count as well, so
     * that nothing can hide in it.
     */
    private boolean displayNameWithAt(int start) {
        int i = start;
        while (i < text.length() && isPlain(text.charAt(i))) {
            i++;
        }
        if (i == text.length() || text.charAt(i) != '<') {
            return false;
        }
        mistaken = true;
        DomainRuns.collect(text.substring(start, i), domains);
        lexer.moveTo(i);
        return lexer.is('<');
    }

    private static boolean isPlain(char c) {
        return AuthorLexer.isAtomText(c) || FieldText.isBlank(c) || c == '.' || c == '@';
    }

    /** Words and dots as they come: a phrase, or what is in front of an {@code @}. */
    private Words words() {
        Words words = new Words(lexer.start());
        while (lexer.isWord() || lexer.is('.')) {
            words.add(lexer);
            lexer.advance();
        }
        return words;
    }

    /** What is to be known of words and dots, without their text. */
    private static final class Words {
        private int count;
        private boolean dotFirst;
        private boolean alternating = true;
        private boolean wasDot = true;
        private boolean encoded;
        private boolean hasAt;
        private final int start;

        Words(int start) {
            this.start = start;
        }

        void add(AuthorLexer lexer) {
            boolean dot = !lexer.isWord();
            dotFirst |= dot && count == 0;
            alternating &= dot != wasDot;
            wasDot = dot;
            String written = lexer.written();
            encoded |= EncodedWords.mayBeIn(written); // display text only, so never part of an address
            hasAt |= written.chars().anyMatch(DomainRuns::isAt);
            count++;
        }

        boolean isEmpty() {
            return count == 0;
        }

        boolean isPhrase() {
            return count > 0 && !dotFirst;
        }

        /** {@code word.word}: with a dot at either end, two in a row, or two words in a row, it is a mistake. */
        boolean isLocalPart() {
            return alternating && !wasDot;
        }
    }
}
