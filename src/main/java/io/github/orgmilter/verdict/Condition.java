package io.github.orgmilter.verdict;

import java.util.Locale;

/**
 * What a message's header must still show about its client, in the order in which failed conditions are looked at: docs/rules.md, 7.7.
 */
public enum Condition {
    /** A connector carries the relayed recipients. */
    RELAY,
    /** Each organization that keeps the sender to its own servers, inbound mail included, identifies the client. */
    PROTECTION,
    /** Each organization whose partners restrict the sender identifies the client. */
    RESTRICTION,
    /** A connector identifies the client. */
    IDENTIFICATION;

    private final String key = name().toLowerCase(Locale.ROOT);

    /** The name in logs, such as {@code relay}. */
    public String key() {
        return key;
    }
}
