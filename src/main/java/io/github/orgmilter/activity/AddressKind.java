package io.github.orgmilter.activity;

import io.github.orgmilter.identity.EnvelopeAddress;
import io.github.orgmilter.identity.EnvelopeAddress.Mailbox;
import io.github.orgmilter.identity.EnvelopeAddress.Malformed;
import io.github.orgmilter.identity.EnvelopeAddress.Null;

/**
 * What an address was read as, in one number: with its text that is enough to make it again. A mailbox at a domain has the place of
 * its {@code @}; all others are negative.
 */
final class AddressKind {

    static final short NULL = -1;
    static final short MALFORMED = -2;
    private static final short WITHOUT_DOMAIN = -3;
    private static final short UNQUALIFIED = -4;

    private AddressKind() {}

    /** The kind of an address with at most {@link Short#MAX_VALUE} characters. */
    static short of(EnvelopeAddress address) {
        if (address instanceof Mailbox mailbox) {
            if (mailbox.localLength() < mailbox.text().length()) {
                return (short) mailbox.localLength();
            }
            return mailbox.qualified() ? WITHOUT_DOMAIN : UNQUALIFIED;
        }
        return address instanceof Null ? NULL : MALFORMED;
    }

    /** The address of that kind with that text. */
    static EnvelopeAddress address(String text, short kind) {
        return switch (kind) {
            case NULL -> new Null();
            case MALFORMED -> new Malformed(text);
            case WITHOUT_DOMAIN -> Mailbox.withoutDomain(text, true);
            case UNQUALIFIED -> Mailbox.withoutDomain(text, false);
            default -> Mailbox.at(text, kind);
        };
    }
}
