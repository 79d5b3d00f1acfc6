package io.github.orgmilter.header;

import io.github.orgmilter.identity.DomainName;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The domains of the authors that {@code From} fields name: enough to forbid, never to permit, since a mail program may read a field
 * in another way than it is meant (docs/rules.md, 1.3).
 *
 * @param domains of all mailboxes and their routes, in the order of the fields; of a field that cannot be parsed, whatever could be
 *     one
 * @param syntax the worst of all fields
 */
public record FromDomains(Set<DomainName> domains, Syntax syntax) {

    /** No field. */
    static final FromDomains NONE = new FromDomains(Set.of(), Syntax.VALID);

    /** How well a field could be parsed; the worse, the later. */
    public enum Syntax {
        /** RFC 5322 with its obsolete forms, RFC 6532 and RFC 6854. */
        VALID,
        /**
         * Not valid, but of a kind that is common and hides no domain: a mailbox without a domain, which an MTA may complete by its
         * own name; an unquoted {@code @} in a display name; a dot too many.
         */
        COMMON_MISTAKE,
        /** Anything else: mail programs may find an author in it whose domain is not among those here. */
        INVALID
    }

    public FromDomains {
        domains = Set.copyOf(domains);
    }

    /**
     * Reads the value of one field, as it came.
     *
     * @param octets in UTF-8 (RFC 6532), folded or not
     */
    static FromDomains of(byte[] octets) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(octets))
                    .toString();
        } catch (CharacterCodingException e) {
            // Mail programs take it for one of the two.
            Set<DomainName> domains = new LinkedHashSet<>();
            DomainRuns.collect(new String(octets, StandardCharsets.UTF_8), domains);
            DomainRuns.collect(new String(octets, StandardCharsets.ISO_8859_1), domains);
            return new FromDomains(domains, Syntax.INVALID);
        }
        return of(text);
    }

    private static FromDomains of(String field) {
        String text = FieldText.unfold(field);
        AuthorParser parser = new AuthorParser(text);
        Syntax syntax = parser.parse();
        Set<DomainName> domains = new LinkedHashSet<>(parser.domains());
        if (syntax == Syntax.INVALID) {
            DomainRuns.collect(text, domains);
        }
        return new FromDomains(domains, syntax);
    }
}
