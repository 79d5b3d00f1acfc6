package io.github.orgmilter.policy;

/** What becomes of inbound mail from clients that no connector identifies. */
public enum UnidentifiedMail {
    ACCEPT_INBOUND,
    REJECT
}
