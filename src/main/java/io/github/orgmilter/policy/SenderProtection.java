package io.github.orgmilter.policy;

/** How far an organization's domains are kept from other organizations' servers as envelope sender. */
public enum SenderProtection {
    /** The article's literal rule: another organization's certificate server may send as anybody. */
    OFF,
    /** Mail to the outside with such a sender passes only by way of this organization's own connectors. */
    RELAY,
    /** The same, and inbound mail too. */
    ALL
}
