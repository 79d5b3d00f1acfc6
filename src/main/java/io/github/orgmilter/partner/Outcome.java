package io.github.orgmilter.partner;

/** Whether a client may send for a partner, from the best to the worst. */
public enum Outcome {
    /** All kinds hold. */
    HOLDS,
    /** Only a pin could hold, and nothing was reported of the client's certificate. */
    CERTIFICATE_UNKNOWN,
    /** Only encryption is missing. */
    TLS_MISSING,
    /** Some kind does not hold. */
    FAILS;

    /** Where one of both is enough. */
    Outcome or(Outcome other) {
        return compareTo(other) <= 0 ? this : other;
    }

    /** Where both are required. */
    Outcome and(Outcome other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
