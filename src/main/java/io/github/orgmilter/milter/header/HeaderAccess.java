package io.github.orgmilter.milter.header;

/** What a session may do with the header fields of its messages, as its MTA agreed at the negotiation; each more than the one before. */
public enum HeaderAccess {
    /** It does not see them. */
    NONE,
    /** It sees them. */
    READ,
    /** It sees them, and may remove and insert some. */
    CHANGE
}
