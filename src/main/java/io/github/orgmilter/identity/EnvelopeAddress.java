package io.github.orgmilter.identity;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * The path of a MAIL or RCPT command (RFC 5321, section 4.1.2), read as far as the rules need: its domain, and whether an MTA
 * may read it differently from how it looks.
 */
public sealed interface EnvelopeAddress {

    /** The null reverse-path, {@code <>} or nothing at all, as Postfix sends it for its own mail; as a recipient it is an empty one. */
    record Null() implements EnvelopeAddress {
        @Override
        public String text() {
            return "";
        }
    }

    /**
     * Anything that parses, however odd.
     *
     * @param text what is between the angle brackets
     * @param localLength how many characters of it precede the last unquoted {@code @}, quotes and source route included
     * @param domain what follows it; empty where there is no {@code @}, for an address literal, and where it is so odd that no
     *     domain can be relied on
     * @param mapped whether only mapping makes that domain of what was written, as of {@code con<U+00AD>toso.com}: an MTA may take
     *     it for another one, so it counts where something is forbidden, and never where something is permitted
     * @param qualified whether there is an unquoted {@code @}, or text that sticks to the closing bracket
     */
    record Mailbox(String text, int localLength, Optional<DomainName> domain, boolean mapped, boolean qualified)
            implements EnvelopeAddress {

        private static final String IPV6_TAG = "IPv6:"; // RFC 5321, section 4.1.3

        /** A mailbox at a domain, as it is written behind the {@code @} at that place. */
        public static Mailbox at(String text, int place) {
            String domain = text.substring(place + 1);
            Optional<DomainName> name = DomainName.ofEnvelope(domain);
            boolean mapped = name.isPresent() && name.get().isMappedFrom(domain);
            return new Mailbox(text, place, name, mapped, true);
        }

        /** A mailbox without a domain that could be relied on. */
        public static Mailbox withoutDomain(String text, boolean qualified) {
            return new Mailbox(text, text.length(), Optional.empty(), false, qualified);
        }

        /** What precedes the last unquoted {@code @}, quotes and source route included. */
        public String localPart() {
            return text.substring(0, localLength);
        }

        /** What follows the last unquoted {@code @}, as it is written. */
        public String writtenDomain() {
            return text.substring(Math.min(localLength + 1, text.length()));
        }

        /** Whether that is what follows the last {@code @} of another text. */
        boolean hasWrittenDomainOf(String other) {
            int length = text.length() - localLength;
            int place = other.length() - length;
            return length > 0
                    && place >= 0
                    && other.lastIndexOf('@') == place
                    && other.regionMatches(place, text, localLength, length);
        }

        /**
         * Whether an MTA may route by the local part: it holds {@code %}, {@code !} or {@code @}, quoted or not. A source route
         * always does.
         */
        public boolean hasRoutingCharacters() {
            for (int i = 0; i < localLength; i++) {
                char c = text.charAt(i);
                if (c == '%' || c == '!' || c == '@') {
                    return true;
                }
            }
            return false;
        }

        /** Whether the domain is an address literal: one that names no domain, and hides none. */
        public boolean isLiteral() {
            String domain = writtenDomain();
            if (!domain.startsWith("[") || !domain.endsWith("]")) {
                return false;
            }
            String address = domain.substring(1, domain.length() - 1);
            boolean tagged = address.regionMatches(true, 0, IPV6_TAG, 0, IPV6_TAG.length());
            return IpAddress.parse(tagged ? address.substring(IPV6_TAG.length()) : address)
                    .isPresent();
        }

        /** Whether this is the unqualified {@code postmaster} of RFC 5321, section 4.5.1. */
        public boolean isPostmaster() {
            return !qualified && DomainName.asciiLowerCase(localPart()).equals("postmaster");
        }
    }

    /** Invalid UTF-8, control characters, unbalanced quotes or brackets. */
    record Malformed(String text) implements EnvelopeAddress {}

    /** The address without its angle brackets, for logs; any text at all. */
    String text();

    /**
     * Reads the first argument of a MAIL or RCPT command as the milter protocol carries it, in UTF-8: up to the closing
     * {@code >}; what follows a space after that is ESMTP parameters, which some versions of Sendmail leave in the same argument.
     */
    static EnvelopeAddress parse(byte[] argument) {
        return parse(argument, "");
    }

    /**
     * The same.
     *
     * @param likely what may well be between the brackets; if it is, it is kept as it is, which saves a copy
     */
    static EnvelopeAddress parse(byte[] argument, String likely) {
        int at = PlainPath.at(argument);
        if (at >= 0) {
            return Mailbox.at(PlainPath.text(argument, likely), at);
        }
        Optional<String> text = decode(argument);
        return text.isPresent() ? parse(text.get()) : new Malformed(new String(argument, StandardCharsets.UTF_8));
    }

    /** The octets as text; empty if they are not UTF-8. */
    private static Optional<String> decode(byte[] octets) {
        // U+FFFD stands for what is not UTF-8, or for itself.
        String text = new String(octets, StandardCharsets.UTF_8);
        if (!text.contains("\ufffd")) {
            return Optional.of(text);
        }
        return Arrays.equals(text.getBytes(StandardCharsets.UTF_8), octets) ? Optional.of(text) : Optional.empty();
    }

    /**
     * Reads an address in the form that Postfix has inside and gives to its policy servers, in UTF-8: without angle brackets and
     * quotes, so that any {@code @} but the last may have been a quoted one.
     */
    static EnvelopeAddress ofInternal(byte[] octets) {
        Optional<String> decoded = decode(octets);
        if (decoded.isEmpty()) {
            return new Malformed(new String(octets, StandardCharsets.UTF_8));
        }
        String text = decoded.get();
        if (text.isEmpty()) {
            return new Null();
        }
        if (text.chars().anyMatch(Character::isISOControl)) {
            return new Malformed(text);
        }
        int at = text.lastIndexOf('@');
        return at < 0 ? Mailbox.withoutDomain(text, false) : Mailbox.at(text, at);
    }

    /** The same as {@link #parse(byte[])}, already decoded. */
    static EnvelopeAddress parse(String argument) {
        return EnvelopeAddressParser.parse(argument);
    }
}
