package io.github.orgmilter.organization;

/** How far an organization's domains are protected in the {@code From} fields of messages: docs/rules.md, section 14.1. */
public enum HeaderFrom {
    /** Not at all. */
    OFF,
    /** Messages with a relayed recipient pass with such an author only if this organization's own connectors identify the client. */
    RELAY,
    /** All messages. */
    ALL
}
