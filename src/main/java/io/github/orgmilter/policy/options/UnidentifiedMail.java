package io.github.orgmilter.policy.options;

/** Whether inbound mail from clients that no connector identifies is accepted. */
public enum UnidentifiedMail {
    ACCEPT_INBOUND,
    REJECT
}
