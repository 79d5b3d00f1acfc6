package io.github.orgmilter.who;

/** The rule by which a connector's clients may relay. */
public enum Rule {
    SENDER_DOMAIN("sender-domain", "4.1, way 1"),
    CERTIFICATE_DOMAIN("certificate-domain", "4.1, way 2"),
    ANY_DOMAIN("any-domain", "4.1, way 3"),
    NULL_SENDER_ALLOWED("null-sender-allowed", "4.1, way 4"),
    /** No way holds, and the refusal is not carried out while each connector that identifies the client is in audit. */
    AUDIT("audit", "8.2");

    private final String key;
    private final String section;

    Rule(String key, String section) {
        this.key = key;
        this.section = section;
    }

    /** A code for programs; that of the cause, where there is one. */
    public String key() {
        return key;
    }

    /** Where docs/rules.md has it. */
    public String section() {
        return section;
    }
}
