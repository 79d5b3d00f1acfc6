package io.github.orgmilter.policy;

/** Whether refusals are carried out. */
public enum Mode {
    /** They are. */
    ENFORCE,
    /** They are decided, logged and counted, and the recipient passes. A tempfail stays a tempfail. */
    AUDIT
}
