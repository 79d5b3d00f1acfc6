package io.github.orgmilter.organization;

/** How far an organization's domains are protected as envelope sender: docs/rules.md, section 5.1. */
public enum SenderProtection {
    /** Not at all, as in the article's literal rule. */
    OFF,
    /** Mail to the outside with such a sender passes only through this organization's own connectors. */
    RELAY,
    /** The same, and inbound mail too. */
    ALL
}
