package io.github.orgmilter.identity;

import io.github.orgmilter.identity.EnvelopeAddress.Mailbox;
import io.github.orgmilter.identity.EnvelopeAddress.Malformed;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * How an address is read again from its {@link EnvelopeAddress#text}, which is all that a log has of it: what stood around the angle
 * brackets is gone, and with it why {@code <a@x>y@z} has no domain. An address that is read again decides as the first one did.
 */
public enum Reading {
    /** The text alone is enough. */
    PLAIN,
    /** It looks like another address, and is one without an {@code @}. */
    UNQUALIFIED,
    /** It looks like another address, and is one without a domain that could be relied on. */
    NO_DOMAIN,
    /** It looks like an address, and is none. */
    MALFORMED;

    private final String key = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** The name in a log. */
    public String key() {
        return key;
    }

    /** The reading with this name; empty if there is none. */
    public static Optional<Reading> of(String key) {
        for (Reading reading : values()) {
            if (reading.key.equals(key)) {
                return Optional.of(reading);
            }
        }
        return Optional.empty();
    }

    /**
     * How the address is read again.
     *
     * @param internal whether it came in Postfix's internal form ({@link EnvelopeAddress#ofInternal})
     */
    public static Reading of(EnvelopeAddress address, boolean internal) {
        if (address instanceof Mailbox mailbox && looksLikeItself(mailbox)) {
            return PLAIN; // nearly all, and not worth a second pass
        }
        if (PLAIN.read(address.text(), internal).equals(address)) {
            return PLAIN;
        }
        if (address instanceof Malformed) {
            return PLAIN.read(address.text(), internal) instanceof Malformed ? PLAIN : MALFORMED;
        }
        return address instanceof Mailbox mailbox && mailbox.qualified() ? NO_DOMAIN : UNQUALIFIED;
    }

    /** Whether it has a domain, and no character that a second pass could take for an end. */
    private static boolean looksLikeItself(Mailbox mailbox) {
        String text = mailbox.text();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean plain =
                    c > ' ' && c < 0x7f && c != '<' && c != '>' && c != '"' && c != '\\' && c != '[' && c != ']';
            if (!plain) {
                return false;
            }
        }
        return mailbox.domain().isPresent();
    }

    /** An address that decides as the one which had this text and this reading. */
    public EnvelopeAddress read(String text, boolean internal) {
        return switch (this) {
            case PLAIN ->
                internal
                        ? EnvelopeAddress.ofInternal(text.getBytes(StandardCharsets.UTF_8))
                        : EnvelopeAddress.parse("<" + text + ">");
            case UNQUALIFIED -> Mailbox.withoutDomain(text, false);
            case NO_DOMAIN -> Mailbox.withoutDomain(text, true);
            case MALFORMED -> new Malformed(text);
        };
    }
}
