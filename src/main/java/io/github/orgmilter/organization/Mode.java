package io.github.orgmilter.organization;

/** Whether refusals are carried out: docs/rules.md, section 8. */
public enum Mode {
    /** They are. */
    ENFORCE,
    /** They are decided, logged and counted, and the recipient passes; a tempfail stays a tempfail. */
    AUDIT
}
